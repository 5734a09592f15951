"""A company of any size in a fresh database: customers, their contacts and orders, gaps, pairs to decide.

The first twenty thousand customers come in through the doors everybody uses; where more are asked for (a multiple of
them), the database copies them with numbers of their own, changed a day earlier each time: pages read the same.
"""

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import polars as pl
import sqlalchemy as sa
from benchmarks.dirty_customers import checked_codes
from benchmarks.synthetic_customers import make_customers

from guanxi import app
from guanxi.identity import users
from guanxi.identity.actor import SYSTEM
from guanxi.integration.loading import OURSELVES
from guanxi.records import bulk, writing
from guanxi.store.transactions import Store, Transaction

LOGIN, PASSWORD = "bench", "correct horse battery"
ROWS_PER_TRANSACTION = 10_000
THROUGH_DOORS = 20_000
_OWN = {"id": "id + {step}", "customer_id": "customer_id + {step}", "record_id": "record_id + {step}"}
_MOVED = {
    **_OWN,
    "number": "number || '-{turn}'",
    "created_at": "created_at - {turn} * interval '1 day'",
    "updated_at": "updated_at - {turn} * interval '1 day'",
}
_COPIED = {
    "crm.customer": _MOVED,
    "crm.contact": _MOVED,
    'crm."order"': _MOVED,
    "guanxi.search_entry": _OWN,
    "guanxi.journal": {"record_id": _OWN["record_id"]},
}
"""The tables that are copied, and what of each row is not as it was."""
_NOT_COPIED = {"guanxi.journal": ("id", "xid")}
_WORDS = "CREATE INDEX ix_search_entry_tokens ON guanxi.search_entry USING gin (tokens)"
_ESTATES = ("阳光小区", "锦绣花园", "幸福小区", "滨江苑", "翠湖小区", "科技园三区", "万达广场", "恒大小区")
_DISTRICTS = ("市北区", "市南区", "城阳区", "高新区")
_LEVELS, _STAGES = "ABCD", ("new", "interested", "proposal", "won", "lost")
_DEPARTMENTS = ("销售部", "市场部", "财务部", "客服部")

Columns = dict[str, list[Any]]


