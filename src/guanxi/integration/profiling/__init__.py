"""What is really in the columns of a table: how full, how varied, in which shapes, and what looks wrong."""

from guanxi.integration.profiling.behind import RowsBehind, SourceRow, rows_behind
from guanxi.integration.profiling.findings import (
    ColumnProfile,
    Guess,
    Outlier,
    PatternCount,
    TableProfile,
    ValueCount,
)
from guanxi.integration.profiling.profile import profile
from guanxi.integration.profiling.remarks import EVERY, ColumnRemark, Finding, Weight, remarks

__all__ = [
    "EVERY",
    "ColumnProfile",
    "ColumnRemark",
    "Finding",
    "Guess",
    "Outlier",
    "PatternCount",
    "RowsBehind",
    "SourceRow",
    "TableProfile",
    "ValueCount",
    "Weight",
    "profile",
    "remarks",
    "rows_behind",
]
