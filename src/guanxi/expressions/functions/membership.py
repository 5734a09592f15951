"""Whether a value is one of several."""

from typing import Any

from guanxi.expressions.function import Function, Meaning, Moment, each
from guanxi.expressions.kinds import EQUATED, Kind, shared_kind


class In(Function):
    """The first value is one of the others: ``stage IN ("new", "won")``."""

    name, example = "IN", ('"乙" IN ("甲", "乙")', "TRUE")
    strict = False
    shapes = tuple((kind,) * count for kind in EQUATED for count in (2, 4))

    def meaning(self, kinds: tuple[Kind, ...]) -> Meaning | None:
        """Take two or more values of one kind."""
        kind = shared_kind(kinds, EQUATED)
        if kind is None or len(kinds) < 2:
            return None
        sql = f"({{0}} IN ({each(len(kinds), first=1)}))"
        return Meaning(parameters=(kind,) * len(kinds), result=Kind.BOOLEAN, sql=sql, counts_whole=True)

    def value(self, moment: Moment, *arguments: Any) -> bool | None:
        """Tell whether the first is among the others; null when only a null could be it."""
        sought, *choices = arguments
        if sought is None:
            return None
        if sought in [choice for choice in choices if choice is not None]:
            return True
        return None if None in choices else False
