"""Rows of sources in their own words: what stood in each cell, for people who must find a row again."""

from collections import defaultdict
from collections.abc import Iterable, Mapping

import polars as pl

from guanxi.integration import intake
from guanxi.integration.plans import Plan
from guanxi.integration.staging import RunFolder

ROW = "_row"
LONGEST = 300
Place = tuple[str, str, str]
"""Source, table and number of a row."""


def said(folder: RunFolder, plan: Plan, places: Iterable[Place], *, colon: str = ": ") -> Mapping[Place, str]:
    """Return what the rows at *places* say, ``column: value`` after another, shortened; unknown places are left out."""
    wanted: dict[tuple[str, str], set[int]] = defaultdict(set)
    for name, table, row in places:
        if row.isdigit():
            wanted[name, table].add(int(row))
    known = {each.name: each for each in plan.sources}
    found: dict[Place, str] = {}
    for (name, table), rows in wanted.items():
        source = known.get(name)
        if source is None or table not in {each.name for each in intake.receipt_of(folder, source).tables}:
            continue
        raw = intake.scan_table(folder, source, table).filter(pl.col(ROW).is_in(list(rows))).collect()
        for each in raw.iter_rows(named=True):
            found[name, table, str(each[ROW])] = _words(each, colon)
    return found


def _words(row: Mapping[str, object], colon: str) -> str:
    cells = (
        f"{name}{colon}{value}"
        for name, value in row.items()
        if not name.startswith("_") and value is not None and str(value).strip()
    )
    text = " · ".join(cells)
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"
