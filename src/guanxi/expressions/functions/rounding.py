"""Bringing numbers to fewer digits, and dropping their sign."""

from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal
from typing import Any

from guanxi.expressions.function import EXACT, Function, Meaning, Moment, whole, whole_sql
from guanxi.expressions.kinds import Kind

MOST_DIGITS = 30


def half_away(number: Decimal, decimals: int) -> Decimal:
    """Return *number* rounded to *decimals*, halves away from zero, as PostgreSQL's numeric does."""
    return number.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP, EXACT)


def _number(sql: str) -> Meaning:
    return Meaning(parameters=(Kind.NUMBER,), result=Kind.NUMBER, sql=sql)


class Round(Function):
    """The number with so many decimals (none when not said; -2: hundreds), halves away from zero."""

    name, example = "ROUND", ("ROUND(-2.5)", "-3")
    meanings = (
        _number("round({0})"),
        Meaning(
            parameters=(Kind.NUMBER, Kind.NUMBER),
            result=Kind.NUMBER,
            sql=f"round({{0}}, {whole_sql('{1}', -MOST_DIGITS, MOST_DIGITS)})",
        ),
    )

    def value(self, moment: Moment, *arguments: Any) -> Decimal:
        """Return the rounded number; more than 30 digits count as 30."""
        number, digits = (*arguments, Decimal(0))[:2]
        return half_away(number, whole(digits, -MOST_DIGITS, MOST_DIGITS))


class Floor(Function):
    """The greatest whole number that is not above."""

    name, example = "FLOOR", ("FLOOR(-1.2)", "-2")
    meanings = (_number("floor({0})"),)

    def value(self, moment: Moment, *arguments: Any) -> Decimal:
        """Return the next whole number below."""
        number: Decimal = arguments[0]
        return number.to_integral_value(ROUND_FLOOR, EXACT)


class Ceiling(Function):
    """The smallest whole number that is not below."""

    name, example = "CEILING", ("CEILING(1.2)", "2")
    meanings = (_number("ceil({0})"),)

    def value(self, moment: Moment, *arguments: Any) -> Decimal:
        """Return the next whole number above."""
        number: Decimal = arguments[0]
        return number.to_integral_value(ROUND_CEILING, EXACT)


class Abs(Function):
    """The number without its sign."""

    name, example = "ABS", ("ABS(-1.5)", "1.5")
    meanings = (_number("abs({0})"),)

    def value(self, moment: Moment, *arguments: Any) -> Decimal:
        """Return the distance from zero."""
        return EXACT.abs(arguments[0])
