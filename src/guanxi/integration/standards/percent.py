"""Percentages: 12.5% as the decimal number 12.5."""

from typing import ClassVar

import polars as pl

from guanxi.integration.standards.base import Reasons, Standard, changed, decide, rejected, suspect
from guanxi.integration.standards.quantities import exact, number_in, plain_text, spelt
from guanxi.kernel.text import say

_TENTHS = r"^([零一二三四五六七八九十]|\d)\.?([一二三四五六七八九]|\d)?[成折]([一二三四五六七八九半])?$"
_DIGITS = {sign: str(number) for number, sign in enumerate("零一二三四五六七八九十")}


class Percent(Standard):
    """The number in front of the percent sign, without the sign; a bare number is taken as it stands."""

    name = "percent"
    reasons: ClassVar[Reasons] = {
        "percent_none": say("there is no number in the text"),
        "percent_words": say("there is more beside the number: {note}"),
        "percent_share": say(
            "a number below 1 without a percent sign may be a share; it was kept as it stands"
        ),
        "percent_several": say("there are several percentages in one cell; the first is kept"),
        "percent_range": say("the percentage lies outside -1000 to 1000"),
        "percent_thousandth": say("read as so many in a thousand or tenths"),
    }

    def judge(self, rows: pl.DataFrame) -> pl.DataFrame:
        """Judge *rows*; see `Standard.apply`."""
        text = pl.col("text")
        tenth = text.str.extract(_TENTHS, 1).replace(_DIGITS)
        tail = pl.coalesce(text.str.extract(_TENTHS, 2), text.str.extract(_TENTHS, 3), pl.lit("0"))
        fraction = tail.replace({**_DIGITS, "半": "5"})
        number = exact(number_in(text.str.replace(r"^百分之\s*", "")))
        thousandth = text.str.contains(r"‰|千分之")
        rows = rows.with_columns(spelt=spelt(rows["text"].str.replace(r"^百分之\s*", "")))
        rows = rows.with_columns(
            tenths=exact(tenth + "." + fraction) * 10,
            number=pl.when(thousandth).then((number / 10).cast(pl.Decimal(38, 8))).otherwise(number),
            words=text.str.replace_all(r"[\d\s.,+\-−'%‰eE()]|百分之|千分之|百分比|占比|约", ""),
        )
        value = pl.coalesce(pl.col("tenths").cast(pl.Decimal(38, 8)), exact(pl.col("spelt")), "number")
        return decide(
            rows,
            plain_text(value),
            rejected("percent_none", value.is_null()),
            suspect(
                "percent_words",
                pl.coalesce("tenths", exact(pl.col("spelt"))).is_null() & (pl.col("words") != ""),
                pl.col("words"),
            ),
            suspect("percent_several", text.str.contains(r"\d%?\s*[~～/;；至到\-]\s*\d")),
            suspect("percent_range", value.abs() > 1000),
            suspect("percent_share", ~text.str.contains("[%百千‰成折]") & (value.abs() < 1) & (value != 0)),
            changed("percent_thousandth", thousandth | pl.col("tenths").is_not_null()),
        )
