"""Merging records that are here already: the winner takes values and links, the ledger remembers."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any

from guanxi.identity.actor import Actor
from guanxi.integration.merging import links
from guanxi.integration.merging.rules import EXISTING
from guanxi.kernel.errors import Refused
from guanxi.kernel.text import say
from guanxi.metadata.field_types import columns_of, type_of
from guanxi.metadata.objects import USER, Field, ObjectType
from guanxi.records import writing
from guanxi.store import merges, rows
from guanxi.store.rows import Stored
from guanxi.store.transactions import Transaction

NOTHING: Mapping[str, Any] = MappingProxyType({})
Lists = Mapping[str, Mapping[int, list[int]]]
"""Many-to-many field -> record -> linked records."""


def merge_records(
    tx: Transaction,
    actor: Actor,
    object_name: str,
    winner_id: int,
    loser_ids: Iterable[int],
    *,
    chosen: Mapping[str, Any] = NOTHING,
    origins: Mapping[str, Mapping[str, Any] | None] = NOTHING,
) -> int:
    """Make one record of several and return the number of the merge, by which `unmerge` takes it apart.

    The winner gets the values of *chosen* (field -> value as typed) and the losers' many-to-many links; the
    losers go to the recycle bin; whatever points to a loser points to the winner from now on. *origins* tells
    where values come from (field -> origin, None for what a person decided); where it is silent, they come from
    the loser that had them. It happens whole or not at all. The actor must be allowed to change the winner and
    to delete the losers, and to change every chosen field. Raises `NotFound`, `NotAllowed`, `Invalid`, or
    `Refused` for records that cannot be merged.
    """
    object_type = tx.catalog.object(object_name)
    losers = tuple(sorted(set(loser_ids)))
    _require_sense(object_type, winner_id, losers)
    with merges.whole_or_nothing(tx):
        held = lock(tx, actor, object_type, winner_id, losers)
        _require_alive(object_type, held)
        lists = _own_lists(tx, object_type, held)
        moved = {
            each: links.move(tx, actor, object_type, old=each, new=winner_id, besides=held) for each in losers
        }
        given = {**_inherited(object_type, held, lists, winner_id), **chosen}
        # Links while the losers are still to be seen, values when theirs are free.
        linked = {name: given.pop(name) for name in lists if name in given}
        if linked:
            writing.update(tx, actor, object_name, winner_id, linked)
        writing.delete(tx, actor, object_name, losers)
        writing.update(tx, actor, object_name, winner_id, given)
        _note_origins(tx, actor, object_type, held, winner_id, origins)
        before, after = _difference(tx, object_type, held[winner_id], lists)
        return merges.write(tx, actor.id, object_name, winner_id, before=before, after=after, moved=moved)


def lock(
    tx: Transaction, actor: Actor, object_type: ObjectType, winner_id: int, losers: Iterable[int]
) -> dict[int, Stored]:
    """Return the records by id, locked in the order of their ids, so that two merges never block each other.

    Raises `NotFound` or `NotAllowed`.
    """
    rows.fetch(tx, object_type, [winner_id, *losers], lock=True)
    return {
        each: writing.stored_for(tx, actor, object_type, each, "write" if each == winner_id else "delete")
        for each in (winner_id, *losers)
    }


def origin_of(stored: Stored, field_name: str) -> Mapping[str, Any] | None:
    """Return where the value of a field came from, None where nothing is known."""
    return (stored.origin or {}).get(field_name)


def _require_sense(object_type: ObjectType, winner_id: int, losers: tuple[int, ...]) -> None:
    if object_type.name == USER.name:
        raise Refused(say("people cannot be merged; deactivate the one that is not needed"))
    if not losers:
        raise Refused(say("choose at least two records to merge"))
    if winner_id in losers:
        raise Refused(say("a record cannot be merged with itself"))


def _require_alive(object_type: ObjectType, held: Mapping[int, Stored]) -> None:
    deleted = [each.id for each in held.values() if each.deleted_at is not None]
    if deleted:
        label = object_type.label
        raise Refused(say("{label} {ids} is in the recycle bin; restore it first", label=label, ids=deleted))


def _own_lists(tx: Transaction, object_type: ObjectType, held: Iterable[int]) -> Lists:
    ids = list(held)
    return {
        field.name: {**{each: [] for each in ids}, **rows.linked(tx, object_type, field, ids)}
        for field in object_type.live_fields
        if type_of(field).links_many
    }


def _inherited(
    object_type: ObjectType, held: Mapping[int, Stored], lists: Lists, winner_id: int
) -> dict[str, Any]:
    """Return what the winner gets unasked: the losers' many-to-many links, and no link to a loser."""
    given: dict[str, Any] = {}
    for name, by_record in lists.items():
        own = object_type.field(name).target == object_type.name
        wanted = {each for linked in by_record.values() for each in linked} - (set(held) if own else set())
        if wanted != set(by_record[winner_id]):
            given[name] = sorted(wanted)
    for field in object_type.lookups_to(object_type.name):
        if held[winner_id].columns[columns_of(field)[0][0]] in set(held) - {winner_id}:
            given[field.name] = None
    return given


def _note_origins(
    tx: Transaction,
    actor: Actor,
    object_type: ObjectType,
    held: Mapping[int, Stored],
    winner_id: int,
    told: Mapping[str, Mapping[str, Any] | None],
) -> None:
    """Write beside the winner where its values came from: as *told*, else from a loser with its origin, or by hand."""
    now = rows.fetch(tx, object_type, [winner_id], lock=True)[winner_id]
    changed = [
        each for each in object_type.fields.values() if _cells(now, each) != _cells(held[winner_id], each)
    ]
    if not changed and not told:
        return
    losers = [stored for each, stored in held.items() if each != winner_id]
    origin = dict(now.origin or {})
    for field in changed:
        giver = next((each for each in losers if _cells(each, field) == _cells(now, field)), None)
        inherited = origin_of(giver, field.name) if giver else None
        origin[field.name] = inherited or {
            "source": EXISTING,
            "table": object_type.name,
            "row": giver.id if giver else winner_id,
            "rule": "merge" if giver else "person",
            "at": tx.now.isoformat(),
        }
    for name, place in told.items():
        origin.pop(name, None)
        if place is not None and any(cell is not None for cell in _cells(now, object_type.field(name))):
            origin[name] = place
    wanted = {"origin": origin or None}
    writing.write_changes(tx, actor, object_type, now, {"origin": now.origin}, wanted)


def _cells(stored: Stored, field: Field) -> list[Any]:
    return [stored.columns[name] for name, _ in columns_of(field)]


def _difference(
    tx: Transaction, object_type: ObjectType, was: Stored, lists: Lists
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the winner's changed columns before and after; of a compound field always all columns."""
    now = rows.fetch(tx, object_type, [was.id])[was.id]
    before: dict[str, Any] = {}
    after: dict[str, Any] = {}
    for field in object_type.fields.values():
        if _cells(was, field) != _cells(now, field):
            names = [name for name, _ in columns_of(field)]
            before |= writing.as_json(object_type, {name: was.columns[name] for name in names})
            after |= writing.as_json(object_type, {name: now.columns[name] for name in names})
    for name, value, new in (("owner_id", was.owner_id, now.owner_id), ("origin", was.origin, now.origin)):
        if value != new:
            before[name], after[name] = value, new
    for name, by_record in lists.items():
        new_list = rows.linked(tx, object_type, object_type.field(name), [was.id]).get(was.id, [])
        if new_list != by_record[was.id]:
            before[name], after[name] = by_record[was.id], new_list
    return before, after
