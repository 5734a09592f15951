"""How quickly records are saved, beside plain COPY and beside one record at a time, in one run.

Customers of twelve filled columns, 10,000 per transaction, with checks, journal and search entries. There are two
yardsticks, both from texts that are ready, into equal tables with equal indexes, a transaction per 10,000 rows: COPY
of the records alone, which writes less than half of what saving has to write, and COPY of records, journal and search
entries, which writes the same. Each is given in seconds and in processor time, of the program and the database
together: seconds depend on what else the machine does, processor time hardly.
"""

import multiprocessing
import os
import random
import shutil
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import psutil
from benchmarks.tables import processor_time, table

from guanxi.customisation import structure
from guanxi.identity.actor import SYSTEM
from guanxi.integration.crew import MOST_MEMBERS
from guanxi.packs.loading import shipped_packs
from guanxi.records import bulk, writing
from guanxi.store.databases import create_database
from guanxi.store.embedded import acquire
from guanxi.store.transactions import Store, Transaction

ROWS_PER_TRANSACTION = 10_000
ONE_BY_ONE = 500
MEMBERS = min(os.cpu_count() or 1, MOST_MEMBERS)
RECORDS, JOURNAL, ENTRIES = "crm.customer", "guanxi.journal", "guanxi.search_entry"
HEAD = ("", "rows/s", "processor time per row", "times COPY of records", "times COPY of all three")
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


@dataclass
class Cost:
    """What a way to save cost so far: seconds, and processor time of this program and the database."""

    home: Path
    seconds: float = 0.0
    processor: float = 0.0

    @contextmanager
    def measured(self) -> Iterator[None]:
        """Add what the block costs."""
        begun, busy = time.perf_counter(), self._busy()
        yield
        self.seconds += time.perf_counter() - begun
        self.processor += self._busy() - busy

    def plus(self, other: "Cost") -> "Cost":
        """Return both costs together."""
        return Cost(self.home, self.seconds + other.seconds, self.processor + other.processor)

    def _busy(self) -> float:
        others = psutil.Process().children(recursive=True)
        database = _database(self.home)
        mine = [each for each in others if each not in database]
        return time.process_time() + sum(processor_time(each) for each in (*mine, *database))


def _database(home: Path) -> list[psutil.Process]:
    found = []
    for each in psutil.process_iter(["name", "cmdline"]):
        if each.info["name"] == "postgres" and any(str(home) in part for part in each.info["cmdline"] or ()):
            found += [each, *each.children()]
    return found


def measure(store: Store, rows: int, home: Path) -> list[list[str]]:
    """Return the lines of the table for so many rows."""
    saved = _saved(store, rows, home)
    records = _copied(store, RECORDS, home)
    everything = records.plus(_copied(store, JOURNAL, home)).plus(_copied(store, ENTRIES, home))
    together = _saved_together(store, rows, home)
    single = _one_by_one(store, home)
    ways = (
        ("bulk.save", saved, rows),
        (f"bulk.save by {MEMBERS} processes", together, rows),
        ("COPY of records", records, rows),
        ("COPY of all three", everything, rows),
        ("one by one", single, ONE_BY_ONE),
    )
    yardsticks = (records, everything)
    return [
        [
            f"{rows:,}: {way}",
            f"{count / cost.seconds:,.0f}",
            f"{cost.processor / count * 1e6:,.0f} µs",
            *(_times(cost, count, each, rows) for each in yardsticks),
        ]
        for way, cost, count in ways
    ]


def _times(cost: Cost, count: int, yardstick: Cost, rows: int) -> str:
    seconds, processor = (
        mine / count / (theirs / rows)
        for mine, theirs in ((cost.seconds, yardstick.seconds), (cost.processor, yardstick.processor))
    )
    return f"{seconds:,.1f} ({processor:,.1f} of processor time)"


def _saved(store: Store, rows: int, home: Path) -> Cost:
    cost = Cost(home)
    for first in range(0, rows, ROWS_PER_TRANSACTION):
        given = customers(min(ROWS_PER_TRANSACTION, rows - first), first)
        with cost.measured(), store.transaction("benchmark") as tx:
            receipt = bulk.save(tx, SYSTEM, "customer", given)
        assert not receipt.refused
    return cost


