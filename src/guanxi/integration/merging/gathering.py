"""Values made of all the values of a group: sums, texts one below the other, choices together."""

from typing import Any

import polars as pl

from guanxi.integration.columns import PLACE, as_text, filled
from guanxi.integration.merging.ranking import suspicion
from guanxi.integration.merging.rules import EXISTING

_EXACT = pl.Decimal(38, 6)
_BETWEEN_CHOICES = r"\s*[,，、;；|]\s*"


def gather(ranked: pl.DataFrame, column: str, rule: str) -> pl.DataFrame:
    """Return ``group`` and *column* (in its own type) for groups of several rows with a value.

    Suspect values only count where there is no other. A sum leaves out what is already here when a source
    says something: the record's own total was made of such rows before. Amounts in several currencies have
    no sum: such a group is left out, and the usual choice stands.
    """
    kind = ranked.schema[column]
    doubt = suspicion(ranked, column).alias("_suspect")
    cells = ranked.filter("_several").with_columns(filled(column, kind), doubt)
    cells = cells.filter(pl.col(column).is_not_null())
    cells = cells.filter(pl.col("_suspect") == pl.col("_suspect").min().over("group"))
    if rule == "sum":
        return _sums(cells, column, kind)
    if isinstance(kind, pl.List):
        together = pl.col(column).explode().unique(maintain_order=True)
        return cells.group_by("group", maintain_order=True).agg(together)
    text = as_text(column, kind)
    if rule == "union":
        text = text.str.replace_all(_BETWEEN_CHOICES, ",").str.split(",").explode().str.strip_chars()
        return _joined(cells, column, text, ",")
    return _joined(cells, column, text.str.strip_chars(), "\n")


def contributors(ranked: pl.DataFrame, column: str) -> pl.DataFrame:
    """Return ``group`` and ``others``: where the values of *column* stand, best first."""
    kind = ranked.schema[column]
    return (
        ranked.filter(pl.col("_several") & filled(column, kind).is_not_null())
        .group_by("group", maintain_order=True)
        .agg(pl.struct(PLACE).alias("others"))
    )


def _joined(cells: pl.DataFrame, column: str, text: pl.Expr, between: str) -> pl.DataFrame:
    once = text.filter(text != "").unique(maintain_order=True).str.join(between)
    return cells.group_by("group", maintain_order=True).agg(once.alias(column))


def _sums(cells: pl.DataFrame, column: str, kind: pl.DataType) -> pl.DataFrame:
    here = pl.col("source") == EXISTING
    cells = cells.filter(~here | here.all().over("group"))
    amount = pl.col(column)
    if isinstance(kind, pl.Struct):
        currency = pl.col(column).struct.field("currency")
        cells = cells.filter(currency.drop_nulls().n_unique().over("group") <= 1)
        amount = amount.struct.field("amount")
        parts = kind.to_schema()
        totals = cells.group_by("group", maintain_order=True).agg(
            _total(amount, parts["amount"]).alias("amount"), currency.drop_nulls().first().alias("currency")
        )
        return totals.select("group", pl.struct(list(parts)).alias(column))
    return cells.group_by("group", maintain_order=True).agg(_total(amount, kind).alias(column))


def _total(amount: pl.Expr, kind: Any) -> pl.Expr:
    """Return the exact sum, in the type the amounts have."""
    if kind != pl.String:
        return amount.sum()
    written = amount.cast(_EXACT, strict=False).sum().cast(pl.String)
    return written.str.replace(r"\.?0+$", "")
