"""How quickly records are saved, beside plain COPY and beside one record at a time, in one run.

    python benchmarks/load.py            10,000 and 100,000 rows
    python benchmarks/load.py --large    also 1,000,000 rows

Customers of twelve filled columns, 10,000 per transaction, with journal and search entries. The plain COPY fills an
equal table with equal indexes from texts that are ready, with neither checks nor journal nor search. Writes
benchmarks/load.md.
"""

import argparse
import os
import random
import shutil
import tempfile
import time
from pathlib import Path

import psutil

from guanxi.customisation import structure
from guanxi.identity.actor import SYSTEM
from guanxi.packs.loading import shipped_packs
from guanxi.records import bulk, writing
from guanxi.store.copying import Column, copy_columns
from guanxi.store.databases import create_database
from guanxi.store.embedded import acquire
from guanxi.store.transactions import Store

HERE = Path(__file__).resolve().parent
ROWS_PER_TRANSACTION = 10_000
ONE_BY_ONE = 500
HEAD = "| rows | bulk.save rows/s | plain COPY rows/s | times COPY | one by one rows/s | times one by one | MB peak |"
RULE = "|---:|---:|---:|---:|---:|---:|---:|"
PLACES = (
    ("浙江省", "杭州市", "西湖区", "文三路"),
    ("江苏省", "苏州市", "虎丘区", "珠江路"),
    ("广东省", "深圳市", "南山区", "科技路"),
    ("四川省", "成都市", "武侯区", "天府路"),
)
SIGNS = "华云帆星辰海天宏图博远嘉恒泰瑞丰盛隆兴业达通利安康明德信诚和顺捷锐科创新力源润泽金鼎"
TRADES = ("机械", "电子", "贸易", "化工", "物流", "软件", "食品", "纺织")
FAMILIES = "王李张刘陈杨黄赵周吴"


def customers(count: int, first: int) -> dict[str, list[str]]:
    """Return *count* invented customers by column; *first* numbers them and seeds their values."""
    chance = random.Random(first)
    places = [chance.choice(PLACES) for _ in range(count)]
    return {
        "name": [
            f"{city[:-1]}{''.join(chance.choices(SIGNS, k=3))}{chance.choice(TRADES)}有限公司"
            for _, city, _, _ in places
        ],
        "kind": ["企业客户"] * count,
        "contact_name": [chance.choice(FAMILIES) + "".join(chance.choices(SIGNS, k=2)) for _ in places],
        "contact_title": [chance.choice(("采购经理", "总经理", "财务主管")) for _ in places],
        "mobile": [f"13{chance.randrange(10**9):09d}" for _ in places],
        "phone": [f"0571-8{chance.randrange(10**7):07d}" for _ in places],
        "email": [f"user{first + at}@example{chance.randrange(500)}.com" for at in range(count)],
        "address": [f"{'-'.join(place)}{chance.randrange(1, 999)}号" for place in places],
        "level": [chance.choice("ABCD") for _ in places],
        "total_amount": [f"{chance.randrange(10**6)}.{chance.randrange(100):02d}" for _ in places],
        "last_order_on": [f"20{chance.randrange(20, 25)}-{chance.randrange(1, 13):02d}-15" for _ in places],
        "former_number": [f"K{first + at:07d}" for at in range(count)],
    }


def measure(store: Store, rows: int) -> str:
    """Return one line of the table."""
    saved, peak = _saved(store, rows)
    copied = _copied(store, rows)
    single = _one_by_one(store)
    return (
        f"| {rows:,} | {rows / saved:,.0f} | {rows / copied:,.0f} | {saved / copied:.1f} | {single:,.0f} "
        f"| {rows / saved / single:.0f} | {peak:,.0f} |"
    )


