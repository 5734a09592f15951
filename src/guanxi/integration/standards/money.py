"""Money: an exact amount and its currency, from 1,000(万元人民币), ￥12.50, 壹万贰仟元整 and their kin."""

from typing import ClassVar

import polars as pl

from guanxi.integration.standards.base import Reasons, Standard, decide, rejected, suspect
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

# ISO 4217 codes by the words that stand for them; the first that is found counts.
_CURRENCIES = (
    ("USD", r"usd|us\$|美元|美金|美圆"),
    ("HKD", r"hkd|hk\$|港元|港币|港幣|港圆|香港元"),
    ("TWD", r"twd|nt\$|新台币|台币"),
    ("MOP", r"mop|澳门元|葡币"),
    ("EUR", r"eur|€|欧元"),
    ("JPY", r"jpy|日元|日圆|円"),
    ("GBP", r"gbp|£|英镑"),
    ("KRW", r"krw|₩|韩元|韩币"),
    ("SGD", r"sgd|s\$|新加坡元|新币"),
    ("AUD", r"aud|a\$|澳元|澳大利亚元|澳币"),
    ("CAD", r"cad|c\$|加元|加拿大元|加币"),
    ("CHF", r"chf|瑞士法郎|瑞郎"),
    ("CNY", r"cny|rmb|cn¥|人民币|人民幣|元|圆|块|角|¥|￥"),
    ("USD", r"\$"),
)
_FOREIGN = "|".join(words for code, words in _CURRENCIES if code != "CNY")
_BARE = r"^[0-9]+(?:\.[0-9]+)?$"
_RANGE = r"\d\s*(?:元|万|万元)?\s*(?:[~～至到/;；]|--|—)\s*[¥$]?\d|\d(?:元|万|万元)?-\d|\d\.\d+\.\d"
_UNIT = r"\d[)\s(]*(十万|百万|千万|[kwm](?:$|[^a-z])|[十百千万亿萬億])"
_WORDS = (
    rf"(?i){'|'.join(words for _, words in _CURRENCIES)}|[\d\s.,+\-−()'e]|整|正|[十百千万亿萬億kwm]|"
    r"金额|共计|合计|大约|约|注册资本|:"
)
_ONLY_WORDS = f"^(?:{_WORDS})*$"


class Money(Standard):
    """A struct of amount (a decimal number as text) and currency (ISO 4217); without a currency it is CNY."""

    name = "money"
    value_type = pl.Struct({"amount": pl.String(), "currency": pl.String()})
    reasons: ClassVar[Reasons] = {
        "money_none": say("there is no amount in the text"),
        "money_words": say("there is more beside the amount: {note}"),
        "money_range": say("there are two amounts in one cell; the first is kept"),
        "money_comma": say(
            "it is not sure whether the comma parts thousands or decimals; thousands were assumed"
        ),
        "number_rounded": say("the number has more than 8 places behind the point; it was rounded"),
        "money_size": say("the amount is too large to be kept exactly"),
    }

    def judge(self, rows: pl.DataFrame) -> pl.DataFrame:
        """Judge *rows*; see `Standard.apply`."""
        rows = rows.with_columns(low=pl.col("text").str.to_lowercase())
        low, odd, digits, written = (pl.col(name) for name in ("low", "odd", "digits", "written"))
        read = rows.lazy().with_columns(
            words=spelt(rows["low"]),
            digits=number_in(low),
            odd=pl.when(~low.str.contains(_BARE)).then(low),
            foreign=pl.when(low.str.contains(_FOREIGN)).then(low),
        )
        read = _with_amount(read).with_columns(currency=_currency())
        more = pl.when(~odd.str.contains(_ONLY_WORDS)).then(odd)
        read = read.with_columns(
            written=plain_text(pl.col("amount")), beside=more.str.replace_all(_WORDS, "")
        )
        return decide(
            read,
            pl.struct(amount="written", currency="currency"),
            rejected(
                "money_size",
                pl.col("amount").is_null() & (digits.is_not_null() | pl.col("words").is_not_null()),
            ),
            rejected("money_none", pl.col("amount").is_null()),
            suspect("money_range", odd.str.contains(_RANGE)),
            suspect("money_words", pl.col("words").is_null() & (pl.col("beside") != ""), pl.col("beside")),
            suspect("number_rounded", digits.str.contains(ROUNDED)),
            suspect("money_comma", digits.str.contains(r",(?:\d{1,2}|\d{4,})(?:\D|$)")),
            same=pl.concat_str([written, "currency"], separator=" ") == pl.col("raw"),
        )

    def written(self, values: pl.Series) -> pl.Series:
        """Return amount and currency: 12000.5 CNY."""
        parts = values.struct.unnest()
        return parts.select(text=pl.concat_str(["amount", "currency"], separator=" "))["text"]


def _with_amount(read: pl.LazyFrame) -> pl.LazyFrame:
    """Add the exact ``amount``: the number times its unit, negative in brackets or behind a minus sign.

    Only the ``odd`` texts, which are more than a number, can have a unit or brackets.
    """
    odd, number, amount = pl.col("odd"), pl.col("number"), pl.col("amount")
    unit = (
        odd.str.extract(_UNIT, 1)
        .str.replace_many({"萬": "万", "億": "亿"})
        .str.replace(r"[^a-z十百千万亿]$", "")
    )
    times = unit.str.strip_chars(" ()").replace_strict(UNITS, default=1, return_dtype=pl.Int64).fill_null(1)
    bracketed = odd.str.contains(r"^[¥$€£]?\([¥$€£]?\s*[\d,. ]+\)(?:元|万元)?$") | odd.str.contains(
        r"^[-−]\s*[¥$€£a-z]"
    )
    read = read.with_columns(number=exact(pl.col("digits")), times=times.cast(pl.Decimal(38, 0)))
    read = read.with_columns(amount=bounded(number) * pl.col("times"))
    signed = pl.when(bracketed & (amount > 0)).then(-amount).otherwise(amount)
    return read.with_columns(
        amount=bounded(pl.coalesce(exact(pl.col("words")), signed.cast(EXACT, strict=False)))
    )


def _currency() -> pl.Expr:
    """Return the currency; only the ``foreign`` texts, which hold a sign or word of another one, are searched."""
    found: pl.Expr = pl.lit("CNY")
    for code, words in reversed(_CURRENCIES):
        found = pl.when(pl.col("foreign").str.contains(words)).then(pl.lit(code)).otherwise(found)
    return found
