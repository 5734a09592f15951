"""The cleaning table: its lines in words, its tabs and filters, the line a person is at."""
