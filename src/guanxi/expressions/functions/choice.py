"""Choosing between values by conditions."""

from typing import Any

from guanxi.expressions.function import Function, Meaning, Moment
from guanxi.expressions.kinds import VALUES, Kind, accepts, shared_kind


class If(Function):
    """The second value when the condition holds, else the third (nothing when there is none)."""

    name, example = "IF", ('IF(120000 > 100000, "A", "B")', '"A"')
    strict = False
    meanings = (
        *(
            Meaning(
                parameters=(Kind.BOOLEAN, kind, kind), result=kind, sql="CASE WHEN {0} THEN {1} ELSE {2} END"
            )
            for kind in VALUES
        ),
        *(
            Meaning(parameters=(Kind.BOOLEAN, kind), result=kind, sql="CASE WHEN {0} THEN {1} END")
            for kind in VALUES
        ),
    )

    def value(self, moment: Moment, *arguments: Any) -> Any:
        """Return the chosen value; a condition nobody knows counts as not holding."""
        condition, then, otherwise = (*arguments, None)[:3]
        return then if condition else otherwise


class Ifs(Function):
    """Conditions and values in turn: the value after the first condition that holds."""

    name, example = "IFS", ('IFS(FALSE, "A", NULL, "B", TRUE, "C")', '"C"')
    strict = False
    shapes = tuple((Kind.BOOLEAN, kind) * count for kind in VALUES for count in (1, 3))

    def meaning(self, kinds: tuple[Kind, ...]) -> Meaning | None:
        """Take pairs of a condition and a value; all values are of one kind."""
        kind = shared_kind(kinds[1::2], VALUES)
        if kind is None or len(kinds) < 2 or len(kinds) % 2:
            return None
        if not all(accepts(Kind.BOOLEAN, condition) for condition in kinds[::2]):
            return None
        arms = " ".join(f"WHEN {{{at}}} THEN {{{at + 1}}}" for at in range(0, len(kinds), 2))
        return Meaning(
            parameters=(Kind.BOOLEAN, kind) * (len(kinds) // 2), result=kind, sql=f"CASE {arms} END"
        )

    def value(self, moment: Moment, *arguments: Any) -> Any:
        """Return the value of the first condition that holds; None when none does."""
        pairs = zip(arguments[::2], arguments[1::2], strict=True)
        return next((value for condition, value in pairs if condition), None)
