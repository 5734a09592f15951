"""Decisions a steward made before: they join the candidates and outrank everything."""

import polars as pl


def with_decisions(
    pairs: pl.DataFrame, ids: pl.Series, decisions: pl.DataFrame | None
) -> tuple[pl.DataFrame, int]:
    """Return *pairs* (row positions) with ``steward`` (Boolean or null), and how many decisions name no row.

    *decisions*: ``left``, ``right`` (ids), ``same``; the last word on a pair counts. A decided pair is
    there even when no block found it.
    """
    if decisions is None or decisions.is_empty():
        return pairs.with_columns(pl.lit(None, dtype=pl.Boolean).alias("steward")), 0
    places = pl.DataFrame({"id": ids.cast(pl.Int64)}).with_row_index("place")
    placed = (
        decisions.select(pl.col("left", "right").cast(pl.Int64), pl.col("same").cast(pl.Boolean))
        .join(
            places.rename({"place": "one"}), left_on="left", right_on="id", how="left", maintain_order="left"
        )
        .join(
            places.rename({"place": "other"}),
            left_on="right",
            right_on="id",
            how="left",
            maintain_order="left",
        )
    )
    known = placed.drop_nulls().filter(pl.col("one") != pl.col("other"))
    said = known.select(
        pl.min_horizontal("one", "other").cast(pl.UInt32).alias("left"),
        pl.max_horizontal("one", "other").cast(pl.UInt32).alias("right"),
        pl.col("same").alias("steward"),
    ).unique(["left", "right"], keep="last", maintain_order=True)
    together = pairs.join(said, on=["left", "right"], how="full", coalesce=True).sort("left", "right")
    return together, len(decisions) - len(known)
