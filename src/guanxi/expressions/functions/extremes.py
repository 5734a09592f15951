"""The smallest and the greatest of several values; nulls do not count."""

from typing import Any, ClassVar

from guanxi.expressions.function import Function, Meaning, Moment, each
from guanxi.expressions.kinds import ORDERED, Kind, shared_kind


class _Extreme(Function):
    """What MIN and MAX share: values of one kind, null only when all are."""

    strict = False
    word: ClassVar[str]
    shapes = tuple((kind,) * count for kind in ORDERED for count in (1, 2, 3))

    def meaning(self, kinds: tuple[Kind, ...]) -> Meaning | None:
        """Take one or more values of one kind that has an order."""
        kind = shared_kind(kinds, ORDERED)
        if kind is None or not kinds:
            return None
        place = '{#} COLLATE "C"' if kind is Kind.TEXT else "{#}"
        sql = f"{self.word}({each(len(kinds), place)})"
        return Meaning(parameters=(kind,) * len(kinds), result=kind, sql=sql)


class Min(_Extreme):
    """The smallest, earliest or first in order."""

    name, word, example = "MIN", "least", ("MIN(3, NULL, 2)", "2")

    def value(self, moment: Moment, *arguments: Any) -> Any:
        """Return the smallest of the values that are not null."""
        return min((each for each in arguments if each is not None), default=None)


class Max(_Extreme):
    """The greatest, latest or last in order."""

    name, word, example = "MAX", "greatest", ("MAX(DATE(2024, 1, 1), DATE(2023, 12, 31))", "DATE(2024, 1, 1)")

    def value(self, moment: Moment, *arguments: Any) -> Any:
        """Return the greatest of the values that are not null."""
        return max((each for each in arguments if each is not None), default=None)
