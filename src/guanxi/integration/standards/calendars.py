"""Dates as people, spreadsheets and machines write them, read into a date, a time and what is doubtful."""

from dataclasses import dataclass

import polars as pl

_ONES = "一二三四五六七八九"
_NUMERALS = {
    **{
        f"{tens}十{one}": f"{ten}{n}"
        for ten, tens in ((2, "二"), (3, "三"))
        for n, one in enumerate(_ONES, 1)
    },
    **{f"十{one}": f"1{n}" for n, one in enumerate(_ONES, 1)},
    **{f"廿{one}": f"2{n}" for n, one in enumerate(_ONES, 1)},
    "三十": "30",
    "二十": "20",
    "廿": "20",
    "十": "10",
    "初": "",
    **{one: str(n) for n, one in enumerate(_ONES, 1)},
    "〇": "0",
    "零": "0",
    "○": "0",
    "元年": "1年",
}
_NAME = "jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec"
_MONTHS = {name: number for number, name in enumerate(_NAME.split("|"), 1)}
_REST = r"(?:[日号]?[\sT,]*(.*))$"
_WEEKDAY = (
    r"(?i)[\s,(]*(?:星期|周|礼拜)[一二三四五六日天1-6][\s,)]*|^(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*[\s.,]+"
)
_CLOCK = r"(\d{1,2})[:时点](?:(\d{1,2})(?:[:分](\d{1,2}))?)?"
_AROUND_CLOCK = (
    r"(?i)上午|下午|晚上|凌晨|早上|中午|[ap]\.?m\.?|\d{1,2}[:时点](?:\d{1,2}(?:[:分](?:\d{1,2}(?:\.\d+)?)?)?)?[分秒整]?"
    r"|^\d{6}$|(?:z|utc|gmt)?(?:[+-]\d\d:?\d\d)?$|^[\s\-日号T]+$"
)
_EPOCH = pl.date(1899, 12, 30)  # day 0 of spreadsheet serials, which count a 29 February 1900 that never was
_FIRST_SERIAL, _LAST_SERIAL = 10_000, 73_050  # 1927-05-18 to 2099-12-31
_PIVOT = 69  # POSIX: 69-99 mean 1969-1999, 00-68 mean 2000-2068


@dataclass(frozen=True, kw_only=True)
class Spelling:
    """One way to write a date: *order* names the groups of *pattern* (y, m, d ...), the time comes last."""

    pattern: str
    order: str


SPELLINGS = (
    Spelling(
        pattern=rf"^(\d{{4}})\s?[/.\-_年\\]\s?(\d{{1,2}})\s?[/.\-_月\\]\s?(\d{{1,2}}){_REST}", order="ymd"
    ),
    Spelling(pattern=rf"^([12]\d{{3}})([01]\d)([0-3]\d){_REST}", order="ymd"),
    Spelling(pattern=rf"^(\d{{1,2}})[/.\-](\d{{1,2}})[/.\-](\d{{4}}){_REST}", order="mdy"),
    Spelling(
        pattern=rf"(?i)^(\d{{1,2}})(?:st|nd|rd|th)?[\s\-./,]*({_NAME})[a-z]*[\s\-./,]*(\d{{4}}|\d\d){_REST}",
        order="dny",
    ),
    Spelling(
        pattern=rf"(?i)^({_NAME})[a-z]*[\s\-./,]*(\d{{1,2}})(?:st|nd|rd|th)?[\s\-./,]+(\d{{4}}){_REST}",
        order="ndy",
    ),
    Spelling(pattern=rf"^(\d{{2}})[/.\-年](\d{{1,2}})[/.\-月](\d{{1,2}}){_REST}", order="ymd"),
    Spelling(pattern=rf"^(\d{{4}}) (\d{{1,2}}) (\d{{1,2}}){_REST}", order="ymd"),
    Spelling(pattern=rf"^民国(\d{{1,3}})年(\d{{1,2}})月(\d{{1,2}}){_REST}", order="rmd"),
)


