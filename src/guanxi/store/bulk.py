"""Many rows at once: new ones are copied to where they stay, with their lines in the journal and search entries.

Changes of known records are copied into a temporary table and written by one statement for rows and one for the
journal. Its table ``staged`` holds ``place`` (which row of the batch), ``id``, ``owner_id``, ``origin`` and the
object's columns to be written.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import repeat, starmap
from struct import Struct
from typing import Any

import msgspec
import numpy as np
import sqlalchemy as sa

from guanxi.metadata.field_types import columns_of
from guanxi.metadata.field_types.base import ColumnType
from guanxi.metadata.field_types.columns import to_json
from guanxi.metadata.objects import ObjectType
from guanxi.store.copying import Column, copy_columns, copy_lines, copy_pages, lines_of, quoted, texts_of
from guanxi.store.search import SearchEntries
from guanxi.store.tables import MOST_TABLES, journal, record_table, search_entry
from guanxi.store.transactions import Transaction

_STAGED = "staged"
_ENTRY = ("record_id", "object", "haystack", "tokens")
# As PostgreSQL receives values: the version of its JSON, the type of a whole number; before the elements of an array
# the bytes to come, its dimensions, whether it has blanks, their type, how many there are, the number of the first.
_JSONB, _INTEGER = 1, 23
_ARRAY, _ARRAY_HEAD = Struct(">iiiiii").pack, 20
_ENCODE_LINES = msgspec.json.Encoder().encode_lines
OWNER, ORIGIN = "owner_id", "origin"
_SYSTEM_TYPES: Mapping[str, ColumnType] = {
    "place": "bigint",
    "id": "bigint",
    OWNER: "bigint",
    ORIGIN: "jsonb",
}
_SPELT_IN_JSON = frozenset({"numeric", "date", "timestamptz"})
"""Columns whose values JSON does not know."""


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


def insert(
    tx: Transaction, object_type: ObjectType, columns: Mapping[str, Sequence[Any]], actor_id: int | None
) -> None:
    """Copy *columns* (``id``, ``owner_id`` and ``origin`` among them) into new records, with the journal's lines."""
    types = {**_SYSTEM_TYPES, **_types(object_type)}
    stored = [Column(name, types[name], values) for name, values in columns.items()]
    made: list[Column] = []
    for deed in ("created", "updated"):
        made += Column(f"{deed}_at", "timestamptz", [tx.now]), Column(f"{deed}_by_id", "bigint", [actor_id])
    _copy_with(tx, _table(object_type), stored, made)
    _copy_journal(tx, object_type, columns, actor_id)


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


def entry_rows(entries: SearchEntries) -> bytes:
    """Return search entries ready to be copied, in the binary format: PostgreSQL reads it in half the time."""
    name = entries.object.encode()
    begin = Struct(f">hiqi{len(name)}siB").pack
    rows = zip(entries.record_ids, _documents(entries), entries.counts, _elements(entries), strict=True)
    return b"".join(
        [
            part
            for record_id, haystack, count, tokens in rows
            for part in (
                begin(len(_ENTRY), 8, record_id, len(name), name, 1 + len(haystack), _JSONB),
                haystack,
                _ARRAY(_ARRAY_HEAD + len(tokens), 1, 0, _INTEGER, count, 1),
                tokens,
            )
        ]
    )


def _documents(entries: SearchEntries) -> list[bytes]:
    """Return the haystack of each entry as JSON."""
    columns = entries.haystacks.values()
    rows = zip(*columns, strict=True) if columns else repeat((), len(entries.record_ids))
    return _ENCODE_LINES(list(starmap(_filled_of(tuple(entries.haystacks)), rows))).splitlines()


def _elements(entries: SearchEntries) -> Iterator[bytes]:
    """Yield the tokens of each entry as elements of an array, each behind its length."""
    numbers = np.full((len(entries.tokens), 2), 4, dtype=">i4")
    numbers[:, 1] = entries.tokens
    tokens, end = numbers.tobytes(), 0
    for count in entries.counts:
        begin, end = end, end + count * 8
        yield tokens[begin:end]


