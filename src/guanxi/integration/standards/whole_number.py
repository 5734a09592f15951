"""Whole numbers: 1234."""

from typing import ClassVar

import polars as pl

from guanxi.integration.standards.base import Reasons, Standard, decide, rejected
from guanxi.integration.standards.decimal import REASONS, number_rules, with_number
from guanxi.integration.standards.quantities import plain_text
from guanxi.kernel.text import say


class WholeNumber(Standard):
    """A whole number as text; a fraction is refused, because rounding would lose something."""

    name = "whole_number"
    reasons: ClassVar[Reasons] = {**REASONS, "number_fraction": say("a whole number has no fraction")}

    def in_standard(self, raw: pl.Expr) -> pl.Expr:
        """Tell which texts are in standard form beyond doubt; see `Standard.in_standard`."""
        return raw.str.contains("^(?:0|[1-9][0-9]{0,14})$")

    def judge(self, rows: pl.DataFrame) -> pl.DataFrame:
        """Judge *rows*; see `Standard.apply`."""
        value = plain_text(pl.col("number"))
        return decide(
            with_number(rows),
            value,
            rejected("number_fraction", value.str.contains(".", literal=True)),
            *number_rules(),
        )
