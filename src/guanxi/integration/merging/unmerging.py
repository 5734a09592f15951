"""Taking a merge apart: every record as it was, and what people edited since stays theirs."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from guanxi.access.fields import right_to
from guanxi.identity.actor import Actor
from guanxi.integration.merging import links
from guanxi.integration.merging.ledger import lock
from guanxi.integration.merging.links import Kept
from guanxi.kernel.errors import NotAllowed, NotFound, Refused
from guanxi.kernel.text import say
from guanxi.metadata.field_types import columns_of, type_of
from guanxi.metadata.field_types.columns import from_json
from guanxi.metadata.objects import OWNER, Field, ObjectType
from guanxi.records import writing
from guanxi.records.validation import values_of
from guanxi.store import merges, rows
from guanxi.store.merges import Merge
from guanxi.store.rows import Stored
from guanxi.store.transactions import Transaction


@dataclass(frozen=True, kw_only=True)
class Unmerged:
    """What taking a merge apart did: the fields of the winner that returned, and what was kept instead."""

    object: str
    winner_id: int
    loser_ids: tuple[int, ...]
    returned: tuple[str, ...]
    kept: tuple[Kept, ...]


def unmerge(tx: Transaction, actor: Actor, merge_id: int) -> Unmerged:
    """Take a merge apart, whole or not at all.

    The losers leave the recycle bin, the winner's values return, and so do links and source rows. A value or
    a link that somebody changed since the merge stays and is listed in ``kept``. The actor needs the rights
    the merge needed. Raises `NotFound`, `NotAllowed`, or `Refused` when it was done already, when the winner
    was merged or deleted itself since, or when a value that must be unique is used by another record now.
    """
    with merges.whole_or_nothing(tx):
        one = _open_merge(tx, merge_id)
        object_type = tx.catalog.object(one.object)
        held = lock(tx, actor, object_type, one.winner_id, one.moved)
        winner = held[one.winner_id]
        _require_alive(object_type, winner)
        returning, kept = _judge(object_type, one, winner)
        _require_rights(tx, actor, object_type, returning)
        _return_values(tx, actor, one, winner, returning)
        _return_lists(tx, actor, object_type, one)
        losers = [held[each] for each in one.moved]
        _require_no_twins(tx, object_type, [*losers, rows.fetch(tx, object_type, [winner.id])[winner.id]])
        writing.bring_back(tx, actor, one.object, one.moved)
        for loser_id in reversed(one.moved):  # a list that held two losers remembers them in this order
            kept += links.move_back(tx, actor, one, loser_id)
        _correct_later_merges(
            tx, object_type, one, {each.field for each in kept if each.record_id == winner.id}
        )
        merges.close(tx, one)
    return Unmerged(
        object=one.object,
        winner_id=winner.id,
        loser_ids=tuple(one.moved),
        returned=tuple(each.name for each in returning),
        kept=kept,
    )


def _open_merge(tx: Transaction, merge_id: int) -> Merge:
    one = merges.named(tx, merge_id, lock=True)
    if one is None:
        raise NotFound(say("there is no merge number {id}", id=merge_id))
    if one.undone_at is not None:
        raise Refused(say("merge number {id} was taken apart already", id=merge_id))
    return one


def _require_alive(object_type: ObjectType, winner: Stored) -> None:
    if winner.deleted_at is not None:
        raise Refused(
            say(
                "{label} {id} was deleted or merged itself; restore it first",
                label=object_type.label,
                id=winner.id,
            )
        )


def _judge(object_type: ObjectType, one: Merge, winner: Stored) -> tuple[tuple[Field, ...], tuple[Kept, ...]]:
    """Return the fields that can return, and those somebody edited since the merge."""
    returning: list[Field] = []
    kept: list[Kept] = []
    held = {**winner.columns, "owner_id": winner.owner_id}
    now = writing.as_json(object_type, held)
    for field, names in _changed_fields(object_type, one):
        if all(now[name] == one.after[name] for name in names):
            returning.append(field)
        else:
            then = as_columns(object_type, {name: one.before[name] for name in names})
            kept.append(
                Kept(
                    object=one.object,
                    record_id=winner.id,
                    field=field.name,
                    now=type_of(field).from_columns([held[name] for name in names]),
                    then=type_of(field).from_columns([then[name] for name in names]),
                )
            )
    return tuple(returning), tuple(kept)


def _changed_fields(object_type: ObjectType, one: Merge) -> Iterator[tuple[Field, list[str]]]:
    """Yield the fields with columns that the merge changed, each with its columns."""
    for field in (*object_type.fields.values(), object_type.field(OWNER)):
        names = [name for name, _ in columns_of(field)]
        if names and names[0] in one.before:
            yield field, names


def _require_rights(
    tx: Transaction, actor: Actor, object_type: ObjectType, fields: tuple[Field, ...]
) -> None:
    closed = [each.name for each in fields if right_to(actor, tx.catalog, object_type, each.name) != "write"]
    if closed:
        raise NotAllowed(say("your roles do not let you change {fields}", fields=closed))


def _return_values(
    tx: Transaction, actor: Actor, one: Merge, winner: Stored, returning: tuple[Field, ...]
) -> None:
    object_type = tx.catalog.object(one.object)
    wanted: dict[str, Any] = {}
    for field, names in _changed_fields(object_type, one):
        if field in returning:
            wanted |= as_columns(object_type, {name: one.before[name] for name in names})
    if "origin" in one.before:
        returned = {each.name for each in returning} | set(_origins_alone(object_type, one, winner))
        wanted["origin"] = _with_origins(winner.origin, one.before["origin"], returned)
    held = {**winner.columns, "owner_id": winner.owner_id, "origin": winner.origin}
    writing.write_changes(tx, actor, object_type, winner, held, wanted)
    values = values_of(object_type, {**winner.columns, **wanted})
    writing.write_search_entry(tx, object_type, winner.id, values)


def _origins_alone(object_type: ObjectType, one: Merge, winner: Stored) -> Iterator[str]:
    """Yield the fields whose value the merge left but whose origin it changed, unless that changed again since."""
    before, after, now = one.before["origin"] or {}, one.after["origin"] or {}, winner.origin or {}
    valued = {field.name for field, _ in _changed_fields(object_type, one)}
    for name in {*before, *after} - valued:
        if before.get(name) != after.get(name) and now.get(name) == after.get(name):
            yield name


def _with_origins(
    now: Mapping[str, Any] | None, was: Mapping[str, Any] | None, fields: Collection[str]
) -> dict[str, Any] | None:
    """Return where values come from: as it is *now*, but for *fields* as it *was*."""
    staying = {name: value for name, value in (now or {}).items() if name not in fields}
    return staying | {name: value for name, value in (was or {}).items() if name in fields} or None


def _return_lists(tx: Transaction, actor: Actor, object_type: ObjectType, one: Merge) -> None:
    """Take back from the winner's many-to-many fields what the merge put in; what came since stays."""
    for field in object_type.fields.values():
        if type_of(field).links_many and field.name in one.before:
            was, became = set(one.before[field.name]), set(one.after[field.name])
            now = rows.linked(tx, object_type, field, [one.winner_id]).get(one.winner_id, [])
            wanted = (set(now) - (became - was)) | (was - became)
            rows.relink(tx, object_type, field, one.winner_id, sorted(wanted))
            merges.journal_lists(tx, actor.id, object_type, field, {one.winner_id: now})