def read_dates(rows: pl.DataFrame) -> pl.DataFrame:
    """Add to *rows* (column ``text``) what the text says.

    The columns are ``date`` (Date, null when there is none), ``clock`` (String HH:MM:SS or null),
    ``words`` (what else stands behind the date), ``parts`` (whether the text is made like a date) and
    ``kind`` (serial, unix, short_year, day_or_month or null: what had to be assumed).
    """
    rows = rows.with_columns(plain=_plain(pl.col("text")))
    rows = _read_common(rows)
    late = rows["y"].is_null()
    if late.any():
        rows = _merge(rows, late, _read_rest(rows.filter(late)))
    return _finish(rows)


def _plain(text: pl.Expr) -> pl.Expr:
    """Return *text* without weekday and with Chinese numerals as digits."""
    numerals = text.str.contains(r"[一二三四五六七八九十〇零廿]") & text.str.contains("[年月]")
    bare = text.str.strip_chars("'\"`").str.replace_all(_WEEKDAY, " ").str.strip_chars(" ")
    return pl.when(numerals).then(bare.str.replace_many(_NUMERALS, leftmost=True)).otherwise(bare)


def _read_common(rows: pl.DataFrame) -> pl.DataFrame:
    """Read the two spellings that nearly all cells have, so that the others need not be tried on them."""
    return _read(rows, SPELLINGS[:2])


def _read_rest(rows: pl.DataFrame) -> pl.DataFrame:
    return _read(rows, SPELLINGS[2:])


def _read(rows: pl.DataFrame, spellings: tuple[Spelling, ...]) -> pl.DataFrame:
    """Add year, month, day, remainder as text, and the order they were written in."""
    found = rows.with_columns(
        pl.col("plain").str.extract_groups(spelling.pattern).alias(f"found_{n}")
        for n, spelling in enumerate(spellings)
    )
    places = [(pl.col(f"found_{n}").struct, spelling.order) for n, spelling in enumerate(spellings)]
    return found.with_columns(
        y=pl.coalesce(part.field(str(_place(order, "yr"))) for part, order in places),
        m=pl.coalesce(part.field(str(_place(order, "mn"))) for part, order in places),
        d=pl.coalesce(part.field(str(_place(order, "d"))) for part, order in places),
        remainder=pl.coalesce(part.field("4") for part, _ in places),
        order=pl.coalesce(
            pl.when(part.field("1").is_not_null()).then(pl.lit(order)) for part, order in places
        ),
    ).drop(f"found_{n}" for n in range(len(spellings)))


def _place(order: str, letters: str) -> int:
    return next(order.index(letter) + 1 for letter in letters if letter in order)


def _merge(rows: pl.DataFrame, late: pl.Series, read: pl.DataFrame) -> pl.DataFrame:
    numbered = rows.with_row_index("at")
    again = read.with_columns(at=numbered.filter(late)["at"]).select(numbered.columns)
    return pl.concat([numbered.filter(~late), again]).sort("at").drop("at")


def _finish(rows: pl.DataFrame) -> pl.DataFrame:
    """Turn the texts of year, month and day into a date, and serials and clock seconds too."""
    rows = _numbers(rows)
    written = pl.when(
        pl.col("month").is_between(1, 12)
        & pl.col("day").is_between(1, 31)
        & pl.col("year").is_between(1, 9999)
    ).then(_iso(pl.col("year"), pl.col("month"), pl.col("day")))
    short = pl.col("y").str.len_chars() == 2
    either = (pl.col("order") == "mdy") & (pl.col("month") != pl.col("day")) & (pl.col("day") <= 12)
    return rows.with_columns(
        date=pl.coalesce(
            written.str.to_date("%Y-%m-%d", strict=False),
            _EPOCH + pl.duration(days=pl.col("serial")),
            pl.col("moment").dt.date(),
        ),
        clock=pl.coalesce(
            _clock(),
            pl.from_epoch((pl.col("share") * 86_400).round().cast(pl.Int64), time_unit="s").dt.strftime(
                "%H:%M:%S"
            ),
            pl.col("moment").dt.strftime("%H:%M:%S"),
        ),
        words=pl.col("remainder").str.replace_all(_AROUND_CLOCK, "").str.strip_chars(" "),
        parts=pl.col("y").is_not_null(),
        kind=pl.when(pl.col("serial").is_not_null())
        .then(pl.lit("serial"))
        .when(pl.col("moment").is_not_null())
        .then(pl.lit("unix"))
        .when(short)
        .then(pl.lit("short_year"))
        .when(either)
        .then(pl.lit("day_or_month")),
    )


