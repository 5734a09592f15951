"""Rows in the order of their worth: the order that decides where a rule leaves several values equal.

Every rule is a *penalty*, a whole number per cell. The cell with the smallest triple of (suspect, penalty,
place) survives, and the place is the row's position in the ranking: so the choice never depends on chance,
and one pass of whole-number minima answers for all fields.
"""

from collections.abc import Mapping

import polars as pl

from guanxi.integration.columns import CHANGED, TRUST, VERDICT, as_text, filled, parts_known
from guanxi.integration.merging.rules import EXISTING, EXISTING_TRUST, USUAL_TRUST

SUSPECT = "suspect"
MOMENT = pl.Datetime("us", "UTC")
_STEP = 1000  # more than any trust, so that it decides before trust does


def rank(rows: pl.DataFrame, groups: pl.DataFrame, trust: Mapping[str, int]) -> pl.DataFrame:
    """Return *rows* with ``group``, sorted by group and then by worth: trust, newest, source, lowest id.

    Adds ``place`` (0, 1, …), ``at`` (when the row was changed in its source), ``_trust``, ``_newest`` (the row's
    place by time) and ``_several`` (whether the group has more than one row). A row that *groups* does not name
    is a group of its own. What is equal in trust and time goes by the source's name, not by its place in a plan:
    the same rows have the same order whichever of them are read this time.
    """
    known = {EXISTING: EXISTING_TRUST, **trust}
    if "run" not in rows.columns:
        rows = rows.with_columns(run=pl.lit(None, dtype=pl.Int64))
    ranked = (
        rows.drop("group", "place", "at", strict=False)
        .join(groups.select("id", "group"), on="id", how="left", maintain_order="left")
        .with_columns(
            pl.coalesce("group", "id").alias("group"),
            pl.col("source")
            .replace_strict(known, default=USUAL_TRUST, return_dtype=pl.Int64)
            .alias("_trust"),
            pl.col("source").rank("dense").alias("_source"),
            pl.col("source", "table").cast(pl.Categorical),  # a third of the memory at a million rows
            _moment(rows, CHANGED).alias("at"),
        )
        .sort(
            ["group", "_trust", "at", "_source", "id"],
            descending=[False, True, True, False, False],
            nulls_last=True,
        )
        .with_row_index("place")
        .with_columns(pl.col("place").cast(pl.Int64))
    )
    by_time = ranked.select(
        pl.arg_sort_by(
            "at", "_trust", "_source", "id", descending=[True, True, False, False], nulls_last=True
        ).arg_sort()
    ).to_series()
    return ranked.with_columns(
        by_time.cast(pl.Int64).alias("_newest"), (pl.len().over("group") > 1).alias("_several")
    ).drop("_source")


def keys(ranked: pl.DataFrame, column: str, rule: str) -> pl.Series:
    """Return one whole number per row, the smaller the better; null where *column* has no value."""
    kind = ranked.schema[column]
    cells = ranked.select(
        filled(column, kind).is_not_null().alias("there"),
        suspicion(ranked, column).cast(pl.Int64).alias("suspect"),
        _emptier(column, kind).cast(pl.Int64).alias("emptier"),
        _penalty(ranked, column, kind, rule).fill_null(0).cast(pl.Int64).alias("penalty"),
        "place",
    )
    penalty = pl.col("penalty") - pl.col("penalty").min()
    first = (pl.col("suspect") * 2 + pl.col("emptier")) * (penalty.max() + 1) + penalty
    return cells.select(pl.when("there").then(first * pl.len().cast(pl.Int64) + pl.col("place"))).to_series()


def places(winning: pl.Series, rows: int) -> pl.Series:
    """Return the places that winning `keys` stand for."""
    return winning % max(rows, 1)


def suspicion(ranked: pl.DataFrame, column: str) -> pl.Expr:
    """Return whether each cell of *column* was marked as suspect."""
    if column + VERDICT not in ranked.columns:
        return pl.repeat(value=False, n=pl.len())
    return (pl.col(column + VERDICT) == SUSPECT).fill_null(value=False)


def _penalty(ranked: pl.DataFrame, column: str, kind: pl.DataType, rule: str) -> pl.Expr:
    penalty = -_trust(ranked, column)
    match rule:
        case "existing":
            penalty = penalty + (pl.col("source") != EXISTING).cast(pl.Int64) * _STEP
        case "newest":
            penalty = pl.col("_newest")
        case "longest":
            penalty = -as_text(column, kind).str.len_chars().cast(pl.Int64)
        case "complete":
            penalty = penalty - parts_known(column, kind) * _STEP
        case "majority":
            penalty = -_said(ranked, column, kind)
        case "max" | "min":
            penalty = _extreme(column, kind, rule)
    return penalty


def _trust(ranked: pl.DataFrame, column: str) -> pl.Expr:
    """Return the trust of each cell: its own where it has one, else that of its row's source."""
    if column + TRUST in ranked.columns:
        return pl.coalesce(pl.col(column + TRUST).cast(pl.Int64), "_trust")
    return pl.col("_trust")


def _said(ranked: pl.DataFrame, column: str, kind: pl.DataType) -> pl.Expr:
    """Return how many rows of the group hold the same value."""
    if not ranked["_several"].any():
        return pl.lit(0)
    return pl.len().over("group", as_text(column, kind)).cast(pl.Int64)


def _extreme(column: str, kind: pl.DataType, rule: str) -> pl.Expr:
    """Return the rank of each amount or date; amounts of several currencies in a group are not compared."""
    amount = pl.col(column)
    if isinstance(kind, pl.Struct):
        amount = amount.struct.field("amount")
    order = amount.rank("dense").cast(pl.Int64)
    if kind == pl.String or isinstance(kind, pl.Struct):
        number = amount.cast(pl.Float64, strict=False)
        all_numbers = (number.is_not_null() | amount.is_null()).all()
        order = pl.when(all_numbers).then(number.rank("dense").cast(pl.Int64)).otherwise(order)
    if isinstance(kind, pl.Struct):
        currencies = pl.col(column).struct.field("currency").drop_nulls().n_unique().over("group")
        order = pl.when(currencies <= 1).then(order)
    return -order if rule == "max" else order


def _emptier(column: str, kind: pl.DataType) -> pl.Expr:
    """Return whether a compound value knows fewer parts than the one that is already here."""
    if not isinstance(kind, pl.Struct):
        return pl.lit(value=False)
    parts = parts_known(column, kind)
    held = pl.when(pl.col("source") == EXISTING).then(parts).max().over("group")
    return (parts < held).fill_null(value=False)


def _moment(rows: pl.DataFrame, column: str) -> pl.Expr:
    """Return days and moments in UTC (what has no zone is taken as UTC); null without such a column."""
    kind = rows.schema.get(column)
    if kind is None or kind == pl.Null:
        return pl.lit(None, dtype=MOMENT)
    if isinstance(kind, pl.Datetime) and kind.time_zone:
        return pl.col(column).dt.convert_time_zone("UTC").cast(MOMENT)
    cell = pl.col(column)
    moment = cell.str.to_datetime(strict=False) if kind == pl.String else cell
    return moment.cast(pl.Datetime("us")).dt.replace_time_zone("UTC")
