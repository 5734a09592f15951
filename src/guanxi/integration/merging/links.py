"""Whatever points to a merged record points to the one that stays, and back when they are taken apart."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

from guanxi.identity.actor import Actor
from guanxi.metadata.field_types import columns_of, type_of
from guanxi.metadata.objects import Field, ObjectType
from guanxi.store import merges, rows
from guanxi.store.merges import Merge, Moved
from guanxi.store.transactions import Transaction


@dataclass(frozen=True, kw_only=True)
class Kept:
    """Something edited since the merge, which therefore stays: *now* it is this, *then* it was that."""

    object: str
    record_id: int
    field: str
    now: Any
    then: Any


def move(
    tx: Transaction, actor: Actor, object_type: ObjectType, *, old: int, new: int, besides: Collection[int]
) -> Moved:
    """Point everything at *new* that points at *old*; the records of *besides* are left alone.

    Everything means every object and field of the catalog, retired ones and the recycle bin too, whoever may
    see it: a link to a record that is gone helps nobody.
    """
    links, lists = [], []
    for pointing, field in _pointing(tx, object_type):
        if type_of(field).links_many:
            holders = merges.holders(tx, pointing, field, old) - set(besides)
            before = rows.linked(tx, pointing, field, holders)
            already = merges.exchange(tx, pointing, field, sorted(holders), old=old, new=new)
            merges.journal_lists(tx, actor.id, pointing, field, before)
            if holders:
                lists.append((pointing.name, field.name, tuple(sorted(holders)), already))
        else:
            column = columns_of(field)[0][0]
            ids = merges.repoint(tx, actor.id, pointing, column, old=old, new=new, besides=besides)
            if ids:
                links.append((pointing.name, column, ids))
    crossings = merges.recross(tx, object_type.name, old=old, new=new)
    return Moved(links=tuple(links), lists=tuple(lists), crossings=crossings)


def move_back(tx: Transaction, actor: Actor, one: Merge, loser_id: int) -> tuple[Kept, ...]:
    """Point back what `move` pointed at the winner; return what somebody pointed elsewhere since."""
    kept: list[Kept] = []
    moved = one.moved[loser_id]
    for name, column, ids in moved.links:
        pointing = tx.catalog.object(name)
        back = merges.repoint(tx, actor.id, pointing, column, old=one.winner_id, new=loser_id, only=ids)
        field = next(each.name for each in pointing.fields.values() if column in dict(columns_of(each)))
        elsewhere = rows.fetch(tx, pointing, set(ids) - set(back))
        kept += [
            Kept(object=name, record_id=each.id, field=field, now=each.columns[column], then=loser_id)
            for each in elsewhere.values()
        ]
    for name, field_name, ids, already in moved.lists:
        pointing = tx.catalog.object(name)
        field_type = pointing.field(field_name)
        before: dict[int, list[int]] = {each: [] for each in ids} | rows.linked(tx, pointing, field_type, ids)
        still = [each for each in ids if one.winner_id in before[each]]
        merges.exchange(tx, pointing, field_type, still, old=one.winner_id, new=loser_id, keep=already)
        merges.journal_lists(tx, actor.id, pointing, field_type, {each: before[each] for each in still})
        kept += [
            Kept(object=name, record_id=each, field=field_name, now=tuple(before[each]), then=loser_id)
            for each in ids
            if each not in still
        ]
    merges.recross(tx, one.object, old=one.winner_id, new=loser_id, only=moved.crossings)
    return tuple(kept)


def _pointing(tx: Transaction, target: ObjectType) -> Iterator[tuple[ObjectType, Field]]:
    for each in tx.catalog.objects.values():
        for field in each.fields.values():
            if field.type in ("lookup", "many_to_many") and field.target == target.name:
                yield each, field
