"""Numbers in text: thousands, brackets for minus, percent, Chinese units and capital numerals, exactly."""

import polars as pl

from guanxi.integration.standards.numerals import whole_number

EXACT = pl.Decimal(38, 8)
LARGEST = 10**18
ROUNDED = r"\.\d{8}\d*[1-9]|[eE]-(?:[6-9]|\d\d)"  # more than 8 places behind the point
UNITS = {
    "十": 10,
    "百": 100,
    "千": 1_000,
    "万": 10_000,
    "十万": 100_000,
    "百万": 10**6,
    "千万": 10**7,
    "亿": 10**8,
    "k": 1_000,
    "w": 10_000,
    "m": 10**6,
}
_NUMBER = r"[+\-−]?\s*(?:(?:\d{1,3}(?: \d{3})+|\d[\d,']*)(?:\.\d*)?|\.\d+)(?:[eE][+\-]?\d{1,2})?"


def number_in(text: pl.Expr) -> pl.Expr:
    """Return the first number of *text* as it is written there, or null."""
    return text.str.extract(rf"({_NUMBER})", 1)


def exact(number: pl.Expr) -> pl.Expr:
    """Return a written number as Decimal(38, 8); null where it cannot be one."""
    plain = number.str.replace_all(r"[, '+]", "").str.replace_all("−", "-").str.strip_suffix(".")
    power = plain.str.extract(r"[eE]([+\-]?\d+)$", 1).cast(pl.Int32, strict=False)
    small = plain.str.replace(r"^(-?)\.", "${1}0.").cast(EXACT, strict=False)
    float_value = plain.cast(pl.Float64, strict=False)
    fitting = pl.when(float_value.abs() < LARGEST).then(float_value)
    scientific = fitting.round(8).cast(EXACT, strict=False)
    return pl.when(power.is_not_null()).then(scientific).otherwise(small)


def bounded(number: pl.Expr) -> pl.Expr:
    """Return a Decimal where it is small enough to be kept exactly and to be read again, else null."""
    return pl.when(number.abs() < pl.lit(LARGEST).cast(EXACT)).then(number)


def plain_text(number: pl.Expr) -> pl.Expr:
    """Return a Decimal as text without zeros behind: 12.50000000 gives 12.5, 3.00000000 gives 3."""
    text = number.cast(pl.String).str.strip_chars_end("0").str.strip_chars_end(".")
    return pl.when(text.is_in(["-0", ""])).then(pl.lit("0")).otherwise(text)


def spelt(text: pl.Series) -> pl.Series:
    """Return the amount that Chinese numerals spell (壹万贰仟元伍角 gives 12000.5), null for other text."""
    found = text.filter(
        text.str.contains(r"[一二三四五六七八九十百千两壹贰叁肆伍陆柒捌玖拾佰仟貳參陸零〇]").fill_null(
            value=False
        )
    ).unique()
    read = [_spelt(value) for value in found.to_list()]
    return text.replace_strict(found, pl.Series(read, dtype=pl.String), default=None, return_dtype=pl.String)


def _spelt(text: str) -> str | None:
    bare = (
        text.replace("人民币", "")
        .replace("整", "")
        .replace("正", "")
        .replace("圆", "元")
        .replace("块", "元")
        .strip(" :")
    )
    whole, _, cents = bare.partition("元")
    amount = (
        whole_number(whole.lstrip("零") or "零")
        if not any(sign.isdigit() and sign.isascii() for sign in whole)
        else None
    )
    if amount is None:
        return None
    return f"{amount}.{_tenths(cents, '角')}{_tenths(cents.partition('角')[2] or cents, '分')}"


def _tenths(text: str, unit: str) -> str:
    place = text.find(unit)
    number = whole_number(text[place - 1]) if place > 0 else 0
    return str(number or 0)
