"""One expression language: a tree with two meanings, in Python and in SQL."""
