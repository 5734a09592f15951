"""Comparing two values: equal, different, before, after; a date stands for its whole day beside a time."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, ClassVar

from guanxi.expressions.function import Function, Meaning, Moment
from guanxi.expressions.kinds import EQUATED, ORDERED, Kind

_START = "(CAST({#} AS timestamp) AT TIME ZONE {zone})"
_END = "(CAST({#} + 1 AS timestamp) AT TIME ZONE {zone})"
_MIRRORED = {"=": "=", "<>": "<>", "<": ">", "<=": ">=", ">": "<", ">=": "<="}


def order(moment: Moment, left: Any, right: Any) -> int:
    """Return -1, 0 or 1 as *left* comes before, equals or comes after *right*.

    A time equals a date when it falls on that day.
    """
    if isinstance(left, datetime) and _is_day(right):
        return int(left >= moment.start(right)) + int(left >= moment.end(right)) - 1
    if isinstance(right, datetime) and _is_day(left):
        return -order(moment, right, left)
    return int(left > right) - int(left < right)


def _is_day(value: Any) -> bool:
    return isinstance(value, date) and not isinstance(value, datetime)


def _meanings(operator: str, kinds: Sequence[Kind]) -> tuple[Meaning, ...]:
    return (
        *(_same(operator, kind) for kind in kinds),
        _mixed(_time_and_day(operator, time=0, day=1), Kind.DATETIME, Kind.DATE),
        _mixed(_time_and_day(_MIRRORED[operator], time=1, day=0), Kind.DATE, Kind.DATETIME),
    )


def _same(operator: str, kind: Kind) -> Meaning:
    # Only an order depends on the collation; equality keeps the column bare, so that its index serves.
    ordered_text = kind is Kind.TEXT and operator not in ("=", "<>")
    sql = f'({{0}} COLLATE "C" {operator} {{1}} COLLATE "C")' if ordered_text else f"({{0}} {operator} {{1}})"
    return Meaning(parameters=(kind, kind), result=Kind.BOOLEAN, sql=sql, counts_whole=True)


def _mixed(sql: str, left: Kind, right: Kind) -> Meaning:
    return Meaning(parameters=(left, right), result=Kind.BOOLEAN, sql=sql)


def _time_and_day(operator: str, *, time: int, day: int) -> str:
    """Return SQL that compares a time with the borders of a day: the time stays bare for its index."""
    start, end = _START.replace("#", str(day)), _END.replace("#", str(day))
    moment = f"{{{time}}}"
    return {
        "=": f"({moment} >= {start} AND {moment} < {end})",
        "<>": f"({moment} < {start} OR {moment} >= {end})",
        "<": f"({moment} < {start})",
        "<=": f"({moment} < {end})",
        ">": f"({moment} >= {end})",
        ">=": f"({moment} >= {start})",
    }[operator]


class Equals(Function):
    """Both are the same; text letter by letter."""

    name, example = "=", ("1 = 1.0", "TRUE")
    meanings: ClassVar = _meanings("=", EQUATED)

    def value(self, moment: Moment, *arguments: Any) -> bool:
        """Tell whether the first equals the second."""
        return order(moment, *arguments) == 0


class Differs(Function):
    """The two are not the same."""

    name, example = "<>", ('"甲" <> "乙"', "TRUE")
    meanings: ClassVar = _meanings("<>", EQUATED)

    def value(self, moment: Moment, *arguments: Any) -> bool:
        """Tell whether the first differs from the second."""
        return order(moment, *arguments) != 0


class Less(Function):
    """The first is smaller, earlier, or sorts before the second."""

    name, example = "<", ("DATE(2024, 2, 29) < DATE(2024, 3, 1)", "TRUE")
    meanings: ClassVar = _meanings("<", ORDERED)

    def value(self, moment: Moment, *arguments: Any) -> bool:
        """Tell whether the first comes before the second."""
        return order(moment, *arguments) < 0


class AtMost(Function):
    """The first is not greater than the second."""

    name, example = "<=", ("2 <= 1", "FALSE")
    meanings: ClassVar = _meanings("<=", ORDERED)

    def value(self, moment: Moment, *arguments: Any) -> bool:
        """Tell whether the first does not come after the second."""
        return order(moment, *arguments) <= 0


class Greater(Function):
    """The first is greater, later, or sorts after the second."""

    name, example = ">", ("2 > 1", "TRUE")
    meanings: ClassVar = _meanings(">", ORDERED)

    def value(self, moment: Moment, *arguments: Any) -> bool:
        """Tell whether the first comes after the second."""
        return order(moment, *arguments) > 0


class AtLeast(Function):
    """The first is not smaller than the second."""

    name, example = ">=", ("NOW() >= TODAY()", "TRUE")
    meanings: ClassVar = _meanings(">=", ORDERED)

    def value(self, moment: Moment, *arguments: Any) -> bool:
        """Tell whether the first does not come before the second."""
        return order(moment, *arguments) >= 0
