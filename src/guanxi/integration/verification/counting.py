"""Rows in and rows out: every row that was read has one fate, up to the last one."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

import polars as pl

from guanxi.integration.verification.reports import DefectCount, SourceCounts

FATES = ("new", "merged", "unchanged", "refused")


@dataclass(frozen=True, kw_only=True)
class TableRead:
    """What reading one table of a source gave, from its receipt."""

    source: str
    table: str
    seen: int
    blank: int
    quarantined: int


def count_rows(tables: Iterable[TableRead], fates: pl.DataFrame) -> tuple[SourceCounts, ...]:
    """Return the counts per table.

    *fates*: ``source``, ``table``, ``row`` and ``fate``, one of `FATES`: its record was made of this row
    first, it was merged into a record with others, it changed nothing, it was refused. A fate for a table
    nobody read is counted too, against 0 rows seen.
    """
    counts = {
        (each.source, each.table): SourceCounts(
            source=each.source,
            table=each.table,
            seen=each.seen,
            blank=each.blank,
            quarantined=each.quarantined,
        )
        for each in tables
    }
    keys = [pl.col("source").cast(pl.String), pl.col("table").cast(pl.String)]
    several = (pl.len() - pl.struct("row").n_unique()).alias("twice")
    by_fate = [(pl.col("fate").cast(pl.String) == fate).sum().alias(fate) for fate in FATES]
    for line in fates.group_by(keys).agg(several, *by_fate).iter_rows(named=True):
        place = (line.pop("source"), line.pop("table"))
        known = counts.get(place, SourceCounts(source=place[0], table=place[1], seen=0))
        counts[place] = replace(known, **line)
    return tuple(counts[place] for place in sorted(counts))


def count_defects(changes: pl.DataFrame) -> tuple[DefectCount, ...]:
    """Return the defects by kind from the changes of standardising.

    *changes*: one row per cell that was not simply kept, with ``reason`` (the kind) and ``verdict``:
    changed (corrected), suspect (marked), rejected (set aside).
    """
    counted = changes.group_by(pl.col("reason").fill_null("unnamed").alias("kind")).agg(
        pl.len().alias("found"),
        *(
            (pl.col("verdict") == verdict).sum().alias(name)
            for name, verdict in (("corrected", "changed"), ("marked", "suspect"), ("set_aside", "rejected"))
        ),
    )
    ordered = counted.sort(["found", "kind"], descending=[True, False])
    return tuple(DefectCount(**line) for line in ordered.iter_rows(named=True))