def _saved(store: Store, rows: int) -> tuple[float, float]:
    """Return the seconds `bulk.save` took, and the peak memory of this process in MB."""
    seconds, peak = 0.0, 0.0
    for first in range(0, rows, ROWS_PER_TRANSACTION):
        given = customers(min(ROWS_PER_TRANSACTION, rows - first), first)
        begin = time.perf_counter()
        with store.transaction("benchmark") as tx:
            receipt = bulk.save(tx, SYSTEM, "customer", given)
        seconds += time.perf_counter() - begin
        assert not receipt.refused
        peak = max(peak, psutil.Process().memory_info().rss / 1e6)
    return seconds, peak


def _copied(store: Store, rows: int) -> float:
    """Return the seconds COPY takes for the same rows, as they stand in the table, into an equal one."""
    seconds = 0.0
    with store.transaction("benchmark") as tx:
        run = tx.connection.exec_driver_sql
        run("DROP TABLE IF EXISTS public.plain")
        run("CREATE TABLE public.plain (LIKE crm.customer INCLUDING ALL)")
        names = list(run("SELECT * FROM crm.customer LIMIT 0").keys())
        last = run("SELECT coalesce(max(id), 0) FROM crm.customer").scalar_one()
        texts = ", ".join(f'"{name}"::text' for name in names)
        oldest = run(
            f"SELECT min(id) FROM (SELECT id FROM crm.customer ORDER BY id DESC LIMIT {rows}) t"
        ).scalar()
    for begin in range(oldest, last + 1, ROWS_PER_TRANSACTION):
        with store.transaction("benchmark") as tx:
            end = begin + ROWS_PER_TRANSACTION
            held = tx.connection.exec_driver_sql(
                f"SELECT {texts} FROM crm.customer WHERE id >= {begin} AND id < {end}"
            ).all()
            if not held:
                continue
            columns = [
                Column(name, "text", list(values))
                for name, values in zip(names, zip(*held, strict=True), strict=True)
            ]
            started = time.perf_counter()
            copy_columns(tx, "public.plain", columns)
            seconds += time.perf_counter() - started
    return seconds


def _one_by_one(store: Store) -> float:
    """Return how many records per second the single door saves, each in a transaction of its own."""
    given = customers(ONE_BY_ONE, 90_000_000)
    begin = time.perf_counter()
    for at in range(ONE_BY_ONE):
        with store.transaction("benchmark") as tx:
            writing.create(tx, SYSTEM, "customer", {name: column[at] for name, column in given.items()})
    return ONE_BY_ONE / (time.perf_counter() - begin)


def main(large: bool) -> str:
    """Measure, write benchmarks/load.md and return it."""
    home = Path(tempfile.mkdtemp(prefix="guanxi-benchmark-"))
    lines = [_on_a_fresh_database(home, rows) for rows in (10_000, 100_000, *((1_000_000,) if large else ()))]
    shutil.rmtree(home, ignore_errors=True)
    text = "\n".join(
        [
            "# Saving records",
            "",
            "Customers of twelve filled columns, 10,000 per transaction, with checks, journal and search entries,",
            "beside plain COPY of the same rows into an equal table with equal indexes, and beside one record per",
            f"transaction ({ONE_BY_ONE} of them). Built-in PostgreSQL, crash-safe. Made by `benchmarks/load.py`.",
            "",
            HEAD,
            RULE,
            *lines,
            "",
            f"Load of the machine at the end: {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors.",
            "",
        ]
    )
    (HERE / "load.md").write_text(text, encoding="utf-8")
    return text


def _on_a_fresh_database(home: Path, rows: int) -> str:
    with acquire(home) as lease:
        name = f"load_{rows}"
        create_database(lease.url(), name)
        store = Store(lease.url(name), pool_size=2)
        store.prepare()
        packs = shipped_packs()
        with store.transaction("benchmark") as tx:
            objects = [each for pack in packs for each in pack.objects]
            structure.apply(tx, SYSTEM, objects, [role for pack in packs for role in pack.roles])
        line = measure(store, rows)
        store.close()
        return line


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--large", action="store_true")
    print(main(parser.parse_args().large))