def fill(store: Store, rows: int) -> None:
    """Fill the database with *rows* customers and what belongs to them, through the doors everybody uses."""
    app.prepare(store)
    with store.transaction("benchmark") as tx:
        person = users.NewUser(login=LOGIN, name="王小明", password=PASSWORD, roles=("administrator",))
        users.create(tx, SYSTEM, person)
        run = writing.create(tx, SYSTEM, "run", {"name": "benchmark", "state": "finished"})
    by_hand = min(rows, THROUGH_DOORS)
    for first, customers in _customers(by_hand):
        with store.transaction("benchmark") as tx:
            ids = _saved(tx, "customer", customers)
            _saved(tx, "contact", _contacts(ids, customers))
            _saved(tx, "order", _orders(ids, first))
            _saved(tx, "gap", _gaps(ids, customers, run))
            _saved(tx, "review", _reviews(ids, customers, run))
    with store.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        if rows > by_hand:
            _copy(connection, rows // by_hand - 1)
        connection.exec_driver_sql("VACUUM ANALYZE")


def _copy(connection: sa.Connection, times: int) -> None:
    """Put *times* copies of every customer, and of what belongs to it, beside the first."""
    run = connection.exec_driver_sql
    step = run("SELECT last_value + 1 FROM guanxi.record_id").scalar_one()
    run("DROP INDEX guanxi.ix_search_entry_tokens")
    run("SET session_replication_role = replica")  # what the links point to is copied as well
    for table, changes in _COPIED.items():
        for turn in range(1, times + 1):
            run(_copying(connection, table, changes, turn=turn, step=turn * step))
    run("SET session_replication_role = DEFAULT")
    run(f"SELECT setval('guanxi.record_id', {step * (times + 2)})")
    run(_WORDS)


def _copying(
    connection: sa.Connection, table: str, changes: Mapping[str, str], *, turn: int, step: int
) -> str:
    """Return the statement that copies the rows of the first customers in *table* once more."""
    schema, name = table.replace('"', "").split(".")
    known = sa.text(
        "SELECT column_name FROM information_schema.columns WHERE table_schema = :s AND table_name = :t"
    )
    found = connection.execute(known, {"s": schema, "t": name}).scalars().all()
    columns = [each for each in found if each not in _NOT_COPIED.get(table, ())]
    values = [changes.get(each, f'"{each}"').format(turn=turn, step=step) for each in columns]
    first = "record_id" if "record_id" in columns else "id"
    listed = ", ".join(f'"{each}"' for each in columns)
    kinds = " AND object IN ('customer', 'contact', 'order')" if "object" in columns else ""
    return (
        f"INSERT INTO {table} ({listed}) SELECT {', '.join(values)} FROM {table}"
        f" WHERE {first} < {step // turn}{kinds}"
    )


def _saved(tx: Transaction, name: str, columns: Columns) -> list[str | None]:
    receipt = bulk.save(tx, SYSTEM, name, columns)
    return [None if each is None else str(each) for each in receipt.ids]


def _customers(rows: int) -> Iterator[tuple[int, Columns]]:
    """Yield customers by column, a transaction's worth at a time, and the place of the first."""
    for first in range(0, rows, ROWS_PER_TRANSACTION):
        random = np.random.default_rng(first)
        count = min(ROWS_PER_TRANSACTION, rows - first)
        known = make_customers(count, seed=first)
        area = pl.Series(random.choice(_DISTRICTS, count))
        estate = pl.Series(random.choice(_ESTATES, count))
        district = pl.when(pl.Series(random.random(count) < 0.1)).then(area).otherwise(pl.col("district"))
        known = known.with_columns(district=district, estate=estate)
        address = pl.concat_str("province", "city", "district", "address", "estate", separator="")
        columns: Columns = {
            "name": known["name"].to_list(),
            "credit_code": checked_codes(known["credit_code"]).to_list(),
            "contact_name": known["person"].to_list(),
            "mobile": known["mobile"].to_list(),
            "email": known["email"].to_list(),
            "address": known.select(address).to_series().to_list(),
            "level": random.choice(list(_LEVELS), count).tolist(),
            "stage": random.choice(_STAGES, count).tolist(),
            "total_amount": [f"{each / 100:.2f}" for each in random.integers(0, 10**8, count)],
            "last_order_on": [f"20{20 + a}-{m:02d}-{d:02d}" for a, m, d in _days(random, count)],
        }
        yield first, columns


def _days(random: np.random.Generator, count: int) -> list[tuple[int, int, int]]:
    spans = (random.integers(*span, count).tolist() for span in ((0, 7), (1, 13), (1, 29)))
    return list(zip(*spans, strict=True))


def _contacts(ids: list[str | None], customers: Columns) -> Columns:
    """Return a contact of every second customer."""
    kept = [at for at, each in enumerate(ids) if each and at % 2 == 0 and customers["contact_name"][at]]
    return {
        "customer": [ids[at] for at in kept],
        "name": [customers["contact_name"][at] for at in kept],
        "mobile": [customers["mobile"][at] for at in kept],
        "email": [customers["email"][at] for at in kept],
    }


def _orders(ids: list[str | None], first: int) -> Columns:
    """Return orders of every fifth customer, up to nine of each."""
    kept = [(at, nth) for at, each in enumerate(ids) if each and at % 5 == 0 for nth in range(at % 10 + 1)]
    return {
        "number": [f"SO{first + at:08d}-{nth}" for at, nth in kept],
        "customer": [ids[at] for at, _ in kept],
        "ordered_on": [f"202{nth % 7}-{nth % 12 + 1:02d}-11" for _, nth in kept],
        "status": ["completed"] * len(kept),
        "amount": [f"{(first + at) % 99_991}.50" for at, _ in kept],
    }


def _gaps(ids: list[str | None], customers: Columns, run: int) -> Columns:
    """Return a gap for every customer."""
    kept = [at for at, each in enumerate(ids) if each]
    return {
        "title": [f"{customers['name'][at]}: 手机号码" for at in kept],
        "customer": [ids[at] for at in kept],
        "run": [str(run)] * len(kept),
        "field": [("mobile", "email", "industry")[at % 3] for at in kept],
        "department": [_DEPARTMENTS[at % 4] for at in kept],
        "state": [("open", "open", "given")[at % 3] for at in kept],
        "due_on": [f"2026-12-{at % 28 + 1:02d}" for at in kept],
    }


def _reviews(ids: list[str | None], customers: Columns, run: int) -> Columns:
    """Return a pair to decide for every second customer."""
    kept = [at for at, each in enumerate(ids[:-1]) if each and ids[at + 1] and at % 2 == 0]
    return {
        "title": [f"{customers['name'][at]} ↔ {customers['name'][at + 1]}" for at in kept],
        "run": [str(run)] * len(kept),
        "left": [{"name": customers["name"][at], "mobile": customers["mobile"][at]} for at in kept],
        "right": [{"name": customers["name"][at + 1], "mobile": customers["mobile"][at + 1]} for at in kept],
        "left_key": [f"{OURSELVES}|{ids[at]}" for at in kept],
        "right_key": [f"{OURSELVES}|{ids[at + 1]}" for at in kept],
        "evidence": [{"sentences": [], "evidence": []}] * len(kept),
        "probability": [f"{50 + at % 50}" for at in kept],
        "decision": [("undecided", "undecided", "join")[at % 3] for at in kept],
        "worth": [customers["total_amount"][at] for at in kept],
    }
