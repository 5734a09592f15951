"""Measuring a text and taking parts of it, counted in characters."""

from decimal import Decimal
from typing import Any

from guanxi.expressions.function import LONGEST_RESULT, Function, Meaning, Moment, whole, whole_sql
from guanxi.expressions.kinds import Kind

_COUNT = whole_sql("{1}", 0, LONGEST_RESULT)
_PLACE = whole_sql("{1}", 1, LONGEST_RESULT)
_LENGTH = whole_sql("{2}", 0, LONGEST_RESULT)


class Len(Function):
    """How many characters the text has."""

    name, example = "LEN", ('LEN("关系𠮷")', "3")
    meanings = (
        Meaning(parameters=(Kind.TEXT,), result=Kind.NUMBER, sql="CAST(char_length({0}) AS numeric)"),
    )

    def value(self, moment: Moment, *arguments: Any) -> Decimal:
        """Return the number of characters (code points)."""
        return Decimal(len(arguments[0]))


class Left(Function):
    """The first characters: one, or as many as said."""

    name, example = "LEFT", ('LEFT("上海市", 2)', '"上海"')
    meanings = (
        Meaning(parameters=(Kind.TEXT,), result=Kind.TEXT, sql="left({0}, 1)"),
        Meaning(parameters=(Kind.TEXT, Kind.NUMBER), result=Kind.TEXT, sql=f"left({{0}}, {_COUNT})"),
    )

    def value(self, moment: Moment, *arguments: Any) -> str:
        """Return the beginning; a count below zero takes nothing."""
        text, count = (*arguments, Decimal(1))[:2]
        return str(text[: whole(count, 0, LONGEST_RESULT)])


class Right(Function):
    """The last characters: one, or as many as said."""

    name, example = "RIGHT", ('RIGHT("13812345678", 4)', '"5678"')
    meanings = (
        Meaning(parameters=(Kind.TEXT,), result=Kind.TEXT, sql="right({0}, 1)"),
        Meaning(parameters=(Kind.TEXT, Kind.NUMBER), result=Kind.TEXT, sql=f"right({{0}}, {_COUNT})"),
    )

    def value(self, moment: Moment, *arguments: Any) -> str:
        """Return the end; a count below zero takes nothing."""
        text, count = (*arguments, Decimal(1))[:2]
        return str(text[max(0, len(text) - whole(count, 0, LONGEST_RESULT)) :])


class Mid(Function):
    """So many characters from a place on; the first character has place 1."""

    name, example = "MID", ('MID("C202405210001", 2, 8)', '"20240521"')
    meanings = (
        Meaning(
            parameters=(Kind.TEXT, Kind.NUMBER, Kind.NUMBER),
            result=Kind.TEXT,
            sql=f"substr({{0}}, {_PLACE}, {_LENGTH})",
        ),
    )

    def value(self, moment: Moment, *arguments: Any) -> str:
        """Return the part; a place before the first counts as the first."""
        text, place, count = arguments
        start = whole(place, 1, LONGEST_RESULT) - 1
        return str(text[start : start + whole(count, 0, LONGEST_RESULT)])
