"""Other spellings of a customer's name, kept so that it is found by each of them."""

import polars as pl

from guanxi.integration.columns import as_text, filled

BETWEEN = "；"


def other_spellings(
    ranked: pl.DataFrame, chosen: pl.DataFrame, *, name: str, others: str | None, longest: int
) -> pl.DataFrame:
    """Return ``group`` and ``spellings``, one text per group that has any, best source first.

    *ranked* are the rows by worth, *chosen* has ``group`` and the golden ``name``. The spellings are what the
    column *name* holds besides the chosen one, then what the column *others* holds. At most *longest*
    characters, never half a name.
    """
    spellings = [_spelt(ranked, name, 0)]
    if others is not None:
        spellings.append(_spelt(ranked, others, 1))
    return (
        pl.concat(spellings)
        .join(chosen.select("group", "name"), on="group", how="left")
        .filter((pl.col("text") != pl.col("name")).fill_null(value=True))
        .sort("group", "kind", "place")
        .unique(["group", "text"], keep="first", maintain_order=True)
        .with_columns((pl.col("text").str.len_chars() + len(BETWEEN)).cum_sum().over("group").alias("length"))
        .filter(pl.col("length") <= longest + len(BETWEEN))
        .group_by("group", maintain_order=True)
        .agg(pl.col("text").str.join(BETWEEN).alias("spellings"))
    )


def _spelt(ranked: pl.DataFrame, column: str, kind: int) -> pl.DataFrame:
    """Return every spelling in *column* with its group and place; one cell may hold several."""
    shape = ranked.schema[column]
    cells = ranked.with_columns(filled(column, shape))
    return (
        cells.filter(pl.col(column).is_not_null() & (pl.col("_several") | (kind == 1)))
        .select("group", "place", as_text(column, shape).str.split(BETWEEN).alias("text"))
        .explode("text")
        .with_columns(pl.col("text").str.strip_chars(), pl.lit(kind).alias("kind"))
        .filter(pl.col("text") != "")
    )
