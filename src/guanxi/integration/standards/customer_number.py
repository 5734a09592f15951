"""Customer numbers: C, eight digits of a date, four digits of that day's sequence (C202405210001)."""

from typing import ClassVar

import polars as pl

from guanxi.integration.standards.base import Reasons, Standard, decide, rejected, suspect
from guanxi.kernel.text import say


class CustomerNumber(Standard):
    """``C`` + YYYYMMDD + a sequence of four digits; the date must exist."""

    name = "customer_number"
    reasons: ClassVar[Reasons] = {
        "number_shape": say("a customer number is C, a date of 8 digits and 4 more digits: C202405210001"),
        "number_date": say("the date inside the customer number does not exist"),
        "number_sequence": say("the sequence of a customer number begins with 0001"),
        "number_year": say("the year inside the customer number is unlikely"),
    }

    def judge(self, rows: pl.DataFrame) -> pl.DataFrame:
        """Judge *rows*; see `Standard.apply`."""
        bare = (
            pl.col("text")
            .str.to_uppercase()
            .str.replace(r"^(?:客户)?(?:编号|编码|号|ID|NO)[.:：#]*\s*", "")
            .str.replace(r"\.0+$", "")
            .str.replace_all(r"[\s\-_./·'\"#]", "")
        )
        digits = bare.str.extract(r"^C?(\d{12})$", 1)
        rows = rows.with_columns(digits=digits, year=digits.str.head(4).cast(pl.Int32))
        date = pl.col("digits").str.head(8).str.to_date("%Y%m%d", strict=False)
        return decide(
            rows,
            pl.lit("C") + pl.col("digits"),
            rejected("number_shape", pl.col("digits").is_null()),
            rejected("number_date", date.is_null()),
            suspect("number_sequence", pl.col("digits").str.ends_with("0000")),
            suspect("number_year", ~pl.col("year").is_between(1980, 2100)),
        )
