"""Looking for a text inside another, letter by letter (put LOWER around both to ignore case)."""

from typing import Any

from guanxi.expressions.function import Function, Meaning, Moment
from guanxi.expressions.kinds import Kind


def _texts(sql: str) -> tuple[Meaning, ...]:
    # Functions rather than LIKE: nothing in what people type can be taken for a pattern.
    return (Meaning(parameters=(Kind.TEXT, Kind.TEXT), result=Kind.BOOLEAN, sql=sql),)


class Contains(Function):
    """The second text is somewhere in the first."""

    name, example = "CONTAINS", ('CONTAINS("上海关系软件有限公司", "软件")', "TRUE")
    meanings = _texts("(strpos({0}, {1}) > 0)")

    def value(self, moment: Moment, *arguments: Any) -> bool:
        """Tell whether the second is part of the first; an empty text always is."""
        text, part = arguments
        return part in text


class StartsWith(Function):
    """The first text begins with the second."""

    name, example = "STARTSWITH", ('STARTSWITH("C2024", "C")', "TRUE")
    meanings = _texts("starts_with({0}, {1})")

    def value(self, moment: Moment, *arguments: Any) -> bool:
        """Tell whether the first begins with the second."""
        return bool(arguments[0].startswith(arguments[1]))


class EndsWith(Function):
    """The first text ends with the second."""

    name, example = "ENDSWITH", ('ENDSWITH("报价.xls", ".xlsx")', "FALSE")
    meanings = _texts("(right({0}, char_length({1})) = {1})")

    def value(self, moment: Moment, *arguments: Any) -> bool:
        """Tell whether the first ends with the second."""
        return bool(arguments[0].endswith(arguments[1]))
