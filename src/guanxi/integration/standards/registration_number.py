"""Old business registration numbers: 15 digits with a check digit (GS 15-2006), 13 digits before 2007."""

from typing import ClassVar

import polars as pl

from guanxi.integration.standards.base import Reasons, Standard, decide, rejected, suspect
from guanxi.integration.standards.check_digits import registration_number_fits
from guanxi.kernel.text import say


class RegistrationNumber(Standard):
    """15 digits whose check digit fits; older numbers of 13 digits have none and are only doubted."""

    name = "registration_number"
    reasons: ClassVar[Reasons] = {
        "registration_length": say("a business registration number has 15 digits (13 before 2007)"),
        "registration_check": say("the check digit does not fit: at least one digit is wrong"),
        "registration_old": say("numbers of 13 digits have no check digit; compare with the licence"),
    }

    def judge(self, rows: pl.DataFrame) -> pl.DataFrame:
        """Judge *rows*; see `Standard.apply`."""
        bare = (
            pl.col("text")
            .str.replace(r"^(?:工商)?(?:营业执照)?注册号\s*:?\s*", "")
            .str.replace_all(r"[\s\-_./'\"`]", "")
        )
        rows = rows.with_columns(number=bare.str.extract(r"^(\d{15}|\d{13})$", 1))
        fits = pl.lit(registration_number_fits(rows["number"].cast(pl.String)))
        old = pl.col("number").str.len_chars() == 13
        return decide(
            rows,
            pl.col("number"),
            rejected("registration_length", pl.col("number").is_null()),
            rejected("registration_check", ~old & ~fits),
            suspect("registration_old", old),
        )
