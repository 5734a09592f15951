"""Calculating with exact decimals."""

from decimal import Decimal
from typing import Any

from guanxi.expressions.function import EXACT, Function, Meaning, Moment
from guanxi.expressions.functions.rounding import half_away
from guanxi.expressions.kinds import Kind

QUOTIENT_DECIMALS = 16


def _numbers(sql: str) -> tuple[Meaning, ...]:
    return (Meaning(parameters=(Kind.NUMBER, Kind.NUMBER), result=Kind.NUMBER, sql=sql),)


class Plus(Function):
    """The sum."""

    name, example = "+", ("0.1 + 0.2", "0.3")
    meanings = _numbers("({0} + {1})")

    def value(self, moment: Moment, *arguments: Any) -> Decimal:
        """Return the exact sum."""
        return EXACT.add(*arguments)


class Minus(Function):
    """The difference."""

    name, example = "-", ("1 - 0.9", "0.1")
    meanings = _numbers("({0} - {1})")

    def value(self, moment: Moment, *arguments: Any) -> Decimal:
        """Return the exact difference."""
        return EXACT.subtract(*arguments)


class Times(Function):
    """The product."""

    name, example = "*", ("1.5 * 1.5", "2.25")
    meanings = _numbers("({0} * {1})")

    def value(self, moment: Moment, *arguments: Any) -> Decimal:
        """Return the exact product."""
        return EXACT.multiply(*arguments)


class Over(Function):
    """The quotient, rounded to 16 decimals; dividing by zero has no value."""

    name, example = "/", ("1 / 3", "0.3333333333333333")
    # PostgreSQL's own quotient has as many decimals as the operands were written with; a whole-number
    # division with one decimal to spare does not depend on how a number was written.
    meanings = _numbers(
        f"round(div({{0}} * 1e{QUOTIENT_DECIMALS + 1}, nullif({{1}}, 0)) "
        f"* 1e-{QUOTIENT_DECIMALS + 1}, {QUOTIENT_DECIMALS})"
    )

    def value(self, moment: Moment, *arguments: Any) -> Decimal | None:
        """Return the rounded quotient; None for a divisor of zero."""
        dividend, divisor = arguments
        if divisor == 0:
            return None
        whole = EXACT.divide_int(dividend.scaleb(QUOTIENT_DECIMALS + 1, EXACT), divisor)
        return half_away(whole.scaleb(-QUOTIENT_DECIMALS - 1, EXACT), QUOTIENT_DECIMALS)


class Mod(Function):
    """The remainder, with the sign of the divisor; dividing by zero has no value."""

    name, example = "MOD", ("MOD(-7, 3)", "2")
    meanings = _numbers("mod(mod({0}, nullif({1}, 0)) + {1}, nullif({1}, 0))")

    def value(self, moment: Moment, *arguments: Any) -> Decimal | None:
        """Return the remainder as a spreadsheet does; None for a divisor of zero."""
        dividend, divisor = arguments
        if divisor == 0:
            return None
        return EXACT.remainder(EXACT.add(EXACT.remainder(dividend, divisor), divisor), divisor)
