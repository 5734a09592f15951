"""Many records at once: the stages of `writing`, column by column, with the same result as one by one.

A row that would be refused alone is refused here, with the same problems, and does not stop the others.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from guanxi.access.fields import right_to
from guanxi.access.roles import grant_of
from guanxi.access.visibility import visible_to, within
from guanxi.identity.actor import Actor
from guanxi.kernel.errors import NotAllowed, Problem, Refused
from guanxi.kernel.text import Message, say
from guanxi.metadata.catalog import target_of
from guanxi.metadata.field_types import columns_of, type_of
from guanxi.metadata.objects import SYSTEM_FIELDS, Field, ObjectType
from guanxi.records import search
from guanxi.records.validation import accept, missing, values_of
from guanxi.records.writing import free_numbers
from guanxi.store import bulk, rows
from guanxi.store.search import SearchEntry
from guanxi.store.transactions import Transaction


@dataclass(frozen=True, kw_only=True)
class BulkReceipt:
    """What became of each row: ``ids`` has one entry per row, None where it was refused."""

    ids: tuple[int | None, ...]
    created: int
    updated: int
    unchanged: int
    refused: Mapping[int, tuple[Problem, ...]]


@dataclass(frozen=True, kw_only=True)
class _Batch:
    """A batch on its way in: values by field, one record id per row (0 until a new one has its number)."""

    object_type: ObjectType
    values: dict[str, list[Any]]
    owners: list[int | None]
    origins: Sequence[Mapping[str, Any] | None]
    ids: list[int]
    problems: defaultdict[int, list[Problem]]

    def good(self, places: Iterable[int]) -> list[int]:
        return [place for place in places if place not in self.problems]

    def refuse(self, places: Iterable[int], field: str | None, message: Message) -> None:
        for place in places:
            self.problems[place].append(Problem(field, message))


def save(
    tx: Transaction,
    actor: Actor,
    object_name: str,
    given: Mapping[str, Sequence[Any]],
    *,
    ids: Sequence[int | None] | None = None,
    origins: Sequence[Mapping[str, Any] | None] | None = None,
) -> BulkReceipt:
    """Create a record per row of *given* (field -> one value per row), or change the record that *ids* names.

    All columns of *given* have the same length. *origins* tells per row where its values came from.
    Raises `NotAllowed` when the actor may neither create nor change such records at all.
    """
    object_type = tx.catalog.object(object_name)
    count = len(next(iter(given.values())))
    known = list(ids) if ids is not None else [None] * count
    new = [place for place, each in enumerate(known) if each is None]
    old = [place for place, each in enumerate(known) if each is not None]
    batch = _read(object_type, actor, given, known, origins or [None] * count)
    _judge_rights(tx, actor, batch, new, old)
    created = _create(tx, actor, batch, new)
    updated = _change(tx, actor, batch, old)
    return BulkReceipt(
        ids=tuple(None if place in batch.problems else batch.ids[place] for place in range(count)),
        created=created,
        updated=updated,
        unchanged=len(batch.good(old)) - updated,
        refused={place: tuple(found) for place, found in sorted(batch.problems.items())},
    )


def _create(tx: Transaction, actor: Actor, batch: _Batch, places: list[int]) -> int:
    """Take new rows through the rest of the stages; return how many were created."""
    if not places:
        return 0
    _fill_defaults(batch, places)
    _judge_required(batch, places, batch.object_type.live_fields)
    good = batch.good(places)
    for place, record_id in zip(good, rows.new_ids(tx, len(good)), strict=True):
        batch.ids[place] = record_id
    _number(tx, batch, good)
    _stage_and_judge(tx, actor, batch, good)
    good = batch.good(good)
    bulk.insert_staged(tx, batch.object_type, _columns(batch), actor.id)
    _link(tx, batch, good)
    bulk.write_search(tx, _entries(batch, good), fresh=True)
    return len(good)


def _change(tx: Transaction, actor: Actor, batch: _Batch, places: list[int]) -> int:
    """Take rows of known records through the rest of the stages; return how many records changed."""
    if not places:
        return 0
    given = [each for each in batch.object_type.live_fields if each.name in batch.values]
    _judge_required(batch, places, given)
    _stage_and_judge(tx, actor, batch, batch.good(places))
    good = batch.good(places)
    changed = bulk.update_staged(tx, batch.object_type, _columns(batch), actor.id)
    _link(tx, batch, good)
    search_again(tx, batch.object_type, [batch.ids[place] for place in changed])
    return len(changed)


def _read(
    object_type: ObjectType,
    actor: Actor,
    given: Mapping[str, Sequence[Any]],
    ids: Sequence[int | None],
    origins: Sequence[Mapping[str, Any] | None],
) -> _Batch:
    batch = _Batch(
        object_type=object_type,
        values={},
        owners=[actor.id if each is None else None for each in ids],
        origins=origins,
        ids=[each or 0 for each in ids],
        problems=defaultdict(list),
    )
    for name, column in given.items():
        try:
            field = object_type.field(name)
        except Refused as refused:
            batch.refuse(range(len(ids)), name, refused.message)
            continue
        values = _read_column(field, column, batch.problems)
        if name == "owner":
            batch.owners[:] = values
        else:
            batch.values[name] = values
    return batch


def _read_column(field: Field, column: Sequence[Any], problems: defaultdict[int, list[Problem]]) -> list[Any]:
    """Return the values of one column; equal texts are read once."""
    seen: dict[str, Any] = {}
    values: list[Any] = []
    for place, given in enumerate(column):
        if isinstance(given, str):
            if given not in seen:
                seen[given] = _read_cell(field, given)
            value = seen[given]
        else:
            value = None if given is None else _read_cell(field, given)
        if isinstance(value, Problem):
            problems[place].append(value)
            value = None
        values.append(value)
    return values


def _read_cell(field: Field, given: Any) -> Any:
    """Return the value, or what is wrong with it."""
    try:
        return accept(field, given)
    except Refused as refused:
        return Problem(field.name, refused.message)


def _judge_rights(tx: Transaction, actor: Actor, batch: _Batch, new: list[int], old: list[int]) -> None:
    object_type = batch.object_type
    grant = grant_of(actor, tx.catalog, object_type.name)
    if not grant.create and grant.write == "none":
        raise NotAllowed(say("your roles do not let you change {plural}", plural=object_type.plural))
    if not grant.create:
        refusal = say("your roles do not let you create {plural}", plural=object_type.plural)
        batch.refuse(new, None, refusal)
    for name in batch.values:
        if name in SYSTEM_FIELDS:
            batch.refuse((*new, *old), name, say("the system keeps this field"))
        elif right_to(actor, tx.catalog, object_type, name) != "write":
            batch.refuse((*new, *old), name, say("your roles do not let you change this field"))


def _fill_defaults(batch: _Batch, places: list[int]) -> None:
    """Give new rows the defaults of fields that were not given."""
    for field in batch.object_type.live_fields:
        if field.default is not None and field.name not in batch.values and len(places) == len(batch.ids):
            batch.values[field.name] = [accept(field, field.default)] * len(batch.ids)


def _judge_required(batch: _Batch, places: list[int], fields: Iterable[Field]) -> None:
    nothing: list[Any] = [None] * len(batch.ids)
    columns = {each.name: batch.values.get(each.name, nothing) for each in fields if each.required}
    for place in places:
        held = {name: column[place] for name, column in columns.items()}
        if None in held.values():
            batch.problems[place] += [
                each for each in missing(batch.object_type, held) if each.field in columns
            ]
            if not batch.problems[place]:
                del batch.problems[place]


def _number(tx: Transaction, batch: _Batch, places: list[int]) -> None:
    for field in batch.object_type.live_fields:
        if field.type == "auto_number":
            column = batch.values.setdefault(field.name, [None] * len(batch.ids))
            wanting = [place for place in places if column[place] is None]
            numbers = free_numbers(tx, batch.object_type, field.name, len(wanting))
            for place, number in zip(wanting, numbers, strict=True):
                column[place] = number


def _stage_and_judge(tx: Transaction, actor: Actor, batch: _Batch, places: list[int]) -> None:
    """Copy *places* to the database and let it find what only it can: reach, broken links, twins."""
    bulk.stage(tx, batch.object_type, _columns(batch), _staged_rows(batch, places))
    known = tx.catalog
    may_write = within(grant_of(actor, known, batch.object_type.name).write, actor)
    out_of_reach = bulk.staged_out_of_reach(
        tx, batch.object_type, visible_to(actor, known)(batch.object_type.name), may_write
    )
    batch.refuse(out_of_reach, None, say("this record is not there, or not yours to change"))
    for name in batch.values:
        field = batch.object_type.field(name)
        if target_of(field) not in ("", "user") and not type_of(field).links_many:
            linked = known.object(target_of(field))
            lost = bulk.staged_broken_links(tx, columns_of(field)[0][0], linked, visible_to(actor, known)(linked.name))
            for place in lost:
                message = say("there is no {label} number {id}", label=linked.label, id=[batch.values[name][place]])
                batch.refuse([place], name, message)
        if field.unique:
            _judge_twins(tx, batch, field)
    bulk.unstage(tx, [place for place in places if place in batch.problems])


def _judge_twins(tx: Transaction, batch: _Batch, field: Field) -> None:
    column = columns_of(field)[0][0]
    for place, twin in bulk.staged_twins(tx, batch.object_type, column):
        cell = type_of(field).to_columns(batch.values[field.name][place])[0]
        message = say("{value} is already used by record {twin}", value=cell, twin=twin)
        batch.refuse([place], field.name, message)


def _columns(batch: _Batch) -> list[str]:
    """Return the names of the stored columns the batch writes."""
    return [name for each in batch.values for name, _ in _stored(batch.object_type.field(each))]


def _stored(field: Field) -> tuple[tuple[str, Any], ...]:
    return () if field.name in SYSTEM_FIELDS else columns_of(field)


def _staged_rows(batch: _Batch, places: list[int]) -> Iterator[tuple[Any, ...]]:
    """Yield ``(place, id, owner, origin, cells…)`` per place, cells as stored."""
    columns: list[list[Any]] = []
    for name, values in batch.values.items():
        stored = _stored(batch.object_type.field(name))
        if len(stored) == 1:
            to_columns = type_of(batch.object_type.field(name)).to_columns
            columns.append([None if value is None else to_columns(value)[0] for value in values])
        elif stored:
            cells = [type_of(batch.object_type.field(name)).to_columns(value) for value in values]
            columns += [list(column) for column in zip(*cells, strict=True)]
    for place in places:
        yield (
            place,
            batch.ids[place],
            batch.owners[place],
            batch.origins[place],
            *(column[place] for column in columns),
        )


def _link(tx: Transaction, batch: _Batch, places: list[int]) -> None:
    for name, column in batch.values.items():
        field = batch.object_type.field(name)
        if type_of(field).links_many:
            for place in places:
                rows.relink(tx, batch.object_type, field, batch.ids[place], list(column[place] or ()))


def _entries(batch: _Batch, places: list[int]) -> Iterator[SearchEntry]:
    found_by = {
        each.name: batch.values[each.name]
        for each in batch.object_type.live_fields
        if each.searchable and each.name in batch.values
    }
    for place in places:
        values = {name: column[place] for name, column in found_by.items()}
        entry = search.entry(batch.object_type, batch.ids[place], values)
        if entry is not None:
            yield entry


def search_again(tx: Transaction, object_type: ObjectType, ids: list[int]) -> None:
    """Write the search entries of changed records from what is stored now."""
    stored = rows.fetch(tx, object_type, ids).values()
    entries = (search.entry(object_type, each.id, values_of(object_type, each.columns)) for each in stored)
    bulk.write_search(tx, (entry for entry in entries if entry is not None), fresh=False)
