"""What each department keeps, one module for each source: its rows, and the file or service they live in."""
