"""Real companies brought in: what was read, mapped, changed, joined, loaded and refused, and why. Figures only."""

import gzip
import os
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import polars as pl
from benchmarks.running import STAGES, Done, guanxi, integrate, source_file
from benchmarks.tables import table

from guanxi.integration import gaps, intake, runs
from guanxi.integration.plans import Plan, plan_from
from guanxi.integration.standardise import OWN_REASONS
from guanxi.integration.standards import STANDARDS
from guanxi.integration.standards.base import SHARED
from guanxi.metadata.catalog import Catalog

DATA = Path(os.environ.get("GUANXI_SHARED_DATA", Path(__file__).resolve().parents[2] / "shared" / "data"))
FILE = DATA / "registry" / "companies.csv.gz"
REMARKS = f"""\
## Looked at by a person

* The joins were looked at one by one: the same company entered twice, once with a wrong province.
* Neighbours with almost the same name (branches, shops of one cooperative) have valid codes of their own. They
  used to be put before a steward, 54 pairs and none of them one customer; two valid codes now settle it, unless
  an exact key says otherwise.
* A sign that is traditional and simplified at once (the first syllable of a county's name, signs that the
  standard of 2013 readmitted) used to be rewritten, wrongly in 30 of 34 names; it stays now.
* Old registration numbers among the credit codes are refused there and kept in the field of their own.
* Facts the register does not have at all (telephones, e-mail, contacts) are one gap each for the department, not
  one per company; more than {gaps.MOST_GAPS:,} single gaps are never handed out at once.
* Not settled by rules: provinces that contradict the district they stand beside, districts renamed since (marked
  with the new name), capital typed with a comma in a strange place (marked), capital far above all others
  (marked; most looks plausible for a large company, none was checked against another source), one row whose legal
  form holds the capital of a shifted column (kept as text)."""
VERDICTS = ("kept", "changed", "suspect", "rejected", "empty")


def main(large: bool) -> str:
    """Bring the register in and return the report; *large* changes nothing."""
    if not FILE.exists():
        raise SystemExit(
            f"the register is not here ({FILE}); set GUANXI_SHARED_DATA to the folder of real data"
        )
    with tempfile.TemporaryDirectory() as folder, guanxi() as opened:
        with gzip.open(FILE) as packed, (Path(folder) / "companies.csv").open("wb") as plain:
            shutil.copyfileobj(packed, plain)
        given = source_file(Path(folder), "companies.csv", department="register")
        plan = plan_from({"name": "register", "source": [given]}, folder=Path(folder))
        done = integrate(opened, plan)
        with opened.store.transaction("bench") as tx:
            catalog = tx.catalog
        return report(done, plan, catalog)


def report(done: Done, plan: Plan, catalog: Catalog) -> str:
    """Return the page about one run of one file."""
    changes = pl.concat(intake.standard_frames(done.folder, plan.sources[0], "changes"))
    return "\n".join(
        [
            "# The register of companies",
            "",
            "`registry/companies.csv.gz` of the shared data: real companies, dirty as found, used for tests only. So",
            "here stand figures and kinds of defects, and no name, number or address.",
            "",
            "## What became of the rows",
            "",
            _rows(done),
            "",
            "## Which column is which field",
            "",
            _mapping(done, plan),
            "",
            "## Values brought to standard",
            "",
            _verdicts(done, plan),
            "",
            "## Why values were changed, doubted or refused",
            "",
            _reasons(changes),
            "",
            "## Who is whom",
            "",
            _matching(done),
            "",
            "## Seconds",
            "",
            _seconds(done),
            "",
            REMARKS,
            "",
        ]
    )


def _rows(done: Done) -> str:
    read, match = _only(done.counts["read"]), _only(done.counts["match"])
    load = _only(done.counts["load"])
    tasks = {name: number for part in done.counts["tasks"].values() for name, number in part.items()}
    proof = done.counts["verify"]["all"]
    lines = {
        "rows in the file": read["rows_seen"],
        "blank": read["blank"],
        "set aside as unreadable": read["quarantined"],
        "read": read["rows"],
        "that say the same as another, word for word": read["rows"] - match["mentions"],
        "golden customers": done.counts["golden"]["all"]["customer"],
        "loaded": load["created"],
        "refused by the database's rules": load["refused"],
        "values left out while loading": sum(each["cell"] for each in runs.refusals(done.folder)),
        "pairs for a steward": tasks["reviews"],
        "gaps for the department": tasks["gaps"] + tasks["gaps_left"],
        "rows that became no customer of their own (merged)": proof["merged"],
        "cells compared with the source afterwards": proof["sampled_cells"],
        "of these differing": proof["differing"],
        "errors in the proof (counts that do not add up, broken links)": proof["errors"],
    }
    return table(["", "number"], [[says, f"{count:,}"] for says, count in lines.items()])


def _mapping(done: Done, plan: Plan) -> str:
    (found,) = intake.mappings_of(done.folder, plan.sources[0]).values()
    lines = [
        [f"`{each.column}`", each.path or "(left out)", f"{each.confidence:.2f}"] for each in found.columns
    ]
    return table(["column", "field", "confidence"], lines, texts=2)


def _verdicts(done: Done, plan: Plan) -> str:
    """Count the verdicts of every field, over all rows that differ in what they say."""
    (mentions,) = intake.standard_frames(done.folder, plan.sources[0], "mentions")
    verdicts = [name for name in mentions.columns if name.endswith("__verdict")]
    lines = []
    for name in verdicts:
        counts = dict(mentions[name].value_counts().iter_rows())
        lines.append([name.removesuffix("__verdict"), *(f"{counts.get(each, 0):,}" for each in VERDICTS)])
    return table(["field", *VERDICTS], lines)


def _reasons(changes: pl.DataFrame) -> str:
    said = _sentences()
    counted = changes.group_by("target", "verdict", "reason").len().sort("target", "verdict", "len", "reason")
    lines = [
        [target.partition(".")[2], verdict, said.get(reason, reason), f"{count:,}"]
        for target, verdict, reason, count in counted.iter_rows()
    ]
    return table(["field", "verdict", "why", "cells"], lines, texts=3)


def _sentences() -> Mapping[str, str]:
    every = {**SHARED, **OWN_REASONS}
    for standard in STANDARDS.values():
        every |= standard.reasons
    return {
        name: message.template.replace(": {note}", "").replace("{note}", "…")
        for name, message in every.items()
    }


def _matching(done: Done) -> str:
    summary = done.folder.read_json("match", "summary")
    pairs = done.folder.read_frame("match", "pairs")
    ruled = pairs.group_by("decision", "rule").len().sort("decision", "rule")
    lines: list[Sequence[Any]] = [["pairs compared", "", f"{summary['candidate_pairs']:,}"]]
    lines += [[decision, rule, f"{count:,}"] for decision, rule, count in ruled.iter_rows()]
    joined = pairs.filter(pl.col("decision") == "join").height
    return "\n".join(
        [
            table(["decision", "rule", "pairs"], lines, texts=2),
            "",
            f"{joined} joins: the register hardly holds a company twice. Pairs that nothing speaks for are not listed.",
        ]
    )


def _seconds(done: Done) -> str:
    lines = [[stage, f"{done.seconds.get(stage, 0.0):.1f}"] for stage in STAGES]
    rows = _only(done.counts["read"])["rows"]
    lines.append(["**all**", f"**{done.whole:.1f}** ({rows / done.whole:,.0f} rows/s)"])
    return table(["stage", "seconds"], lines)


def _only(counts: Mapping[str, Any]) -> Any:
    """Return the counts of the one source, object or part there is."""
    (found,) = counts.values()
    return found
