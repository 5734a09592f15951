"""The data door: business data is read and changed here and nowhere else."""
