"""Many rows at once: copied into a temporary table, then moved by one statement each for rows, journal and search.

A *staged* table holds ``place`` (which row of the batch), ``id`` and the object's columns to be written.
"""

from collections.abc import Iterable, Sequence
from typing import Any

import psycopg
import sqlalchemy as sa
from psycopg.types.json import Jsonb

from guanxi.expressions.syntax import Expression
from guanxi.metadata.field_types import columns_of
from guanxi.metadata.objects import ObjectType
from guanxi.store.conditions import compile_expression
from guanxi.store.search import SearchEntry
from guanxi.store.tables import journal, record_table, search_entry
from guanxi.store.transactions import Transaction

_STAGED = "staged"
_FIXED = (("place", "bigint"), ("id", "bigint"), ("owner_id", "bigint"), ("origin", "jsonb"))


def stage(tx: Transaction, object_type: ObjectType, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Copy *rows* into a fresh staged table.

    Each row is ``(place, id, owner_id, origin, one value per column of *columns*)``.
    """
    types = _types(object_type)
    shape = [*_FIXED, *((name, types[name]) for name in columns)]
    body = ", ".join(f"{_name(name)} {kind}" for name, kind in shape)
    tx.connection.exec_driver_sql(f"DROP TABLE IF EXISTS pg_temp.{_STAGED}")
    tx.connection.exec_driver_sql(f"CREATE TEMPORARY TABLE {_STAGED} ({body}) ON COMMIT DROP")
    copy_rows(tx, f"pg_temp.{_STAGED}", [name for name, _ in shape], [kind for _, kind in shape], rows)


def copy_rows(
    tx: Transaction, table: str, columns: Sequence[str], types: Sequence[str], rows: Iterable[Sequence[Any]]
) -> None:
    """Send *rows* to *table* by binary COPY; *types* are PostgreSQL's names, one per column."""
    names = ", ".join(map(_name, columns))
    with _driver(tx).cursor() as cursor, cursor.copy(f"COPY {table} ({names}) FROM STDIN (FORMAT binary)") as copy:
        copy.set_types(types)
        documents = [place for place, kind in enumerate(types) if kind == "jsonb"]
        for row in rows:
            copy.write_row(_wrapped(row, documents) if documents else row)


def _wrapped(row: Sequence[Any], documents: Sequence[int]) -> Sequence[Any]:
    """Return *row* with its JSON documents marked as such for the driver."""
    cells = list(row)
    for place in documents:
        if cells[place] is not None:
            cells[place] = Jsonb(cells[place])
    return cells


def insert_staged(tx: Transaction, object_type: ObjectType, columns: Sequence[str], actor_id: int | None) -> None:
    """Insert every staged row as a new record, with its line in the journal."""
    target = _qualified(record_table(object_type))
    names = ", ".join(["id", "owner_id", "origin", *map(_name, columns)])
    tx.connection.exec_driver_sql(
        f"INSERT INTO {target} (created_at, created_by_id, updated_at, updated_by_id, {names}) "
        f"SELECT %(now)s, %(actor)s, %(now)s, %(actor)s, {names} FROM {_STAGED} ORDER BY place",
        {"now": tx.now, "actor": actor_id},
    )
    after = "jsonb_strip_nulls(to_jsonb(s) - '{place,id,origin}'::text[])"
    _write_journal(tx, object_type, actor_id, "create", "1", "NULL::jsonb", after, f"{_STAGED} s ORDER BY s.place")


def update_staged(
    tx: Transaction, object_type: ObjectType, columns: Sequence[str], actor_id: int | None
) -> list[int]:
    """Write the staged columns into the records of the staged ids; return the places that changed anything.

    ``owner_id`` and ``origin`` are only written where they are given. Rows that would not change are not touched.
    """
    target = _qualified(record_table(object_type))
    names = list(map(_name, columns))
    differs = " OR ".join(f"r.{name} IS DISTINCT FROM s.{name}" for name in names)
    tx.connection.exec_driver_sql("DROP TABLE IF EXISTS pg_temp.changed")
    before = ", ".join(f"'{column}', r.{name}" for column, name in zip(columns, names, strict=True))
    after = ", ".join(f"'{column}', s.{name}" for column, name in zip(columns, names, strict=True))
    tx.connection.exec_driver_sql(
        "CREATE TEMPORARY TABLE changed ON COMMIT DROP AS "
        f"SELECT s.place, r.id, r.version, jsonb_build_object({before}, 'origin', r.origin) AS before, "
        f"jsonb_build_object({after}, 'origin', coalesce(s.origin, r.origin)) AS after "
        f"FROM {target} r JOIN {_STAGED} s ON s.id = r.id WHERE r.deleted_at IS NULL AND ({differs}) FOR UPDATE OF r"
    )
    sets = ", ".join(f"{name} = s.{name}" for name in names)
    tx.connection.exec_driver_sql(
        f"UPDATE {target} r SET {sets}, origin = coalesce(s.origin, r.origin), version = r.version + 1, "
        f"updated_at = %(now)s, updated_by_id = %(actor)s FROM {_STAGED} s JOIN changed c ON c.id = s.id "
        "WHERE r.id = s.id",
        {"now": tx.now, "actor": actor_id},
    )
    kept = "(SELECT jsonb_object_agg(k, v) FROM jsonb_each(c.{one}) AS e(k, v) WHERE v IS DISTINCT FROM c.{other}->k)"
    _write_journal(
        tx,
        object_type,
        actor_id,
        "update",
        "c.version + 1",
        kept.format(one="before", other="after"),
        kept.format(one="after", other="before"),
        "changed c ORDER BY c.place",
    )
    return list(tx.connection.exec_driver_sql("SELECT place FROM changed ORDER BY place").scalars())


def staged_twins(tx: Transaction, object_type: ObjectType, column: str) -> list[tuple[int, int]]:
    """Return (place, twin's id) where a value of *column* is held by a live record or an earlier staged row."""
    target, name = _qualified(record_table(object_type)), _name(column)
    statement = (
        f"SELECT s.place, min(r.id) FROM {_STAGED} s JOIN {target} r ON r.{name} = s.{name} "
        "AND r.deleted_at IS NULL AND r.id <> s.id GROUP BY s.place UNION ALL "
        f"SELECT place, first FROM (SELECT s.place, first_value(s.id) OVER held AS first, "
        f"row_number() OVER held AS nth FROM {_STAGED} s WHERE s.{name} IS NOT NULL "
        f"WINDOW held AS (PARTITION BY s.{name} ORDER BY s.place)) t WHERE nth > 1 ORDER BY 1"
    )
    return [(place, twin) for place, twin in tx.connection.exec_driver_sql(statement)]


def staged_out_of_reach(
    tx: Transaction, object_type: ObjectType, visible: Expression, writable: Expression
) -> list[int]:
    """Return the places of existing records that the two conditions (or the recycle bin) keep from the actor.

    Places of new records, whose ids no table holds yet, are not judged.
    """
    staged, table = _staged_table(), record_table(object_type)
    meets = [_compiled(tx, each, table) for each in (visible, writable)]
    statement = (
        sa.select(staged.c.place)
        .join(table, table.c.id == staged.c.id)
        .where(sa.not_(sa.and_(*meets, table.c.deleted_at.is_(None))))
    )
    return list(tx.connection.execute(statement).scalars())


def staged_broken_links(tx: Transaction, column: str, linked: ObjectType, visible: Expression) -> list[int]:
    """Return the places whose *column* names a record of *linked* that is not there or may not be seen."""
    staged, table = _staged_table(column), record_table(linked)
    there = sa.exists().where(
        table.c.id == staged.c[column], table.c.deleted_at.is_(None), _compiled(tx, visible, table)
    )
    statement = sa.select(staged.c.place).where(staged.c[column].is_not(None), sa.not_(there))
    return list(tx.connection.execute(statement.order_by(staged.c.place)).scalars())


def unstage(tx: Transaction, places: Sequence[int]) -> None:
    """Take rows out of the staged table."""
    tx.connection.exec_driver_sql(f"DELETE FROM {_STAGED} WHERE place = ANY(%(places)s)", {"places": list(places)})


def write_search(tx: Transaction, entries: Iterable[SearchEntry], *, fresh: bool) -> None:
    """Write search entries by COPY; *fresh* ones are known to be new, others replace what is there."""
    rows = ((each.record_id, each.object, each.haystack, list(each.tokens)) for each in entries)
    columns, types = ("record_id", "object", "haystack", "tokens"), ("bigint", "text", "text", "text[]")
    target = f"{search_entry.schema}.{search_entry.name}"
    if fresh:
        copy_rows(tx, target, columns, types, rows)
        return
    tx.connection.exec_driver_sql("DROP TABLE IF EXISTS pg_temp.found_by")
    tx.connection.exec_driver_sql(f"CREATE TEMPORARY TABLE found_by (LIKE {target}) ON COMMIT DROP")
    copy_rows(tx, "pg_temp.found_by", columns, types, rows)
    tx.connection.exec_driver_sql(
        f"INSERT INTO {target} SELECT * FROM found_by ON CONFLICT (record_id) "
        "DO UPDATE SET haystack = excluded.haystack, tokens = excluded.tokens"
    )


def _write_journal(
    tx: Transaction,
    object_type: ObjectType,
    actor_id: int | None,
    action: str,
    version: str,
    before: str,
    after: str,
    source: str,
) -> None:
    alias = source.split()[1]
    tx.connection.exec_driver_sql(
        f"INSERT INTO {journal.schema}.{journal.name} "
        "(at, actor_id, door, batch_id, object, record_id, action, version, before, after) "
        f"SELECT %(now)s, %(actor)s, %(door)s, %(batch)s, %(object)s, {alias}.id, %(action)s, {version}, "
        f"{before}, {after} FROM {source}",
        {
            "now": tx.now,
            "actor": actor_id,
            "door": tx.door,
            "batch": tx.batch_id,
            "object": object_type.name,
            "action": action,
        },
    )


def _staged_table(*columns: str) -> sa.TableClause:
    return sa.table(_STAGED, *(sa.column(name) for name in ("place", "id", *columns)))


def _compiled(tx: Transaction, condition: Expression, table: sa.Table) -> sa.ColumnElement[bool]:
    """Return *condition* over the system's columns of *table*."""
    names = {"id": "id", "owner": "owner_id"}
    return compile_expression(condition, lambda path: table.c[names[path.parts[0]]], now=tx.now)


def _qualified(table: sa.Table) -> str:
    return f"{table.schema}.{_name(table.name)}"


def _types(object_type: ObjectType) -> dict[str, str]:
    return {
        name: part.column for field in object_type.fields.values() for name, part in columns_of(field)
    }


def _driver(tx: Transaction) -> psycopg.Connection[Any]:
    connection = tx.connection.connection.driver_connection
    assert isinstance(connection, psycopg.Connection)
    return connection


def _name(column: str) -> str:
    return '"' + column.replace('"', '""') + '"'


