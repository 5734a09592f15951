"""Links on their way in: each must lead to a record the actor sees; what they do not see they cannot take away."""

from collections.abc import Iterable, Mapping
from typing import Any

from guanxi.access.visibility import visible_to
from guanxi.expressions.conditions import equals, is_one_of
from guanxi.expressions.syntax import Expression
from guanxi.identity.actor import Actor
from guanxi.kernel.errors import Problem
from guanxi.kernel.text import say
from guanxi.metadata.catalog import target_of
from guanxi.metadata.field_types import type_of
from guanxi.metadata.objects import Field, ObjectType
from guanxi.records.drafts import Draft
from guanxi.records.validation import read
from guanxi.store import rows
from guanxi.store.rows import Stored
from guanxi.store.transactions import Transaction

MOST_POINTING = 500
"""So many records that point to one by several links are looked at, the newest."""


def broken_links(tx: Transaction, actor: Actor, draft: Draft) -> Iterable[Problem]:
    """Yield the given links that lead nowhere, or to records the actor may not see."""
    for name, value in draft.values.items():
        target = target_of(draft.object_type.field(name))
        if value is None or not target:
            continue
        wanted = set(value) if isinstance(value, tuple) else {value}
        if isinstance(value, tuple) and draft.stored is not None:
            # A link that stands already need not be seen: somebody else made it, or its record is in the bin.
            field = draft.object_type.field(name)
            found = rows.linked(tx, draft.object_type, field, [draft.stored.id])
            wanted -= set(found.get(draft.stored.id, ()))
        lost = wanted - visible_among(tx, actor, tx.catalog.object(target), wanted)
        if lost:
            yield no_such(tx.catalog.object(target), name, sorted(lost))


def keeping_unseen_links(
    tx: Transaction, actor: Actor, object_type: ObjectType, stored: Stored, given: Mapping[str, Any]
) -> Mapping[str, Any]:
    """Return *given* with the links of many-to-many fields that the actor does not see, and so cannot take away.

    Those are links to records the actor may not read, and to records in the recycle bin, which may come back.
    """
    kept: dict[str, Any] = {}
    for name, raw in given.items():
        if not links_many(object_type, name):
            continue
        field = object_type.field(name)
        held = set(rows.linked(tx, object_type, field, [stored.id]).get(stored.id, ()))
        unseen = held - visible_among(tx, actor, tx.catalog.object(field.target), held) if held else held
        if unseen:
            values, _ = read(object_type, {name: raw})  # what cannot be read is told by the stages to come
            kept |= {each: sorted({*(value or ()), *unseen}) for each, value in values.items()}
    return {**given, **kept}


def visible_among(tx: Transaction, actor: Actor, linked: ObjectType, ids: Iterable[int]) -> set[int]:
    """Return those of *ids* that are live records of *linked* the actor may see."""
    return rows.existing(tx, linked, ids, visible_to(actor, tx.catalog)(linked.name))


def no_such(linked: ObjectType, field: str, ids: list[int]) -> Problem:
    """Return the problem of a link to records that are not there, or may not be seen."""
    return Problem(field, say("there is no {label} number {id}", label=linked.label, id=ids))


def pointing_at(tx: Transaction, object_type: ObjectType, field: Field, record_id: int) -> Expression:
    """Return the condition that records point at *record_id* by *field*, a link or one with several links.

    Of several links the newest are asked for by their numbers: that uses the index, as no condition on a list does.
    """
    if not type_of(field).links_many:
        return equals(field.name, record_id)
    return is_one_of("id", rows.linking(tx, object_type, field, record_id, limit=MOST_POINTING))


def links_many(object_type: ObjectType, name: str) -> bool:
    """Tell whether *name* is a many-to-many field of the object."""
    field = object_type.fields.get(name)
    return field is not None and type_of(field).links_many
