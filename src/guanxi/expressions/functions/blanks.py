"""Asking for gaps and filling them; an empty text is as blank as a null."""

from typing import Any

from guanxi.expressions.function import Function, Meaning, Moment, each
from guanxi.expressions.kinds import VALUES, Kind, shared_kind

_BLANK = {Kind.TEXT: "({0} IS NULL OR {0} = '')", Kind.LIST: "(coalesce(cardinality({0}), 0) = 0)"}


class IsBlank(Function):
    """There is no value: null, an empty text or an empty list."""

    name, example = "ISBLANK", ('ISBLANK("")', "TRUE")
    strict = False
    meanings = tuple(
        Meaning(parameters=(kind,), result=Kind.BOOLEAN, sql=_BLANK.get(kind, "({0} IS NULL)"))
        for kind in VALUES
    )

    def value(self, moment: Moment, *arguments: Any) -> bool:
        """Tell whether nothing is there."""
        return arguments[0] is None or arguments[0] in ("", ())


class IfBlank(Function):
    """The first value, or the second where the first is blank."""

    name, example = "IFBLANK", ('IFBLANK("", "未知")', '"未知"')
    strict = False
    meanings = tuple(
        Meaning(
            parameters=(kind, kind),
            result=kind,
            sql={
                Kind.TEXT: "coalesce(nullif({0}, ''), {1})",
                Kind.LIST: "coalesce(nullif({0}, CAST(ARRAY[] AS text[])), {1})",
            }.get(kind, "coalesce({0}, {1})"),
        )
        for kind in VALUES
    )

    def value(self, moment: Moment, *arguments: Any) -> Any:
        """Return the second where the first is null, an empty text or an empty list."""
        first, second = arguments
        return second if first is None or first in ("", ()) else first


class Coalesce(Function):
    """The first value that is not null; an empty text is a value here."""

    name, example = "COALESCE", ("COALESCE(NULL, 2, 3)", "2")
    strict = False
    shapes = tuple((kind,) * count for kind in VALUES for count in (1, 3))

    def meaning(self, kinds: tuple[Kind, ...]) -> Meaning | None:
        """Take one or more values of one kind."""
        kind = shared_kind(kinds, VALUES)
        if kind is None or not kinds:
            return None
        return Meaning(parameters=(kind,) * len(kinds), result=kind, sql=f"coalesce({each(len(kinds))})")

    def value(self, moment: Moment, *arguments: Any) -> Any:
        """Return the first that is not None."""
        return next((each for each in arguments if each is not None), None)