def write_search(tx: Transaction, pages: Iterable[bytes], *, fresh: bool) -> None:
    """Copy search entries, as `entry_rows`; *fresh* ones are known to be new, others replace what is there.

    The index is the larger part of the work, and PostgreSQL does it while the next lines are made.
    """
    target = f"{search_entry.schema}.{search_entry.name}"
    if fresh:
        copy_pages(tx, target, _ENTRY, pages)
        return
    _execute(tx, "DROP TABLE IF EXISTS pg_temp.found_by")
    _execute(tx, f"CREATE TEMPORARY TABLE found_by (LIKE {target}) ON COMMIT DROP")
    copy_pages(tx, "pg_temp.found_by", _ENTRY, pages)
    _execute(
        tx,
        f"INSERT INTO {target} SELECT * FROM found_by ON CONFLICT (record_id) "
        "DO UPDATE SET haystack = excluded.haystack, tokens = excluded.tokens",
    )


def _copy_journal(
    tx: Transaction, object_type: ObjectType, columns: Mapping[str, Sequence[Any]], actor_id: int | None
) -> None:
    """Copy the journal's line of each new record: what it holds, as JSON."""
    types = {OWNER: "bigint", **_types(object_type)}
    held = {name: _as_json(values, types[name]) for name, values in columns.items() if name in types}
    after = map(_filled_of(tuple(held)), *held.values())
    same = (
        Column("version", "bigint", [1]),
        Column("at", "timestamptz", [tx.now]),
        Column("actor_id", "bigint", [actor_id]),
        Column("door", "text", [tx.door]),
        Column("batch_id", "bigint", [tx.batch_id]),
        Column("object", "text", [object_type.name]),
        Column("action", "text", ["create"]),
    )
    written = [Column("record_id", "bigint", columns["id"]), Column("after", "jsonb", list(after))]
    _copy_with(tx, f"{journal.schema}.{journal.name}", written, same)


@lru_cache(maxsize=MOST_TABLES)
def _filled_of(names: tuple[str, ...]) -> type[msgspec.Struct]:
    """Return what makes the JSON object of a row of values: those that are None are left out of it."""
    parts = {f"part_{at}": name for at, name in enumerate(names)}
    fields = [(part, Any, None) for part in parts]
    return msgspec.defstruct("Filled", fields, rename=parts, omit_defaults=True, gc=False)


def _copy_with(tx: Transaction, table: str, columns: Sequence[Column], same: Sequence[Column]) -> None:
    """Copy rows of *columns*, each followed by the one row of *same*."""
    names = [each.name for each in (*columns, *same)]
    copy_lines(tx, table, names, map("\t".join, zip(*map(texts_of, columns), repeat(*lines_of(same)))))


def _as_json(values: Sequence[Any], kind: ColumnType) -> Sequence[Any]:
    """Return stored values as the journal holds them."""
    return [to_json(value, kind) for value in values] if kind in _SPELT_IN_JSON else values


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
    return f"(SELECT to_jsonb(cells.*) FROM (SELECT {cells}) cells)"


def _new_value(object_type: ObjectType, column: str) -> str:
    """Return SQL for a staged value; of two equal numbers (1.5 and 1.50) the stored one is kept."""
    name = quoted(column)
    if _types(object_type).get(column) != "numeric":
        return f"s.{name}"
    return f"CASE WHEN r.{name} = s.{name} THEN r.{name} ELSE s.{name} END AS {name}"


def _types(object_type: ObjectType) -> dict[str, ColumnType]:
    return {name: part.column for field in object_type.fields.values() for name, part in columns_of(field)}


def _table(object_type: ObjectType) -> str:
    table = record_table(object_type)
    return f"{table.schema}.{quoted(table.name)}"


def _execute(tx: Transaction, statement: str, **values: Any) -> sa.CursorResult[Any]:
    return tx.connection.exec_driver_sql(statement, values or None)
