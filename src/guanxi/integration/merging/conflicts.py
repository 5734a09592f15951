"""Where the rows of one customer say different things: what each says, and what was chosen by which rule."""

import polars as pl

from guanxi.integration.columns import VERDICT, as_text, filled

SAID = pl.Struct(
    {
        "value": pl.String(),
        "source": pl.Categorical(),
        "table": pl.Categorical(),
        "row": pl.Int64(),
        "at": pl.Datetime("us", "UTC"),
        "verdict": pl.Categorical(),
    }
)
SHAPE = pl.Schema(
    {
        "group": pl.Int64(),
        "field": pl.String(),
        "rule": pl.String(),
        "chosen": pl.String(),
        "values": pl.List(SAID),
    }
)
"""One row per group and field in conflict; ``values`` holds every row that says something, best first."""


def conflicts_of(
    ranked: pl.DataFrame, column: str, *, field: str, rule: str, chosen: pl.DataFrame
) -> pl.DataFrame:
    """Return the conflicts of a field (`SHAPE`); *chosen* has ``group`` and the golden ``value`` as text."""
    kind = ranked.schema[column]
    verdict = pl.col(column + VERDICT) if column + VERDICT in ranked.columns else pl.lit(None)
    cells = (
        ranked.filter("_several")
        .with_columns(filled(column, kind))
        .filter(pl.col(column).is_not_null())
        .select(
            "group",
            as_text(column, kind).alias("value"),
            *("source", "table"),
            pl.col("row").cast(pl.Int64),
            "at",
            verdict.cast(pl.Categorical).alias("verdict"),
        )
    )
    differing = cells.group_by("group").agg(pl.col("value").n_unique()).filter(pl.col("value") > 1)
    said = cells.join(differing.select("group"), on="group", how="semi", maintain_order="left")
    listed = said.group_by("group", maintain_order=True).agg(
        pl.struct([each.name for each in SAID.fields]).alias("values")
    )
    return listed.join(chosen, on="group", how="left", maintain_order="left").select(
        pl.col("group").cast(pl.Int64),
        pl.lit(field).alias("field"),
        pl.lit(rule).alias("rule"),
        pl.col("value").cast(pl.String).alias("chosen"),
        pl.col("values").cast(SHAPE["values"]),
    )