def _numbers(rows: pl.DataFrame) -> pl.DataFrame:
    """Add the numbers of the texts: year, month, day; a serial with its share of the day; clock seconds as a moment."""
    number = pl.col("plain").str.extract(r"^(\d{5})(?:\.\d+)?$", 1).cast(pl.Int32)
    seconds = pl.col("plain").str.extract(r"^(1\d{9})(?:\.0+|\d{3})?$", 1).cast(pl.Int64)
    rows = rows.with_columns(
        serial=pl.when(number.is_between(_FIRST_SERIAL, _LAST_SERIAL)).then(number),
        share=pl.col("plain").str.extract(r"^\d{5}(\.\d+)$", 1).cast(pl.Float64, strict=False),
        moment=pl.from_epoch(seconds + 8 * 3600, time_unit="s"),  # counted in UTC, meant in China's time
        year=_year(),
        month=pl.coalesce(
            pl.col("m").str.to_lowercase().replace_strict(_MONTHS, default=None, return_dtype=pl.Int32),
            pl.col("m").cast(pl.Int32, strict=False),
        ),
        day=pl.col("d").cast(pl.Int32),
    )
    swapped = (pl.col("order") == "mdy") & (pl.col("month") > 12) & (pl.col("day") <= 12)
    return rows.with_columns(
        month=pl.when(swapped).then("day").otherwise("month"),
        day=pl.when(swapped).then("month").otherwise("day"),
    )


def _year() -> pl.Expr:
    year = pl.col("y").cast(pl.Int32)
    return (
        pl.when(pl.col("order") == "rmd")
        .then(year + 1911)
        .when(pl.col("y").str.len_chars() > 2)
        .then(year)
        .when(year < _PIVOT)
        .then(year + 2000)
        .otherwise(year + 1900)
    )


def _iso(year: pl.Expr, month: pl.Expr, day: pl.Expr) -> pl.Expr:
    padded = [part.cast(pl.String).str.zfill(width) for part, width in ((year, 4), (month, 2), (day, 2))]
    return pl.concat_str(padded, separator="-")


def _clock() -> pl.Expr:
    """Return HH:MM:SS read from the remainder, or null; afternoon words add twelve hours."""
    groups = pl.col("remainder").str.extract_groups(_CLOCK).struct
    tight = pl.col("remainder").str.extract_groups(r"^(\d\d)(\d\d)(\d\d)$").struct
    after_noon = pl.col("remainder").str.contains(r"(?i)下午|晚上|pm|p\.m\.")
    before_noon = pl.col("remainder").str.contains(r"(?i)上午|凌晨|am|a\.m\.")
    hour = pl.coalesce(groups.field("1"), tight.field("1")).cast(pl.Int32)
    hour = (
        pl.when(after_noon & (hour < 12))
        .then(hour + 12)
        .when(before_noon & (hour == 12))
        .then(0)
        .otherwise(hour)
    )
    minute = pl.coalesce(groups.field("2"), tight.field("2"), pl.lit("0")).cast(pl.Int32)
    second = pl.coalesce(groups.field("3"), tight.field("3"), pl.lit("0")).cast(pl.Int32)
    padded = [part.cast(pl.String).str.zfill(2) for part in (hour, minute, second)]
    right = hour.is_between(0, 23) & minute.is_between(0, 59) & second.is_between(0, 59)
    return pl.when(right).then(pl.concat_str(padded, separator=":"))
