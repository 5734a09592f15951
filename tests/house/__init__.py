"""The rules of the house: what a reader may rely on in every file."""
