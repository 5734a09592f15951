"""Mobile numbers of mainland China: 11 digits, 13800138000."""

from typing import ClassVar

import polars as pl

from guanxi.integration.standards.base import Reasons, Standard, changed, decide, rejected, suspect
from guanxi.integration.standards.numbers_in_cells import bare_number, without_signs, words_around
from guanxi.kernel.text import say

# Number segments never given out, or not to people, by the numbering plan of the ministry (MIIT, 2023).
_UNKNOWN_SEGMENTS = r"^1(?:4[23]|54|6[013489]|74|79|94)"
_BEFORE = r"(?:\(?(?:\+|00)?86\)?[\s\-)]{0,3})?(?:\(?0\)?[\s\-]?)?"
_NUMBER = r"1[3-9](?:[\s\-.‐–—_]{0,2}\d){9}"
_MOBILE = rf"(^|\D){_BEFORE}({_NUMBER})(\D|$)"
_ALONE = f"^{_BEFORE}{_NUMBER}$"


class Mobile(Standard):
    """11 digits beginning with 13 to 19; an unknown segment is only doubted, never refused."""

    name = "mobile"
    reasons: ClassVar[Reasons] = {
        "mobile_length": say("a mobile number has 11 digits; this one has {note}"),
        "mobile_start": say("a mobile number begins with 13 to 19"),
        "mobile_rounded": say("a spreadsheet has rounded the number; digits are lost"),
        "mobile_segment": say("no operator is known to give out numbers that begin like this"),
        "another_number": say("there are two numbers in one cell; the first is kept, the other is {note}"),
    }

    def in_standard(self, raw: pl.Expr) -> pl.Expr:
        """Tell which texts are in standard form beyond doubt; see `Standard.in_standard`."""
        return raw.str.contains("^1[3-9][0-9]{9}$") & ~raw.str.contains(_UNKNOWN_SEGMENTS)

    def judge(self, rows: pl.DataFrame) -> pl.DataFrame:
        """Judge *rows*; see `Standard.apply`."""
        read = rows.lazy().with_columns(bare=bare_number(pl.col("text")))
        alone = pl.col("bare").str.contains(_ALONE)
        read = read.with_columns(odd=pl.when(~alone).then("bare"), alone=pl.when(alone).then("bare"))
        read = read.with_columns(
            number=pl.coalesce(
                without_signs(pl.col("odd").str.extract(_MOBILE, 2)),
                without_signs(pl.col("alone")).str.tail(11),
            )
        )
        lost = pl.col("number").is_null()
        around = pl.when(~lost).then("odd").str.replace(_MOBILE, "$1 $3")
        read = read.with_columns(
            digits=pl.when(lost).then("bare").str.replace_all(r"\D", "").str.len_chars(), rest=around
        )
        read = read.with_columns(rest=pl.when(pl.col("rest").str.strip_chars(" ") != "").then("rest"))
        read = read.with_columns(
            other=pl.col("rest").str.extract(r"(\d[\d\s\-]{4,}\d)", 1), words=words_around(pl.col("rest"))
        )
        number, text = pl.col("number"), pl.col("text")
        return decide(
            read,
            number,
            rejected("mobile_rounded", number.is_null() & text.str.contains(r"(?i)^\d(?:\.\d+)?E\+?\d+$")),
            rejected(
                "mobile_length",
                number.is_null() & ~pl.col("digits").is_in([0, 11]),
                pl.col("digits").cast(pl.String),
            ),
            rejected("mobile_start", number.is_null() & (pl.col("digits") == 11)),
            suspect("mobile_segment", number.str.contains(_UNKNOWN_SEGMENTS)),
            changed("another_number", pl.col("other").is_not_null(), pl.col("other")),
            changed("text_around", pl.col("words") != "", pl.col("words")),
        )
