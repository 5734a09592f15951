"""Guanxi: one clean customer view from the data scattered over a company's departments."""

__version__ = "0.1.0"
