"""Many records at once: the stages of `writing`, column by column, with the same result as one by one.

A row that would be refused alone is refused here, with the same problems, and does not stop the others. New rows
are taken before changes of known records, and a unique value is free only when no record holds it when the batch
begins: here alone a batch is stricter than its rows one after the other.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import msgspec

from guanxi.access.roles import grant_of
from guanxi.identity.actor import Actor
from guanxi.kernel.errors import Invalid, NotAllowed, Problem, Refused
from guanxi.kernel.memory import unsearched
from guanxi.kernel.text import say
from guanxi.metadata.field_types import columns_of, type_of
from guanxi.metadata.field_types.base import FieldType
from guanxi.metadata.objects import OWNER, ObjectType
from guanxi.records import search, writing
from guanxi.records.drafts import begun_by
from guanxi.records.judging import (
    Batch,
    Origin,
    judge_links,
    judge_reach,
    judge_required,
    judge_rights,
    judge_twins,
    read,
)
from guanxi.records.validation import accept, values_of
from guanxi.records.writing import free_numbers
from guanxi.store import bulk, rows
from guanxi.store.transactions import Transaction

_ENTRIES_AT_ONCE = 500


@dataclass(frozen=True, kw_only=True)
class BulkReceipt:
    """What became of each row: ``ids`` has one entry per row, None where it was refused."""

    ids: tuple[int | None, ...]
    created: int
    updated: int
    unchanged: int
    refused: Mapping[int, tuple[Problem, ...]]


def save(
    tx: Transaction,
    actor: Actor,
    object_name: str,
    given: Mapping[str, Sequence[Any]],
    *,
    ids: Sequence[int | None] | None = None,
    origins: Sequence[Origin] | None = None,
) -> BulkReceipt:
    """Create a record per row of *given* (field -> one value per row), or change the record that *ids* names.

    All columns of *given* have the same length. *origins* tells per row where its values came from.
    Raises `NotAllowed` when the actor may neither create nor change such records at all.
    """
    object_type = tx.catalog.object(object_name)
    _require_some_right(tx, actor, object_type)
    with unsearched():
        return _save(tx, actor, object_type, given, ids, origins)


def _save(
    tx: Transaction,
    actor: Actor,
    object_type: ObjectType,
    given: Mapping[str, Sequence[Any]],
    ids: Sequence[int | None] | None,
    origins: Sequence[Origin] | None,
) -> BulkReceipt:
    count = len(next(iter(given.values()), ()))
    known = list(ids) if ids is not None else [None] * count
    sources = list(origins) if origins is not None else [None] * count
    if any(type_of(field).links_many for field in object_type.live_fields if field.name in given):
        return _one_by_one(tx, actor, object_type, given, known, sources)
    batch = read(object_type, given, known, sources)
    batch = judge_rights(tx, actor, batch)
    new = [place for place, each in enumerate(known) if each is None]
    created = _create(tx, actor, batch, new) if new else 0
    changed = [_change(tx, actor, batch, places) for places in _rounds(known)]
    return BulkReceipt(
        ids=tuple(None if place in batch.problems else batch.ids[place] for place in range(count)),
        created=created,
        updated=sum(changed),
        unchanged=count - len(batch.problems) - created - sum(changed),
        refused={place: tuple(found) for place, found in sorted(batch.problems.items())},
    )


def search_again(tx: Transaction, object_type: ObjectType, ids: Iterable[int]) -> None:
    """Write the search entries of changed records from what is stored now; those in the recycle bin have none."""
    stored = [each for each in rows.fetch(tx, object_type, ids).values() if each.deleted_at is None]
    held = [values_of(object_type, each.columns) for each in stored]
    values = {name: [each[name] for each in held] for name in (held[0] if held else ())}
    numbers = [each.id for each in stored]
    pages = (_search_rows(object_type, numbers, values, page) for page in _pages(range(len(numbers))))
    bulk.write_search(tx, pages, fresh=False)


def _create(tx: Transaction, actor: Actor, batch: Batch, places: list[int]) -> int:
    """Take new rows through the rest of the stages; return how many were created."""
    batch = _with_defaults(tx, actor, batch)
    if not grant_of(actor, tx.catalog, batch.object_type.name).create:
        refusal = say("your roles do not let you create {plural}", plural=batch.object_type.plural)
        batch.refuse(places, None, refusal)
    judge_required(batch, places, batch.object_type.live_fields)
    judge_links(tx, actor, batch, places)
    for place, record_id in zip(places, rows.new_ids(tx, len(places)), strict=True):
        batch.ids[place] = record_id
    judge_twins(tx, batch, places)
    good = batch.good(places)
    batch = _with_numbers(tx, batch, good)
    owners = [actor.id] * len(good) if OWNER not in batch.values else None
    with ThreadPoolExecutor(max_workers=1) as aside:
        # Made in Python while PostgreSQL stores the rows and their journal, for which Python would only wait.
        pages = aside.map(partial(_search_rows, batch.object_type, batch.ids, batch.values), _pages(good))
        bulk.insert(tx, batch.object_type, _columns(batch, good, owners), actor.id)
        bulk.write_search(tx, pages, fresh=True)
    return len(good)


def _search_rows(
    object_type: ObjectType, ids: Sequence[int], values: Mapping[str, Sequence[Any]], places: Sequence[int]
) -> bytes:
    """Return what the records at *places* are found by, ready to be copied."""
    columns = {
        each.name: [values[each.name][place] for place in places]
        for each in object_type.live_fields
        if each.searchable and each.name in values
    }
    found = search.entries(object_type, [ids[place] for place in places], columns)
    return b"" if found is None else bulk.entry_rows(found)


def _change(tx: Transaction, actor: Actor, batch: Batch, places: list[int]) -> int:
    """Take rows of known records, each at most once, through the rest of the stages; return how many changed."""
    judge_reach(tx, actor, batch, places)
    judge_required(batch, places, [field for field, _ in batch.fields()])
    judge_links(tx, actor, batch, places)
    judge_twins(tx, batch, places)
    batch = _keeping_numbers(tx, batch, places)
    owned = [bulk.OWNER] if OWNER in batch.values else []
    good = batch.good(places)
    bulk.stage(tx, batch.object_type, {"place": good, **_columns(batch, good, None)})
    changed = bulk.update_staged(tx, batch.object_type, [*owned, *_own_columns(batch)], actor.id)
    if any(field.searchable for field, _ in batch.fields()):
        search_again(tx, batch.object_type, changed)
    return len(changed)


def _rounds(ids: Sequence[int | None]) -> Iterator[list[int]]:
    """Yield places of known records so that none holds a record twice: a later row changes what an earlier left."""
    turns: defaultdict[int, list[int]] = defaultdict(list)
    seen: defaultdict[int, int] = defaultdict(int)
    for place, each in enumerate(ids):
        if each is not None:
            turns[seen[each]].append(place)
            seen[each] += 1
    yield from (turns[turn] for turn in sorted(turns))


def _one_by_one(
    tx: Transaction,
    actor: Actor,
    object_type: ObjectType,
    given: Mapping[str, Sequence[Any]],
    ids: Sequence[int | None],
    origins: Sequence[Origin],
) -> BulkReceipt:
    """Save rows with many-to-many fields, which no source brings by the thousand, through the single door."""
    found: list[int | None] = []
    refused: dict[int, tuple[Problem, ...]] = {}
    outcomes = {"created": 0, "updated": 0, "unchanged": 0}
    for place, record_id in enumerate(ids):
        row = {name: column[place] for name, column in given.items()}
        try:
            origin = origins[place]
            told = msgspec.json.decode(origin) if isinstance(origin, msgspec.Raw) else origin
            saved, outcome = _save_one(tx, actor, object_type, record_id, row, told)
        except Refused as error:
            refused[place] = error.problems if isinstance(error, Invalid) else (Problem(None, error.message),)
            found.append(None)
        else:
            outcomes[outcome] += 1
            found.append(saved)
    return BulkReceipt(ids=tuple(found), refused=refused, **outcomes)


def _save_one(
    tx: Transaction,
    actor: Actor,
    object_type: ObjectType,
    record_id: int | None,
    row: Mapping[str, Any],
    origin: Mapping[str, Any] | None,
) -> tuple[int, str]:
    if record_id is None:
        if not grant_of(actor, tx.catalog, object_type.name).create:
            raise NotAllowed(say("your roles do not let you create {plural}", plural=object_type.plural))
        return writing.save_draft(tx, actor, object_type, None, row, origin=origin), "created"
    before = rows.fetch(tx, object_type, [record_id]).get(record_id)
    writing.update(tx, actor, object_type.name, record_id, row)
    after = rows.fetch(tx, object_type, [record_id])[record_id]
    return record_id, "unchanged" if before is not None and before.version == after.version else "updated"


def _require_some_right(tx: Transaction, actor: Actor, object_type: ObjectType) -> None:
    grant = grant_of(actor, tx.catalog, object_type.name)
    if not grant.create and grant.write == "none":
        raise NotAllowed(say("your roles do not let you change {plural}", plural=object_type.plural))


def _with_defaults(tx: Transaction, actor: Actor, batch: Batch) -> Batch:
    """Return the batch with the defaults of fields nobody gave; rows from no source get what those begin with."""
    begun = begun_by(batch.object_type, actor, tx.now)
    defaults: dict[str, Sequence[Any]] = {}
    for field in batch.object_type.live_fields:
        if field.name not in batch.values and not (field.default is None and field.name not in begun):
            usual = accept(field, field.default)
            by_hand = accept(field, begun.get(field.name, field.default))
            defaults[field.name] = [by_hand if origin is None else usual for origin in batch.origins]
    return replace(batch, values={**batch.values, **defaults})


def _with_numbers(tx: Transaction, batch: Batch, places: list[int]) -> Batch:
    """Return the batch with a number for each new row that brings none."""
    numbered: dict[str, Sequence[Any]] = {}
    for field in batch.object_type.live_fields:
        if field.type == "auto_number":
            column = list(batch.values.get(field.name) or [None] * len(batch.ids))
            wanting = [place for place in places if column[place] is None]
            brought = {column[place] for place in places} - {None}
            drawn = free_numbers(tx, batch.object_type, field.name, len(wanting), besides=brought)
            for place, number in zip(wanting, drawn, strict=True):
                column[place] = number
            numbered[field.name] = column
    return replace(batch, values={**batch.values, **numbered})


def _keeping_numbers(tx: Transaction, batch: Batch, places: list[int]) -> Batch:
    """Return the batch with the stored numbers where a row brings a blank: a number is never emptied."""
    kept: dict[str, Sequence[Any]] = {}
    for field, column in batch.fields():
        blank = [place for place in places if column[place] is None] if field.type == "auto_number" else []
        if blank:
            stored = rows.fetch(tx, batch.object_type, [batch.ids[place] for place in blank])
            filled = list(column)
            for place in blank:
                held = stored.get(batch.ids[place])
                filled[place] = held.columns[field.name] if held else None
            kept[field.name] = filled
    return replace(batch, values={**batch.values, **kept})


def _own_columns(batch: Batch) -> list[str]:
    """Return the names of the object's own columns that the batch writes."""
    return [name for field, _ in batch.fields() if field.name != OWNER for name, _ in columns_of(field)]


def _columns(
    batch: Batch, places: list[int], owners: Sequence[int | None] | None
) -> dict[str, Sequence[Any]]:
    """Return the columns to store for *places*; *owners* where the batch itself names none."""
    is_whole = len(places) == len(batch.ids)

    def at(column: Sequence[Any]) -> Sequence[Any]:
        return column if is_whole else [column[place] for place in places]

    stored: dict[str, Sequence[Any]] = {"id": at(batch.ids), bulk.ORIGIN: at(batch.origins)}
    if owners is not None:
        stored[bulk.OWNER] = owners
    for field, column in batch.fields():
        values = at(column)
        names = [name for name, _ in columns_of(field)]
        kind = type_of(field)
        if type(kind).to_columns is FieldType.to_columns:
            stored[names[0]] = values
        else:
            cells = zip(*map(kind.to_columns, values), strict=True) if values else [()] * len(names)
            stored.update(zip(names, cells, strict=True))
    return stored


def _pages(places: Sequence[int]) -> list[Sequence[int]]:
    return [places[at : at + _ENTRIES_AT_ONCE] for at in range(0, len(places), _ENTRIES_AT_ONCE)]
