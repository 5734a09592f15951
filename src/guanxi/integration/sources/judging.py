"""What becomes of a row: kept, blank, or set aside with a reason; the same for a look and for a reading."""

from abc import ABC, abstractmethod
from collections.abc import Sequence

from guanxi.integration.sources.base import NumberedRow
from guanxi.integration.sources.quarantine import reason_against

BLANK_CHARACTERS = " \t\r\n\v\f\u00a0\u3000"


class Judging(ABC):
    """Takes rows one by one and decides about each."""

    blank: int

    def take(self, row: int, values: Sequence[str | None], *, is_clean: bool = False) -> None:
        """Judge one row of as many values as there are columns and put it where it belongs.

        *is_clean* says that the text of the row was found to be good already.
        """
        if not any(map(_says_something, values)):
            self.blank += 1
        elif not is_clean and (reason := reason_against(values)):
            self.refuse(row, "\t".join(value or "" for value in values), reason)
        else:
            self.keep(row, values)

    @abstractmethod
    def keep(self, row: int, values: Sequence[str | None]) -> None:
        """Take one row that was found to be good."""

    @abstractmethod
    def refuse(self, row: int, text: str, reason: str) -> None:
        """Set one row aside."""


def blank_rows(columns: Sequence[Sequence[str | None]]) -> Sequence[int]:
    """Return the 0-based rows in which no column says anything."""
    rows: Sequence[int] = range(len(columns[0]))
    for column in columns:
        rows = [row for row in rows if not _says_something(column[row])]
    return rows


def _says_something(value: str | None) -> bool:
    return bool(value and value.strip(BLANK_CHARACTERS))


class Sample(Judging):
    """The first rows of a table, as a reading would keep or refuse them, until there are *limit* of them."""

    def __init__(self, limit: int) -> None:
        self.limit, self.blank = limit, 0
        self.rows: list[NumberedRow] = []

    @property
    def is_full(self) -> bool:
        """Tell whether no more rows are wanted."""
        return len(self.rows) >= self.limit

    @property
    def kept(self) -> tuple[tuple[str | None, ...], ...]:
        """Return the values of the rows that were found to be good."""
        return tuple(each.values for each in self.rows if not each.reason)

    def keep(self, row: int, values: Sequence[str | None]) -> None:
        """Take one row that was found to be good; empty text becomes nothing."""
        self._add(NumberedRow(number=row, values=tuple(value or None for value in values)))

    def refuse(self, row: int, text: str, reason: str) -> None:
        """Take one row that would be set aside, as the text it is."""
        shown = text.encode(errors="backslashreplace").decode().replace("\0", "\\0")
        self._add(NumberedRow(number=row, values=(shown,), reason=reason))

    def _add(self, row: NumberedRow) -> None:
        if not self.is_full:
            self.rows.append(row)
