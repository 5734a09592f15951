"""Many rows at once: copied into a temporary table, then moved by one statement for rows and one for the journal.

The table ``staged`` holds ``place`` (which row of the batch), ``id``, ``owner_id``, ``origin`` and the object's
columns to be written.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

import sqlalchemy as sa

from guanxi.metadata.field_types import columns_of
from guanxi.metadata.objects import ObjectType
from guanxi.store.copying import Column, copy_columns, copy_pages, quoted
from guanxi.store.search import SearchEntry
from guanxi.store.tables import journal, record_table, search_entry
from guanxi.store.transactions import Transaction

_STAGED = "staged"
_ENTRY = ("record_id", "object", "haystack", "tokens")
_ENTRIES_AT_ONCE = 500
OWNER, ORIGIN = "owner_id", "origin"
_SYSTEM_TYPES = {"place": "bigint", "id": "bigint", OWNER: "bigint", ORIGIN: "jsonb"}


def stage(tx: Transaction, object_type: ObjectType, columns: dict[str, Sequence[Any]]) -> None:
    """Copy *columns* (name -> one value per row; ``place`` and ``id`` among them) into a fresh staged table."""
    types = {**_types(object_type), **_SYSTEM_TYPES}
    body = ", ".join(f"{quoted(name)} {types[name]}" for name in columns)
    _execute(tx, f"DROP TABLE IF EXISTS pg_temp.{_STAGED}")
    _execute(tx, f"CREATE TEMPORARY TABLE {_STAGED} ({body}) ON COMMIT DROP")
    copy_columns(
        tx, f"pg_temp.{_STAGED}", [Column(name, types[name], values) for name, values in columns.items()]
    )


def copy_rows(
    tx: Transaction, table: str, columns: Sequence[str], types: Sequence[str], rows: Iterable[Sequence[Any]]
) -> None:
    """Send *rows* to *table*; *types* are PostgreSQL's names, one per column."""
    cells: Iterable[Sequence[Any]] = zip(*rows, strict=True)
    values = list(cells) or [()] * len(columns)
    copy_columns(tx, table, [Column(*each) for each in zip(columns, types, values, strict=True)])


def insert_staged(
    tx: Transaction, object_type: ObjectType, columns: Sequence[str], actor_id: int | None
) -> None:
    """Insert every staged row as a new record, with its line in the journal."""
    names = ", ".join(["id", OWNER, ORIGIN, *map(quoted, columns)])
    _execute(
        tx,
        f"INSERT INTO {_table(object_type)} (created_at, created_by_id, updated_at, updated_by_id, {names}) "
        f"SELECT %(now)s, %(actor)s, %(now)s, %(actor)s, {names} FROM {_STAGED} ORDER BY place",
        now=tx.now,
        actor=actor_id,
    )
    after = _filled(object_type, "s", [OWNER, *columns])
    _write_journal(
        tx,
        object_type,
        actor_id,
        "create",
        f"SELECT s.id, 1, NULL::jsonb, {after} FROM {_STAGED} s ORDER BY place",
    )


def update_staged(
    tx: Transaction, object_type: ObjectType, columns: Sequence[str], actor_id: int | None
) -> list[int]:
    """Write the staged columns into the records of the staged ids; return the ids of those that changed.

    Each record is staged once and locked by the caller. A row without any other value touches nothing; an
    origin is only written where it is given, and only together with a value.
    """
    if not columns:
        return []
    target, names = _table(object_type), list(map(quoted, columns))
    journaled = [*columns, ORIGIN]
    differs = " OR ".join(f"r.{name} IS DISTINCT FROM s.{name}" for name in names)
    _execute(tx, "DROP TABLE IF EXISTS pg_temp.changed")
    values = ", ".join(_new_value(object_type, name) for name in columns)
    _execute(
        tx,
        "CREATE TEMPORARY TABLE changed ON COMMIT DROP AS SELECT s.place, r.id, r.version, "
        f"{_object(object_type, 'r', journaled)} AS before, {_object(object_type, 'n', journaled)} AS after "
        f"FROM {target} r JOIN {_STAGED} s ON s.id = r.id, "
        f"LATERAL (SELECT {values}, coalesce(s.origin, r.origin) AS origin) n WHERE {differs}",
    )
    sets = ", ".join(f"{name} = s.{name}" for name in names)
    _execute(
        tx,
        f"UPDATE {target} r SET {sets}, origin = coalesce(s.origin, r.origin), version = r.version + 1, "
        f"updated_at = %(now)s, updated_by_id = %(actor)s FROM {_STAGED} s JOIN changed c ON c.id = s.id "
        "WHERE r.id = s.id",
        now=tx.now,
        actor=actor_id,
    )
    only = "(SELECT jsonb_object_agg(k, v) FROM jsonb_each(c.{0}) e(k, v) WHERE v IS DISTINCT FROM c.{1}->k)"
    before, after = only.format("before", "after"), only.format("after", "before")
    _write_journal(
        tx,
        object_type,
        actor_id,
        "update",
        f"SELECT c.id, c.version + 1, {before}, {after} FROM changed c ORDER BY place",
    )
    return list(tx.connection.exec_driver_sql("SELECT id FROM changed ORDER BY place").scalars())


