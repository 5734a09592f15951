"""Who may see and do what, compiled into the query that asks."""
