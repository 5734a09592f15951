"""The cleaning table, line by line with its tabs and filters, and what departments are asked."""
