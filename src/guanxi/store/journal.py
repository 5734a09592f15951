"""The journal: every change of a record, written in the transaction that made it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

import sqlalchemy as sa

from guanxi.store.tables import journal, user_account
from guanxi.store.transactions import Transaction

Action = Literal["create", "update", "delete", "restore", "erase", "return"]
"""A rollback takes out what a batch created (erase) and gives back what it changed (return)."""


@dataclass(frozen=True, kw_only=True)
class Change:
    """What happened to one record: the changed columns before and after, as JSON values."""

    object: str
    record_id: int
    action: Action
    version: int
    before: Mapping[str, Any] | None = None
    after: Mapping[str, Any] | None = None


@dataclass(frozen=True, kw_only=True)
class Entry:
    """A change as it stands in the journal: who, when, through which door, in which batch."""

    id: int
    at: datetime
    actor_id: int | None
    actor_name: str | None
    door: str
    batch_id: int | None
    change: Change


def write(tx: Transaction, actor_id: int | None, changes: Iterable[Change]) -> None:
    """Append *changes* to the journal."""
    rows = [
        {
            "at": tx.now,
            "actor_id": actor_id,
            "door": tx.door,
            "batch_id": tx.batch_id,
            "object": each.object,
            "record_id": each.record_id,
            "action": each.action,
            "version": each.version,
            "before": each.before,
            "after": each.after,
        }
        for each in changes
    ]
    if rows:
        tx.connection.execute(sa.insert(journal), rows)


def of_record(
    tx: Transaction,
    record_id: int,
    *,
    columns: Sequence[str] = (),
    before: int | None = None,
    limit: int = 50,
) -> list[Entry]:
    """Return the entries of one record, newest first, older than entry *before* when given.

    With *columns* only the entries that changed one of them.
    """
    where: list[Any] = [journal.c.record_id == record_id]
    if before is not None:
        where.append(journal.c.id < before)
    if columns:
        wanted = sa.cast(list(columns), sa.ARRAY(sa.Text))
        where.append(sa.or_(journal.c.before.has_any(wanted), journal.c.after.has_any(wanted)))
    return _select(tx, where, newest_first=True, limit=limit)


def of_batch(tx: Transaction, batch_id: int, *, before: int | None = None, limit: int = 1000) -> list[Entry]:
    """Return the entries of one batch, newest first, older than entry *before* when given."""
    where = [journal.c.batch_id == batch_id]
    if before is not None:
        where.append(journal.c.id < before)
    return _select(tx, where, newest_first=True, limit=limit)


def changed_since(tx: Transaction, record_id: int, version: int) -> dict[str, Any]:
    """Return the columns of a record that changed after *version*, each with its value before the first change."""
    statement = (
        sa.select(journal.c.before, journal.c.after)
        .where(journal.c.record_id == record_id, journal.c.version > version)
        .order_by(journal.c.version)
    )
    was: dict[str, Any] = {}
    for before, after in tx.connection.execute(statement):
        for column in after or ():
            was.setdefault(column, (before or {}).get(column))
    return was


def _select(tx: Transaction, where: list[Any], *, newest_first: bool, limit: int) -> list[Entry]:
    statement = (
        sa.select(journal, user_account.c.name.label("actor_name"))
        .outerjoin(user_account, user_account.c.id == journal.c.actor_id)
        .where(*where)
        .order_by(journal.c.id.desc() if newest_first else journal.c.id)
        .limit(limit)
    )
    return [_entry(row) for row in tx.connection.execute(statement)]


def _entry(row: sa.Row[Any]) -> Entry:
    change = Change(
        object=row.object,
        record_id=row.record_id,
        action=row.action,
        version=row.version,
        before=row.before,
        after=row.after,
    )
    return Entry(
        id=row.id,
        at=row.at,
        actor_id=row.actor_id,
        actor_name=row.actor_name,
        door=row.door,
        batch_id=row.batch_id,
        change=change,
    )
