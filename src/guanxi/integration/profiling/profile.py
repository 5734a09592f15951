"""Profiling one table, column by column, so that the memory needed is that of one column."""

from pathlib import Path

import polars as pl

from guanxi.integration.profiling.findings import ColumnProfile, PatternCount, TableProfile, ValueCount
from guanxi.integration.profiling.keys import find_keys
from guanxi.integration.profiling.kinds import choose_kind, guess_kinds
from guanxi.integration.profiling.outliers import spread
from guanxi.integration.profiling.patterns import mask, shorten

_TOP = 10
_EXAMPLES = 5
LONGEST_SHOWN = 200
"""Characters of a value that are shown."""

STAND_INS = (
    "无",
    "没有",
    "暂无",
    "未知",
    "不详",
    "空",
    "n/a",
    "na",
    "null",
    "none",
    "nil",
    "-",
    "--",
    "/",
    "?",
    "？",
    "。",
    ".",
)


def profile(table: Path) -> TableProfile:
    """Return what is in the columns of the Parquet file *table*, all of them text.

    The column `_row`, the place in the source, is not data and left out.
    """
    schema = pl.read_parquet_schema(table)
    names = [name for name in schema if name != "_row"]
    columns = tuple(_profile_column(table, name) for name in names)
    rows = pl.scan_parquet(table).select(pl.len()).collect().item()
    return TableProfile(rows=rows, columns=columns, keys=find_keys(table, columns))


def _profile_column(table: Path, name: str) -> ColumnProfile:
    """Count each distinct value once, and find out everything else from the counts."""
    values = pl.read_parquet(table, columns=[name])[name].cast(pl.String).alias("value")
    filled = values.filter(values.str.strip_chars() != "")
    counts = filled.value_counts(name="count").with_columns(pl.col("count").cast(pl.Int64))
    lengths = counts["value"].str.len_chars()
    guesses = guess_kinds(counts)
    kind = choose_kind(guesses, distinct=counts.height, filled=filled.len())
    numbers = spread(counts, kind.kind)
    return ColumnProfile(
        name=name,
        rows=values.len(),
        filled=filled.len(),
        fill_rate=round(filled.len() / values.len(), 6) if values.len() else 0.0,
        stand_ins=_stand_ins(counts),
        distinct=counts.height,
        shortest=_whole(lengths.min()),
        longest=_whole(lengths.max()),
        top=_top(counts),
        patterns=_patterns(counts),
        kind=kind.kind,
        kind_share=kind.share,
        guesses=guesses[:5],
        lowest=numbers.lowest,
        highest=numbers.highest,
        outliers=numbers.outliers,
        outlier_rows=numbers.rows,
        examples=tuple(filled.head(1000).unique(maintain_order=True).head(_EXAMPLES).str.head(LONGEST_SHOWN)),
        is_key=0 < values.len() == filled.len() == counts.height,
    )


def _whole(number: object) -> int | None:
    return number if isinstance(number, int) else None


def _stand_ins(counts: pl.DataFrame) -> int:
    short = counts.filter(pl.col("value").str.strip_chars().str.to_lowercase().is_in(STAND_INS))
    return int(short["count"].sum())


def _top(counts: pl.DataFrame) -> tuple[ValueCount, ...]:
    top = counts.top_k(_TOP, by=["count", "value"], reverse=[False, True])
    ordered = top.sort("count", "value", descending=[True, False])
    shown = ordered.with_columns(pl.col("value").str.head(LONGEST_SHOWN))
    return tuple(
        ValueCount(value=value, count=count) for value, count in shown.select("value", "count").rows()
    )


def _patterns(counts: pl.DataFrame) -> tuple[PatternCount, ...]:
    shapes = (
        counts.lazy()
        .group_by(mask(pl.col("value").str.head(LONGEST_SHOWN)).alias("pattern"))
        .agg(pl.col("count").sum(), pl.col("value").min().alias("example"))
        .sort("count", "pattern", descending=[True, False])
        .head(_TOP)
        .collect()
    )
    return tuple(
        PatternCount(pattern=shorten(pattern), count=count, example=example[:LONGEST_SHOWN])
        for pattern, count, example in shapes.select("pattern", "count", "example").rows()
    )
