"""What the study of a source found: the profile of its tables, and the field each column becomes."""
