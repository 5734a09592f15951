"""The distance between days, and moving along it."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from guanxi.expressions.function import Function, Meaning, Moment, whole, whole_sql, with_times
from guanxi.expressions.functions.calendar import (
    FIRST_DAY_SQL,
    FIRST_MONTH,
    LAST_DAY_NUMBER,
    LAST_MONTH,
    day_by_number,
    first_of_month,
)
from guanxi.expressions.kinds import Kind

_FAR = 10_000_000
# Cut even where a condition has asked already: PostgreSQL works out constant parts before any condition.
_COUNT = whole_sql("{1}", -_FAR, _FAR)
# One day inside the calendar, so that every zone can show the result.
_EARLIEST = datetime(1, 1, 2, tzinfo=UTC)
_LATEST = datetime(9999, 12, 30, tzinfo=UTC)
_DAY_NUMBER = f"({{0}} - {FIRST_DAY_SQL} + trunc({{1}}))"
_MONTH_NUMBER = "(extract(year FROM {0}) * 12 + extract(month FROM {0}) - 1 + trunc({1}))"
_SECONDS = "(extract(epoch FROM {0}) + trunc({1}) * 86400)"


class Days(Function):
    """How many days the first lies after the second."""

    name, example = "DAYS", ("DAYS(DATE(2024, 3, 1), DATE(2024, 2, 1))", "29")
    meanings = with_times(
        Meaning(parameters=(Kind.DATE, Kind.DATE), result=Kind.NUMBER, sql="CAST({0} - {1} AS numeric)")
    )

    def value(self, moment: Moment, *arguments: Any) -> Decimal:
        """Return the whole days from the second to the first."""
        end, start = map(moment.day, arguments)
        return Decimal((end - start).days)


class AddDays(Function):
    """The day, or the time, so many days later; a day of a time has 24 hours."""

    name, example = "ADDDAYS", ("ADDDAYS(DATE(2024, 2, 28), 1)", "DATE(2024, 2, 29)")
    meanings = (
        Meaning(
            parameters=(Kind.DATE, Kind.NUMBER),
            result=Kind.DATE,
            sql=(
                f"CASE WHEN {_DAY_NUMBER} BETWEEN 0 AND {LAST_DAY_NUMBER} "
                f"THEN {FIRST_DAY_SQL} + CAST({_DAY_NUMBER} AS integer) END"
            ),
        ),
        Meaning(
            parameters=(Kind.DATETIME, Kind.NUMBER),
            result=Kind.DATETIME,
            sql=(
                f"CASE WHEN {_SECONDS} BETWEEN {_EARLIEST.timestamp():.0f} AND {_LATEST.timestamp():.0f} "
                f"THEN {{0}} + {_COUNT} * INTERVAL '24 hours' END"
            ),
        ),
    )

    def value(self, moment: Moment, *arguments: Any) -> date | None:
        """Return the moved day or time; None outside the years 1 to 9999."""
        start, count = arguments
        days = whole(count, -_FAR, _FAR)
        if isinstance(start, datetime):
            return _later(start, days)
        return day_by_number((start - date.min).days + days)


def _later(start: datetime, days: int) -> datetime | None:
    # Asked as a difference first: the sum itself could leave the calendar.
    span = timedelta(days=days)
    if not _EARLIEST - start <= span <= _LATEST - start:
        return None
    return start.astimezone(UTC) + span


class AddMonths(Function):
    """The same day so many months later, or the last day of a month that is too short."""

    name, example = "ADDMONTHS", ("ADDMONTHS(DATE(2024, 1, 31), 1)", "DATE(2024, 2, 29)")
    meanings = with_times(
        Meaning(
            parameters=(Kind.DATE, Kind.NUMBER),
            result=Kind.DATE,
            sql=(
                f"CASE WHEN {_MONTH_NUMBER} BETWEEN {FIRST_MONTH} AND {LAST_MONTH} "
                f"THEN CAST({{0}} + make_interval(months => {_COUNT}) AS date) END"
            ),
        )
    )

    def value(self, moment: Moment, *arguments: Any) -> date | None:
        """Return the moved day; None outside the years 1 to 9999."""
        day, count = moment.day(arguments[0]), arguments[1]
        month = day.year * 12 + day.month - 1 + whole(count, -_FAR, _FAR)
        first, following = first_of_month(month), first_of_month(month + 1)
        if first is None:
            return None
        length = 31 if following is None else (following - first).days
        return first.replace(day=min(day.day, length))
