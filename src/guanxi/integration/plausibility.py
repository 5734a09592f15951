"""Amounts that can be read but can hardly be right: below zero, far above the others, unlike the sum of the parts.

Nothing is corrected here: a doubtful value is kept and marked, because only its department knows better.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from guanxi.kernel.text import Message, say

REASONS: Mapping[str, Message] = {
    "amount_below_zero": say("the amount is below zero"),
    "amount_far_above": say(
        "the amount is far above the others of this column (more than {note}); is the unit right?"
    ),
    "sum_differs": say("the amount differs from the sum of its lines, {note}"),
}

FEWEST_AMOUNTS = 20
"""With fewer, nobody can say what is usual."""
_FENCE = 1.5  # Tukey, "Exploratory Data Analysis", Addison-Wesley 1977, section 2E: the inner fence
_CENT = 0.005


@dataclass(frozen=True, kw_only=True)
class Sum:
    """Records whose amount is the sum of the amounts of other records that link to them."""

    whole: str
    total: str
    part: str
    link: str
    amount: str
    price: str
    quantity: str


SUMS = (
    Sum(
        whole="order",
        total="amount",
        part="order_line",
        link="order",
        amount="amount",
        price="unit_price",
        quantity="quantity",
    ),
)


def doubt_amounts(judged: pl.DataFrame) -> pl.DataFrame:
    """Return *judged* (value, verdict, reason, note; money) with amounts suspected that can hardly be right.

    Far above is what lies beyond Tukey's upper fence of the logarithms, because money is multiplied, not
    added; what is doubted or refused already keeps its reason.
    """
    amount = pl.col("value").struct.field("amount").cast(pl.Float64, strict=False)
    fence = _upper_fence(judged.select(amount.alias("amount")).to_series())
    free = pl.col("verdict").is_in(["kept", "changed"])
    reason = (
        pl.when(free & (amount < 0))
        .then(pl.lit("amount_below_zero"))
        .when(free & (amount > fence if fence is not None else pl.lit(value=False)))
        .then(pl.lit("amount_far_above"))
    )
    doubted = judged.with_columns(reason.alias("doubt"))
    far = pl.col("doubt") == "amount_far_above"
    return doubted.select(
        "value",
        verdict=pl.when(pl.col("doubt").is_not_null()).then(pl.lit("suspect")).otherwise("verdict"),
        note=pl.when(far)
        .then(pl.lit("" if fence is None else f"{fence:,.0f}"))
        .when(pl.col("doubt").is_null())
        .then("note"),
        reason=pl.coalesce("doubt", "reason"),
    ).select("value", "verdict", "reason", "note")


def differing_sums(wholes: pl.DataFrame, parts: pl.DataFrame, rule: Sum) -> pl.DataFrame:
    """Return ``table, row, note`` of the *wholes* whose amount is not the sum of their *parts*; note is the sum.

    *wholes* have ``names`` and ``key``, the words their source knows them by, *parts* such a word under
    ``<link>__reference``. A record one of whose parts has no amount is left alone.
    """
    reference = rule.link + "__reference"
    needed = rule.total in wholes.columns and reference in parts.columns
    if not needed or not (
        {rule.amount} <= {*parts.columns} or {rule.price, rule.quantity} <= {*parts.columns}
    ):
        return pl.DataFrame(schema={"table": pl.String, "row": pl.Int64, "note": pl.String})
    sums = (
        parts.filter(pl.col(reference).is_not_null())
        .with_columns(_worth(parts, rule).alias("worth"))
        .group_by("source", pl.col(reference).alias("word"))
        .agg(pl.col("worth").sum(), known=pl.col("worth").is_not_null().all())
        .filter("known")
    )
    words = pl.concat_list(pl.col("names"), pl.concat_list(pl.col("key").cast(pl.String)))
    total = pl.col(rule.total).struct.field("amount").cast(pl.Float64, strict=False)
    return (
        wholes.select("source", "table", "row", total.alias("total"), words.list.unique().alias("word"))
        .explode("word")
        .join(sums, on=["source", "word"])
        .unique(["table", "row"], maintain_order=True)
        .filter((pl.col("total") - pl.col("worth")).abs() > _CENT)
        .select("table", "row", note=pl.col("worth").round(2).cast(pl.String))
    )


def _worth(parts: pl.DataFrame, rule: Sum) -> pl.Expr:
    """Return what each part is worth: its amount, else its price times its quantity."""
    ways = []
    if rule.amount in parts.columns:
        ways.append(pl.col(rule.amount).struct.field("amount").cast(pl.Float64, strict=False))
    if rule.price in parts.columns and rule.quantity in parts.columns:
        price = pl.col(rule.price).struct.field("amount").cast(pl.Float64, strict=False)
        ways.append(price * pl.col(rule.quantity).cast(pl.Float64, strict=False))
    return pl.coalesce(ways)


def doubtful_cells(
    changes: pl.DataFrame, raw: pl.DataFrame, doubts: pl.DataFrame, *, target: str, columns: Sequence[str]
) -> pl.DataFrame:
    """Return the lines of changes that say which cells of *target* are no sum (*doubts*: ``row, note``).

    A cell that is doubted or refused already has no line here: its first reason stays.
    """
    about = changes.filter(pl.col("target") == target)
    written = raw.select(
        pl.col("_row").alias("row"),
        pl.concat_str([pl.col(name) for name in columns], separator=" ", ignore_nulls=True).alias("before"),
    )
    return (
        doubts.join(about.filter(pl.col("verdict") != "changed"), on="row", how="anti")
        .join(written, on="row")
        .join(about.select("row", "after"), on="row", how="left")
        .select(
            "row",
            "before",
            "note",
            pl.coalesce("after", "before").alias("after"),
            pl.lit("+".join(columns)).alias("column"),
            pl.lit(target).alias("target"),
            pl.lit("suspect").alias("verdict"),
            pl.lit("sum_differs").alias("reason"),
        )
    )


def _upper_fence(amounts: pl.Series) -> float | None:
    """Return the amount beyond which one is far above the others; None when there are too few to say."""
    logarithms = amounts.filter(amounts > 0).log10()
    if logarithms.len() < FEWEST_AMOUNTS:
        return None
    low, high = logarithms.quantile(0.25), logarithms.quantile(0.75)
    assert low is not None
    assert high is not None
    return float(10 ** (high + _FENCE * (high - low)))
