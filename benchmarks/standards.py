"""How many rows a second the data standards bring to order, beside a plain Polars scan of the same file.

The rows are made here: spellings met in tables, with numbers drawn by a seeded
generator. Column by column, seconds are those of the processor: one core does the work, whatever else the
machine does. All columns together are measured on all cores, in a process of its own.
"""

import json
import os
import random
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

os.environ.setdefault("POLARS_MAX_THREADS", "1")

import polars as pl
from benchmarks.dirty_customers import checked_codes
from benchmarks.tables import measured_in_own_process

from guanxi.integration.standards import STANDARDS
from guanxi.integration.standards.company_parts import name_parts

ROWS, LARGE = 200_000, 1_000_000
TOGETHER = ("mobile", "email", "date")
COLUMNS = {
    "mobile": [
        "13{n:09}",
        "+86 13{n:09}",
        "13{n:09}.0",
        "138-{a:04}-{b:04}",
        "１３{n:09}",
        "13{n:09}/13{n:09}",
    ],
    "email": [
        "user{n}@163.com",
        "User{n}@Example.COM",
        "user{n}＠qq.com",
        "user{n}@gmial.com",
        "张三 <u{n}@sina.com>",
    ],
    "date": ["2024-{m:02}-{d:02}", "2024/{m}/{d}", "2024.{m}.{d}", "2024{m:02}{d:02}", "2024年{m}月{d}日"],
    "address": [
        *[
            "浙江省杭州市萧山区金城路{n}号",
            "杭州萧山金城路{n}号",
            "宁波市江东区百丈路{n}号",
            "北京朝阳建国路{n}号",
        ],
        *["上海市浦东新区张江路{n}号", "广东省-深圳市-南山区-科技园{n}栋", "江苏苏州昆山市花桥镇{n}号"],
    ],
    "company_name": [
        *["杭州{n}科技有限公司", "华联{n}(上海)贸易有限公司", "宁波市第{n}机械厂", "深圳萬科{n}有限公司"],
        "苏州{n}电子有限公司第二分公司",
    ],
    "money": ["{n}", "￥{n}.50", "{n}万元", "1,{n3:03}(万元人民币)", "USD {n}"],
    "industry": ["批发业", "F52", "3011", "卖衣服的", "软件开发", "餐饮"],
}
COLUMNS["credit_code"] = ["{c}", "{c}", "{c}", "税号：{c}", "{c}X", "3301002{a:04}{b:04}"]
COLUMNS["person_name"] = ["{f}", "{f}", "{f}", "{f}经理", "{f}（采购）", "{f} 13{n:09}"]
COLUMNS["phone"] = [
    *["13{n:09}", "0571-8{n7:07}", "(0571)8{n7:07}", "021 5{n7:07}", "+86-10-6{n7:07}"],
    "0571-8{n7:07}转{d}",
]
_FAMILIES, _GIVEN = "王李张刘陈杨赵黄周吴", "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华慧建文林雪"
COLUMNS["date"] += ["45{n3:03}", "{m}/{d}/2024", "{d:02}-May-2024", "2024-{m:02}-{d:02} 10:30"]


def make(rows: int) -> pl.DataFrame:
    """Return *rows* rows of dirty text, the same on every run."""
    chance = random.Random(20240521)
    numbers = [chance.randrange(10**9) for _ in range(rows)]
    codes = checked_codes(pl.Series([f"91330100{n:09}0" for n in numbers])).to_list()
    return pl.DataFrame(
        {
            name: [_fill(forms[n % len(forms)], n, code) for n, code in zip(numbers, codes, strict=True)]
            for name, forms in COLUMNS.items()
        }
    )


def _fill(form: str, n: int, code: str) -> str:
    return form.format(
        n=n,
        a=n % 10_000,
        b=n // 10_000 % 10_000,
        n3=n % 1000,
        n7=n % 10**7,
        m=n % 12 + 1,
        d=n % 28 + 1,
        c=code,
        f=_FAMILIES[n // 7 % 10] + _GIVEN[n // 70 % len(_GIVEN)] + _GIVEN[n // 2100 % len(_GIVEN)],
    )


def best(work: Callable[[], object], times: int = 3) -> float:
    """Return the shortest of some runs, in seconds of the processor."""
    taken = []
    for _ in range(times):
        start = time.process_time()
        work()
        taken.append(time.process_time() - start)
    return min(taken)


def measure(rows: int) -> list[tuple[str, float]]:
    """Return what was done and how long it took."""
    frame = make(rows)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "rows.csv"
        frame.write_csv(path)
        scan = best(lambda: pl.scan_csv(path, infer_schema=False).collect())
    found = [("plain Polars scan of the file, all columns as text", scan)]
    found.append(
        (" + ".join(TOGETHER), best(lambda: [STANDARDS[name].apply(frame[name]) for name in TOGETHER]))
    )
    found += [(name, best(lambda name=name: STANDARDS[name].apply(frame[name]))) for name in COLUMNS]
    names = STANDARDS["company_name"].apply(frame["company_name"])["value"]
    found.append(("parts of company names", best(lambda: name_parts(names))))
    return found


def table(rows: int, found: list[tuple[str, float]]) -> str:
    """Return the figures as Markdown."""
    plain = found[0][1]
    lines = [
        f"| {rows:,} rows, {os.environ['POLARS_MAX_THREADS']} thread | seconds | rows/s | times the plain scan |",
        "|---|---|---|---|",
    ]
    lines += [
        f"| {what} | {seconds:.2f} | {rows / seconds:,.0f} | {seconds / plain:.0f} |"
        for what, seconds in found
    ]
    return "\n".join(lines) + "\n"


def main(large: bool) -> str:
    """Measure each column on one thread and all together on all cores; return the page."""
    rows = LARGE if large else ROWS
    together = json.loads(measured_in_own_process("benchmarks.standards_together", str(rows)))
    return "\n".join(
        [
            "# Data standards",
            "",
            "## One column after the other, on one thread",
            "",
            table(rows, measure(rows)),
            "## All columns, on all cores",
            "",
            "The clock runs on while other work on the machine has the cores; the processor's seconds do not.",
            "",
            together,
            "",
        ]
    )
