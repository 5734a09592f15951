"""Single rows: fetched for a change, inserted, changed when nobody was quicker, linked."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.dialects.postgresql import insert as upsert

from guanxi.expressions.syntax import EVERYTHING, Expression
from guanxi.metadata.objects import OWNER, Field, ObjectType
from guanxi.store.conditions import compile_expression
from guanxi.store.tables import SYSTEM_COLUMNS, link_table, record_ids, record_table
from guanxi.store.transactions import Transaction


@dataclass(frozen=True, kw_only=True)
class Stored:
    """A record as it stands: the object's own columns, and what the system keeps beside them."""

    id: int
    version: int
    owner_id: int | None
    deleted_at: datetime | None
    origin: Mapping[str, Any] | None
    columns: Mapping[str, Any]


def new_ids(tx: Transaction, count: int) -> list[int]:
    """Return *count* fresh record numbers."""
    numbers = sa.select(record_ids.next_value()).select_from(sa.func.generate_series(1, count))
    return list(tx.connection.execute(numbers).scalars())


def fetch(
    tx: Transaction, object_type: ObjectType, ids: Iterable[int], *, lock: bool = False
) -> dict[int, Stored]:
    """Return the records of *ids* that exist, deleted ones too; with *lock* nobody else changes them meanwhile."""
    table = record_table(object_type)
    statement = sa.select(table).where(_among(table.c.id, ids)).order_by(table.c.id)
    if lock:
        statement = statement.with_for_update()
    return {row["id"]: _stored(row) for row in tx.connection.execute(statement).mappings()}


def existing(
    tx: Transaction,
    object_type: ObjectType,
    ids: Iterable[int],
    *conditions: Expression,
    lock: bool = False,
) -> set[int]:
    """Return those of *ids* that are live records and meet *conditions* on their id and owner; people too."""
    table = record_table(object_type)
    columns = {"id": "id", OWNER: "owner_id"}
    where = [
        compile_expression(each, lambda path: table.c[columns[path.parts[0]]], now=tx.now)
        for each in conditions
        if each != EVERYTHING
    ]
    if "deleted_at" in table.c:
        where.append(table.c.deleted_at.is_(None))
    statement = sa.select(table.c.id).where(_among(table.c.id, ids), *where).order_by(table.c.id)
    return set(tx.connection.execute(statement.with_for_update() if lock else statement).scalars())


def insert(tx: Transaction, object_type: ObjectType, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert whole rows, system columns included."""
    if rows:
        tx.connection.execute(sa.insert(record_table(object_type)), [dict(row) for row in rows])


def update(tx: Transaction, object_type: ObjectType, stored: Stored, changes: Mapping[str, Any]) -> int:
    """Change columns of one record that was fetched with a lock; return its new version."""
    table = record_table(object_type)
    tx.connection.execute(
        sa.update(table)
        .where(table.c.id == stored.id)
        .values(**changes, version=stored.version + 1, updated_at=tx.now)
    )
    return stored.version + 1


def taken(
    tx: Transaction, object_type: ObjectType, column: str, value: Any, *, besides: int | None
) -> int | None:
    """Return the id of a live record that has *value* in *column*, other than *besides*; None when it is free."""
    table = record_table(object_type)
    where = [table.c[column] == value, table.c.deleted_at.is_(None)]
    if besides is not None:
        where.append(table.c.id != besides)
    return tx.connection.execute(sa.select(table.c.id).where(*where).limit(1)).scalar()


def holders(tx: Transaction, object_type: ObjectType, column: str, values: Iterable[Any]) -> dict[Any, int]:
    """Return the live record (its id) that has each of *values* in *column*; free values are left out."""
    table = record_table(object_type)
    held = table.c[column]
    where = (_among(held, values), table.c.deleted_at.is_(None))
    statement = sa.select(held, table.c.id).where(*where).order_by(table.c.id.desc())
    return {row[0]: row[1] for row in tx.connection.execute(statement)}


def linked(
    tx: Transaction, object_type: ObjectType, field: Field, ids: Iterable[int]
) -> dict[int, list[int]]:
    """Return the records linked to each of *ids* by a many-to-many field."""
    table = link_table(object_type.name, field)
    statement = sa.select(table).where(_among(table.c.record_id, ids)).order_by(table.c.linked_id)
    found: dict[int, list[int]] = {}
    for row in tx.connection.execute(statement):
        found.setdefault(row.record_id, []).append(row.linked_id)
    return found


def linking(
    tx: Transaction, object_type: ObjectType, field: Field, linked_id: int, *, limit: int
) -> list[int]:
    """Return the records whose many-to-many *field* links to *linked_id*, newest first, at most *limit*."""
    table = link_table(object_type.name, field)
    statement = sa.select(table.c.record_id).where(table.c.linked_id == linked_id)
    return list(tx.connection.execute(statement.order_by(table.c.record_id.desc()).limit(limit)).scalars())


def relink(
    tx: Transaction, object_type: ObjectType, field: Field, record_id: int, wanted: Sequence[int]
) -> None:
    """Link the record to exactly *wanted*."""
    table = link_table(object_type.name, field)
    tx.connection.execute(
        sa.delete(table).where(table.c.record_id == record_id, table.c.linked_id.not_in(list(wanted)))
    )
    if wanted:
        rows = [{"record_id": record_id, "linked_id": each} for each in wanted]
        tx.connection.execute(upsert(table).values(rows).on_conflict_do_nothing())


def _among(column: sa.ColumnElement[Any], values: Iterable[Any]) -> sa.ColumnElement[bool]:
    """Return the condition that *column* has one of *values*, bound as one array however many they are."""
    return column == sa.any_(sa.literal(list(values), ARRAY(column.type)))


def _stored(row: sa.RowMapping) -> Stored:
    columns = {name: value for name, value in row.items() if name not in SYSTEM_COLUMNS}
    return Stored(
        id=row["id"],
        version=row["version"],
        owner_id=row["owner_id"],
        deleted_at=row["deleted_at"],
        origin=row["origin"],
        columns=columns,
    )
