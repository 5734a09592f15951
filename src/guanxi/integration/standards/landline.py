"""Landline numbers: 0571-88888888, with extension 0571-88888888-123, and 400-820-8820."""

from typing import ClassVar

import polars as pl

from guanxi.integration.standards.base import Reasons, Standard, changed, decide, rejected, suspect
from guanxi.integration.standards.numbers_in_cells import bare_number, without_signs, words_around
from guanxi.integration.standards.tables import words
from guanxi.kernel.text import say

_LOCAL = r"([2-9]\d{6,7}|[2-9]\d{2,3}[\s\-]\d{4})"
_EXTENSION = r"(?:[\s\-,;:(]*(?:(?:转|分机号?|extension|ext\.?|[xX*#]|--?)[\s:.]*)+(\d{1,6})\)?)?"
_AREA = "|".join(words("area_codes", "area"))
_WITH_AREA = (
    rf"(?:(?:(?:\+|00)?86[\s\-(]*0?|0)({_AREA})[)\s\-.—–_/]*{_LOCAL}{_EXTENSION}"
    rf"|\(?({_AREA})[)\s\-.—–_/]+([2-9]\d{{6,7}}){_EXTENSION})"
)
_WITHOUT_AREA = rf"{_LOCAL}{_EXTENSION}"
_TOLL = rf"([48]00)[\s\-]*(\d(?:[\s\-]?\d){{6}}){_EXTENSION}"
_WHOLE = rf"(?i)^\(?{_WITH_AREA}$"
_SERVICE = r"^(95\d{3,4}|96\d{3,4}|10\d{3}|12\d{3}|11[0-9]|12[0-2])$"


class Landline(Standard):
    """Area code, number and extension joined by ``-``; service numbers such as 95588 stay as they are."""

    name = "landline"
    reasons: ClassVar[Reasons] = {
        "landline_area": say("the area code is missing; the number works in one city only"),
        "landline_abroad": say("this is a number of another country"),
        "landline_mobile": say("this is a mobile number, not a landline"),
        "landline_shape": say("a landline number has an area code and 7 or 8 digits, as in 0571-88888888"),
        "another_number": say("there are two numbers in one cell; the first is kept, the other is {note}"),
    }

    def judge(self, rows: pl.DataFrame) -> pl.DataFrame:
        """Judge *rows*; see `Standard.apply`."""
        read = rows.lazy().with_columns(bare=bare_number(pl.col("text")))
        toll, whole = (pl.col("bare").str.contains(pattern) for pattern in (_alone(_TOLL), _WHOLE))
        # Most cells hold a number with its area code and nothing else: no other pattern is tried there.
        read = read.with_columns(odd=pl.when(toll | ~whole).then("bare"))
        read = read.with_columns(
            area=pl.col("bare").str.extract_groups(_alone(_WITH_AREA)),
            local=pl.col("odd").str.extract_groups(_alone(_WITHOUT_AREA, before=r"[^\d\-]")),
            toll=pl.col("odd").str.extract_groups(_alone(_TOLL)),
        )
        read = read.with_columns(value=_number())
        read = read.with_columns(odd=pl.when(pl.col("value").is_not_null()).then("odd"))
        read = read.with_columns(rest=_rest()).with_columns(words=words_around(pl.col("rest")))
        other = pl.col("rest").str.extract(r"(\d[\d\s\-]{4,}\d)", 1)
        mobile = pl.col("value").is_null() & pl.col("bare").str.contains(
            r"^(?:\+?86)?[\s\-]*1[3-9]\d[\d\s\-]{8,10}$"
        )
        return decide(
            read,
            pl.col("value"),
            rejected("landline_mobile", mobile),
            rejected("landline_abroad", pl.col("text").str.contains(r"^(?:\+|00)(?:[1-79]|8[0-57-9])")),
            rejected("landline_shape", pl.col("value").is_null()),
            suspect("landline_area", pl.col("value").str.contains(r"^[2-9]\d{6,7}(?:-\d+)?$")),
            changed("another_number", other.is_not_null(), other),
            changed("text_around", pl.col("words") != "", pl.col("words")),
        )


def _alone(pattern: str, *, before: str = r"\D") -> str:
    """Return *pattern* so that no digit stands directly before or behind it."""
    return rf"(?i)(?:^|{before}){pattern}(?:\D|$)"


def _number() -> pl.Expr:
    """Return the number in its standard spelling, or null."""
    toll, area, alone = (pl.col(name).struct for name in ("toll", "area", "local"))
    seven = without_signs(toll.field("2"))
    free = pl.concat_str([toll.field("1"), seven.str.head(3), seven.str.slice(3)], separator="-")
    with_area = [
        pl.lit("0")
        + area.field(code)
        + "-"
        + without_signs(area.field(local))
        + _extension(area.field(extension))
        for code, local, extension in (("1", "2", "3"), ("4", "5", "6"))
    ]
    service = pl.col("odd").str.replace_all(r"[\s\-]", "").str.extract(_SERVICE, 1)
    return pl.coalesce(
        service,
        free + _extension(toll.field("3")),
        *with_area,
        without_signs(alone.field("1")) + _extension(alone.field("2")),
    )


def _extension(digits: pl.Expr) -> pl.Expr:
    return (pl.lit("-") + digits).fill_null("")


def _rest() -> pl.Expr:
    """Return the text around the number that was found first, by the same order of trial as `_number`."""
    text = pl.col("odd")
    service = text.str.replace_all(r"[\s\-]", "").str.contains(_SERVICE)
    toll, with_area = (text.str.contains(_alone(pattern)) for pattern in (_TOLL, _WITH_AREA))
    return (
        pl.when(service | text.is_null())
        .then(pl.lit(""))
        .when(toll)
        .then(text.str.replace(f"(?i){_TOLL}", " "))
        .when(with_area)
        .then(text.str.replace(f"(?i){_WITH_AREA}", " "))
        .otherwise(text.str.replace(f"(?i){_WITHOUT_AREA}", " "))
    )
