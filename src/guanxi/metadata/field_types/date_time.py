"""A moment."""

import re
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, tzinfo
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from guanxi.kernel.errors import Problem
from guanxi.kernel.text import say
from guanxi.metadata.field_types.base import FieldType, Part, Unacceptable, is_blank, unacceptable
from guanxi.metadata.field_types.date import EARLIEST_YEAR, day_of
from guanxi.metadata.field_types.reading import narrow, quoted
from guanxi.metadata.labels import Label
from guanxi.metadata.objects import Field

_LATEST_YEAR = 9998  # a year of room: in another zone the moment may lie a day later
_MOMENT = re.compile(
    r"(?P<day>.*?\d日?)(?:[T\s]+|(?<=日))(?P<hour>\d{1,2})[:时点](?P<minute>\d{1,2})分?(?::?(?P<second>\d{1,2})秒?"
    r"(?:[.,](?P<fraction>\d{1,9}))?)?\s*(?P<zone>Z|[+-]\d\d:?\d\d)?",
    re.ASCII | re.IGNORECASE | re.DOTALL,
)


class DateTime(FieldType):
    """A moment, kept in UTC.

    A time given without a zone is taken in the zone the field's ``pattern`` names (``Asia/Shanghai``), else
    in UTC; a day without a time is its midnight.
    """

    name = "date_time"
    label = Label(en="Date and time", zh="日期时间")
    parts = (Part("", "timestamptz", "datetime"),)
    options = frozenset({"pattern"})
    example_options: ClassVar[dict[str, Any]] = {"pattern": "Asia/Shanghai"}
    examples: ClassVar[Sequence[tuple[Any, Any]]] = (
        ("2024-05-21 13:45", datetime(2024, 5, 21, 5, 45, tzinfo=UTC)),
        ("2024/5/21 13:45:10", datetime(2024, 5, 21, 5, 45, 10, tzinfo=UTC)),
        ("2024年5月21日13时45分", datetime(2024, 5, 21, 5, 45, tzinfo=UTC)),
        ("2024-05-21T13:45:00.5Z", datetime(2024, 5, 21, 13, 45, 0, 500_000, tzinfo=UTC)),
        ("2024-05-21T13:45:00+02:00", datetime(2024, 5, 21, 11, 45, tzinfo=UTC)),
        (date(2024, 5, 21), datetime(2024, 5, 20, 16, 0, tzinfo=UTC)),
        ("", None),
    )
    refused: ClassVar[Sequence[Any]] = ("2024-05-21 25:00", "noon", 12.5, True, "9999-12-31 23:59")

    def parse(self, given: Any, field: Field) -> Any:
        """Return the moment in UTC."""
        if is_blank(given):
            return None
        moment = given if isinstance(given, datetime) else _read(given)
        aware = moment if moment.tzinfo else moment.replace(tzinfo=_zone(field))
        if not EARLIEST_YEAR <= aware.year <= _LATEST_YEAR:
            raise unacceptable(say("the year {year} is out of range", year=aware.year))
        return aware.astimezone(UTC)

    def show(self, value: Any, field: Field, language: str = "en") -> str:
        """Return the moment to the minute in the field's zone: ``2024-05-21 13:45``."""
        return "" if value is None else value.astimezone(_zone(field)).strftime("%Y-%m-%d %H:%M")

    def search_texts(self, value: Any) -> Iterable[str]:
        """Moments are filtered by, not searched for."""
        return ()

    def check(self, field: Field) -> Iterable[Problem]:
        """The zone must be a known one."""
        try:
            _zone(field)
        except (KeyError, ValueError, OSError):  # not there, not a name at all, a folder of zones
            yield Problem(
                field.name,
                say("{name} is not a time zone; write it like Asia/Shanghai", name=quoted(field.pattern)),
            )


def _zone(field: Field) -> tzinfo:
    return ZoneInfo(field.pattern) if field.pattern else UTC


def _read(given: Any) -> datetime:
    found = _MOMENT.fullmatch(narrow(given).strip()) if isinstance(given, str) else None
    if found is None:
        day = _day(given)
        return datetime(day.year, day.month, day.day)  # noqa: DTZ001 — the zone is the field's, added by parse
    day, fraction = _day(found["day"]), (found["fraction"] or "0")[:6].ljust(6, "0")
    clock = f"{found['hour']:0>2}:{found['minute']:0>2}:{found['second'] or '0':0>2}.{fraction}"
    try:
        return datetime.fromisoformat(f"{day.isoformat()}T{clock}{(found['zone'] or '').upper()}")
    except ValueError:
        raise _not_a_moment(given) from None


def _day(given: Any) -> date:
    try:
        return day_of(given)
    except Unacceptable:
        raise _not_a_moment(given) from None


def _not_a_moment(given: Any) -> Unacceptable:
    return unacceptable(
        say("{given} is not a date with a time; write it like 2024-05-21 13:45", given=quoted(given))
    )
