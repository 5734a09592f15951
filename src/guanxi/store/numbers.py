"""Series of numbers that the system gives: sequences, so that whoever saves waits for nobody.

A number is never given twice. One that was drawn for a record which was not saved after all is missing from then on.
"""

import hashlib

import sqlalchemy as sa

from guanxi.store.tables import system
from guanxi.store.transactions import Transaction

_GATE = 20_418
"""Keeps the lock of whoever begins a series apart from other locks of the database."""


def next_numbers(tx: Transaction, object_name: str, field: str, period: str, count: int) -> list[int]:
    """Return *count* rising numbers of a series; a series starts at 1 in each period."""
    name = f"{system.schema}.{sequence_name(object_name, field, period)}"
    if not _is_there(tx, name):
        _begin(tx, name, f"{object_name}.{field} {period}")
    drawn = "SELECT nextval(CAST(:name AS regclass)) FROM generate_series(1, :count)"
    return list(tx.connection.execute(sa.text(drawn), {"name": name, "count": count}).scalars())


def sequence_name(object_name: str, field: str, period: str) -> str:
    """Return what the sequence of a series is called; its comment says whose it is."""
    return "series_" + hashlib.sha256(f"{object_name}/{field}/{period}".encode()).hexdigest()[:32]


def _is_there(tx: Transaction, name: str) -> bool:
    return tx.connection.execute(sa.select(sa.func.to_regclass(name))).scalar() is not None


def _begin(tx: Transaction, name: str, whose: str) -> None:
    """Make the sequence, unless another one, whom this waits for, has just done so."""
    tx.connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_GATE, 0)))
    tx.connection.execute(sa.text(f"CREATE SEQUENCE IF NOT EXISTS {name}"))
    told = sa.literal(whose).compile(dialect=tx.connection.dialect, compile_kwargs={"literal_binds": True})
    tx.connection.exec_driver_sql(f"COMMENT ON SEQUENCE {name} IS {told}")
