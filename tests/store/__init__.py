"""The store: tests of what keeps the data."""
