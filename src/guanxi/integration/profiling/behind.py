"""The rows behind a finding of a profile: the first hundred, as the source wrote them, with their line numbers."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from guanxi.integration.profiling.findings import ColumnProfile, Outlier, ValueCount
from guanxi.integration.profiling.kinds import PATTERNS
from guanxi.integration.profiling.patterns import mask
from guanxi.integration.profiling.profile import LONGEST_SHOWN, STAND_INS
from guanxi.integration.profiling.remarks import EVERY, Finding

MOST_ROWS = 100
_ROW = "_row"


@dataclass(frozen=True, kw_only=True)
class SourceRow:
    """One row as read: its 1-based place in the source and a text (or None) per column."""

    place: int
    cells: tuple[str | None, ...]


@dataclass(frozen=True, kw_only=True)
class RowsBehind:
    """Some of the rows a finding speaks of; *more* says there are further ones."""

    columns: tuple[str, ...]
    rows: tuple[SourceRow, ...]
    more: bool


def rows_behind(table: Path, column: ColumnProfile, finding: Finding, place: int = 0) -> RowsBehind:
    """Return the rows of the Parquet file *table* behind a finding about *column*.

    *place* is the place of the value, pattern or outlier in the column's profile (`EVERY` for all values of the kind);
    one that is not there has no rows.
    Reading stops at the last row shown, whatever the size of the file.
    """
    condition = _condition(column, finding, place)
    names = [name for name in pl.read_parquet_schema(table) if name != _ROW]
    rows = pl.scan_parquet(table).filter(condition).select(_ROW, *names).head(MOST_ROWS + 1).collect()
    shown = rows.head(MOST_ROWS)
    return RowsBehind(
        columns=tuple(names),
        rows=tuple(SourceRow(place=place, cells=tuple(cells)) for place, *cells in shown.iter_rows()),
        more=rows.height > MOST_ROWS,
    )


def _condition(column: ColumnProfile, finding: Finding, place: int) -> pl.Expr:
    cell = pl.col(column.name).cast(pl.String)
    text = cell.str.strip_chars()
    filled = (text != "").fill_null(value=False)
    length = cell.str.len_chars()
    conditions: dict[Finding, pl.Expr] = {
        "empty": ~filled,
        "stand_in": text.str.to_lowercase().is_in(STAND_INS),
        "value": cell.str.head(LONGEST_SHOWN).is_in(_at(column.top, place)),
        "outlier": cell.is_in(_at(column.outliers, place)),
        "pattern": mask(cell.str.head(LONGEST_SHOWN)).is_in(_shapes(column, place)),
        "repeated": filled & cell.is_duplicated(),
        "unlike": filled & ~text.str.contains(PATTERNS.get(column.kind, "")),
        "shortest": filled & (length == (column.shortest or 0)),
        "longest": filled & (length == (column.longest or 0)),
    }
    return conditions[finding]


def _at(findings: Sequence[ValueCount | Outlier], place: int) -> list[str]:
    """Return the value at *place*, all of them for `EVERY`."""
    return [each.value for number, each in enumerate(findings) if place in (number, EVERY)]


def _shapes(column: ColumnProfile, place: int) -> list[str]:
    """Return the shape of the pattern at *place*, told by its example: patterns are shown shortened."""
    examples = [each.example for each in column.patterns[place : place + 1]]
    shapes = pl.DataFrame({"value": examples}, schema={"value": pl.String}).select(mask(pl.col("value")))
    return shapes["value"].to_list()
