"""What somebody else changed meanwhile: nobody's work is overwritten by a form that was opened earlier."""

from collections.abc import Mapping
from typing import Any

from guanxi.kernel.errors import Conflict
from guanxi.kernel.text import say
from guanxi.metadata.field_types import columns_of, type_of
from guanxi.metadata.field_types.columns import from_json
from guanxi.metadata.objects import Field, ObjectType
from guanxi.records.validation import read
from guanxi.store import journal, rows
from guanxi.store.rows import Stored
from guanxi.store.transactions import Transaction


def without_lost_updates(
    tx: Transaction, object_type: ObjectType, stored: Stored, given: Mapping[str, Any], version: int
) -> Mapping[str, Any]:
    """Return *given* without the fields that only somebody else changed since *version*.

    A form gives every field it shows: one that still holds what the person saw is not a change of theirs. Raises
    `Conflict` when both changed the same field to different values.
    """
    was = journal.changed_since(tx, stored.id, version)
    values, _ = read(object_type, given)
    untouched, clashing = set(), dict[str, tuple[Any, Any]]()
    for name, yours in values.items():
        stale = _cells(object_type.field(name), was)
        if not stale:
            continue
        theirs = _held_value(tx, object_type, stored, name, {})
        if yours == _held_value(tx, object_type, stored, name, stale):
            untouched.add(name)
        elif yours != theirs:
            clashing[name] = (theirs, yours)
    if clashing:
        raise Conflict(say("somebody else changed {fields} meanwhile", fields=sorted(clashing)), clashing)
    return {name: value for name, value in given.items() if name not in untouched}


def _cells(field: Field, was: Mapping[str, Any]) -> dict[str, Any]:
    """Return those columns of *field* (the links of a many-to-many one) that *was* holds, as stored."""
    if type_of(field).links_many:
        return {field.name: was[field.name]} if field.name in was else {}
    return {name: from_json(was[name], part.column) for name, part in columns_of(field) if name in was}


def _held_value(
    tx: Transaction, object_type: ObjectType, stored: Stored, name: str, instead: Mapping[str, Any]
) -> Any:
    """Return the value of a field as it is stored, with the columns of *instead* in place of what is there."""
    field = object_type.field(name)
    if type_of(field).links_many:
        found = rows.linked(tx, object_type, field, [stored.id])
        return type_of(field).from_columns([instead.get(name, found.get(stored.id))])
    held = {**stored.columns, "owner_id": stored.owner_id, **instead}
    return type_of(field).from_columns([held.get(column) for column, _ in columns_of(field)])
