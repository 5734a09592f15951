"""Which columns name each row: alone, or two together."""

import itertools
from collections.abc import Sequence
from pathlib import Path

import polars as pl

from guanxi.integration.profiling.findings import ColumnProfile

_COLUMNS_IN_PAIRS = 12
_SAMPLE_ROWS = 50_000
_ENOUGH = 5


def find_keys(table: Path, columns: Sequence[ColumnProfile]) -> tuple[tuple[str, ...], ...]:
    """Return the columns of the Parquet file *table* that are keys, or else the pairs that are.

    Pairs are tried among the 12 most varied columns that are filled in every row, first on 50,000 rows, and
    at most five are returned.
    """
    alone = tuple((column.name,) for column in columns if column.is_key)
    if alone:
        return alone
    full = [column for column in columns if column.rows and column.filled == column.rows]
    full = sorted(full, key=lambda column: -column.distinct)[:_COLUMNS_IN_PAIRS]
    pairs = (
        (one.name, other.name)
        for one, other in itertools.combinations(full, 2)
        if one.distinct * other.distinct >= one.rows
    )
    return tuple(itertools.islice((pair for pair in pairs if _is_key(table, pair)), _ENOUGH))


def _is_key(table: Path, pair: tuple[str, str]) -> bool:
    rows = pl.scan_parquet(table).select(pair)
    sample = rows.head(_SAMPLE_ROWS).collect()
    if sample.is_duplicated().any():
        return False
    return sample.height < _SAMPLE_ROWS or not rows.collect().is_duplicated().any()
