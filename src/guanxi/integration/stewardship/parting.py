"""Taking source rows out of a record that was made of several: a customer, or a contact of two customers now."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from guanxi.access.fields import right_to
from guanxi.identity.actor import Actor
from guanxi.integration.mentions import CONTACT, CUSTOMER
from guanxi.integration.stewardship.members import (
    GoldenValues,
    Members,
    Name,
    golden_of,
    members_of,
)
from guanxi.integration.workshop import Workshop
from guanxi.kernel.errors import NotAllowed, Refused
from guanxi.kernel.text import say
from guanxi.metadata.field_types import columns_of
from guanxi.metadata.objects import OWNER, Field, ObjectType
from guanxi.records import writing
from guanxi.records.validation import columns, is_needed, values_of
from guanxi.store import batches, merges, rows
from guanxi.store.rows import Stored
from guanxi.store.transactions import Transaction


@dataclass(frozen=True, kw_only=True)
class Parting:
    """What taking *taken* out of a record makes: a new record, and changes of the one that stays.

    ``leaves``: field -> (value now, value then) of the one that stays, with ``origins`` beside it.
    """

    record_id: int
    taken: tuple[Name, ...]
    fresh: GoldenValues
    leaves: Mapping[str, tuple[Any, Any]]
    origins: Mapping[str, Mapping[str, Any]]


def part(tx: Transaction, actor: Actor, object_name: str, plan: Parting, given: Mapping[str, Any]) -> int:
    """Make a record of the rows taken out, with what is *given*; return its number."""
    object_type = tx.catalog.object(object_name)
    stored = writing.stored_for(tx, actor, object_type, plan.record_id, "write")
    _change(tx, actor, object_type, stored, plan)
    values = {**plan.fresh.values, OWNER: stored.owner_id, **given}
    number = writing.save_draft(tx, actor, object_type, None, values, origin=plan.fresh.origins)
    merges.recross(tx, object_name, old=plan.record_id, new=number, only=plan.taken)
    return number


def shared_contacts(
    tx: Transaction, shop: Workshop, customer_id: int, taken: Mapping[int, tuple[Name, ...]]
) -> tuple[Parting, ...]:
    """Return what parting makes of the customer's contacts that other rows than those *taken* speak of, too.

    A contact that somebody threw away or gave to another customer stays as it is.
    """
    object_type = tx.catalog.object(CONTACT)
    column = columns_of(object_type.field(CUSTOMER))[0][0]
    stored = rows.fetch(tx, object_type, taken)
    theirs = [
        each.id for each in stored.values() if each.deleted_at is None and each.columns[column] == customer_id
    ]
    staying: dict[int, list[Name]] = {}
    for row in batches.sources_of(tx, theirs):
        if (row.source, row.source_key) not in taken[row.record_id]:
            staying.setdefault(row.record_id, []).append((row.source, row.source_key))
    members = members_of(
        tx, shop, [name for one in staying for name in (*staying[one], *taken[one])], CONTACT
    )
    require_files(members)
    sides = [side for one in staying for side in (staying[one], taken[one])]
    golden = iter(golden_of(members, sides, tx.catalog))
    found = []
    for each in staying:
        left, fresh = next(golden), next(golden)
        leaves, origins = what_changes(object_type, stored[each], left)
        found.append(Parting(record_id=each, taken=taken[each], fresh=fresh, leaves=leaves, origins=origins))
    return tuple(found)


def rows_by_contact(tx: Transaction, known: Iterable[Name]) -> dict[int, tuple[Name, ...]]:
    """Return the names of *known* rows by the contact they became."""
    names = list(known)
    found: dict[int, list[Name]] = {}
    for name, record in zip(names, batches.resolve(tx, CONTACT, names), strict=True):
        if record is not None:
            found.setdefault(record, []).append(name)
    return {record: tuple(each) for record, each in found.items()}


def require_files(members: Members) -> None:
    """Refuse a parting of which nobody knows any more what each row said."""
    if members.lost:
        lost = [f"{source} · {key}" for source, key in members.lost]
        raise Refused(
            say(
                "the files of the run that brought these rows in are gone, so nobody knows what each said: {rows}; "
                "bring their source in again first",
                rows=lost,
            )
        )


def what_changes(
    object_type: ObjectType, stored: Stored, left: GoldenValues
) -> tuple[dict[str, tuple[Any, Any]], dict[str, Mapping[str, Any]]]:
    """Return what the record that stays loses or gets instead, and where its values come from then.

    Only what a source said is decided anew; what a person wrote has no origin and stays.
    """
    held, now = values_of(object_type, stored.columns), dict(stored.origin or {})
    leaves: dict[str, tuple[Any, Any]] = {}
    origins = dict(now)
    for name in now:
        field = object_type.fields.get(name)
        if field is None or not _is_decided(field):
            continue
        value = left.values.get(name)
        if value is None and is_needed(field):
            continue
        origins.pop(name)
        if value is not None and name in left.origins:
            origins[name] = left.origins[name]
        if held.get(name) != value:
            leaves[name] = (held.get(name), value)
    return leaves, origins


def _is_decided(field: Field) -> bool:
    return not field.retired and field.type != "auto_number" and bool(columns_of(field))


def _change(tx: Transaction, actor: Actor, object_type: ObjectType, stored: Stored, plan: Parting) -> None:
    """Write what the record that stays loses, where its values come from, and what it is found by."""
    closed = [each for each in plan.leaves if right_to(actor, tx.catalog, object_type, each) != "write"]
    if closed:
        raise NotAllowed(say("your roles do not let you change {fields}", fields=closed))
    wanted = columns(object_type, {name: after for name, (_, after) in plan.leaves.items()})
    held = {**stored.columns, "origin": stored.origin}
    writing.write_changes(tx, actor, object_type, stored, held, {**wanted, "origin": plan.origins or None})
    values = values_of(object_type, {**stored.columns, **wanted})
    writing.write_search_entry(tx, object_type, stored.id, values)
