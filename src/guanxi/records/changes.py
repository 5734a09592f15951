"""What happened to a record: each change by whom, when, through which door; one can be taken back."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from guanxi.access.fields import readable
from guanxi.identity.actor import Actor
from guanxi.kernel.errors import Conflict, NotFound, Refused
from guanxi.kernel.text import say
from guanxi.metadata.field_types import Part, columns_of, type_of
from guanxi.metadata.field_types.columns import from_json
from guanxi.metadata.labels import Label
from guanxi.metadata.objects import OWNER, Field, ObjectType
from guanxi.records import writing
from guanxi.store import journal, rows
from guanxi.store.rows import Stored
from guanxi.store.transactions import Transaction


@dataclass(frozen=True, kw_only=True)
class FieldChange:
    """One field's value before and after a change."""

    field: Field
    before: Any
    after: Any


@dataclass(frozen=True, kw_only=True)
class Event:
    """One change of one record; ``actor_name`` None is the product itself."""

    id: int
    at: datetime
    actor_name: str | None
    door: str
    action: journal.Action
    changes: tuple[FieldChange, ...]
    undoable: bool


def history(
    tx: Transaction,
    actor: Actor,
    object_name: str,
    record_id: int,
    *,
    deleted: bool = False,
    field: str | None = None,
    before: int | None = None,
    limit: int = 50,
) -> tuple[Event, ...]:
    """Return the changes of a record, newest first, older than change *before* when given.

    With *field* only what happened to that one. Only fields the actor may read in the clear. Raises `NotFound`
    when the record may not be seen.
    """
    object_type = tx.catalog.object(object_name)
    stored = rows.fetch(tx, object_type, [record_id]).get(record_id)
    is_there = stored is not None and (stored.deleted_at is not None) == deleted
    if stored is None or not is_there or not writing.may_see(tx, actor, object_type, stored):
        raise NotFound(say("there is no {label} number {id}", label=object_type.label, id=record_id))
    shown = {*readable(actor, tx.catalog, object_type), OWNER}
    if field is not None:
        shown &= {field}
    if not shown:
        return ()
    columns = [name for name, _ in _parts(object_type.field(field))] if field is not None else []
    entries = journal.of_record(tx, record_id, columns=columns, before=before, limit=limit)
    held = _held(tx, object_type, stored)
    return tuple(_event(object_type, entry, shown, held) for entry in entries)


def undo(
    tx: Transaction,
    actor: Actor,
    object_name: str,
    record_id: int,
    change_id: int,
    *,
    field: str | None = None,
) -> None:
    """Give the fields of one change their former values, or take the record out of the recycle bin.

    With *field* only that one returns; what else the change did stays. Raises `Conflict` when a field was changed
    again since, `NotFound`, and what saving raises.
    """
    entry = _entry(tx, record_id, change_id)
    object_type = tx.catalog.object(object_name)
    if entry.change.action == "delete" and not object_type.kept and field is None:
        writing.restore(tx, actor, object_name, [record_id])
        return
    held = _held(tx, object_type, writing.stored_for(tx, actor, object_type, record_id, "write"))
    changes = [each for each in _changes(object_type, entry, held) if field in (None, each.field.name)]
    if kept := _kept(object_type, changes):
        raise Refused(say("the product itself keeps these: {fields}", fields=kept))
    since = [each.field.label for each in changes if _value(each.field, held) != each.after]
    if entry.change.action != "update" or not changes or since:
        raise Conflict(say("this was changed again since: {fields}", fields=since))
    writing.update(tx, actor, object_name, record_id, {each.field.name: each.before for each in changes})


def _event(object_type: ObjectType, entry: journal.Entry, shown: set[str], held: Mapping[str, Any]) -> Event:
    changes = tuple(each for each in _changes(object_type, entry, held) if each.field.name in shown)
    unchanged_since = all(_value(each.field, held) == each.after for each in changes)
    is_free = unchanged_since and not _kept(object_type, changes)
    undoable = entry.change.action == "update" and bool(changes) and is_free
    return Event(
        id=entry.id,
        at=entry.at,
        actor_name=entry.actor_name,
        door=entry.door,
        action=entry.change.action,
        changes=changes,
        undoable=undoable,
    )


def _kept(object_type: ObjectType, changes: Iterable[FieldChange]) -> list[Label]:
    """Return the fields among *changes* that the product itself keeps: nobody takes its word back."""
    return [each.field.label for each in changes if object_type.kept or each.field.kept]


def _changes(object_type: ObjectType, entry: journal.Entry, held: Mapping[str, Any]) -> Iterator[FieldChange]:
    """Yield the fields of a change; a part the change left alone is read from what the record holds now."""
    before, after = entry.change.before or {}, entry.change.after or {}
    for field in (*object_type.fields.values(), object_type.field(OWNER)):
        if not any(name in after or name in before for name, _ in _parts(field)):
            continue
        yield FieldChange(
            field=field, before=_read(field, before, after, held), after=_read(field, after, {}, held)
        )


def _read(field: Field, first: Mapping[str, Any], second: Mapping[str, Any], held: Mapping[str, Any]) -> Any:
    cells = []
    for name, part in _parts(field):
        if name in first:
            cells.append(from_json(first[name], part.column))
        else:
            cells.append(None if name in second else held.get(name))
    return type_of(field).from_columns(cells)


def _value(field: Field, held: Mapping[str, Any]) -> Any:
    return type_of(field).from_columns([held.get(name) for name, _ in _parts(field)])


def _parts(field: Field) -> tuple[tuple[str, Part], ...]:
    """Return the names under which the journal holds *field*: its columns, of a many-to-many field its own name."""
    kind = type_of(field)
    return ((field.name, kind.parts[0]),) if kind.links_many else columns_of(field)


def _held(tx: Transaction, object_type: ObjectType, stored: Stored) -> Mapping[str, Any]:
    """Return what the record holds now, by the names the journal uses."""
    links = {
        each.name: rows.linked(tx, object_type, each, [stored.id]).get(stored.id)
        for each in object_type.fields.values()
        if type_of(each).links_many
    }
    return {**stored.columns, "owner_id": stored.owner_id, **links}


def _entry(tx: Transaction, record_id: int, change_id: int) -> journal.Entry:
    newest = journal.of_record(tx, record_id, before=change_id + 1, limit=1)
    if not newest or newest[0].id != change_id:
        raise NotFound(say("there is no change number {id} of this record", id=change_id))
    return newest[0]
