"""Moments: 2024-05-21 10:30:00, midnight when no time of day is given."""

from typing import ClassVar

import polars as pl

from guanxi.integration.standards.base import Reasons, Standard, decide, rejected, suspect
from guanxi.integration.standards.calendars import read_dates
from guanxi.integration.standards.date import DAY, REASONS, date_rules
from guanxi.kernel.text import say


class DateTime(Standard):
    """YYYY-MM-DD HH:MM:SS as the clock on the wall showed it; a named time zone is doubted."""

    name = "date_time"
    reasons: ClassVar[Reasons] = {
        **REASONS,
        "date_zone": say("the text names a time zone; the time was taken as written"),
        "date_clock": say("the time of day does not exist; a day has the hours 0 to 23"),
    }

    def in_standard(self, raw: pl.Expr) -> pl.Expr:
        """Tell which texts are in standard form beyond doubt; see `Standard.in_standard`."""
        return raw.str.contains(f"^{DAY} (?:[01][0-9]|2[0-3])(?::[0-5][0-9]){{2}}$")

    def judge(self, rows: pl.DataFrame) -> pl.DataFrame:
        """Judge *rows*; see `Standard.apply`."""
        zone = pl.col("text").str.contains(r"(?i)(?:\d|\s)(?:z|utc|gmt)$|:\d\d(?:\.\d+)?\s*[+-]\d\d:?\d\d$")
        return decide(
            read_dates(rows),
            pl.col("date").dt.strftime("%Y-%m-%d") + " " + pl.col("clock").fill_null("00:00:00"),
            rejected(
                "date_clock", pl.col("clock").is_null() & pl.col("remainder").str.contains(r"\d[:时点]")
            ),
            *date_rules(),
            suspect("date_zone", zone),
        )
