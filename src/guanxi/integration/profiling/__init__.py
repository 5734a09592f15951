"""What is really in the columns of a table: how full, how varied, in which shapes, and what looks wrong."""

from guanxi.integration.profiling.findings import (
    ColumnProfile,
    Guess,
    Outlier,
    PatternCount,
    TableProfile,
    ValueCount,
)
from guanxi.integration.profiling.profile import profile

__all__ = ["ColumnProfile", "Guess", "Outlier", "PatternCount", "TableProfile", "ValueCount", "profile"]
