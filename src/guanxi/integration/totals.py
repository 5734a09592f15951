"""Rows that are no records: the totals people write below (and between) the rows of a list."""

import polars as pl

_WORDS = (
    "合计",
    "总计",
    "小计",
    "共计",
    "累计",
    "本页合计",
    "本页小计",
    "总合计",
    "total",
    "totals",
    "subtotal",
    "sum",
    "grandtotal",
)
_SPACED = "|".join(r"\s*".join(word) for word in _WORDS)
_WORD = rf"(?i)^[\s:：]*(?:{_SPACED})[\s:：]*$"
_NUMBER = r"^[-+¥￥$]?[\d,.\s]+(?:元|万|万元|%)?$"
ROW = "_row"


def totals_in(raw: pl.DataFrame) -> pl.DataFrame:
    """Return ``row, column, before`` of the rows of *raw* that are totals: a word for one, and else only numbers.

    A customer called 合计 with a telephone and an address is none.
    """
    columns = [name for name in raw.columns if not name.startswith("_")]
    worded = raw.filter(pl.any_horizontal(pl.col(columns).cast(pl.String).str.contains(_WORD)))
    cells = worded.unpivot(on=columns, index=ROW, variable_name="column", value_name="before")
    cells = cells.with_columns(text=pl.col("before").str.strip_chars(" \u3000:：").str.to_lowercase())
    cells = cells.filter(pl.col("text") != "").with_columns(
        word=pl.col("text").str.replace_all(r"[\s\u3000]", "").is_in(_WORDS),
        number=pl.col("text").str.contains(_NUMBER),
    )
    whole = cells.group_by(ROW).agg(
        total=pl.col("word").any() & (pl.col("word") | pl.col("number")).all(),
        column=pl.col("column").filter("word").first(),
        before=pl.col("before").filter("word").first(),
    )
    return whole.filter("total").select(pl.col(ROW).alias("row"), "column", "before").sort("row")
