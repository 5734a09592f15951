"""Rows of what people are told, newest first."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from guanxi.store.tables import notice, user_account
from guanxi.store.transactions import Transaction

KEPT = timedelta(days=90)
"""After this a notice is forgotten, read or not."""


@dataclass(frozen=True, kw_only=True)
class NoticeRow:
    """One notice; ``message`` is a sentence in the words of JSON."""

    id: int
    kind: str
    message: Any
    address: str
    at: datetime
    read_at: datetime | None


def insert(tx: Transaction, people: Iterable[int], values: Mapping[str, Any]) -> None:
    """Insert the same notice for each of *people*, and forget what is old."""
    rows = [{**values, "person_id": each, "at": tx.now} for each in people]
    if rows:
        tx.connection.execute(sa.delete(notice).where(notice.c.at < tx.now - KEPT))
        tx.connection.execute(sa.insert(notice), rows)


def listed(tx: Transaction, person_id: int, *, limit: int, before: int | None = None) -> list[NoticeRow]:
    """Return the latest *limit* notices of a person, those before number *before* when it is given."""
    statement = sa.select(*(notice.c[name] for name in NoticeRow.__dataclass_fields__))
    statement = statement.where(notice.c.person_id == person_id).order_by(notice.c.id.desc()).limit(limit)
    if before is not None:
        statement = statement.where(notice.c.id < before)
    return [NoticeRow(**row) for row in tx.connection.execute(statement).mappings()]


def unread_of(person: sa.ColumnElement[int]) -> sa.ScalarSelect[int]:
    """Return how many unread notices the person in the column *person* has, as part of another question."""
    return (
        sa.select(sa.func.count())
        .select_from(notice)
        .where(notice.c.person_id == person, notice.c.read_at.is_(None))
        .correlate(user_account)
        .scalar_subquery()
    )


def address_of(tx: Transaction, person_id: int, notice_id: int) -> str | None:
    """Return where one notice of a person leads; None when it is not theirs."""
    own = sa.and_(notice.c.id == notice_id, notice.c.person_id == person_id)
    return tx.connection.execute(sa.select(notice.c.address).where(own)).scalar()


def mark_read(tx: Transaction, person_id: int, notice_id: int | None = None) -> None:
    """Note that a person has read one notice, or all of theirs."""
    unread = sa.and_(notice.c.person_id == person_id, notice.c.read_at.is_(None))
    chosen = unread if notice_id is None else sa.and_(unread, notice.c.id == notice_id)
    tx.connection.execute(sa.update(notice).where(chosen).values(read_at=tx.now))
