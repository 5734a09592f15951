"""How quickly pages are answered, with a thousand customers and with many: the time of the server.

Both companies stand in one database server, each behind a site of its own in one process, and every page is asked for
in turn of the one and of the other, so that whatever else the machine does meets both alike. Time runs from the request
given to the site until its last byte; processor time is that of this process and of the connections to the database.
The bare yardstick is one SELECT of the fifty newest customers by primary key, with all their columns.
"""

import asyncio
import re
import statistics
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

import httpx
import psutil
import psycopg
from benchmarks import company
from benchmarks.tables import processor_time, table

from guanxi.settings import Settings
from guanxi.store.databases import create_database
from guanxi.store.embedded import Lease, acquire
from guanxi.store.transactions import Store
from guanxi.web.site import build_site

FEW, MANY, LARGE = 1_000, 10_000, 1_000_000
ROUNDS, WARMING = 15, 2
ADDRESS, SECRET = "http://127.0.0.1", "no secret: a benchmark alone on its machine"
HEAD = (
    *("page", "median ms", "95 % below ms", "processor ms, program", "processor ms, database"),
    *("times the wait with 1,000 customers", "times the wait for the bare SELECT"),
)
NEWEST = "SELECT * FROM crm.customer ORDER BY id DESC LIMIT 50"
FILTER = '["&",["level","any_of","A","B"],["|",["total_amount","above","500000"],["last_order_on","empty"]]]'
SEARCHES = {
    "characters of a name": "云腾",
    "characters of an address": "阳光小区",
    "a district": "市北",
    "one character": "鹤",
    "a common word": "科技",
    "what every company has": "有限公司",
    "pinyin": "yunteng",
    "initials": "ytkj",
    "the end of a telephone number": "{tail}",
    "a customer's number": "{number}",
    "two words": "杭州 电子",
    "nothing that is there": "鹤鹤鹤鹤",
}


@dataclass
class Waits:
    """What the requests for one page cost, in seconds."""

    seconds: list[float] = field(default_factory=list)
    program: float = 0.0
    database: float = 0.0

    @property
    def median(self) -> float:
        """Return the milliseconds half of the requests stay below."""
        return statistics.median(self.seconds) * 1000

    @property
    def high(self) -> float:
        """Return the milliseconds 95 % of the requests stay below."""
        return sorted(self.seconds)[int(len(self.seconds) * 0.95)] * 1000


@dataclass(frozen=True, kw_only=True)
class Company:
    """One company as its site answers for it."""

    rows: int
    client: httpx.AsyncClient
    connection: psycopg.Connection[tuple[object, ...]]
    pages: dict[str, str]
    """Name of a page -> its address."""


def main(large: bool) -> str:
    """Fill both companies, ask for every page of both; return the page."""
    rows = LARGE if large else MANY
    with tempfile.TemporaryDirectory(prefix="guanxi-pages-") as home, acquire(Path(home)) as lease:
        for each in (FEW, rows):
            filled(lease, each)
        return asyncio.run(report(lease, Path(home), rows))


def filled(lease: Lease, rows: int) -> None:
    """Make the company with so many customers."""
    create_database(lease.url(), _database(rows))
    store = Store(lease.url(_database(rows)), pool_size=2)
    company.fill(store, rows)
    store.close()


async def report(lease: Lease, home: Path, rows: int) -> str:
    """Return the page about a company that is filled."""
    async with AsyncExitStack() as stack:
        few, many = [await stack.enter_async_context(_company(lease, home, each)) for each in (FEW, rows)]
        found = {name: await _asked(few, many, name) for name in many.pages}
        bare = _bare(many)
    return "\n".join(
        [
            "# Waiting for pages",
            "",
            f"A company with {rows:,} customers (and contacts, orders, gaps, pairs to decide) beside one with {FEW:,}.",
            f"Each page was asked for {ROUNDS} times in turn; made by `benchmarks/pages.py`.",
            "",
            table(HEAD, [_line(name, few, many, bare) for name, (few, many) in found.items()]),
            "",
            f"The bare SELECT of the 50 newest customers by primary key: {bare.median:.1f} ms.",
            "",
        ]
    )


def _line(name: str, few: Waits, many: Waits, bare: Waits) -> list[str]:
    program, database = (spent / ROUNDS * 1000 for spent in (many.program, many.database))
    return [
        name,
        *(f"{each:.0f}" for each in (many.median, many.high, program, database)),
        *(f"{many.median / each.median:.1f}" for each in (few, bare)),
    ]


