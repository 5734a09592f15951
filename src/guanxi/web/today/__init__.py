"""What the first page says: a few figures, and what waits for the person."""
