"""Taking a batch back: what it created leaves, what it changed returns, what people did since stays.

Everything is worked out by the database from the journal, in sets: a temporary table ``undoing`` holds each
record the batch touched, with the earliest value before and the latest value after per column.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import sqlalchemy as sa

from guanxi.metadata.catalog import Catalog, target_of
from guanxi.metadata.field_types import columns_of, type_of
from guanxi.metadata.objects import ObjectType
from guanxi.store.tables import batch, batch_part, crosswalk, journal, link_table, record_table, search_entry
from guanxi.store.transactions import Transaction

Outcome = Literal["leaves", "returns", "kept", "conflict"]
"""A created record leaves or is kept; changed values return or, edited again since, are in conflict."""


@dataclass(frozen=True, kw_only=True)
class Finding:
    """What taking the batch back means for one record; *columns* are those in conflict or edited since."""

    object: str
    record_id: int
    title: str
    outcome: Outcome
    columns: tuple[str, ...] = ()
    why: Literal["", "edited", "used", "deleted"] = ""


def prepare(tx: Transaction, batch_id: int) -> None:
    """Work out, for every record of the batch, what taking it back means; nothing is changed yet."""
    execute = tx.connection.exec_driver_sql
    execute("DROP TABLE IF EXISTS pg_temp.undoing")
    execute(
        "CREATE TEMPORARY TABLE undoing (object text, record_id bigint PRIMARY KEY, created boolean, "
        "last integer, before jsonb, after jsonb, current jsonb, outcome text, why text NOT NULL DEFAULT '') "
        "ON COMMIT DROP"
    )
    entries = f"FROM {_name(journal)} j WHERE j.batch_id = %(batch)s"
    execute(
        f"INSERT INTO undoing (object, record_id, created, last, before, after) "
        "SELECT touched.object, touched.record_id, touched.created, touched.last, was.columns, became.columns FROM "
        f"(SELECT object, record_id, bool_or(action = 'create') AS created, max(version) AS last {entries} "
        "GROUP BY object, record_id) touched "
        f"LEFT JOIN ({_folded('before', 'ASC')}) was USING (record_id) "
        f"LEFT JOIN ({_folded('after', 'DESC')}) became USING (record_id)",
        {"batch": batch_id},
    )
    for object_type in tx.catalog.objects.values():
        _look(tx, object_type)
    for object_type in _children_first(tx.catalog):
        _keep_what_is_used(tx, object_type)


def findings(tx: Transaction, outcome: Outcome, *, limit: int = 200) -> list[Finding]:
    """Return some of the records with *outcome*, after `prepare`."""
    rows = tx.connection.exec_driver_sql(
        "SELECT object, record_id, outcome, why, current, array(SELECT key FROM jsonb_each(after) "
        "WHERE current->key IS DISTINCT FROM value ORDER BY key) AS edited "
        "FROM undoing WHERE outcome = %(outcome)s ORDER BY object, record_id LIMIT %(limit)s",
        {"outcome": outcome, "limit": limit},
    )
    return [
        Finding(
            object=row.object,
            record_id=row.record_id,
            title=str((row.current or {}).get(tx.catalog.object(row.object).title) or ""),
            outcome=row.outcome,
            columns=tuple(row.edited),
            why=row.why,
        )
        for row in rows
    ]


def counts(tx: Transaction) -> dict[tuple[str, str], int]:
    """Return how many records of each object have each outcome, after `prepare`."""
    rows = tx.connection.exec_driver_sql(
        "SELECT object, outcome, count(*) FROM undoing WHERE outcome IS NOT NULL GROUP BY 1, 2 ORDER BY 1, 2"
    )
    return {(name, outcome): number for name, outcome, number in rows}


def take_back(tx: Transaction, actor_id: int | None, batch_id: int) -> list[tuple[str, int]]:
    """Do what `prepare` worked out; return (object, id) of the records whose values returned."""
    for object_type in _children_first(tx.catalog):
        _erase(tx, object_type, actor_id)
    returned = [
        (object_type.name, record_id)
        for object_type in tx.catalog.objects.values()
        for record_id in _return_values(tx, object_type, actor_id)
    ]
    gone = "(SELECT record_id FROM undoing WHERE outcome = 'leaves')"
    for table in (search_entry, crosswalk):
        tx.connection.exec_driver_sql(f"DELETE FROM {_name(table)} WHERE record_id IN {gone}")
    kept = "(SELECT record_id FROM undoing WHERE outcome = 'kept')"
    tx.connection.exec_driver_sql(
        f"DELETE FROM {_name(crosswalk)} WHERE batch_id = %(batch)s AND record_id NOT IN {kept}",
        {"batch": batch_id},
    )
    tx.connection.execute(sa.delete(batch_part).where(batch_part.c.batch_id == batch_id))
    tx.connection.execute(sa.update(batch).where(batch.c.id == batch_id).values(rolled_back_at=tx.now))
    return returned


def _look(tx: Transaction, object_type: ObjectType) -> None:
    """Compare each record with what the batch left."""
    table = _name(record_table(object_type))
    tx.connection.exec_driver_sql(
        f"UPDATE undoing u SET current = to_jsonb(r) FROM {table} r WHERE r.id = u.record_id AND u.object = %(object)s",
        {"object": object_type.name},
    )
    tx.connection.exec_driver_sql(
        "UPDATE undoing u SET outcome = CASE WHEN created AND edited THEN 'kept' WHEN created THEN 'leaves' "
        "WHEN NOT returnable THEN 'conflict' ELSE 'returns' END, "
        "why = CASE WHEN current->>'deleted_at' IS NOT NULL THEN 'deleted' WHEN edited THEN 'edited' ELSE '' END "
        "FROM (SELECT record_id AS id, (current->>'version')::integer > last AS edited, "
        "EXISTS (SELECT FROM jsonb_each(after) WHERE current->key IS NOT DISTINCT FROM value) AS returnable "
        "FROM undoing WHERE object = %(object)s AND current IS NOT NULL) seen WHERE seen.id = u.record_id",
        {"object": object_type.name},
    )


def _keep_what_is_used(tx: Transaction, object_type: ObjectType) -> None:
    """Keep created records that others point to which do not leave themselves."""
    for pointing, lookup in tx.catalog.pointing_to(object_type.name):
        column = columns_of(lookup)[0][0]
        tx.connection.exec_driver_sql(
            f"UPDATE undoing u SET outcome = 'kept', why = 'used' WHERE u.object = %(object)s AND outcome = 'leaves' "
            f'AND EXISTS (SELECT FROM {_name(record_table(pointing))} p WHERE p."{column}" = u.record_id AND '
            "NOT EXISTS (SELECT FROM undoing mine WHERE mine.record_id = p.id AND mine.outcome = 'leaves'))",
            {"object": object_type.name},
        )


def _erase(tx: Transaction, object_type: ObjectType, actor_id: int | None) -> None:
    gone = "SELECT record_id FROM undoing WHERE object = %(object)s AND outcome = 'leaves'"
    name = {"object": object_type.name}
    for field in object_type.fields.values():
        if type_of(field).links_many:
            links = _name(link_table(object_type.name, field))
            tx.connection.exec_driver_sql(f"DELETE FROM {links} WHERE record_id IN ({gone})", name)
    tx.connection.exec_driver_sql(f"DELETE FROM {_name(record_table(object_type))} WHERE id IN ({gone})", name)
    _write_journal(tx, object_type, actor_id, "erase", "last + 1", "NULL::jsonb", "NULL::jsonb", "leaves")


def _return_values(tx: Transaction, object_type: ObjectType, actor_id: int | None) -> list[int]:
    """Give back the values of columns nobody edited since; return the ids of the records."""
    table = record_table(object_type)
    columns = ["origin", "owner_id", *(n for f in object_type.fields.values() for n, _ in columns_of(f))]
    keep = "current->key IS NOT DISTINCT FROM u.after->key"
    tx.connection.exec_driver_sql("DROP TABLE IF EXISTS pg_temp.returning")
    tx.connection.exec_driver_sql(
        "CREATE TEMPORARY TABLE returning ON COMMIT DROP AS SELECT u.record_id, "
        f"(SELECT coalesce(jsonb_object_agg(key, value), '{{}}') FROM jsonb_each(u.before) WHERE {keep}) AS wanted "
        "FROM undoing u WHERE object = %(object)s AND NOT created AND outcome IN ('returns', 'conflict')",
        {"object": object_type.name},
    )
    sets = ", ".join(
        f'"{name}" = CASE WHEN w.wanted ? \'{name}\' THEN w.row."{name}" ELSE r."{name}" END' for name in columns
    )
    done = tx.connection.exec_driver_sql(
        f"UPDATE {_name(table)} r SET {sets}, version = r.version + 1, updated_at = %(now)s, "
        "updated_by_id = %(actor)s FROM (SELECT record_id, wanted, "
        f"jsonb_populate_record(NULL::{_name(table)}, wanted) AS row FROM returning WHERE wanted <> '{{}}') w "
        "WHERE w.record_id = r.id RETURNING r.id",
        {"now": tx.now, "actor": actor_id},
    )
    ids = list(done.scalars())
    shown = "(SELECT jsonb_object_agg(key, value) FROM jsonb_each(u.after) WHERE w.wanted ? key)"
    _write_journal(
        tx,
        object_type,
        actor_id,
        "update",
        "(current->>'version')::integer + 1",
        shown,
        "w.wanted",
        "returns",
        "JOIN returning w USING (record_id) WHERE w.wanted <> '{}'",
    )
    return ids


def _write_journal(
    tx: Transaction,
    object_type: ObjectType,
    actor_id: int | None,
    action: str,
    version: str,
    before: str,
    after: str,
    outcome: str,
    source: str = "",
) -> None:
    where = source or "WHERE outcome = %(outcome)s"
    tx.connection.exec_driver_sql(
        f"INSERT INTO {_name(journal)} (at, actor_id, door, object, record_id, action, version, before, after) "
        f"SELECT %(now)s, %(actor)s, %(door)s, u.object, u.record_id, %(action)s, {version}, {before}, {after} "
        f"FROM undoing u {where} AND u.object = %(object)s",
        {
            "now": tx.now,
            "actor": actor_id,
            "door": tx.door,
            "action": action,
            "object": object_type.name,
            "outcome": outcome,
        },
    )


def _folded(column: str, direction: str) -> str:
    """Return the query for one value per record and column: the earliest (ASC) or the latest (DESC)."""
    return (
        "SELECT record_id, jsonb_object_agg(key, value) AS columns FROM (SELECT DISTINCT ON (j.record_id, e.key) "
        f"j.record_id, e.key, e.value FROM {_name(journal)} j, jsonb_each(j.{column}) e "
        f"WHERE j.batch_id = %(batch)s ORDER BY j.record_id, e.key, j.id {direction}) t GROUP BY record_id"
    )


def _children_first(catalog: Catalog) -> Sequence[ObjectType]:
    """Return the objects so that each comes before those its lookups point to (cycles: in catalog order)."""
    ordered: list[ObjectType] = []
    waiting = list(catalog.objects.values())
    while waiting:
        pointed_to = {
            target_of(field) for each in waiting for field in each.live_fields if target_of(field) != each.name
        }
        free = [each for each in waiting if each.name not in pointed_to] or waiting[:1]
        ordered += free
        waiting = [each for each in waiting if each not in free]
    return ordered


def _name(table: sa.Table) -> str:
    return f'{table.schema}."{table.name}"'


