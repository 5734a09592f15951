"""Putting texts together, and replacing parts of them."""

from typing import Any

from guanxi.expressions.function import LONGEST_RESULT, Function, Meaning, Moment
from guanxi.expressions.functions.writing import WRITTEN, write
from guanxi.expressions.kinds import Kind


class Concat(Function):
    """All values written one after the other; nulls write nothing. ``&`` is the same for two."""

    name, example = "CONCAT", ('"第" & 1 & "名"', '"第1名"')
    strict = False
    shapes = ((Kind.TEXT, Kind.TEXT), (Kind.TEXT, Kind.NUMBER, Kind.DATE), *((kind,) for kind in WRITTEN))

    def meaning(self, kinds: tuple[Kind, ...]) -> Meaning | None:
        """Take one or more values of any kind that can be written."""
        kinds = tuple(Kind.TEXT if kind is Kind.NOTHING else kind for kind in kinds)
        if not kinds or not set(kinds) <= set(WRITTEN):
            return None
        parts = (
            f"coalesce({WRITTEN[kind].replace('{0}', f'{{{place}}}')}, '')"
            for place, kind in enumerate(kinds)
        )
        return Meaning(parameters=kinds, result=Kind.TEXT, sql=f"({' || '.join(parts)})")

    def value(self, moment: Moment, *arguments: Any) -> str:
        """Return the joined text."""
        return "".join(write(moment, each) for each in arguments if each is not None)


class Substitute(Function):
    """The first text with every occurrence of the second replaced by the third."""

    name, example = "SUBSTITUTE", ('SUBSTITUTE("(021) 6888", "(021) ", "021-")', '"021-6888"')
    # A text of a million characters cannot be meant; without a bound, nested replacing could fill the memory.
    meanings = (
        Meaning(
            parameters=(Kind.TEXT, Kind.TEXT, Kind.TEXT),
            result=Kind.TEXT,
            sql=(
                "CASE WHEN CAST(char_length({0}) AS bigint) * (1 + char_length({2})) "
                f"<= {LONGEST_RESULT} THEN replace({{0}}, {{1}}, {{2}}) END"
            ),
        ),
    )

    def value(self, moment: Moment, *arguments: Any) -> str | None:
        """Return the text with its parts replaced; None where that could pass a million characters."""
        text, old, new = arguments
        if len(text) * (1 + len(new)) > LONGEST_RESULT:
            return None
        return str(text.replace(old, new)) if old else str(text)
