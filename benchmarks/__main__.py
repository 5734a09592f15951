"""Run every benchmark, each in a process of its own, and rewrite its table and the index.

    python -m benchmarks [--large] [name ...]

A benchmark is a module with ``main(large: bool) -> str``, which returns its page in Markdown.
"""

import argparse
import importlib
import os
import platform
import subprocess
import sys
import tempfile
import time
from importlib.metadata import version
from pathlib import Path

import psutil
from benchmarks.tables import table

HERE = Path(__file__).resolve().parent
BENCHMARKS = {
    "reading": "a ledger as .xlsx and as CSV, beside what libraries alone need to bring it into memory",
    "standards": "values brought to standard, beside a plain scan of the same file",
    "matching": "precision, recall and speed on labelled sets, beside Splink's own models",
    "load": "saving many records at once, beside plain COPY and one by one",
    "pipeline": "from a file to golden records, stage by stage",
    "pages": "waiting for pages and searches, with few customers and with many",
    "registry": "20,313 real companies brought in: what was read, changed, joined, refused and why",
}
PARTS = ("polars", "duckdb", "splink", "sqlalchemy", "psycopg", "dbos", "rapidfuzz")
REMARKS = """\
How to read these pages: they are what the scripts printed, on the machine below, with nothing chosen afterwards;
a page whose figures come from more than one run says so in its last lines. It is a small machine, shared with
other work: the load beside each name says how busy it was, and a busy machine stretches every second, ours and
those of the yardsticks. So the yardsticks (plain COPY, a plain scan, Splink's own model, saving one by one) run
in the same job, one after the other, and the ratios carry further than the seconds; but in a job of many minutes
the load may change between the two, and then they are rough as well. Invented customers flatter matching: their
names collide less cleverly than real ones; the registry holds real companies, but hardly any of them twice."""


def main() -> None:
    """Read the arguments, run what they name (all when none is named), write the pages."""
    parser = argparse.ArgumentParser(description=__doc__, prog="python -m benchmarks")
    parser.add_argument("--large", action="store_true", help="also one million rows")
    parser.add_argument("--here", metavar="name into", nargs=2, help=argparse.SUPPRESS)
    parser.add_argument("names", nargs="*", metavar="name", help=", ".join(BENCHMARKS))
    given = parser.parse_args()
    if unknown := set(given.names) - set(BENCHMARKS):
        parser.error(f"unknown: {', '.join(sorted(unknown))}; known: {', '.join(BENCHMARKS)}")
    if given.here:
        name, into = given.here
        Path(into).write_text(
            importlib.import_module(f"benchmarks.{name}").main(given.large), encoding="utf-8"
        )
        return
    failed = [name for name in given.names or BENCHMARKS if not _rewritten(name, given.large)]
    (HERE / "README.md").write_text(_index(), encoding="utf-8")
    if failed:
        sys.exit(f"not measured: {', '.join(failed)}")


def _rewritten(name: str, large: bool) -> bool:
    """Run one benchmark and write its page; tell whether it came to its end. The old page stays otherwise."""
    print(f"{name} …", end=" ", flush=True)
    started, large_too = time.monotonic(), ["--large"] if large else []
    with tempfile.TemporaryDirectory() as folder:
        page = Path(folder) / "page.md"
        command = [sys.executable, "-m", "benchmarks", *large_too, "--here", name, str(page)]
        done = subprocess.run(command, cwd=HERE.parent, check=False)
        if done.returncode:
            print("failed")
            return False
        (HERE / f"{name}.md").write_text(
            page.read_text(encoding="utf-8").rstrip() + _foot(name, large), "utf-8"
        )
    print(f"{time.monotonic() - started:.0f} s")
    return True


def _foot(name: str, large: bool) -> str:
    command = f"python -m benchmarks {'--large ' if large else ''}{name}"
    return f"\n\n*`{command}`; load of the machine at the end: {os.getloadavg()[0]:.1f}.*\n"


def _index() -> str:
    """Return the index: what is measured, on which machine, and how to read it."""
    pages = [(name, says) for name, says in BENCHMARKS.items() if (HERE / f"{name}.md").exists()]
    return "\n".join(
        [
            "# Benchmarks",
            "",
            "`make bench` runs them all, `make bench-large` also with 1,000,000 rows.",
            "",
            table(
                ["page", "what it measures"],
                [[f"[{name}]({name}.md)", says] for name, says in pages],
                texts=2,
            ),
            "",
            REMARKS,
            "",
            table(["machine of the last run", ""], _machine(), texts=2),
            "",
        ]
    )


def _machine() -> list[list[object]]:
    memory = psutil.virtual_memory().total / 2**30
    return [
        ["cores", os.cpu_count() or 1],
        ["memory", f"{memory:.0f} GiB"],
        ["system", f"{platform.system()} {platform.machine()}"],
        ["Python", platform.python_version()],
        ["database", "PostgreSQL 18, built in, on the same machine"],
        *([name, version(name)] for name in PARTS),
    ]


if __name__ == "__main__":
    main()
