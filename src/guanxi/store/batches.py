"""Batches: changes that belong together, the parts they were written in, and which source row became what."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from guanxi.store.bulk import copy_rows
from guanxi.store.tables import batch, batch_part, crosswalk, journal
from guanxi.store.transactions import Transaction

_GATE = 20_417
"""Keeps the locks of batches apart from other locks of the database."""

_NAMES_AT_ONCE = 20_000


@dataclass(frozen=True)
class Crossing:
    """One row of a source and the record it became part of."""

    source: str
    source_key: str
    object: str
    record_id: int


def begin(tx: Transaction, name: str) -> int:
    """Return the id of the batch called *name*, made when it is not there yet."""
    known = named(tx, name)
    if known is not None:
        return known  # without its lock: many may write into a batch at once
    statement = insert(batch).values(name=name, started_at=tx.now)
    statement = statement.on_conflict_do_update(index_elements=["name"], set_={"name": name})
    return int(tx.connection.execute(statement.returning(batch.c.id)).scalar_one())


def named(tx: Transaction, name: str) -> int | None:
    """Return the id of the batch called *name*, None when there is none."""
    return tx.connection.execute(sa.select(batch.c.id).where(batch.c.name == name)).scalar()


def has_written(tx: Transaction, name: str) -> bool:
    """Tell whether anything was changed as part of the batch called *name*."""
    lines = sa.select(journal.c.id).join(batch, batch.c.id == journal.c.batch_id).where(batch.c.name == name)
    return bool(tx.connection.execute(sa.select(lines.exists())).scalar_one())


def part_done(tx: Transaction, part: str) -> Any:
    """Return what was written down when *part* of this batch was done; None when it was not.

    A second worker on the same part waits here until the first has committed or failed.
    """
    assert tx.batch_id is not None
    lock = sa.func.pg_advisory_xact_lock(sa.func.hashtextextended(f"{tx.batch_id}:{part}", 0))
    tx.connection.execute(sa.select(lock))
    where = (batch_part.c.batch_id == tx.batch_id, batch_part.c.part == part)
    return tx.connection.execute(sa.select(batch_part.c.receipt).where(*where)).scalar()


def finish_part(tx: Transaction, part: str, receipt: Mapping[str, Any]) -> None:
    """Write down that *part* of this batch is done, in the transaction that did it."""
    tx.connection.execute(
        sa.insert(batch_part).values(
            batch_id=tx.batch_id, part=part, receipt=dict(receipt), finished_at=tx.now
        )
    )


def enter(tx: Transaction) -> None:
    """Write into this batch until the transaction ends; whoever takes it back meanwhile waits."""
    tx.connection.execute(sa.select(sa.func.pg_advisory_xact_lock_shared(_GATE, tx.batch_id)))


def close(tx: Transaction, batch_id: int) -> None:
    """Wait until nobody writes into the batch, and let nobody begin until the transaction ends."""
    tx.connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_GATE, batch_id)))


def cross(tx: Transaction, crossings: Iterable[Crossing]) -> None:
    """Write down what source rows became; a row that is known already keeps its record."""
    tx.connection.exec_driver_sql("DROP TABLE IF EXISTS pg_temp.crossing")
    tx.connection.exec_driver_sql(
        "CREATE TEMPORARY TABLE crossing (source text, source_key text, object text, record_id bigint) "
        "ON COMMIT DROP"
    )
    rows = ((each.source, each.source_key, each.object, each.record_id) for each in crossings)
    copy_rows(
        tx,
        "pg_temp.crossing",
        ("source", "source_key", "object", "record_id"),
        ("text", "text", "text", "bigint"),
        rows,
    )
    tx.connection.exec_driver_sql(
        f"INSERT INTO {crosswalk.schema}.{crosswalk.name} (source, source_key, object, record_id, batch_id) "
        "SELECT DISTINCT ON (source, source_key, object) source, source_key, object, record_id, %(batch)s::bigint "
        "FROM crossing ORDER BY source, source_key, object, record_id ON CONFLICT DO NOTHING",
        {"batch": tx.batch_id},
    )


def resolve(
    tx: Transaction, object_name: str, named: Iterable[tuple[str | None, str | None]]
) -> list[int | None]:
    """Return, per (source, source key), the id of the record of *object_name* it became; None where unknown."""
    waiting, found = iter(named), list[int | None]()
    # A million at once held half a gigabyte, here and in PostgreSQL.
    while page := list(islice(waiting, _NAMES_AT_ONCE)):
        found += _resolve(tx, object_name, page)
    return found


def _resolve(
    tx: Transaction, object_name: str, named: Sequence[tuple[str | None, str | None]]
) -> Iterable[int | None]:
    rows = tx.connection.exec_driver_sql(
        "SELECT c.record_id FROM unnest(%(sources)s::text[], %(keys)s::text[]) WITH ORDINALITY n(source, key, place) "
        f"LEFT JOIN {crosswalk.schema}.{crosswalk.name} c "
        "ON c.source = n.source AND c.source_key = n.key AND c.object = %(object)s ORDER BY n.place",
        {
            "sources": [source for source, _ in named],
            "keys": [key for _, key in named],
            "object": object_name,
        },
    )
    return rows.scalars()


def crossed(tx: Transaction, object_name: str) -> list[tuple[str, str, int]]:
    """Return every (source, source key, id) of the source rows that became records of *object_name*."""
    columns = (crosswalk.c.source, crosswalk.c.source_key, crosswalk.c.record_id)
    rows = tx.connection.execute(sa.select(*columns).where(crosswalk.c.object == object_name))
    return [(row.source, row.source_key, row.record_id) for row in rows]


def sources_of(tx: Transaction, record_ids: Sequence[int]) -> list[Crossing]:
    """Return every source row behind the given records."""
    statement = (
        sa.select(crosswalk)
        .where(crosswalk.c.record_id.in_(list(record_ids)))
        .order_by(crosswalk.c.source, crosswalk.c.source_key)
    )
    return [
        Crossing(row.source, row.source_key, row.object, row.record_id)
        for row in tx.connection.execute(statement)
    ]


def made_of_several(
    tx: Transaction,
    object_name: str,
    *,
    after: int | None = None,
    among: Sequence[int] | None = None,
    limit: int = 50,
) -> list[tuple[int, int, tuple[str, ...]]]:
    """Return (record, number of source rows, their sources) of records made of two source rows or more.

    Newest first, older than record *after* when given; of those numbered *among* only, when given.
    """
    statement = (
        sa.select(
            crosswalk.c.record_id,
            sa.func.count().label("rows"),
            sa.func.array_agg(sa.distinct(crosswalk.c.source)).label("sources"),
        )
        .where(crosswalk.c.object == object_name)
        .group_by(crosswalk.c.record_id)
        .having(sa.func.count() > 1)
        .order_by(crosswalk.c.record_id.desc())
        .limit(limit)
    )
    if after is not None:
        statement = statement.where(crosswalk.c.record_id < after)
    if among is not None:
        statement = statement.where(crosswalk.c.record_id.in_(among))
    return [(row.record_id, row.rows, tuple(row.sources)) for row in tx.connection.execute(statement)]


def parts_called(tx: Transaction, part: str, *, limit: int = 50) -> list[tuple[str, Any, datetime]]:
    """Return (batch, receipt, when) of the batches that have a part called *part*, newest first."""
    statement = (
        sa.select(batch.c.name, batch_part.c.receipt, batch_part.c.finished_at)
        .join(batch, batch.c.id == batch_part.c.batch_id)
        .where(batch_part.c.part == part)
        .order_by(batch_part.c.finished_at.desc())
        .limit(limit)
    )
    return [(row.name, row.receipt, row.finished_at) for row in tx.connection.execute(statement)]


def touched(tx: Transaction, batch_id: int, object_name: str) -> list[tuple[int, bool]]:
    """Return the records of one object the batch wrote, and whether it created them."""
    statement = (
        sa.select(journal.c.record_id, sa.func.bool_or(journal.c.action == "create"))
        .where(journal.c.batch_id == batch_id, journal.c.object == object_name)
        .group_by(journal.c.record_id)
        .execution_options(yield_per=_NAMES_AT_ONCE)
    )
    return [(record_id, created) for record_id, created in tx.connection.execute(statement)]


def columns_written(
    tx: Transaction, batch_id: int, object_name: str, record_ids: Sequence[int]
) -> dict[int, set[str]]:
    """Return per record the columns the batch wrote; a record it did not touch is left out."""
    statement = (
        sa.select(journal.c.record_id, sa.func.jsonb_object_keys(journal.c.after))
        .where(
            journal.c.batch_id == batch_id,
            journal.c.object == object_name,
            journal.c.record_id.in_(list(record_ids)),
        )
        .distinct()
    )
    found: dict[int, set[str]] = {}
    for record_id, column in tx.connection.execute(statement):
        found.setdefault(record_id, set()).add(column)
    return found