async def _asked(few: Company, many: Company, name: str) -> tuple[Waits, Waits]:
    """Ask both for the page *name* in turn; return what each cost."""
    found = (Waits(), Waits())
    for turn in range(WARMING + ROUNDS):
        for each, waits in zip((few, many), found, strict=True):
            await _ask(each, each.pages[name], waits if turn >= WARMING else Waits())
    return found


async def _ask(asked: Company, address: str, waits: Waits) -> None:
    program, database = time.process_time(), _spent_by_database(asked)
    started = time.perf_counter()
    answer = await asked.client.get(address)
    waits.seconds.append(time.perf_counter() - started)
    if answer.status_code != 200:
        raise SystemExit(f"{address}: {answer.status_code}")
    waits.program += time.process_time() - program
    waits.database += _spent_by_database(asked) - database


def _bare(asked: Company) -> Waits:
    waits = Waits()
    for _ in range(ROUNDS):
        started = time.perf_counter()
        asked.connection.execute(NEWEST).fetchall()
        waits.seconds.append(time.perf_counter() - started)
    return waits


def _spent_by_database(asked: Company) -> float:
    """Return the processor time of the connections to this company's database so far."""
    name = asked.connection.info.dbname
    return sum(
        processor_time(each)
        for each in psutil.Process(asked.connection.info.backend_pid).parent().children()
        if f" {name} " in " ".join(each.cmdline())
    )


@asynccontextmanager
async def _company(lease: Lease, home: Path, rows: int) -> AsyncIterator[Company]:
    url = lease.url(_database(rows))
    store = Store(url)
    site = build_site(store, Settings(home=home / _database(rows), secret=SECRET))
    with psycopg.connect(url.replace("+psycopg", "", 1), autocommit=True) as connection:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(site), base_url=ADDRESS) as client:
            await _sign_in(client)
            pages = await _pages(client, connection)
            yield Company(rows=rows, client=client, connection=connection, pages=pages)
    store.close()


async def _sign_in(client: httpx.AsyncClient) -> None:
    form = await client.get("/sign-in")
    token = re.search(r'name="csrf" value="([^"]+)"', form.text)
    given = {"csrf": token[1] if token else "", "login": company.LOGIN, "password": company.PASSWORD}
    answer = await client.post("/sign-in", data=given)
    if answer.status_code != 303:
        raise SystemExit(f"sign in: {answer.status_code}")


async def _pages(
    client: httpx.AsyncClient, connection: psycopg.Connection[tuple[object, ...]]
) -> dict[str, str]:
    """Return the addresses to ask for; what they name is looked up in the database, beyond its newest rows."""
    known = connection.execute(
        "SELECT id, number, right(mobile, 5) FROM crm.customer WHERE mobile IS NOT NULL"
        " AND id IN (SELECT customer_id FROM crm.order) ORDER BY id LIMIT 1 OFFSET 20"
    ).fetchone()
    assert known is not None
    number, told, tail = known
    first = (await client.get("/o/customer")).text
    after = re.search(r'(/o/customer\?after=[^"]+)"', first)
    return {
        "customers": "/o/customer",
        "customers, the second page": after[1].replace("&amp;", "&") if after else "",
        "customers by name": "/o/customer?sort=name",
        "customers by last order, latest first": "/o/customer?sort=-last_order_on",
        "customers recently changed": "/o/customer?view=recent",
        "customers of one level": "/o/customer?level=A",
        "customers by a filter of three rules": f"/o/customer?where={quote(FILTER)}",
        "count and totals below the list": "/o/customer/foot",
        "count and totals of one level": "/o/customer/foot?level=A",
        "a customer": f"/o/customer/{number}",
        "a customer's orders": f"/o/customer/{number}?tab=order.customer",
        "possible duplicates": "/duplicates",
        "gaps": "/gaps",
        "home": "/",
        **{
            f"customers, search: {what}": f"/o/customer?q={quote(typed.format(tail=tail, number=told))}"
            for what, typed in SEARCHES.items()
        },
        **{
            f"palette: {what}": f"/search?q={quote(SEARCHES[what].format(tail=tail, number=told))}"
            for what in ("characters of a name", "pinyin", "a common word", "the end of a telephone number")
        },
    }


def _database(rows: int) -> str:
    return f"pages_{rows}"