def _saved_together(store: Store, rows: int, home: Path) -> Cost:
    """Return what it costs when several processes save, each a transaction of its own at a time."""
    cost, size = Cost(home), min(ROWS_PER_TRANSACTION, rows // MEMBERS)
    given = [customers(size, 50_000_000 + first) for first in range(0, rows, size)]
    fresh = multiprocessing.get_context("spawn")
    opened = (store.address,)
    with ProcessPoolExecutor(MEMBERS, mp_context=fresh, initializer=_open, initargs=opened) as pool:
        # Both are there and have met the commonest characters before the clock runs, as in a long load.
        list(pool.map(_save, [customers(1_000, 70_000_000 + at) for at in range(2 * MEMBERS)]))
        with cost.measured():
            assert sum(pool.map(_save, given)) == 0
    return cost


_opened: list[Store] = []


def _open(address: str) -> None:
    _opened.append(Store(address, pool_size=1))


def _save(given: dict[str, list[str]]) -> int:
    """Save customers in a process of the pool; return how many were refused."""
    with _opened[0].transaction("benchmark") as tx:
        return len(bulk.save(tx, SYSTEM, "customer", given).refused)


def _copied(store: Store, name: str, home: Path) -> Cost:
    """Return what COPY of the rows of the table *name* costs, as they stand, into an equal one."""
    cost = Cost(home)
    with tempfile.TemporaryFile() as file:
        with store.transaction("benchmark") as tx:
            tx.connection.exec_driver_sql("DROP TABLE IF EXISTS public.plain")
            tx.connection.exec_driver_sql(
                f"CREATE TABLE public.plain (LIKE {name} INCLUDING ALL EXCLUDING IDENTITY)"
            )
            with (
                _driver(tx).cursor() as cursor,
                cursor.copy(f"COPY (SELECT * FROM {name}) TO STDOUT") as held,
            ):
                for piece in held:
                    file.write(piece)
        file.seek(0)
        while page := b"".join(islice(file, ROWS_PER_TRANSACTION)):
            with (
                cost.measured(),
                store.transaction("benchmark") as tx,
                _driver(tx).cursor() as cursor,
                cursor.copy("COPY public.plain FROM STDIN") as into,
            ):
                into.write(page)
    return cost


def _driver(tx: Transaction) -> Any:
    return tx.connection.connection.driver_connection


def _one_by_one(store: Store, home: Path) -> Cost:
    """Return what the single door costs, each record in a transaction of its own."""
    given, cost = customers(ONE_BY_ONE, 90_000_000), Cost(home)
    with cost.measured():
        for at in range(ONE_BY_ONE):
            with store.transaction("benchmark") as tx:
                writing.create(tx, SYSTEM, "customer", {name: column[at] for name, column in given.items()})
    return cost


def main(large: bool) -> str:
    """Measure every size on a fresh database; return the page."""
    home = Path(tempfile.mkdtemp(prefix="guanxi-benchmark-"))
    sizes = (10_000, 100_000, *((1_000_000,) if large else ()))
    lines = [line for rows in sizes for line in _on_a_fresh_database(home, rows)]
    shutil.rmtree(home, ignore_errors=True)
    return "\n".join(
        [
            "# Saving records",
            "",
            "Customers of twelve filled columns, 10,000 per transaction, with checks, journal and search entries,",
            "beside COPY of texts that are ready into equal tables with equal indexes: of the records alone, and of",
            f"all three tables that saving writes. One by one: {ONE_BY_ONE} records, a transaction each. Built-in",
            f"PostgreSQL, crash-safe. By {MEMBERS} processes: as the pipeline loads, into tables that hold as many",
            "rows already. Processor time is that of the program and the database together.",
            "",
            table(HEAD, lines),
            "",
        ]
    )


def _on_a_fresh_database(home: Path, rows: int) -> list[list[str]]:
    with acquire(home) as lease:
        name = f"load_{rows}"
        create_database(lease.url(), name)
        store = Store(lease.url(name), pool_size=2)
        store.prepare()
        packs = shipped_packs()
        with store.transaction("benchmark") as tx:
            objects = [each for pack in packs for each in pack.objects]
            structure.apply(tx, SYSTEM, objects, [role for pack in packs for role in pack.roles])
        lines = measure(store, rows, home)
        store.close()
        return lines
