"""Days and their parts."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from guanxi.expressions.function import Function, Meaning, Moment, whole, with_times
from guanxi.expressions.kinds import Kind

FIRST_DAY_SQL = "DATE '0001-01-01'"
LAST_DAY_NUMBER = (date.max - date.min).days
FIRST_MONTH, LAST_MONTH = 12, 9999 * 12 + 11
_FAR = 10_000_000


def day_by_number(number: int) -> date | None:
    """Return the day so many days after 0001-01-01; None outside the years 1 to 9999."""
    return date.min + timedelta(days=number) if 0 <= number <= LAST_DAY_NUMBER else None


def first_of_month(number: int) -> date | None:
    """Return the first day of month *number* (year * 12 + month - 1); None outside the years 1 to 9999."""
    in_calendar = FIRST_MONTH <= number <= LAST_MONTH
    return date(number // 12, number % 12 + 1, 1) if in_calendar else None


def _part(part: str) -> tuple[Meaning, ...]:
    sql = f"extract({part} FROM {{0}})"
    return with_times(Meaning(parameters=(Kind.DATE,), result=Kind.NUMBER, sql=sql))


class Date(Function):
    """The day of a year, month and day; month 13 is the next January, day 0 the last of the month before."""

    name, example = "DATE", ("DATE(2024, 3, 0)", "DATE(2024, 2, 29)")
    meanings = (
        Meaning(
            parameters=(Kind.NUMBER, Kind.NUMBER, Kind.NUMBER),
            result=Kind.DATE,
            sql=(
                f"(SELECT CASE WHEN days.number BETWEEN 0 AND {LAST_DAY_NUMBER} "  # noqa: S608 (constants)
                f"THEN {FIRST_DAY_SQL} + CAST(days.number AS integer) END FROM ("
                f"SELECT CASE WHEN months.number BETWEEN {FIRST_MONTH} AND {LAST_MONTH} "
                "THEN make_date(CAST(div(months.number, 12) AS integer), "
                f"CAST(mod(months.number, 12) AS integer) + 1, 1) - {FIRST_DAY_SQL} END "
                "+ trunc({2}) - 1 AS number "
                "FROM (SELECT trunc({0}) * 12 + trunc({1}) - 1 AS number) AS months) AS days)"
            ),
        ),
    )

    def value(self, moment: Moment, *arguments: Any) -> date | None:
        """Return the day; None outside the years 1 to 9999."""
        year, month, day = (whole(each, -_FAR, _FAR) for each in arguments)
        first = first_of_month(year * 12 + month - 1)
        return None if first is None else day_by_number((first - date.min).days + day - 1)


class Year(Function):
    """The year of a day."""

    name, example = "YEAR", ("YEAR(DATE(2024, 5, 21))", "2024")
    meanings = _part("year")

    def value(self, moment: Moment, *arguments: Any) -> Decimal:
        """Return the year."""
        return Decimal(moment.day(arguments[0]).year)


class Month(Function):
    """The month of a day, 1 to 12."""

    name, example = "MONTH", ("MONTH(DATE(2024, 5, 21))", "5")
    meanings = _part("month")

    def value(self, moment: Moment, *arguments: Any) -> Decimal:
        """Return the month, 1 to 12."""
        return Decimal(moment.day(arguments[0]).month)


class Day(Function):
    """The day of the month, 1 to 31."""

    name, example = "DAY", ("DAY(DATE(2024, 5, 21))", "21")
    meanings = _part("day")

    def value(self, moment: Moment, *arguments: Any) -> Decimal:
        """Return the day of the month, 1 to 31."""
        return Decimal(moment.day(arguments[0]).day)


class Weekday(Function):
    """The day of the week: 1 is Sunday, or Monday when the second argument is 2."""

    name, example = "WEEKDAY", ("WEEKDAY(DATE(2024, 5, 21), 2)", "2")
    meanings = (
        *with_times(Meaning(parameters=(Kind.DATE,), result=Kind.NUMBER, sql="(extract(dow FROM {0}) + 1)")),
        *with_times(
            Meaning(
                parameters=(Kind.DATE, Kind.NUMBER),
                result=Kind.NUMBER,
                sql="CASE {1} WHEN 1 THEN extract(dow FROM {0}) + 1 WHEN 2 THEN extract(isodow FROM {0}) END",
            )
        ),
    )

    def value(self, moment: Moment, *arguments: Any) -> Decimal | None:
        """Return 1 to 7; None for a way of counting other than 1 or 2."""
        day, counting = (*arguments, Decimal(1))[:2]
        monday_first = moment.day(day).isoweekday()
        return {Decimal(1): Decimal(monday_first % 7 + 1), Decimal(2): Decimal(monday_first)}.get(counting)


class Today(Function):
    """The day it is."""

    name, example = "TODAY", ("TODAY() = NOW()", "TRUE")
    meanings = (Meaning(parameters=(), result=Kind.DATE, sql="{today}"),)

    def value(self, moment: Moment, *arguments: Any) -> date:
        """Return the day of now, in its zone."""
        return moment.today


class Now(Function):
    """The time it is."""

    name, example = "NOW", ("NOW() < ADDDAYS(NOW(), 1)", "TRUE")
    meanings = (Meaning(parameters=(), result=Kind.DATETIME, sql="{now}"),)

    def value(self, moment: Moment, *arguments: Any) -> datetime:
        """Return now."""
        return moment.now
