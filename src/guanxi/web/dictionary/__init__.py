"""The data dictionary: what each field means, and what each standard does to its values."""
