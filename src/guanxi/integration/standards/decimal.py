"""Decimal numbers: 1234.5, without thousands signs and units."""

from typing import ClassVar

import polars as pl

from guanxi.integration.standards.base import Reasons, Rule, Standard, changed, decide, rejected, suspect
from guanxi.integration.standards.quantities import (
    EXACT,
    ROUNDED,
    UNITS,
    bounded,
    exact,
    number_in,
    plain_text,
    spelt,
)
from guanxi.kernel.text import say

REASONS = {
    "number_none": say("there is no number in the text"),
    "number_unit": say("there is more beside the number: {note}"),
    "number_multiplied": say("the number was multiplied by the unit behind it"),
    "number_several": say("there are several numbers in one cell; the first is kept"),
    "number_rounded": say("the number has more than 8 places behind the point; it was rounded"),
    "number_size": say("the number is too large to be kept exactly"),
}

_SEVERAL = r"\d\s*[~～/;；至到]\s*\d|\d-\d|\d\s+\d{1,2}(?:\D|$)|\d\.\d+\.\d"


class Decimal(Standard):
    """An exact decimal number as text, at most 8 places behind the point."""

    name = "decimal"
    reasons: ClassVar[Reasons] = REASONS

    def in_standard(self, raw: pl.Expr) -> pl.Expr:
        """Tell which texts are in standard form beyond doubt; see `Standard.in_standard`."""
        return raw.str.contains(r"^(?:0|[1-9][0-9]{0,14})(?:\.[0-9]{0,7}[1-9])?$")

    def judge(self, rows: pl.DataFrame) -> pl.DataFrame:
        """Judge *rows*; see `Standard.apply`."""
        return decide(with_number(rows), plain_text(pl.col("number")), *number_rules())


def with_number(rows: pl.DataFrame) -> pl.LazyFrame:
    """Add ``number`` (Decimal or null), ``digits`` (as written), ``times`` (what 万 stands for) and ``unit``."""
    text = pl.col("text")
    times = text.str.to_lowercase().str.extract(r"\d\s*([十百千]?万|亿|[百千]|[kw]$)", 1)
    read = rows.lazy().with_columns(
        digits=number_in(text),
        spelt=spelt(rows["text"]),
        times=times.replace_strict(UNITS, default=1, return_dtype=pl.Int64).fill_null(1),
        unit=text.str.replace_all(r"[\d\s.,+\-−'()eE]|[十百千]?万|亿|[百千]|[kKwW]$", ""),
    )
    bracketed = text.str.contains(r"^\(\s*\d[\d,. ]*\)$")
    read = read.with_columns(number=exact(pl.col("digits")))
    number, product = pl.col("number"), pl.col("product")
    whole = bounded(number) * pl.col("times").cast(pl.Decimal(38, 0))
    read = read.with_columns(product=whole.cast(EXACT, strict=False))
    signed = pl.when(bracketed).then(-product).otherwise(product)
    return read.with_columns(number=bounded(pl.coalesce(exact(pl.col("spelt")), signed)))


def number_rules() -> tuple[Rule, ...]:
    """Return why a number (see `with_number`) is refused, doubted or spelt anew."""
    unit, written = pl.col("unit"), pl.col("text")
    return (
        rejected("number_size", pl.col("number").is_null() & pl.col("digits").is_not_null()),
        rejected("number_none", pl.col("number").is_null()),
        suspect("number_several", written.str.contains(_SEVERAL)),
        suspect("number_rounded", pl.col("digits").str.contains(ROUNDED)),
        changed("number_multiplied", pl.col("times") > 1),
        changed("number_unit", pl.col("spelt").is_null() & (unit != ""), unit),
    )
