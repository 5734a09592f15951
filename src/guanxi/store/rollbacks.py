"""Taking a batch back: what it created leaves, what it changed returns, what people did since stays.

Everything is worked out by the database from the journal, in sets. A temporary table ``undoing`` holds each record
the batch touched, with the earliest value before and the latest value after per column, and the values of now.
Values are compared as the columns hold them, whatever their spelling in the journal. What an earlier rollback of
the same batch took back is behind it: a load may be done, taken back and done again.

Statements that belong together go to the database in one journey: with seven objects 67 journeys became four.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Literal

import sqlalchemy as sa

from guanxi.metadata.catalog import Catalog, target_of
from guanxi.metadata.field_types import columns_of, type_of
from guanxi.metadata.objects import Field, ObjectType
from guanxi.store.copying import quoted
from guanxi.store.tables import batch, batch_part, crosswalk, journal, link_table, record_table, search_entry
from guanxi.store.transactions import Transaction

Outcome = Literal["leaves", "returns", "kept", "conflict"]
"""A created record leaves or is kept; changed values return or, edited again since, are in conflict."""

_MINE = "FROM undoing WHERE object = %(object)s"
_LIST = "CASE outcome WHEN 'returns' THEN 'leaves' ELSE outcome END"
"""What leaves and what returns are one list to those who look."""


@dataclass(frozen=True, kw_only=True)
class Finding:
    """What taking the batch back means for one record; *columns* are those somebody changed since."""

    object: str
    record_id: int
    title: str
    outcome: Outcome
    columns: tuple[str, ...] = ()
    why: Literal["", "edited", "used"] = ""


def prepare(tx: Transaction, batch_id: int, *, lock: bool = True) -> None:
    """Work out, for every record of the batch, what taking it back means; nothing is changed yet.

    With *lock* the records are held, so that what was worked out is still true when it is done; who only looks
    holds nobody up.
    """
    _gather(tx, batch_id)
    names = set(_execute(tx, "SELECT DISTINCT object FROM undoing").scalars())
    touched = [each for each in tx.catalog.objects.values() if each.name in names]
    _run(tx, (statement for each in touched for statement in _looking(each, lock=lock)))
    _keep_what_is_used(tx, batch_id, {each.name for each in touched})


def findings(
    tx: Transaction,
    *,
    outcomes: Iterable[Outcome] = ("leaves", "returns", "kept", "conflict"),
    start: int = 0,
    limit: int = 200,
) -> list[Finding]:
    """Return the records with one of *outcomes*, *limit* per list beginning at *start*, after `prepare`."""
    rows = tx.connection.exec_driver_sql(
        "SELECT object, record_id, outcome, why, current, edited FROM (SELECT *, row_number() OVER "
        f"(PARTITION BY {_LIST} ORDER BY outcome, array_position(%(order)s::text[], object), record_id) AS place "
        "FROM undoing WHERE outcome = ANY(%(outcomes)s)) u "
        "WHERE place > %(start)s AND place <= %(end)s ORDER BY outcome, place",
        {
            "order": list(tx.catalog.objects),
            "outcomes": list(outcomes),
            "start": start,
            "end": start + limit,
        },
    )
    return [
        Finding(
            object=row.object,
            record_id=row.record_id,
            title=str(row.current.get(tx.catalog.object(row.object).title) or ""),
            outcome=row.outcome,
            columns=tuple(row.edited),
            why=row.why,
        )
        for row in rows
    ]


def counts(tx: Transaction) -> dict[tuple[str, str], int]:
    """Return how many records of each object have each outcome, after `prepare`; objects as the catalog has them."""
    rows = tx.connection.exec_driver_sql(
        "SELECT object, outcome, count(*) FROM undoing WHERE outcome IS NOT NULL "
        "GROUP BY 1, 2 ORDER BY array_position(%(order)s::text[], object), 2",
        {"order": list(tx.catalog.objects)},
    )
    return {(name, outcome): number for name, outcome, number in rows}


def take_back(tx: Transaction, actor_id: int | None, batch_id: int) -> list[tuple[str, int]]:
    """Do what `prepare` worked out; return (object, id) of the records whose values returned."""
    # Records that leave together may point to each other in circles: links are judged when all have left.
    _execute(tx, "SET CONSTRAINTS ALL DEFERRED")
    for object_type in tx.catalog.objects.values():
        _erase(tx, object_type, actor_id, batch_id)
    returned = [
        (object_type.name, record_id)
        for object_type in tx.catalog.objects.values()
        for record_id in _return_values(tx, object_type, actor_id, batch_id)
    ]
    _execute(tx, "SET CONSTRAINTS ALL IMMEDIATE")
    for table in (search_entry, crosswalk):
        _execute(
            tx,
            f"DELETE FROM {_name(table)} t USING undoing u WHERE t.record_id = u.record_id AND u.outcome = 'leaves'",
        )
    _execute(
        tx,
        f"DELETE FROM {_name(crosswalk)} t WHERE batch_id = %(batch)s AND NOT EXISTS "
        "(SELECT FROM undoing u WHERE u.record_id = t.record_id AND u.outcome = 'kept')",
        batch=batch_id,
    )
    tx.connection.execute(sa.delete(batch_part).where(batch_part.c.batch_id == batch_id))
    tx.connection.execute(sa.update(batch).where(batch.c.id == batch_id).values(rolled_back_at=tx.now))
    return returned


def _gather(tx: Transaction, batch_id: int) -> None:
    """Fold what the journal says of the batch, since it was last taken back, into one row per record."""
    _run(
        tx,
        (
            "DROP TABLE IF EXISTS pg_temp.undoing, pg_temp.done",
            "CREATE TEMPORARY TABLE done ON COMMIT DROP AS SELECT object, record_id, version, action, before, after "
            "FROM (SELECT j.*, max(version) FILTER (WHERE action IN ('erase', 'return')) "
            f"OVER (PARTITION BY record_id) AS undone FROM {_name(journal)} j WHERE batch_id = {int(batch_id)}) j "
            "WHERE version > coalesce(undone, 0)",
            "CREATE TEMPORARY TABLE undoing (record_id bigint PRIMARY KEY, object text, created boolean, "
            "last integer, before jsonb, after jsonb, current jsonb, edited text[] NOT NULL DEFAULT '{}', "
            "outcome text, why text NOT NULL DEFAULT '') ON COMMIT DROP",
            "INSERT INTO undoing SELECT record_id, object, created, last, coalesce(was.columns, '{}'), "
            "coalesce(became.columns, '{}') FROM (SELECT object, record_id, bool_or(action = 'create') AS created, "
            "max(version) AS last FROM done GROUP BY object, record_id) touched "
            f"LEFT JOIN ({_folded('before', 'ASC')}) was USING (record_id) "
            f"LEFT JOIN ({_folded('after', 'DESC')}) became USING (record_id)",
            "ANALYZE undoing",
        ),
    )


def _folded(column: str, direction: str) -> str:
    """Return the query for one value per record and column: the earliest (ASC) or the latest (DESC)."""
    return (
        "SELECT record_id, jsonb_object_agg(key, value) AS columns FROM (SELECT DISTINCT ON (record_id, key) "
        f"record_id, key, value FROM done, jsonb_each({column}) "
        f"ORDER BY record_id, key, version {direction}) t GROUP BY record_id"
    )


def _looking(object_type: ObjectType, *, lock: bool) -> Iterator[str]:
    """Yield what compares each record with what the batch left, column by column, as values of the table."""
    table, mine = _name(record_table(object_type)), f"object = '{object_type.name}'"
    if lock:
        yield (
            f"SELECT 1 FROM {table} WHERE id IN (SELECT record_id FROM undoing WHERE {mine}) "
            "ORDER BY id FOR UPDATE"
        )
    many = [field.name for field in _many(object_type)]
    links = "".join(
        f" || jsonb_build_object('{field.name}', {_links_now(object_type, field)})"
        for field in _many(object_type)
    )
    yield (
        f"UPDATE undoing u SET current = to_jsonb(r.*){links}, before = {_as_stored(object_type, 'u.before')}, "
        f"after = {_as_stored(object_type, 'u.after')} FROM {table} r WHERE r.id = u.record_id AND u.{mine}"
    )
    own = ["owner_id", *_stored_columns(object_type), *many]
    # A created record was left as the journal says, and empty elsewhere; a changed one is judged by what changed.
    yield (
        "UPDATE undoing u SET edited = coalesce((SELECT array_agg(key ORDER BY key) FROM jsonb_each(current) "
        f"WHERE CASE WHEN created THEN key = ANY({_texts(own)}) AND value IS DISTINCT FROM "
        f"coalesce(after->key, CASE WHEN key = ANY({_texts(many)}) THEN '[]' ELSE 'null' END::jsonb) "
        "ELSE key <> 'origin' AND after ? key AND value IS DISTINCT FROM after->key "
        f"AND value IS DISTINCT FROM before->key END), '{{}}') WHERE {mine} AND current IS NOT NULL"
    )
    yield (
        "UPDATE undoing SET outcome = CASE WHEN created AND edited <> '{}' THEN 'kept' WHEN created THEN 'leaves' "
        "WHEN edited <> '{}' THEN 'conflict' WHEN EXISTS (SELECT FROM jsonb_each(after) WHERE current->key = value "
        "AND value IS DISTINCT FROM before->key) THEN 'returns' END, "
        "why = CASE WHEN edited <> '{}' THEN 'edited' ELSE '' END "
        f"WHERE {mine} AND current IS NOT NULL"
    )


def _keep_what_is_used(tx: Transaction, batch_id: int, names: set[str]) -> None:
    """Keep created records that something points to which does not leave itself, and what those point to."""
    stays = "NOT EXISTS (SELECT FROM undoing mine WHERE mine.record_id = p.{0} AND mine.outcome = 'leaves')"
    uses = [
        (target, f"SELECT FROM {table} p WHERE p.{column} = u.record_id AND {stays.format(holder)}")
        for target, table, column, holder in _pointers(tx.catalog)
    ]
    other = (
        f"SELECT FROM {_name(crosswalk)} c WHERE c.record_id = u.record_id AND c.batch_id <> {int(batch_id)}"
    )
    uses += [(name, other) for name in sorted(names)]
    updates = "".join(
        "UPDATE undoing u SET outcome = 'kept', why = 'used' "
        f"WHERE object = '{target}' AND outcome = 'leaves' AND EXISTS ({use}); kept := kept OR FOUND;\n"
        for target, use in uses
        if target in names
    )
    if updates:
        _run(
            tx,
            (
                "DO $$ DECLARE kept boolean := true; BEGIN WHILE kept LOOP kept := false;\n"
                f"{updates}END LOOP; END $$",
            ),
        )


def _pointers(catalog: Catalog) -> Iterable[tuple[str, str, str, str]]:
    """Yield (object pointed to, table, its column, the column with the record that points) per link."""
    for each in catalog.objects.values():
        for field in each.fields.values():
            if target_of(field) in catalog.objects and type_of(field).links_many:
                yield target_of(field), _name(link_table(each.name, field)), "linked_id", "record_id"
            elif target_of(field) in catalog.objects:
                yield target_of(field), _name(record_table(each)), quoted(columns_of(field)[0][0]), "id"


def _erase(tx: Transaction, object_type: ObjectType, actor_id: int | None, batch_id: int) -> None:
    leaving = f"(SELECT record_id {_MINE} AND outcome = 'leaves')"
    for field in _many(object_type):
        links = _name(link_table(object_type.name, field))
        _execute(tx, f"DELETE FROM {links} WHERE record_id IN {leaving}", object=object_type.name)
    table = _name(record_table(object_type))
    _execute(tx, f"DELETE FROM {table} WHERE id IN {leaving}", object=object_type.name)
    changes = (
        "SELECT record_id, greatest(last, (current->>'version')::integer) + 1, NULL::jsonb, NULL::jsonb "
    )
    _write_journal(tx, object_type, actor_id, batch_id, "erase", changes + f"{_MINE} AND outcome = 'leaves'")


def _return_values(
    tx: Transaction, object_type: ObjectType, actor_id: int | None, batch_id: int
) -> list[int]:
    """Give back the values of columns nobody changed since; return the ids of the records."""
    table, name = _name(record_table(object_type)), {"object": object_type.name}
    _execute(tx, "DROP TABLE IF EXISTS pg_temp.going_back")
    _execute(
        tx,
        "CREATE TEMPORARY TABLE going_back ON COMMIT DROP AS SELECT record_id AS id, "
        "(current->>'version')::integer + 1 AS version, jsonb_object_agg(key, value) AS was, "
        "jsonb_object_agg(key, before->key) AS wanted FROM undoing, jsonb_each(after) WHERE object = %(object)s "
        "AND outcome IN ('returns', 'conflict') AND current->key = value AND before ? key "
        "AND value IS DISTINCT FROM before->key GROUP BY record_id, current",
        **name,
    )
    columns = ["origin", "owner_id", *_stored_columns(object_type)]
    sets = ", ".join(
        f"{quoted(column)} = CASE WHEN w.wanted ? '{column}' THEN v.{quoted(column)} ELSE r.{quoted(column)} END"
        for column in columns
    )
    _execute(
        tx,
        f"UPDATE {table} r SET {sets}, version = w.version, updated_at = %(now)s, updated_by_id = %(actor)s "
        f"FROM going_back w, LATERAL jsonb_populate_record(NULL::{table}, w.wanted) v WHERE w.id = r.id",
        now=tx.now,
        actor=actor_id,
    )
    for field in _many(object_type):
        _return_links(tx, object_type, field)
    _write_journal(
        tx, object_type, actor_id, batch_id, "return", "SELECT id, version, was, wanted FROM going_back"
    )
    return list(_execute(tx, "SELECT id FROM going_back ORDER BY id").scalars())


def _return_links(tx: Transaction, object_type: ObjectType, field: Field) -> None:
    links = _name(link_table(object_type.name, field))
    changed = f"going_back WHERE wanted ? '{field.name}'"
    _execute(tx, f"DELETE FROM {links} WHERE record_id IN (SELECT id FROM {changed})")
    _execute(
        tx,
        f"INSERT INTO {links} (record_id, linked_id) SELECT id, linked::bigint "
        f"FROM going_back, jsonb_array_elements_text(wanted->'{field.name}') linked WHERE wanted ? '{field.name}'",
    )


def _write_journal(
    tx: Transaction, object_type: ObjectType, actor_id: int | None, batch_id: int, action: str, changes: str
) -> None:
    """Append one line per row of *changes*, a query for (record, version, before, after)."""
    _execute(
        tx,
        f"INSERT INTO {_name(journal)} "
        "(record_id, version, before, after, at, actor_id, door, batch_id, object, action) "
        f"SELECT c.*, %(now)s, %(actor)s, %(door)s, %(batch)s, %(object)s, %(action)s FROM ({changes}) c",
        now=tx.now,
        actor=actor_id,
        door=tx.door,
        batch=batch_id,
        action=action,
        object=object_type.name,
    )


def _as_stored(object_type: ObjectType, document: str) -> str:
    """Return SQL for *document* with every value as the table would hold it: 1.5 for "1.5", moments in one zone."""
    row = f"to_jsonb(jsonb_populate_record(NULL::{_name(record_table(object_type))}, {document}))"
    # The row is made once per record; beside each key it was made twice per key: 9 seconds for 9,500 records.
    stored = (
        "SELECT jsonb_object_agg(d.key, CASE WHEN r.key IS NULL THEN d.value ELSE r.value END) "
        f"FROM jsonb_each({document}) d LEFT JOIN jsonb_each({row}) r USING (key)"
    )
    return f"CASE WHEN {document} = '{{}}' THEN {document} ELSE ({stored}) END"


def _links_now(object_type: ObjectType, field: Field) -> str:
    links = _name(link_table(object_type.name, field))
    return f"(SELECT coalesce(jsonb_agg(linked_id ORDER BY linked_id), '[]') FROM {links} WHERE record_id = r.id)"


def _many(object_type: ObjectType) -> list[Field]:
    return [field for field in object_type.fields.values() if type_of(field).links_many]


def _stored_columns(object_type: ObjectType) -> list[str]:
    return [name for field in object_type.fields.values() for name, _ in columns_of(field)]


def _name(table: sa.Table) -> str:
    return f"{table.schema}.{quoted(table.name)}"


def _execute(tx: Transaction, statement: str, **values: Any) -> sa.CursorResult[Any]:
    return tx.connection.exec_driver_sql(statement, values or None)


def _run(tx: Transaction, statements: Iterable[str]) -> None:
    """Do several statements in one journey; names in them come from the catalog, numbers from the database."""
    script = ";\n".join(statements)
    if script:
        tx.connection.exec_driver_sql(script)


def _texts(names: Iterable[str]) -> str:
    """Return SQL for a list of names."""
    return "ARRAY[" + ", ".join(f"'{each}'" for each in names) + "]::text[]"
