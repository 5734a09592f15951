"""A day."""

import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any, ClassVar

from guanxi.kernel.text import say
from guanxi.metadata.field_types.base import FieldType, Part, Unacceptable, is_blank, unacceptable
from guanxi.metadata.field_types.reading import narrow, quoted
from guanxi.metadata.labels import Label
from guanxi.metadata.objects import Field

EARLIEST_YEAR = 1000
_DAY = re.compile(
    r"(\d{4})(?:\s*年\s*|[-/.])(\d{1,2})(?:\s*月\s*|[-/.])(\d{1,2})\s*日?|(\d{4})(\d\d)(\d\d)", re.ASCII
)


class Date(FieldType):
    """A day without a time, shown as ``2024-05-21``; year, month and day come in this order."""

    name = "date"
    label = Label(en="Date", zh="日期")
    parts = (Part("", "date", "date"),)
    examples: ClassVar[Sequence[tuple[Any, Any]]] = (
        ("2024/05/21", date(2024, 5, 21)),
        ("2024年5月21日", date(2024, 5, 21)),
        ("20240521", date(2024, 5, 21)),
        ("2024.5.1", date(2024, 5, 1)),
        (datetime(2024, 5, 21, 13, 45), date(2024, 5, 21)),  # noqa: DTZ001 — a day has no zone
        ("", None),
    )
    refused: ClassVar[Sequence[Any]] = ("2024-02-30", "soon", "21/05/2024", 45433, True, "0500-01-01")

    def parse(self, given: Any, field: Field) -> Any:
        """Return the day."""
        if is_blank(given):
            return None
        return day_of(given)

    def search_texts(self, value: Any) -> Iterable[str]:
        """Days are filtered by, not searched for."""
        return ()


def day_of(given: Any) -> date:
    """Return *given* as a day; raise `Unacceptable`."""
    if isinstance(given, datetime):
        given = given.date()
    if isinstance(given, date):
        return _in_range(given)
    found = (
        _DAY.fullmatch(narrow(str(given)).strip()) if isinstance(given, str) or _is_compact(given) else None
    )
    if found is None:
        raise not_a_day(given)
    try:
        return _in_range(date(*(int(number) for number in found.groups() if number)))
    except ValueError:
        raise unacceptable(say("there is no day {given} in the calendar", given=quoted(given))) from None


def not_a_day(given: Any) -> Unacceptable:
    """Return the error for what cannot be read as a day."""
    return unacceptable(say("{given} is not a date; write it like 2024-05-21", given=quoted(given)))


def _in_range(day: date) -> date:
    if day.year < EARLIEST_YEAR:
        raise unacceptable(say("the year {year} is too long ago", year=day.year))
    return day


def _is_compact(given: Any) -> bool:
    """Tell whether *given* is a number that can be year, month and day in eight digits."""
    return isinstance(given, int) and not isinstance(given, bool) and 10_000_000 <= given <= 99_999_999
