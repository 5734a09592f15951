"""Taking away the blanks around a text, full-width ones included."""

from typing import Any

from guanxi.expressions.function import Function, Meaning, Moment
from guanxi.expressions.kinds import Kind

# tab, line feed, carriage return, space, no-break space, ideographic space, byte order mark
BLANKS = "\t\n\r \u00a0\u3000\ufeff"
BLANKS_SQL = r"U&'\0009\000A\000D\0020\00A0\3000\FEFF'"


class Trim(Function):
    """The text without blanks at its ends."""

    name, example = "TRIM", ('TRIM(" 张三\u3000")', '"张三"')
    meanings = (Meaning(parameters=(Kind.TEXT,), result=Kind.TEXT, sql=f"btrim({{0}}, {BLANKS_SQL})"),)

    def value(self, moment: Moment, *arguments: Any) -> str:
        """Return the text without blanks before and after it."""
        return str(arguments[0].strip(BLANKS))
