"""Unified social credit codes (GB 32100-2015): 18 signs, the last one a check sign."""

from typing import ClassVar

import polars as pl

from guanxi.integration.standards.base import Reasons, Standard, changed, decide, rejected
from guanxi.integration.standards.check_digits import CREDIT_SIGNS, credit_code_fits
from guanxi.kernel.text import say

_SHAPE = rf"^[{CREDIT_SIGNS}]{{2}}\d{{6}}[{CREDIT_SIGNS}]{{10}}$"


class CreditCode(Standard):
    """18 signs in capital letters; look-alikes of digits are repaired only when the check sign then fits.

    The old registration number of 15 digits is rejected with the reason ``old_registration_number`` and named
    in the note, so that the caller can bring it to the standard ``registration_number``.
    """

    name = "credit_code"
    reasons: ClassVar[Reasons] = {
        "old_registration_number": say(
            "this is an old business registration number, not a credit code: {note}"
        ),
        "credit_code_length": say("a unified social credit code has 18 signs; this one has {note}"),
        "credit_code_signs": say(
            "a unified social credit code holds digits and capital letters without I, O, S, V and Z"
        ),
        "credit_code_check": say("the check sign does not fit: at least one sign is wrong"),
        "credit_code_lookalike": say("letters that look like digits were replaced; the check sign fits now"),
    }

    def judge(self, rows: pl.DataFrame) -> pl.DataFrame:
        """Judge *rows*; see `Standard.apply`."""
        odd = pl.when(~_shaped("text")).then("text")
        rows = rows.with_columns(bare=pl.coalesce(_bare(odd), "text"))
        rows = rows.with_columns(code=_fitting(rows["bare"]))
        rows = rows.with_columns(repaired=_repaired(rows))
        bare, length = pl.col("bare"), pl.col("bare").str.len_chars()
        value = pl.coalesce("code", "repaired")
        return decide(
            rows,
            value,
            rejected("old_registration_number", bare.str.contains(r"^\d{15}$|^\d{13}$"), bare),
            rejected("credit_code_length", length != 18, length.cast(pl.String)),
            rejected("credit_code_check", value.is_null() & _shaped("bare")),
            rejected("credit_code_signs", value.is_null()),
            changed("credit_code_lookalike", pl.col("repaired").is_not_null()),
        )


def _bare(text: pl.Expr) -> pl.Expr:
    """Return *text* in capital letters without signs between and without the usual labels in front."""
    return (
        text.str.to_uppercase()
        .str.replace(r"^(?:统一社会信用代码|社会信用代码|信用代码|税号|纳税人识别号|USCC)\s*[:：]?\s*", "")
        .str.replace_all(r"[\s\-_./·'\"`]", "")
    )


def _shaped(column: str) -> pl.Expr:
    return pl.col(column).str.contains(_SHAPE)


def _repaired(rows: pl.DataFrame) -> pl.Series:
    """Return the codes that fit once O, I, S and Z are read as 0, 1, 5 and 2; null for all others."""
    tried = pl.col("bare").str.replace_many(["O", "I", "S", "Z"], ["0", "1", "5", "2"])
    doubtful = pl.col("code").is_null() & pl.col("bare").str.contains("[OISZ]")
    return _fitting(rows.select(tried=pl.when(doubtful).then(tried))["tried"])


def _fitting(texts: pl.Series) -> pl.Series:
    """Return the texts that are codes whose check sign fits; null for all others."""
    shaped = texts.str.contains(_SHAPE).arg_true()
    right = shaped.filter(credit_code_fits(texts.gather(shaped)))
    return texts.clear(texts.len()).scatter(right, texts.gather(right))
