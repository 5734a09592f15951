"""Invented customers as a department would hand them in: one CSV with the usual headers and many spellings.

The customers are those of `synthetic_customers` (28 % damaged copies of others); here their telephone numbers,
dates, amounts and addresses get the spellings people type, some of them wrong.
"""

from pathlib import Path

import numpy as np
import polars as pl
from benchmarks.synthetic_customers import make_customers

_SIGNS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
_MOBILES = ("{m}", "{m}", "{m}", "+86 {m}", "{a}-{b}-{c}", "{a} {b} {c}", "{m}.0", "0{m}", "{a}{b}", "无")
_DATES = (
    "{y}-{m}-{d}",
    "{y}/{n}/{k}",
    "{y}年{n}月{k}日",
    "{y}.{m}.{d}",
    "{y}{m}{d}",
    "{y}-{m}-{d} 00:00:00",
    "待定",
)
_AMOUNTS = ("{n}", "{n}.00", "￥{n}", "{t}万元", "{t}万", "{n}元", "CNY {n}", "约{t}万", "面议")
_INDUSTRIES = (
    "批发业",
    "批发",
    "零售",
    "通用设备制造业",
    "软件和信息技术服务业",
    "软件",
    "物流",
    "制造业",
    "其他",
    "",
)


def write_customers(rows: int, file: Path, *, seed: int = 7) -> None:
    """Write *rows* dirty records of customers to *file* (UTF-8)."""
    random = np.random.default_rng(seed)
    known = make_customers(rows, seed=seed)
    place = np.where(random.random(rows) < 0.5, known["province"] + known["city"], known["city"])
    pl.DataFrame(
        {
            "客户名称": _with_wide_signs(known["name"], random),
            "联系人": known["person"],
            "手机号码": _spelled(known["mobile"], _mobile_parts(known["mobile"]), _MOBILES, random),
            "电子邮箱": _sometimes(known["email"], known["email"].str.to_uppercase(), 0.05, random),
            "统一社会信用代码": checked_codes(known["credit_code"]),
            "所属行业": pl.Series(random.choice(_INDUSTRIES, rows)),
            "地址": pl.Series(place, dtype=pl.String) + known["district"] + known["address"],
            "最近下单日期": _dates(rows, random),
            "累计金额": _amounts(rows, random),
        }
    ).write_csv(file)


def _spelled(
    known: pl.Series, parts: pl.DataFrame, forms: tuple[str, ...], random: np.random.Generator
) -> pl.Series:
    """Return each value in one of the *forms*, drawn at random; an unknown value stays empty."""
    chosen = parts.with_columns(form=pl.Series(random.integers(0, len(forms), len(parts))), known=known)
    spelled = pl.lit("")
    for place, form in enumerate(forms):
        spelled = pl.when(pl.col("form") == place).then(_filled(form, parts.columns)).otherwise(spelled)
    return chosen.select(pl.when(pl.col("known") != "").then(spelled).otherwise(pl.lit(""))).to_series()


def _filled(form: str, names: list[str]) -> pl.Expr:
    used = sorted(
        (name for name in names if f"{{{name}}}" in form), key=lambda name: form.index(f"{{{name}}}")
    )
    pattern = form
    for name in used:
        pattern = pattern.replace(f"{{{name}}}", "{}")
    return pl.format(pattern, *used) if used else pl.lit(form)


def _mobile_parts(mobile: pl.Series) -> pl.DataFrame:
    return pl.DataFrame(
        {"m": mobile, "a": mobile.str.slice(0, 3), "b": mobile.str.slice(3, 4), "c": mobile.str.slice(7)}
    )


def _dates(rows: int, random: np.random.Generator) -> pl.Series:
    year, month, day = (random.integers(*span, rows) for span in ((2019, 2026), (1, 13), (1, 29)))
    parts = pl.DataFrame(
        {
            "y": year.astype(str),
            "n": month.astype(str),
            "k": day.astype(str),
            "m": np.char.zfill(month.astype(str), 2),
            "d": np.char.zfill(day.astype(str), 2),
        }
    )
    return _spelled(_known(rows, 0.9, random), parts, _DATES, random)


def _amounts(rows: int, random: np.random.Generator) -> pl.Series:
    amount = random.integers(1, 900, rows) * 1000
    parts = pl.DataFrame({"n": amount.astype(str), "t": (amount / 10_000).astype(str)})
    return _spelled(_known(rows, 0.8, random), parts, _AMOUNTS, random)


def _known(rows: int, share: float, random: np.random.Generator) -> pl.Series:
    return pl.Series(np.where(random.random(rows) < share, "known", ""), dtype=pl.String)


def _sometimes(texts: pl.Series, others: pl.Series, share: float, random: np.random.Generator) -> pl.Series:
    chosen = pl.Series(random.random(len(texts)) < share)
    both = pl.DataFrame({"one": texts, "other": others})
    return both.select(pl.when(chosen).then("other").otherwise("one")).to_series()


def _with_wide_signs(names: pl.Series, random: np.random.Generator) -> pl.Series:
    """Return the names, some with a blank in front, an old remark or a place in half-width brackets."""
    noted = names + "(老客户)"
    return _sometimes(_sometimes(names, " " + names, 0.05, random), noted, 0.02, random)


def checked_codes(codes: pl.Series) -> pl.Series:
    """Return the codes with the check sign that belongs to their first 17 signs (GB 32100-2015)."""
    known = codes.filter(codes != "").unique()
    first = known.str.slice(0, 17)
    digits = np.array([[_SIGNS.index(sign) for sign in text] for text in first.to_list()])
    checks = [_SIGNS[-total % 31] for total in (digits @ np.array(_WEIGHTS)).tolist()]
    return codes.replace(known, first + pl.Series(checks, dtype=pl.String))
