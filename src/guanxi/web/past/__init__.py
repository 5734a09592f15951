"""What happened: the changes of a record, and everything around it that has a date."""
