"""The value of a spreadsheet cell as the text a person saw in it."""

import math
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from types import MappingProxyType
from typing import Any

Cell = int | float | str | bool | time | date | datetime | timedelta

# IEEE 754 doubles hold 15 decimal digits for certain; Excel stores no more.
EXACT_DIGITS = 15


def cell_text(value: Cell) -> str | None:
    """Return *value* as text: numbers plain (13800138000, never 1.38E+10 or .0), dates as ISO 8601.

    A date-time of midnight is a date; parts of a second are rounded; a duration is ``hours:mm:ss``.
    """
    return _WRITERS[type(value)](value)


def number_text(value: int | float) -> str:
    """Return a number without exponent and without a fraction it does not have."""
    if isinstance(value, int):
        return str(value)
    if value.is_integer():
        return str(int(value))
    return format(Decimal(repr(value)), "f") if math.isfinite(value) else str(value)


def truth_text(value: bool) -> str:
    """Return a truth value as Excel shows it."""
    return "TRUE" if value else "FALSE"


def duration_text(value: timedelta) -> str:
    """Return a duration as ``hours:mm:ss``, rounded to seconds."""
    minutes, seconds = divmod(abs(round(value.total_seconds())), 60)
    sign = "-" if value < timedelta() else ""
    return f"{sign}{minutes // 60:02d}:{minutes % 60:02d}:{seconds:02d}"


def lost_digits(value: Cell) -> bool:
    """Tell whether *value* is a number too long for Excel, whose last digits it has replaced by zeros."""
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) >= 10**EXACT_DIGITS


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
