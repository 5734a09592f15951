"""Yes or no, for checkboxes: ``true`` and ``false``."""

from typing import ClassVar

import polars as pl

from guanxi.integration.standards.base import Reasons, Standard, decide, rejected
from guanxi.integration.standards.tables import words
from guanxi.kernel.text import say

_MEANINGS = {word: meaning for meaning in ("true", "false") for word in words("yes_no", meaning)}


class YesNo(Standard):
    """``true`` or ``false``; here 无 and 没有 mean no, they do not mean that nothing is known."""

    name = "yes_no"
    words_for_nothing = False
    reasons: ClassVar[Reasons] = {"yes_no_unknown": say("neither a word for yes nor a word for no")}

    def judge(self, rows: pl.DataFrame) -> pl.DataFrame:
        """Judge *rows*; see `Standard.apply`."""
        bare = pl.col("text").str.to_lowercase().str.replace_all(r"[\s.。,!'\"]+$|^['\"\[(]+|[\])]+$", "")
        value = bare.replace_strict(_MEANINGS, default=None, return_dtype=pl.String)
        return decide(rows, value, rejected("yes_no_unknown", value.is_null()))
