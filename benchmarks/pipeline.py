"""From a file to golden records: rows a second per stage, beside plain COPY and beside saving one by one."""

import json
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks.dirty_customers import write_customers
from benchmarks.running import STAGES, Done, guanxi, integrate, source_file
from benchmarks.tables import measured_in_own_process, table

from guanxi.app import Guanxi
from guanxi.identity.actor import SYSTEM
from guanxi.integration.plans import plan_from
from guanxi.records import reading, writing
from guanxi.records.reading import Asked

ROWS = (10_000, 100_000)
LARGE = 1_000_000
ONE_BY_ONE = 500


def main(large: bool) -> str:
    """Measure every size in a process of its own; return the page."""
    sizes = [*ROWS, *([LARGE] if large else [])]
    found = [json.loads(measured_in_own_process("benchmarks.pipeline", str(rows))) for rows in sizes]
    return "\n".join(
        [
            "# From a file to golden records",
            "",
            "One invented but dirty CSV (`dirty_customers.py`, 28 % damaged copies) goes the whole way: read,",
            "profiled, mapped, brought to standard, matched, merged, a pilot of 10 % loaded, then the rest, tasks",
            "handed out, the result verified. Every record has its line in the journal and its search entry.",
            "",
            "## Seconds per stage",
            "",
            _stages(found),
            "",
            "## Loading beside plain COPY and beside one by one",
            "",
            "*Plain COPY*: the same golden records into an equal table with the same indexes and nothing else: no",
            "rules, no journal, no search, no crosswalk. *COPY of all three*: records, journal and search entries,",
            f"each into an equal table. *One by one*: {ONE_BY_ONE} of the same records through the single-record door,",
            "a transaction each.",
            "",
            _loading(found),
            "",
        ]
    )


def _stages(found: list[dict[str, Any]]) -> str:
    head = ["", *(f"{each['rows']:,} rows" for each in found)]
    lines = [
        [stage, *(_pace(each["seconds"].get(stage, 0.0), each["rows"]) for each in found)] for stage in STAGES
    ]
    lines.append(["**all**", *(f"**{_pace(each['whole'], each['rows'])}**" for each in found)])
    lines.append(["golden customers", *(f"{each['golden']:,}" for each in found)])
    lines.append(["peak memory, program and database", *(f"{each['peak_gib']:.2f} GiB" for each in found)])
    return table(head, lines)


def _loading(found: list[dict[str, Any]]) -> str:
    head = ["", *(f"{each['rows']:,} rows" for each in found)]
    ways = {
        "load": "the pipeline's load (records, journal, search, crosswalk)",
        "copy": "plain COPY",
        "copy_all": "COPY of all three",
        "one_by_one": "one by one",
    }
    lines = [[says, *(f"{each[way]:,.0f} records/s" for each in found)] for way, says in ways.items()]
    lines.append(["load : plain COPY, cost", *(f"{each['copy'] / each['load']:.1f}" for each in found)])
    lines.append(
        ["load : COPY of all three, cost", *(f"{each['copy_all'] / each['load']:.1f}" for each in found)]
    )
    lines.append(["one by one : load, cost", *(f"{each['load'] / each['one_by_one']:.0f}" for each in found)])
    return table(head, lines)


def _pace(seconds: float, rows: int) -> str:
    return f"{seconds:.1f} s ({rows / seconds:,.0f}/s)" if seconds >= 0.05 else f"{seconds:.2f} s"


def measure(rows: int) -> dict[str, Any]:
    """Bring *rows* in and measure everything beside it in the same run."""
    with tempfile.TemporaryDirectory() as folder, guanxi() as opened:
        write_customers(rows, Path(folder) / "customers.csv")
        plan = plan_from(
            {"name": "bench", "source": [source_file(Path(folder), "customers.csv")]}, folder=Path(folder)
        )
        done = integrate(opened, plan)
        return {
            "rows": rows,
            "seconds": done.seconds,
            "whole": done.whole,
            "peak_gib": done.peak_bytes / 2**30,
            "golden": done.counts["golden"]["all"]["customer"],
            **_beside(opened, done),
        }


def _beside(opened: Guanxi, done: Done) -> dict[str, float]:
    """Return records a second of each way to save the same golden records."""
    golden = done.counts["golden"]["all"]["customer"]
    copied = {
        name: _copy_seconds(opened, name)
        for name in ("crm.customer", "guanxi.journal", "guanxi.search_entry")
    }
    return {
        "load": golden / done.seconds["load"],
        "copy": golden / copied["crm.customer"],
        "copy_all": golden / sum(copied.values()),
        "one_by_one": _one_by_one(opened),
    }


def _copy_seconds(opened: Guanxi, name: str) -> float:
    """Return the seconds COPY needs to fill a table like *name*, its indexes included, with the same rows."""
    with opened.store.transaction("bench") as tx:
        driver = tx.connection.connection.driver_connection
        tx.connection.exec_driver_sql(
            f"CREATE TABLE public.beside (LIKE {name} INCLUDING ALL EXCLUDING IDENTITY)"
        )
        with tempfile.TemporaryFile() as file, driver.cursor() as cursor:
            with cursor.copy(f"COPY (SELECT * FROM {name}) TO STDOUT (FORMAT binary)") as rows:
                for piece in rows:
                    file.write(piece)
            file.seek(0)
            started = time.perf_counter()
            with cursor.copy("COPY public.beside FROM STDIN (FORMAT binary)") as into:
                while piece := file.read(1 << 20):
                    into.write(piece)
            seconds = time.perf_counter() - started
        tx.connection.exec_driver_sql("DROP TABLE public.beside")
    return seconds


def _one_by_one(opened: Guanxi) -> float:
    """Return how many records a second the single-record door saves, a transaction each."""
    with opened.store.transaction("bench") as tx:
        fields = tuple(
            each.name for each in tx.catalog.object("customer").live_fields if each.type != "auto_number"
        )
        found = reading.find(tx, SYSTEM, Asked(object="customer", fields=fields, limit=ONE_BY_ONE)).records
    started = time.perf_counter()
    for each in found:
        with opened.store.transaction("bench") as tx:
            given = {name: value for name, value in each.values.items() if value is not None}
            writing.create(tx, SYSTEM, "customer", given)
    return len(found) / (time.perf_counter() - started)


if __name__ == "__main__":
    print(json.dumps(measure(int(sys.argv[1]))))
