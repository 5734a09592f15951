"""Joining conditions by SQL's three-valued logic: a null is a truth nobody knows."""

from typing import Any, ClassVar

from guanxi.expressions.function import Function, Meaning, Moment, each
from guanxi.expressions.kinds import Kind, accepts


class _Junction(Function):
    """What AND and OR share: any number of conditions, and one answer that settles the matter."""

    strict = False
    settles: ClassVar[bool]
    word: ClassVar[str]
    shapes = ((Kind.BOOLEAN,), (Kind.BOOLEAN,) * 2, (Kind.BOOLEAN,) * 3)

    def meaning(self, kinds: tuple[Kind, ...]) -> Meaning | None:
        """Take one or more conditions."""
        if not kinds or not all(accepts(Kind.BOOLEAN, kind) for kind in kinds):
            return None
        sql = f"({each(len(kinds), joined=f' {self.word} ')})"
        return Meaning(parameters=(Kind.BOOLEAN,) * len(kinds), result=Kind.BOOLEAN, sql=sql)

    def value(self, moment: Moment, *arguments: Any) -> bool | None:
        """Return the settling answer where one argument gives it, else null where one is null."""
        if self.settles in arguments:
            return self.settles
        return None if None in arguments else not self.settles


class And(_Junction):
    """All conditions hold."""

    name, example = "AND", ("AND(1 < 2, 2 < 1)", "FALSE")
    settles, word = False, "AND"


class Or(_Junction):
    """At least one condition holds."""

    name, example = "OR", ("1 < 2 OR NULL", "TRUE")
    settles, word = True, "OR"


class Not(Function):
    """The condition does not hold."""

    name, example = "NOT", ("NOT(1 < 2)", "FALSE")
    meanings = (Meaning(parameters=(Kind.BOOLEAN,), result=Kind.BOOLEAN, sql="(NOT {0})"),)

    def value(self, moment: Moment, *arguments: Any) -> bool:
        """Return the opposite."""
        return not arguments[0]
