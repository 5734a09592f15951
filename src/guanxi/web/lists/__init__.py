"""Lists of records: what a person filters, sorts, shows and keeps under a name."""