def write_search(tx: Transaction, entries: Iterable[SearchEntry], *, fresh: bool) -> None:
    """Write search entries by COPY; *fresh* ones are known to be new, others replace what is there.

    The index is the larger part of the work, and PostgreSQL does it while the next entries are made.
    """
    target = f"{search_entry.schema}.{search_entry.name}"
    if fresh:
        copy_pages(tx, target, _ENTRY, _entry_pages(entries))
        return
    _execute(tx, "DROP TABLE IF EXISTS pg_temp.found_by")
    _execute(tx, f"CREATE TEMPORARY TABLE found_by (LIKE {target}) ON COMMIT DROP")
    copy_pages(tx, "pg_temp.found_by", _ENTRY, _entry_pages(entries))
    _execute(
        tx,
        f"INSERT INTO {target} SELECT * FROM found_by ON CONFLICT (record_id) "
        "DO UPDATE SET haystack = excluded.haystack, tokens = excluded.tokens",
    )


def _entry_pages(entries: Iterable[SearchEntry]) -> Iterator[list[Column]]:
    waiting = iter(entries)
    while page := list(islice(waiting, _ENTRIES_AT_ONCE)):
        yield [
            Column("record_id", "bigint", [each.record_id for each in page]),
            Column("object", "text", [each.object for each in page]),
            Column("haystack", "jsonb", [each.haystack for each in page]),
            # Tokens are letters, digits and two signs of their own: nothing in them needs quotes.
            Column("tokens", "tokens", ["{" + ",".join(each.tokens) + "}" for each in page]),
        ]


def _write_journal(
    tx: Transaction, object_type: ObjectType, actor_id: int | None, action: str, changes: str
) -> None:
    """Append one line per row of *changes*, a query for (record, version, before, after)."""
    _execute(
        tx,
        f"INSERT INTO {journal.schema}.{journal.name} "
        "(record_id, version, before, after, at, actor_id, door, batch_id, object, action) "
        "SELECT c.*, %(now)s, %(actor)s, %(door)s, %(batch)s, %(object)s, %(action)s "
        f"FROM ({changes}) c",
        now=tx.now,
        actor=actor_id,
        door=tx.door,
        batch=tx.batch_id,
        object=object_type.name,
        action=action,
    )


def _object(object_type: ObjectType, row: str, columns: Iterable[str]) -> str:
    """Return SQL for a JSON object of some columns of *row*; exact numbers are written as text, as one by one."""
    numbers = {name for name, kind in _types(object_type).items() if kind == "numeric"}
    cells = ", ".join(
        f"{row}.{quoted(name)}{'::text' if name in numbers else ''} AS {quoted(name)}" for name in columns
    )
    return f"(SELECT to_jsonb(cells) FROM (SELECT {cells}) cells)"


def _new_value(object_type: ObjectType, column: str) -> str:
    """Return SQL for a staged value; of two equal numbers (1.5 and 1.50) the stored one is kept."""
    name = quoted(column)
    if _types(object_type).get(column) != "numeric":
        return f"s.{name}"
    return f"CASE WHEN r.{name} = s.{name} THEN r.{name} ELSE s.{name} END AS {name}"


def _filled(object_type: ObjectType, row: str, columns: Sequence[str]) -> str:
    """Return SQL for a JSON object of those columns of *row* that hold something."""
    types = _types(object_type)
    plain = [name for name in columns if types.get(name) != "jsonb"]
    documents = (
        f" || CASE WHEN {row}.{quoted(name)} IS NULL THEN '{{}}' ELSE {_object(object_type, row, [name])} END"
        for name in columns
        if name not in plain
    )
    return f"jsonb_strip_nulls({_object(object_type, row, plain)})" + "".join(documents)


def _types(object_type: ObjectType) -> dict[str, str]:
    return {name: part.column for field in object_type.fields.values() for name, part in columns_of(field)}


def _table(object_type: ObjectType) -> str:
    table = record_table(object_type)
    return f"{table.schema}.{quoted(table.name)}"


def _execute(tx: Transaction, statement: str, **values: Any) -> sa.CursorResult[Any]:
    return tx.connection.exec_driver_sql(statement, values or None)
