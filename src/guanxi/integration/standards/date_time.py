"""Moments: 2024-05-21 10:30:00, midnight when no time of day is given."""

import polars as pl

from guanxi.integration.standards.base import Standard, decide, suspect
from guanxi.integration.standards.calendars import read_dates
from guanxi.integration.standards.date import REASONS, date_rules
from guanxi.kernel.text import say


class DateTime(Standard):
    """YYYY-MM-DD HH:MM:SS, as the clock on the wall showed it; a named time zone is doubted, not converted."""

    name = "date_time"
    reasons = {**REASONS, "date_zone": say("the text names a time zone; the time was taken as written")}

    def judge(self, rows: pl.DataFrame) -> pl.DataFrame:
        """Judge *rows*; see `Standard.apply`."""
        zone = pl.col("text").str.contains(r"(?i)(?:\d|\s)(?:z|utc|gmt)$|:\d\d(?:\.\d+)?\s*[+-]\d\d:?\d\d$")
        return decide(
            read_dates(rows),
            pl.col("date").dt.strftime("%Y-%m-%d") + " " + pl.col("clock").fill_null("00:00:00"),
            *date_rules(),
            suspect("date_zone", zone),
        )
