"""The value of a spreadsheet cell as the text a person saw in it."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from types import MappingProxyType
from typing import Any

Cell = int | float | str | bool | time | date | datetime | timedelta

# IEEE 754 doubles hold 15 decimal digits for certain; Excel stores no more.
EXACT_DIGITS = 15
_TOO_LONG = 10**EXACT_DIGITS
_NUMBERS = frozenset({int, float})


def cell_text(value: Cell) -> str | None:
    """Return *value* as text: numbers plain (13800138000, never 1.38E+10 or .0), dates as ISO 8601.

    A date-time of midnight is a date; parts of a second are rounded; a duration is ``hours:mm:ss``.
    """
    return _WRITERS[type(value)](value)


def cell_texts(cells: Iterable[Cell]) -> list[str | None]:
    """Return the `cell_text` of every cell, be they a row or a column."""
    # Most cells are text: asking for the type here instead of in `cell_text` halves the time.
    return [(cell or None) if type(cell) is str else _WRITERS[type(cell)](cell) for cell in cells]


def number_text(value: int | float) -> str:
    """Return a number without exponent and without a fraction it does not have."""
    if isinstance(value, int):
        return str(value)
    if value.is_integer():
        return str(int(value))
    text = repr(value)
    return format(Decimal(text), "f") if "e" in text else text


def truth_text(value: bool) -> str:
    """Return a truth value as Excel shows it."""
    return "TRUE" if value else "FALSE"


def duration_text(value: timedelta) -> str:
    """Return a duration as ``hours:mm:ss``, rounded to seconds."""
    minutes, seconds = divmod(abs(round(value.total_seconds())), 60)
    sign = "-" if value < timedelta() else ""
    return f"{sign}{minutes // 60:02d}:{minutes % 60:02d}:{seconds:02d}"


def numbers_that_lost_digits(cells: Sequence[Cell]) -> int:
    """Return how many of *cells* are numbers too long for Excel, whose last digits it has replaced by zeros."""
    if _NUMBERS.isdisjoint(map(type, cells)):
        return 0
    return sum(abs(cell) >= _TOO_LONG for cell in cells if type(cell) is float or type(cell) is int)


def _moment(value: datetime) -> str:
    rounded = (value + timedelta(microseconds=500_000)).replace(microsecond=0)
    return rounded.isoformat(sep=" ") if rounded.time() != time() else rounded.date().isoformat()


_WRITERS: MappingProxyType[type[Any], Callable[[Any], str | None]] = MappingProxyType(
    {
        str: lambda value: value or None,
        bool: truth_text,
        int: number_text,
        float: number_text,
        date: date.isoformat,
        datetime: _moment,
        time: lambda value: value.replace(microsecond=0).isoformat(),
        timedelta: duration_text,
    }
)
