"""Any telephone number: a mobile, a landline, or a number abroad as +85223456789."""

from collections.abc import Callable
from typing import ClassVar

import phonenumbers
import polars as pl

from guanxi.integration.standards.base import REJECTED, Reasons, Standard, decide, rejected
from guanxi.integration.standards.landline import Landline
from guanxi.integration.standards.mobile import Mobile
from guanxi.kernel.text import say


class Phone(Standard):
    """A mobile number if the cell holds one, else a landline, else a number of another country."""

    name = "phone"
    reasons: ClassVar[Reasons] = {
        **Landline.reasons,
        **Mobile.reasons,
        "phone_shape": say(
            "neither a mobile number, nor a landline with area code, nor a number of another country"
        ),
    }

    def in_standard(self, raw: pl.Expr) -> pl.Expr:
        """Tell which texts are in standard form beyond doubt; see `Standard.in_standard`."""
        return Mobile().in_standard(raw)

    def judge(self, rows: pl.DataFrame) -> pl.DataFrame:
        """Judge *rows*; see `Standard.apply`."""
        judged = Mobile().judge(rows)
        for others in (Landline().judge, _abroad):
            judged = _fill(judged, others, rows)
        return judged


def _fill(
    judged: pl.DataFrame, judge: Callable[[pl.DataFrame], pl.DataFrame], rows: pl.DataFrame
) -> pl.DataFrame:
    """Judge the rejected rows once more with *judge*; the last one's reason stays when all refuse."""
    open_rows = judged["verdict"] == REJECTED
    if not open_rows.any():
        return judged
    numbered = judged.with_row_index("at")
    again = judge(rows.filter(open_rows)).with_columns(at=numbered.filter(open_rows)["at"])
    return pl.concat([numbered.filter(~open_rows), again.select(numbered.columns)]).sort("at").drop("at")


def _abroad(rows: pl.DataFrame) -> pl.DataFrame:
    """Judge the few rows that no Chinese pattern knows, one by one."""
    number = rows["text"].map_elements(_international, return_dtype=pl.String)
    return decide(rows, pl.lit(number), rejected("phone_shape", pl.lit(number).is_null()))


def _international(text: str) -> str | None:
    written = "+" + text[2:] if text.startswith("00") else text
    if not written.startswith("+"):
        return None
    try:
        number = phonenumbers.parse(written)
    except phonenumbers.NumberParseException:
        return None
    if number.country_code == 86 or not phonenumbers.is_possible_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
