"""How many cells and rows of a run cleaning kept, changed, doubted, refused or set aside: counts that add up."""

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from guanxi.integration import intake
from guanxi.integration.cells import RunFiles
from guanxi.integration.cleaning import is_standard
from guanxi.integration.columns import VERDICT


@dataclass(frozen=True, kw_only=True)
class Totals:
    """What all cells and rows of the run's sources became.

    ``cells == empty + kept + changed + suspect + rejected`` and
    ``rows_seen == rows + totals + quarantined + blank``.
    """

    cells: int = 0
    empty: int = 0
    kept: int = 0
    changed: int = 0
    suspect: int = 0
    rejected: int = 0
    rows_seen: int = 0
    rows: int = 0
    totals: int = 0
    quarantined: int = 0
    blank: int = 0


def totals(files: RunFiles, sources: Sequence[str] = ()) -> Totals:
    """Return what became of all cells and rows of the run (of *sources* only, where some are named)."""
    sums = dict.fromkeys(Totals.__dataclass_fields__, 0)
    for source in files.plan.sources:
        if (sources and source.name not in sources) or not is_standard(files, source.name):
            continue
        receipt = intake.receipt_of(files.folder, source)
        for each in receipt.tables:
            sums["rows_seen"] += each.rows_seen
            sums["quarantined"] += each.quarantined
            sums["blank"] += each.blank
        for place, mapping in enumerate(intake.mappings_of(files.folder, source).values()):
            frame = files.folder.scan("standard", f"{source.name}.{place}.values")
            whole = intake.scan_table(files.folder, source, mapping.table).select(pl.len()).collect().item()
            rows = frame.select(pl.len()).collect().item()
            sums["rows"] += rows
            sums["totals"] += whole - rows
            sums["cells"] += rows * len(mapping.targets)
            sums["empty"] += _empty(frame, mapping.targets)
            for verdict, count in _changes(files, f"{source.name}.{place}.changes"):
                sums[verdict] += count
    sums["kept"] = sums["cells"] - sums["empty"] - sums["changed"] - sums["suspect"] - sums["rejected"]
    return Totals(**sums)


def _empty(frame: pl.LazyFrame, targets: Sequence[str]) -> int:
    """Return how many cells of the fields *targets* had nothing in them."""
    if not targets:
        return 0
    found = frame.select((pl.col(name + VERDICT) == "empty").sum().cast(pl.Int64) for name in targets)
    return int(found.collect().sum_horizontal().item())


def _changes(files: RunFiles, name: str) -> list[tuple[str, int]]:
    """Return how many cells of one table got each verdict; a row that is a total is no cell."""
    told = files.folder.scan("standard", name).filter(pl.col("target") != "")
    return [
        (str(verdict), int(count)) for verdict, count in told.group_by("verdict").len().collect().iter_rows()
    ]
