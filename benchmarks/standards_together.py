"""A table of ten dirty columns brought to standard on all cores: read, judged, written, each told apart."""

import json
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

os.environ["POLARS_MAX_THREADS"] = str(os.cpu_count() or 1)

import polars as pl
from benchmarks.standards import make
from benchmarks.tables import table

from guanxi.integration.standards import STANDARDS

WARM_UP_ROWS = 1000
Steps = dict[str, tuple[float, float]]
"""What was done, with its seconds by the clock and of the processor."""


def measure(rows: int) -> str:
    """Return what each step took, as Markdown; each is done once, as in a run."""
    made = make(rows)
    _judged(made.head(WARM_UP_ROWS))
    steps: Steps = {}
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder) / "rows.csv", Path(folder) / "rows.parquet"
        made.write_csv(source)
        with _timed(steps, "plain Polars scan of the CSV file, all columns as text"):
            read = pl.scan_csv(source, infer_schema=False).collect()
        with _timed(steps, f"{read.width} columns judged: value, verdict, reason, note"):
            judged = _judged(read)
        with _timed(steps, "written as Parquet"):
            judged.write_parquet(target, compression="zstd", compression_level=1)
    wall, spent = (sum(each) for each in zip(*steps.values(), strict=True))
    return _page(rows, {**steps, "**all**": (wall, spent)})


def _judged(frame: pl.DataFrame) -> pl.DataFrame:
    """Return what the standards say of every column, two columns at once as in a run."""
    with ThreadPoolExecutor(2) as threads:
        judged = threads.map(lambda name: STANDARDS[name].apply(frame[name]).to_struct(name), frame.columns)
        return pl.DataFrame(list(judged))


@contextmanager
def _timed(steps: Steps, says: str) -> Iterator[None]:
    clock, spent = time.perf_counter(), time.process_time()
    yield
    steps[says] = (time.perf_counter() - clock, time.process_time() - spent)


def _page(rows: int, steps: Steps) -> str:
    head = [f"{rows:,} rows, {os.environ['POLARS_MAX_THREADS']} threads", "seconds"]
    lines = [
        [says, f"{wall:.2f}", f"{spent:.2f}", f"{rows / wall:,.0f}"] for says, (wall, spent) in steps.items()
    ]
    return table([*head, "of the processor", "rows/s"], lines)


if __name__ == "__main__":
    print(json.dumps(measure(int(sys.argv[1]))))
