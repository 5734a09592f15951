"""Merges in the database: what points to a record is pointed to another, and a ledger knows the way back."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert as upsert

from guanxi.metadata.objects import Field, ObjectType
from guanxi.store import journal, rows
from guanxi.store.tables import crosswalk, link_table, merge, record_table
from guanxi.store.transactions import Transaction

_PART_OF = merge.c.repointed["part_of"].as_integer()


@dataclass(frozen=True, kw_only=True)
class Moved:
    """What pointed to a loser and now points to the winner.

    ``links`` are (object, column, ids of the records changed); ``lists`` are (object, many-to-many field, ids
    of the records whose list changed, those of them that held the winner already); ``crossings`` are the
    (source, source key) that led to the loser.
    """

    links: tuple[tuple[str, str, tuple[int, ...]], ...] = ()
    lists: tuple[tuple[str, str, tuple[int, ...], tuple[int, ...]], ...] = ()
    crossings: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, kw_only=True)
class Merge:
    """One merge as the ledger holds it; *id* is how people name it.

    ``before`` and ``after`` hold the winner's changed columns (many-to-many fields as lists) as JSON values;
    ``moved`` has one entry per loser.
    """

    id: int
    object: str
    winner_id: int
    merged_at: datetime
    merged_by: int | None
    before: Mapping[str, Any]
    after: Mapping[str, Any]
    moved: dict[int, Moved]
    undone_at: datetime | None


@contextmanager
def whole_or_nothing(tx: Transaction) -> Iterator[None]:
    """Take back what the block wrote when it fails, even where the caller goes on with the transaction."""
    with tx.connection.begin_nested():
        yield


def write(
    tx: Transaction,
    actor_id: int | None,
    object_name: str,
    winner_id: int,
    *,
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    moved: Mapping[int, Moved],
) -> int:
    """Enter a merge: one line per loser, the first of which gives the merge its number; return it."""
    number: int | None = None
    for loser_id, each in moved.items():
        line = {
            "object": object_name,
            "winner_id": winner_id,
            "loser_id": loser_id,
            "merged_at": tx.now,
            "merged_by": actor_id,
            "batch_id": tx.batch_id,
            "winner_before": dict(before) if number is None else {},
            "winner_after": dict(after) if number is None else {},
            "repointed": {
                "links": each.links,
                "lists": each.lists,
                "crosswalk": each.crossings,
                "part_of": number,
            },
        }
        entered = tx.connection.execute(sa.insert(merge).values(line).returning(merge.c.id)).scalar_one()
        number = number or entered
    assert number is not None
    return number


def named(tx: Transaction, merge_id: int, *, lock: bool = False) -> Merge | None:
    """Return the merge that the line *merge_id* belongs to, None when there is none.

    With *lock* nobody else takes it apart meanwhile.
    """
    asked = sa.select(sa.func.coalesce(_PART_OF, merge.c.id), merge.c.winner_id).where(merge.c.id == merge_id)
    found = tx.connection.execute(asked).first()
    if found is None:
        return None
    number, winner_id = found
    lines = sa.select(merge).where(merge.c.winner_id == winner_id, _lines_of(number)).order_by(merge.c.id)
    return _merge(tx.connection.execute(lines.with_for_update() if lock else lines).all())


def of_record(tx: Transaction, record_id: int) -> list[Merge]:
    """Return the open merges a record won or lost, newest first."""
    return _open(tx, sa.or_(merge.c.winner_id == record_id, merge.c.loser_id == record_id))


def lost(tx: Transaction, record_ids: Sequence[int]) -> set[int]:
    """Return which of the records went into another one, in a merge that is open."""
    lines = sa.select(merge.c.loser_id).where(merge.c.loser_id.in_(record_ids), merge.c.undone_at.is_(None))
    return set(tx.connection.execute(lines).scalars())


def of_batch(tx: Transaction, batch_id: int) -> list[Merge]:
    """Return the open merges of a batch, newest first: the order in which they can be taken apart."""
    return _open(tx, merge.c.batch_id == batch_id)


def latest(
    tx: Transaction,
    object_name: str,
    *,
    before: int | None = None,
    among: Sequence[int] | None = None,
    limit: int = 50,
) -> list[Merge]:
    """Return the open merges of one object, newest first, older than merge *before* when given.

    With *among*, only those in which one of these records stayed or went into another.
    """
    where = [merge.c.object == object_name, merge.c.undone_at.is_(None), _PART_OF.is_(None)]
    if before is not None:
        where.append(merge.c.id < before)
    if among is not None:
        number = sa.func.coalesce(_PART_OF, merge.c.id)
        gone = sa.select(number).where(merge.c.object == object_name, merge.c.loser_id.in_(among))
        where.append(merge.c.winner_id.in_(among) | merge.c.id.in_(gone))
    lines = sa.select(merge.c.id, merge.c.winner_id).where(*where).order_by(merge.c.id.desc()).limit(limit)
    firsts = {row.id: row.winner_id for row in tx.connection.execute(lines)}
    if not firsts:
        return []
    number = sa.func.coalesce(_PART_OF, merge.c.id)
    all_lines = (
        sa.select(merge, number.label("number"))
        .where(merge.c.winner_id.in_(set(firsts.values())), number.in_(list(firsts)))
        .order_by(merge.c.id)
    )
    found: dict[int, list[sa.Row[Any]]] = {each: [] for each in firsts}
    for row in tx.connection.execute(all_lines):
        found[row.number].append(row)
    return [_merge(each) for each in found.values()]


def close(tx: Transaction, one: Merge) -> None:
    """Enter that a merge was taken apart."""
    mine = (merge.c.winner_id == one.winner_id, _lines_of(one.id))
    tx.connection.execute(sa.update(merge).where(*mine).values(undone_at=tx.now))


def correct(tx: Transaction, one: Merge, before: Mapping[str, Any]) -> None:
    """Replace what the ledger says the winner was before, when an earlier merge was taken out below it."""
    tx.connection.execute(sa.update(merge).where(merge.c.id == one.id).values(winner_before=dict(before)))


def repoint(
    tx: Transaction,
    actor_id: int | None,
    object_type: ObjectType,
    column: str,
    *,
    old: int,
    new: int,
    only: Collection[int] | None = None,
    besides: Collection[int] = (),
) -> tuple[int, ...]:
    """Let the records whose *column* names *old* name *new*, with their journal; return their ids.

    *only* keeps to some records, *besides* leaves some out. Records in the recycle bin change as well.
    """
    table = record_table(object_type)
    where = [table.c[column] == old, table.c.id.not_in(list(besides))]
    if only is not None:
        where.append(table.c.id.in_(list(only)))
    versions = _touched(tx, actor_id, table, where, {column: new})
    changes = [
        journal.Change(
            object=object_type.name,
            record_id=record_id,
            action="update",
            version=version,
            before={column: old},
            after={column: new},
        )
        for record_id, version in versions.items()
    ]
    journal.write(tx, actor_id, changes)
    return tuple(versions)


def exchange(
    tx: Transaction,
    object_type: ObjectType,
    field: Field,
    record_ids: Sequence[int],
    *,
    old: int,
    new: int,
    keep: Collection[int] = (),
) -> tuple[int, ...]:
    """Put *new* in the place of *old* in a many-to-many field of *record_ids*; return who held *new* before.

    The records in *keep* hold *old* as well afterwards.
    """
    table = link_table(object_type.name, field)
    had = sa.select(table.c.record_id).where(table.c.linked_id == new, table.c.record_id.in_(record_ids))
    already = tuple(tx.connection.execute(had.order_by(table.c.record_id)).scalars())
    leaving = [each for each in record_ids if each not in set(keep)]
    tx.connection.execute(sa.delete(table).where(table.c.linked_id == old, table.c.record_id.in_(leaving)))
    pairs = [{"record_id": each, "linked_id": new} for each in record_ids]
    if pairs:
        tx.connection.execute(upsert(table).on_conflict_do_nothing(), pairs)
    return already


def holders(tx: Transaction, object_type: ObjectType, field: Field, linked_id: int) -> set[int]:
    """Return the records whose many-to-many *field* holds *linked_id*."""
    table = link_table(object_type.name, field)
    return set(
        tx.connection.execute(sa.select(table.c.record_id).where(table.c.linked_id == linked_id)).scalars()
    )


def journal_lists(
    tx: Transaction,
    actor_id: int | None,
    object_type: ObjectType,
    field: Field,
    before: Mapping[int, Sequence[int]],
) -> None:
    """Count up the version of records whose many-to-many *field* was *before*, and write their journal."""
    after = rows.linked(tx, object_type, field, before)
    changed = [each for each in before if list(before[each]) != after.get(each, [])]
    table = record_table(object_type)
    versions = _touched(tx, actor_id, table, [table.c.id.in_(changed)], {})
    changes = [
        journal.Change(
            object=object_type.name,
            record_id=record_id,
            action="update",
            version=version,
            before={field.name: list(before[record_id])},
            after={field.name: after.get(record_id, [])},
        )
        for record_id, version in versions.items()
    ]
    journal.write(tx, actor_id, changes)


def recross(
    tx: Transaction,
    object_name: str,
    *,
    old: int,
    new: int,
    only: Collection[tuple[str, str]] | None = None,
) -> tuple[tuple[str, str], ...]:
    """Let the source rows that led to *old* lead to *new*; return their (source, source key)."""
    where = [crosswalk.c.object == object_name, crosswalk.c.record_id == old]
    if only is not None:
        where.append(sa.tuple_(crosswalk.c.source, crosswalk.c.source_key).in_(list(only)))
    statement = sa.update(crosswalk).where(*where).values(record_id=new)
    moved = tx.connection.execute(statement.returning(crosswalk.c.source, crosswalk.c.source_key))
    return tuple(sorted((row.source, row.source_key) for row in moved))


def _touched(
    tx: Transaction, actor_id: int | None, table: sa.Table, where: Sequence[Any], values: Mapping[str, Any]
) -> dict[int, int]:
    """Change the records *where* says; return their new versions by id, in the order of the ids."""
    statement = sa.update(table).where(*where)
    statement = statement.values(
        **values, version=table.c.version + 1, updated_at=tx.now, updated_by_id=actor_id
    )
    changed = tx.connection.execute(statement.returning(table.c.id, table.c.version)).all()
    return dict(sorted((row.id, row.version) for row in changed))


def _lines_of(number: int) -> sa.ColumnElement[bool]:
    return sa.or_(merge.c.id == number, number == _PART_OF)


def _open(tx: Transaction, where: sa.ColumnElement[bool]) -> list[Merge]:
    lines = sa.select(merge.c.id).where(where, merge.c.undone_at.is_(None)).order_by(merge.c.id.desc())
    found = [named(tx, line) for line in tx.connection.execute(lines).scalars().all()]
    return list({each.id: each for each in found if each is not None}.values())


def _merge(lines: Sequence[sa.Row[Any]]) -> Merge:
    first = lines[0]
    return Merge(
        id=first.id,
        object=first.object,
        winner_id=first.winner_id,
        merged_at=first.merged_at,
        merged_by=first.merged_by,
        before=first.winner_before,
        after=first.winner_after,
        moved={line.loser_id: _moved(line.repointed) for line in lines},
        undone_at=first.undone_at,
    )


def _moved(written: Mapping[str, Any]) -> Moved:
    return Moved(
        links=tuple((name, column, tuple(ids)) for name, column, ids in written["links"]),
        lists=tuple((name, field, tuple(ids), tuple(had)) for name, field, ids, had in written["lists"]),
        crossings=tuple((source, key) for source, key in written["crosswalk"]),
    )
