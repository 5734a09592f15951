"""A value as the source shows it, beside what is true and the kind of defect that lies between the two."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

Scalar = str | int | float | date | datetime | None


@dataclass(frozen=True, kw_only=True)
class Cell:
    """One value: *shown* in the source, *true* in fact; *kind* names the planted defect, if any."""

    shown: Scalar
    true: Scalar
    kind: str | None = None


def clean(value: Scalar) -> Cell:
    """Return a cell that shows the truth."""
    return Cell(shown=value, true=value)


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One row of a source before it has a row number.

    *role*: ``customer`` names a customer, ``part`` belongs to one through its parent row, ``stray`` belongs
    to nobody who can be known, ``frame`` is no data at all (titles, totals, empty lines).
    *flaws* are defects of the row as a whole, as field → cell.
    """

    cells: Mapping[str, Cell]
    key: str
    role: str
    customer: str | None = None
    flaws: tuple[tuple[str, Cell], ...] = ()

    def shown(self) -> dict[str, Scalar]:
        """Return what the source shows, by field."""
        return {name: cell.shown for name, cell in self.cells.items()}


@dataclass(frozen=True, kw_only=True)
class Placed:
    """An entry with its place: source, table (sheet, file or endpoint) and 1-based row.

    The row is the sheet's row in a workbook, the line a record starts on in a text file, and the position in
    reading order in a database table or an API.
    """

    source: str
    table: str
    row: int
    entry: Entry
