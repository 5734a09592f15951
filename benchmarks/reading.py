"""How long a ledger of ten columns takes to be read, as .xlsx and as CSV, beside what libraries alone need for it.

Reading here is all of it: the file is judged safe, header, encoding and separator are found, every cell becomes the
text a person saw, bad rows are set aside with their numbers, the rest is stored as Parquet with checksums. The
yardsticks only bring the file into memory.
"""

import json
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import polars as pl
from benchmarks.synthetic_customers import make_customers
from benchmarks.tables import measured_in_own_process, table
from python_calamine import CalamineWorkbook

from guanxi.integration.sources import SOURCE_KINDS, kind_for

ROWS, LARGE = 200_000, 1_000_000
TIMES = 3
REMARK = (
    f"Each figure is the smallest of {TIMES} processes; the memory is that of a whole process, of which Python and its "
    "libraries hold about 130 MiB before anything is read. Where a CSV has quotation marks, a line need not be a row, "
    "and each row is looked at on its own."
)
HEAD = ("file", "read by", "MB", "seconds", "CPU seconds", "rows/s", "peak MiB")


def ledger(rows: int) -> pl.DataFrame:
    """Return what a person would type: texts, telephones and amounts as numbers, dates as dates, gaps."""
    chance = np.random.default_rng(11)
    known = make_customers(rows, seed=11)
    days = pl.Series(chance.integers(16_000, 20_000, rows), dtype=pl.Int32).cast(pl.Date)
    frame = known.select(
        pl.format("KH{}", pl.col("id").cast(pl.String).str.zfill(7)).alias("客户编号"),
        pl.col("name").alias("客户名称"),
        pl.col("person").alias("联系人"),
        pl.col("mobile").cast(pl.Int64, strict=False).alias("手机"),
        pl.col("email").alias("电子邮箱"),
        pl.col("credit_code").alias("统一社会信用代码"),
        days.alias("签约日期"),
        pl.Series(chance.integers(1, 10**8, rows) / 100).alias("金额"),
        pl.concat_str("province", "city", "district", "address", ignore_nulls=True).alias("地址"),
        pl.Series(chance.choice(["跟进中", "已签约，待回款", "老客户介绍", None], rows)).alias("备注"),
    )
    return frame.with_columns(pl.col(pl.String).replace("", None))  # or a CSV of them has quotation marks


def read_by_guanxi(path: Path) -> int:
    """Read the file as a run does; return its rows."""
    kind = SOURCE_KINDS[kind_for(path)]
    with tempfile.TemporaryDirectory() as into:
        return kind.read(kind.options({"path": str(path)}), Path(into)).tables[0].rows


GUANXI, LISTS, SCAN = "Guanxi", "python-calamine alone, to lists", "Polars alone (`scan_csv`, all text)"
ALONE = "Polars alone (`read_excel`, calamine)"
WAYS: dict[str, Callable[[Path], int]] = {
    GUANXI: read_by_guanxi,
    ALONE: lambda path: pl.read_excel(path, engine="calamine").height,
    LISTS: lambda path: len(CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()) - 1,
    SCAN: lambda path: pl.scan_csv(path, infer_schema=False).collect().height,
}

WORKBOOK, PLAIN, CHINESE, QUOTED = (
    ".xlsx",
    "CSV, UTF-8",
    "CSV, GB18030",
    "CSV, UTF-8, texts in quotation marks",
)
FORMS = {
    WORKBOOK: (GUANXI, LISTS, ALONE),
    PLAIN: (GUANXI, SCAN),
    CHINESE: (GUANXI,),
    QUOTED: (GUANXI, SCAN),
}


def main(large: bool) -> str:
    """Measure every way of every file, each in a process of its own, and return the page."""
    with tempfile.TemporaryDirectory(prefix="guanxi-reading-") as folder:
        lines = [*_lines(Path(folder), ROWS), *(_lines(Path(folder), LARGE) if large else ())]
    return "\n\n".join(["# Reading", (__doc__ or "").strip(), table(HEAD, lines, texts=2), REMARK])


def write(form: str, rows: int, path: Path) -> None:
    """Write the ledger in one of `FORMS`."""
    frame = ledger(rows)
    if form == WORKBOOK:
        frame.write_excel(path)
    else:
        frame.write_csv(path, quote_style="non_numeric" if form == QUOTED else "necessary")
    if form == CHINESE:
        path.write_bytes(path.read_text(encoding="utf-8").encode("gb18030"))


def _lines(folder: Path, rows: int) -> Iterator[list[object]]:
    """Write the ledger in each form and yield one line per form and way; a workbook holds no million rows."""
    for form, ways in FORMS.items():
        if form == WORKBOOK and rows >= LARGE:
            continue
        path = folder / f"ledger{rows}.{'xlsx' if form == WORKBOOK else 'csv'}"
        measured_in_own_process("benchmarks.reading", "write", form, str(rows), str(path))
        for way in ways:
            yield _line(f"{form}, {rows:,} rows", way, path)


def _line(form: str, way: str, path: Path) -> list[object]:
    found = [json.loads(measured_in_own_process("benchmarks.reading", way, str(path))) for _ in range(TIMES)]
    best = {name: min(each[name] for each in found) for name in found[0]}
    return [
        form,
        way,
        f"{path.stat().st_size / 1e6:.0f}",
        f"{best['seconds']:.2f}",
        f"{best['cpu_seconds']:.2f}",
        f"{best['rows'] / best['seconds']:,.0f}",
        f"{best['peak_mib']:,.0f}",
    ]


def measure(way: str, path: Path) -> dict[str, float]:
    """Read once and return rows, seconds, those of the processor, and the peak of memory."""
    started, spent = time.perf_counter(), time.process_time()
    rows = WAYS[way](path)
    return {
        "rows": rows,
        "seconds": time.perf_counter() - started,
        "cpu_seconds": time.process_time() - spent,
        "peak_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }


def _begin(way: str, *given: str) -> None:
    if way == "write":
        form, rows, path = given
        write(form, int(rows), Path(path))
    else:
        print(json.dumps(measure(way, Path(given[0]))))


if __name__ == "__main__":
    _begin(*sys.argv[1:])
