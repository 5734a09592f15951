"""How well and how fast matching works, beside Splink's own models in the same run.

fake_1000, DBLP-ACM, Febrl 4, hard pairs, 20,000 and 200,000 rows; large: also 1,000,000. Each line runs in a
process of its own, so that its peak memory is its own.
"""

import importlib
import os
import resource
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

import polars as pl
from benchmarks import matching_sets as sets
from benchmarks.synthetic_customers import make_customers
from benchmarks.tables import measured_in_own_process

from guanxi.integration.matching import CUSTOMERS, find_matches

HERE = Path(__file__).resolve().parent
DATA = Path(os.environ.get("GUANXI_SHARED_DATA", HERE.parents[1] / "shared" / "data"))
HEAD = (
    "| set | method | rows | pairs compared | P | R | F1 | F1 of groups | seconds | CPU seconds | peak GB |"
)
RULE = "|---|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|"
REFERENCES = ("fake_1000", "febrl4", "customers")
"""Sets for which `splink_reference` has a model of the same name."""


def labelled(name: str, rows: int) -> sets.Labelled:
    """Return the set called *name*; *rows* only matters for invented customers."""
    if name == "customers":
        made = pl.read_parquet(invented(rows))
        return sets.Labelled(
            rows=made.drop("entity"), truth=sets.true_pairs(made.select("id", "entity")), settings=CUSTOMERS
        )
    if name == "febrl4":
        return sets.febrl4()
    return {"fake_1000": sets.fake_1000, "dblp_acm": sets.publications}[name](DATA)


def invented(rows: int) -> Path:
    """Return the file of invented customers, made once, in a process of its own: its memory is not ours."""
    file = Path(tempfile.gettempdir()) / f"guanxi-customers-{os.getuid()}-{rows}.parquet"
    if not file.exists():
        measured("make", file, rows)
    return file


def make(file: str, rows: int) -> str:
    """Invent customers and write them."""
    make_customers(rows).write_parquet(file)
    return ""


def line(cells: list[object]) -> str:
    """Return one row of the table."""
    return "| " + " | ".join(f"{cell:.4f}" if isinstance(cell, float) else str(cell) for cell in cells) + " |"


def costs(started: float, busy: float) -> list[object]:
    """Return seconds, CPU seconds and peak memory since *started*."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2
    return [f"{time.perf_counter() - started:.1f}", f"{time.process_time() - busy:.1f}", f"{peak:.2f}"]


def ours(name: str, rows: int) -> str:
    """Match one set and judge it."""
    given = labelled(name, rows)
    started, busy = time.perf_counter(), time.process_time()
    found = find_matches(given.rows, settings=given.settings)
    spent = costs(started, busy)
    pairs = sets.quality_of(found.pairs.filter(pl.col("decision") == "join"), given.truth)
    groups = sets.quality_of_groups(found.groups, given.truth)
    compared = f"{found.summary['candidate_pairs']:,}"
    quality = [pairs.precision, pairs.recall, pairs.f1, groups.f1]
    return line([name, "Guanxi", f"{len(given.rows):,}", compared, *quality, *spent])


def reference(name: str, rows: int) -> str:
    """Let Splink's own model judge the same set."""
    given = labelled(name, rows)
    models = importlib.import_module("benchmarks.splink_reference")  # only here: its memory is not ours
    started, busy = time.perf_counter(), time.process_time()
    found = getattr(models, name)(given.rows)
    spent = costs(started, busy)
    pairs = sets.quality_of(found.pairs, given.truth)
    quality = [pairs.precision, pairs.recall, pairs.f1]
    return line([name, "Splink 5, ready-made, p ≥ 0.5", f"{len(given.rows):,}", "", *quality, "", *spent])


def hard(file: str) -> str:
    """Count what becomes of pairs that are not the same: with codes, with names only, with one telephone."""
    cells: list[object] = [file]
    for known in ("codes", "names", "mobile"):
        rows = sets.hard_pairs(DATA, file)
        if known != "codes":
            rows = rows.drop("credit_code")
        if known == "mobile":
            number = (pl.col("id") // 2).cast(pl.String).str.zfill(8)
            rows = rows.with_columns(mobile=pl.format("138{}", number))
        found = find_matches(rows)
        pair = found.pairs.filter((pl.col("left") % 2 == 0) & (pl.col("right") == pl.col("left") + 1))
        counts = dict(pair.group_by("decision").len().rows())
        cells.append(f"{counts.get('join', 0)} / {counts.get('review', 0)}")
    return line(cells)


def new_rows(rows: int) -> str:
    """Match 1,000 new rows against the others, with what was learnt from all of them."""
    given = labelled("customers", rows)
    learnt = find_matches(given.rows.head(100_000)).parameters
    marked = given.rows.with_columns(existing=pl.int_range(pl.len()) >= 1_000)
    settings = replace(given.settings, parameters=learnt)
    started, busy = time.perf_counter(), time.process_time()
    found = find_matches(marked, settings=settings)
    spent = costs(started, busy)
    return line([f"1,000 new against {rows - 1_000:,}", f"{found.summary['candidate_pairs']:,}", *spent])


STEPS = {"ours": ours, "reference": reference, "hard": hard, "new_rows": new_rows, "make": make}


def measured(step: str, *arguments: object) -> str:
    """Run one step in its own process and return its line."""
    return measured_in_own_process("benchmarks.matching", step, *map(str, arguments))


def main(large: bool) -> str:
    """Measure everything and return the page."""
    jobs = [("fake_1000", 0), ("febrl4", 0), ("dblp_acm", 0), ("customers", 20_000), ("customers", 200_000)]
    jobs += [("customers", 1_000_000)] if large else []
    lines = []
    for name, rows in jobs:
        lines.append(measured("ours", name, rows))
        if name in REFERENCES and rows <= 200_000:
            lines.append(measured("reference", name, rows))
    hard_lines = [measured("hard", file) for file in ("company_and_its_branch", "numbered_branches")]
    more = [measured("new_rows", 200_000), *([measured("new_rows", 1_000_000)] if large else [])]
    return "\n".join(
        [
            "# Matching",
            "",
            "Where other work ran beside it, compare CPU seconds.",
            "Febrl 4 is without its social security number. `customers` are invented",
            "(`synthetic_customers.py`, seed 7): 28 % damaged copies.",
            "",
            HEAD,
            RULE,
            *lines,
            "",
            "## Pairs that are not the same: joined / put to review, of 2,500",
            "",
            "| real companies | credit codes known | names only | names and one mobile on both |",
            "|---|---:|---:|---:|",
            *hard_lines,
            "",
            "## A few new rows against many",
            "",
            "| rows | pairs compared | seconds | CPU seconds | peak GB |",
            "|---|---:|---:|---:|---:|",
            *more,
            "",
        ]
    )


if __name__ == "__main__":
    step, *rest = sys.argv[1:]
    print(STEPS[step](*(int(one) if one.isdigit() else one for one in rest)))
