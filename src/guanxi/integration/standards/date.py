"""Dates: 2024-05-21, from every spelling met in tables."""

from typing import ClassVar

import polars as pl

from guanxi.integration.standards.base import Reasons, Rule, Standard, changed, decide, rejected, suspect
from guanxi.integration.standards.calendars import read_dates
from guanxi.kernel.text import say

REASONS = {
    "date_impossible": say("this day does not exist in the calendar"),
    "date_incomplete": say("year, month and day are needed; a part is missing"),
    "date_order": say("day and month could be the other way round; month first was assumed"),
    "date_short_year": say("the year has two digits; its century was assumed"),
    "date_unlikely": say("the year lies before 1900 or after 2100"),
    "date_unix": say("read as seconds since 1970, in China's time"),
    "date_serial": say("read as a spreadsheet's day number"),
    "date_words": say("there is more behind the date: {note}"),
    "date_time_apart": say("the time of day was taken off: {note}"),
}
DAY = "(?:19|20)[0-9]{2}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1[0-9]|2[0-8])"
"""Days that every month of 1900 to 2099 has."""

_PARTIAL = r"^\d{4}(?:[/.\-年]\d{0,2}月?)?$|^\d{1,2}[/.\-月]\d{1,2}[日号]?$|^(?:19|20)\d\d(?:0[1-9]|1[0-2])$"


class Date(Standard):
    """YYYY-MM-DD; a time of day is taken off and named."""

    name = "date"
    reasons: ClassVar[Reasons] = REASONS

    def in_standard(self, raw: pl.Expr) -> pl.Expr:
        """Tell which texts are in standard form beyond doubt; see `Standard.in_standard`."""
        return raw.str.contains(f"^{DAY}$")

    def judge(self, rows: pl.DataFrame) -> pl.DataFrame:
        """Judge *rows*; see `Standard.apply`."""
        return decide(
            read_dates(rows),
            pl.col("date").dt.strftime("%Y-%m-%d"),
            *date_rules(),
            changed("date_time_apart", pl.col("clock") != "00:00:00", pl.col("clock")),
        )


def date_rules() -> tuple[Rule, ...]:
    """Return why a read date (see `read_dates`) is refused, doubted or spelt anew."""
    kind = pl.col("kind")
    return (
        rejected("date_impossible", pl.col("date").is_null() & pl.col("parts")),
        rejected("date_incomplete", pl.col("date").is_null() & pl.col("plain").str.contains(_PARTIAL)),
        suspect("date_order", kind == "day_or_month"),
        suspect("date_short_year", kind == "short_year"),
        suspect("date_unix", kind == "unix"),
        suspect("date_words", pl.col("words") != "", pl.col("words")),
        suspect("date_unlikely", ~pl.col("date").dt.year().is_between(1900, 2100)),
        changed("date_serial", kind == "serial"),
    )
