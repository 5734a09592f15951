"""Free text: visible characters, letters and digits of half width; Chinese punctuation stays."""

from typing import ClassVar

import polars as pl

from guanxi.integration.standards.base import Reasons, Standard, decide
from guanxi.integration.standards.tidying import visible
from guanxi.kernel.text import say

# Full-width letters, digits and the signs that belong to them; ，：；！？（） are good Chinese and stay.
_HALF = {
    chr(code): chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F) if chr(code) not in "，：；！？（）～"
}
_HALF["\u3000"] = " "
_LETTERS = r"A-Za-z0-9\x{4E00}-\x{9FFF}"
_SIGNS = r"!-~\x{4E00}-\x{9FFF}，：；！？（）、。"
_STANDARD = f"^[{_LETTERS}][{_SIGNS}]*(?: [{_SIGNS}]+)*$"


class Text(Standard):
    """Trimmed text in which only width, white space and invisible characters were changed.

    Words that say nothing (无, -, N/A, null) are rejected, as in every standard: the caller keeps the raw.
    """

    name = "text"
    reasons: ClassVar[Reasons] = {
        "text_tidied": say("invisible characters, white space or full-width letters were tidied")
    }

    def in_standard(self, raw: pl.Expr) -> pl.Expr:
        """Tell which texts are in standard form beyond doubt; see `Standard.in_standard`."""
        return raw.str.contains(_STANDARD)

    def judge(self, rows: pl.DataFrame) -> pl.DataFrame:
        """Judge *rows*; see `Standard.apply`."""
        halved = visible(visible(pl.col("raw")).str.replace_many(_HALF))
        return decide(rows, halved, otherwise="text_tidied")
