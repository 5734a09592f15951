"""Sources on their way to a page: whose they are, how they are connected, their first rows."""