def _require_no_twins(tx: Transaction, object_type: ObjectType, records: list[Stored]) -> None:
    """Refuse before the database does: a unique value may have been given to another record since."""
    for field in object_type.live_fields:
        if not field.unique:
            continue
        column = columns_of(field)[0][0]
        for stored in records:
            value = stored.columns[column]
            twin = None if value is None else rows.taken(tx, object_type, column, value, besides=stored.id)
            if twin is not None:
                raise Refused(
                    say(
                        "{value} of record {id} is used by record {twin} now; change it there first",
                        value=value,
                        id=stored.id,
                        twin=twin,
                    )
                )


def _correct_later_merges(tx: Transaction, object_type: ObjectType, one: Merge, kept: set[str]) -> None:
    """Tell the next merge of the winner what it will find below it: our values are gone from under it."""
    for later in reversed(merges.of_record(tx, one.winner_id)):
        if later.id <= one.id or later.winner_id != one.winner_id:
            continue
        found = {
            field.name: columns
            for field, columns in _changed_fields(object_type, one)
            if field.name in kept and all(later.before.get(each) == one.after[each] for each in columns)
        }
        before = {
            **later.before,
            **{each: one.before[each] for columns in found.values() for each in columns},
        }
        if "origin" in before and "origin" in one.before:
            before["origin"] = _with_origins(before["origin"], one.before["origin"], found)
        merges.correct(tx, later, before)
        kept = kept - set(found)


def as_columns(object_type: ObjectType, written: Mapping[str, Any]) -> dict[str, Any]:
    """Return columns as stored from their JSON values."""
    kinds = {name: part.column for field in object_type.fields.values() for name, part in columns_of(field)}
    return {
        name: from_json(value, kinds[name]) if name in kinds else value for name, value in written.items()
    }
