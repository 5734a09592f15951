"""A random sample of rows, drawn evenly from every source and the same for the same seed."""

import math

import polars as pl

from guanxi.integration.verification.reports import LEAST_SHARE, MOST_SHARE
from guanxi.kernel.errors import Refused
from guanxi.kernel.text import say

FEWEST_ROWS, MOST_ROWS = 30, 500


def draw_sample(
    rows: pl.DataFrame, *, share: float, seed: int, fewest: int = FEWEST_ROWS, most: int = MOST_ROWS
) -> pl.DataFrame:
    """Return a random part of *rows* (``source``, ``table``, ``row`` …): *share* of them, 0.05 to 0.10.

    At least *fewest* (or all there are) and at most *most*. Every table gives its share of the sample:
    systematic sampling from a random start (Cochran, Sampling Techniques, chapter 8) over rows shuffled
    within their table. The order of *rows* does not matter. Raises `Refused` for another share.
    """
    if not LEAST_SHARE <= share <= MOST_SHARE:
        raise Refused(say("a sample is 5 to 10 % of the rows, not {share} %", share=round(share * 100, 1)))
    wanted = min(len(rows), max(fewest, min(most, math.ceil(len(rows) * share))))
    if wanted == 0:
        return rows.clear()
    places = [pl.col("source").cast(pl.String), pl.col("table").cast(pl.String)]
    shuffled = rows.sort(*places, "row").sample(fraction=1, shuffle=True, seed=seed)
    by_table = shuffled.sort(*places, maintain_order=True)
    step = len(rows) / wanted
    start = pl.Series([0.0, 1.0]).sample(1, seed=seed).item() * step / 2
    taken = [min(len(rows) - 1, int(start + number * step)) for number in range(wanted)]
    return by_table[sorted(set(taken))].sort(*places, "row")
