"""Numbers and dates far from the others, by a measure that the far ones cannot spoil."""

from dataclasses import dataclass

import polars as pl

from guanxi.integration.profiling.findings import Outlier

NUMBER_KINDS = frozenset({"money", "whole_number", "decimal"})
_CUT = 3.5  # Iglewicz and Hoaglin, "How to Detect and Handle Outliers", ASQC 1993
_MAD_TO_DEVIATION, _MEAN_TO_DEVIATION = 1.4826, 1.2533
_SHOWN = 10
_DATE_FORMATS = ("%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y年%m月%d日", "%Y%m%d", "%m/%d/%Y", "%d.%m.%Y")


@dataclass(frozen=True, kw_only=True)
class Spread:
    """The ends of a column as text, its outliers (farthest first) and the rows they are in."""

    lowest: str | None = None
    highest: str | None = None
    outliers: tuple[Outlier, ...] = ()
    rows: int = 0


def spread(counts: pl.DataFrame, kind: str) -> Spread:
    """Return how the numbers or dates of a column are spread; nothing for other kinds.

    *counts* holds one row per distinct filled value: ``value`` and ``count``. The distance is the modified
    z-score, 0.6745 · |x − median| / MAD, over 3.5 an outlier; amounts that are all above zero are measured
    by their logarithm, because money is multiplied, not added. With a MAD of zero the mean deviation
    takes its place.
    """
    if kind in NUMBER_KINDS:
        measured = counts.with_columns(_number().alias("x"))
    elif kind == "date":
        measured = counts.with_columns(_day().alias("x"))
    else:
        return Spread()
    measured = measured.filter(pl.col("x").is_finite()).sort("x", "value")
    if measured.is_empty():
        return Spread()
    far = _far(measured, by_logarithm=kind == "money" and measured["x"][0] > 0)
    return Spread(
        lowest=measured["value"][0],
        highest=measured["value"][-1],
        outliers=tuple(Outlier(**row) for row in far.head(_SHOWN).to_dicts()),
        rows=int(far["count"].sum()),
    )


def _far(measured: pl.DataFrame, *, by_logarithm: bool) -> pl.DataFrame:
    x = pl.col("x").log10() if by_logarithm else pl.col("x")
    away = measured.with_columns(x=x)
    away = away.with_columns(away=(pl.col("x") - _median(away, "x")).abs())
    deviation = _MAD_TO_DEVIATION * _median(away, "away")
    if not deviation:
        mean = away.select((pl.col("away") * pl.col("count")).sum() / pl.col("count").sum()).item()
        deviation = _MEAN_TO_DEVIATION * float(mean)
    if not deviation:
        return away.head(0).select("value", "count", distance=pl.col("away"))
    return (
        away.select("value", "count", distance=(pl.col("away") / deviation).round(1))
        .filter(pl.col("distance") > _CUT)
        .sort("distance", "value", descending=[True, False])
    )


def _median(counts: pl.DataFrame, column: str) -> float:
    """Return the lower median of *column*, each value counted as often as it occurs."""
    ordered = counts.sort(column)
    middle = (ordered["count"].sum() + 1) // 2
    return float(ordered[column][int(ordered["count"].cum_sum().search_sorted(middle))])


def _number() -> pl.Expr:
    """Return the number in a text such as ``¥1,200.50`` or ``3.5万元``."""
    plain = pl.col("value").str.replace_all(r"[,，¥￥$€\s]|[()（）]|RMB|CNY|USD|人民币|美|元", "")
    unit = (
        pl.when(plain.str.ends_with("亿")).then(1e8).when(plain.str.ends_with("万")).then(1e4).otherwise(1.0)
    )
    return plain.str.strip_chars_end("万亿").cast(pl.Float64, strict=False) * unit


def _day() -> pl.Expr:
    """Return the day in a text as days since 1970-01-01."""
    day = pl.col("value").str.strip_chars().str.split("T").list.first().str.split(" ").list.first()
    return (
        pl.coalesce([day.str.to_date(each, strict=False, exact=True) for each in _DATE_FORMATS])
        .to_physical()
        .cast(pl.Float64)
    )
