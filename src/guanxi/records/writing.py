"""One record at a time: what is given becomes values, is judged whole, permitted, numbered, written and journaled.

Every way in takes the same stages in the same order; `save_draft` is their table of contents.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from guanxi.access.roles import grant_of
from guanxi.access.visibility import visible_to, within
from guanxi.expressions.evaluating import evaluate
from guanxi.expressions.syntax import Path
from guanxi.identity.actor import Actor
from guanxi.kernel.errors import Invalid, NotAllowed, NotFound, Problem, Refused
from guanxi.kernel.text import say
from guanxi.metadata.field_types import columns_of, type_of
from guanxi.metadata.field_types.auto_number import gives_numbers, period, render
from guanxi.metadata.field_types.columns import to_json
from guanxi.metadata.objects import OWNER, USER, ObjectType
from guanxi.metadata.roles import Scope
from guanxi.records import search
from guanxi.records.drafts import (
    Draft,
    keeping_numbers,
    missing,
    permitted,
    with_defaults,
    without_unpermitted,
)
from guanxi.records.links import broken_links, keeping_unseen_links, links_many
from guanxi.records.meanwhile import without_lost_updates
from guanxi.records.validation import columns, read, values_of
from guanxi.store import journal, merges, rows
from guanxi.store import search as search_entries
from guanxi.store.numbers import next_numbers
from guanxi.store.rows import Stored
from guanxi.store.transactions import Transaction


def create(tx: Transaction, actor: Actor, object_name: str, given: Mapping[str, Any]) -> int:
    """Create a record of *given* (field -> value as typed); return its id.

    Raises `Invalid` with all problems, or `NotAllowed`.
    """
    object_type = tx.catalog.object(object_name)
    _require_records(object_type)
    if not grant_of(actor, tx.catalog, object_name).create:
        raise NotAllowed(say("your roles do not let you create {plural}", plural=object_type.plural))
    return save_draft(tx, actor, object_type, None, given)


def update(
    tx: Transaction,
    actor: Actor,
    object_name: str,
    record_id: int,
    given: Mapping[str, Any],
    *,
    version: int | None = None,
) -> int:
    """Change the fields of *given*; return the record's id.

    *version* is the one the person started from: when somebody else changed one of the same fields since,
    `Conflict` holds both values per field. Raises `NotFound`, `NotAllowed` or `Invalid`.
    """
    object_type = tx.catalog.object(object_name)
    stored = stored_for(tx, actor, object_type, record_id, "write")
    if stored.deleted_at is not None:
        raise NotFound(say("there is no {label} number {id}", label=object_type.label, id=record_id))
    given = keeping_unseen_links(tx, actor, object_type, stored, given)
    if version is not None and stored.version > version:
        # What somebody else wrote into a field is told to who may write it too; the rest is refused further down.
        mine = permitted(actor, tx.catalog, object_type, given)
        theirs = {name: value for name, value in given.items() if name not in mine}
        given = {**theirs, **without_lost_updates(tx, object_type, stored, mine, version)}
    return save_draft(tx, actor, object_type, stored, given)


def save_draft(
    tx: Transaction,
    actor: Actor,
    object_type: ObjectType,
    stored: Stored | None,
    given: Mapping[str, Any],
    *,
    origin: Mapping[str, Any] | None = None,
) -> int:
    """Take *given* through every stage and return the record's id."""
    values, problems = read(object_type, given)
    draft = Draft(
        object_type=object_type, stored=stored, values=values, problems=tuple(problems), origin=origin
    )
    draft = without_unpermitted(actor, tx.catalog, draft)
    draft = with_defaults(keeping_numbers(draft), actor, tx.now)
    draft = draft.with_problems(missing(draft))
    draft = draft.with_problems(broken_links(tx, actor, draft))
    draft = draft.with_problems(_twins(tx, draft))
    if draft.problems:
        raise Invalid(draft.problems)
    draft = _numbered(tx, draft)
    return _write(tx, actor, draft)


def delete(tx: Transaction, actor: Actor, object_name: str, record_ids: Iterable[int]) -> None:
    """Put records into the recycle bin; they can be restored. Raises `NotFound` or `NotAllowed`."""
    _bury(tx, actor, object_name, record_ids, alive=False)


def restore(tx: Transaction, actor: Actor, object_name: str, record_ids: Iterable[int]) -> None:
    """Take records out of the recycle bin. Raises `NotFound`, `NotAllowed`, or `Refused` for one that was joined."""
    numbers = tuple(record_ids)
    _refuse_joined(tx, tx.catalog.object(object_name), numbers)
    bring_back(tx, actor, object_name, numbers)


def bring_back(tx: Transaction, actor: Actor, object_name: str, record_ids: Iterable[int]) -> None:
    """Take records out of the recycle bin whatever put them there: the way back of a join."""
    _bury(tx, actor, object_name, record_ids, alive=True)


def stored_for(tx: Transaction, actor: Actor, object_type: ObjectType, record_id: int, act: str) -> Stored:
    """Return the record, locked, when the actor may see it and *act* on it (``write`` or ``delete``).

    Raises `NotFound` (also for what may not be seen) or `NotAllowed`.
    """
    _require_records(object_type)
    stored = rows.fetch(tx, object_type, [record_id], lock=True).get(record_id)
    if stored is None or not may_see(tx, actor, object_type, stored):
        raise NotFound(say("there is no {label} number {id}", label=object_type.label, id=record_id))
    grant = grant_of(actor, tx.catalog, object_type.name)
    scope: Scope = grant.write if act == "write" else grant.delete
    if not _meets(tx, actor, stored, within(scope, actor)):
        raise NotAllowed(say("your roles do not let you change this {label}", label=object_type.label))
    return stored


def _require_records(object_type: ObjectType) -> None:
    """Raise `NotAllowed` for people: `identity` alone changes them."""
    if object_type.name == USER.name:
        raise NotAllowed(say("people are changed by an administrator, in the settings"))


def may_see(tx: Transaction, actor: Actor, object_type: ObjectType, stored: Stored) -> bool:
    """Tell whether the actor may see a record that was fetched already."""
    return _meets(tx, actor, stored, visible_to(actor, tx.catalog)(object_type.name))


def _meets(tx: Transaction, actor: Actor, stored: Stored, condition: Any) -> bool:
    return bool(evaluate(condition, lambda path: _system_value(stored, path), now=tx.now))


def _system_value(stored: Stored, path: Path) -> Any:
    return {"id": stored.id, OWNER: stored.owner_id}[path.parts[0]]


def _twins(tx: Transaction, draft: Draft) -> Iterable[Problem]:
    besides = draft.stored.id if draft.stored else None
    for name, value in draft.values.items():
        field = draft.object_type.field(name)
        if field.unique and value is not None:
            cell = type_of(field).to_columns(value)[0]
            twin = rows.taken(tx, draft.object_type, columns_of(field)[0][0], cell, besides=besides)
            if twin is not None:
                yield used_already(name, cell, twin)


def used_already(field: str, value: Any, twin: int) -> Problem:
    """Return the problem of a value that must be unique and is not."""
    return Problem(field, say("{value} is already used by record {twin}", value=value, twin=twin))


def _numbered(tx: Transaction, draft: Draft) -> Draft:
    if draft.stored is not None:
        return draft
    wanting = [
        each
        for each in draft.object_type.live_fields
        if gives_numbers(each) and draft.values.get(each.name) is None
    ]
    numbers = {each.name: free_numbers(tx, draft.object_type, each.name, 1)[0] for each in wanting}
    return replace(draft, values={**draft.values, **numbers})


def free_numbers(
    tx: Transaction, object_type: ObjectType, field_name: str, count: int, *, besides: Iterable[str] = ()
) -> list[str]:
    """Return *count* numbers of a field that gives numbers that no live record has, nor *besides*."""
    field, today = object_type.field(field_name), tx.now.date()
    found: list[str] = []
    while len(found) < count:
        series = next_numbers(
            tx, object_type.name, field_name, period(field.pattern, today), count - len(found)
        )
        drawn = [render(field.pattern, today, number) for number in series]
        used = {*rows.holders(tx, object_type, field_name, drawn), *besides}
        found += [each for each in drawn if each not in used]
    return found


def _write(tx: Transaction, actor: Actor, draft: Draft) -> int:
    """Write the row, its links, its journal line and what it is found by."""
    object_type = draft.object_type
    own = {name: value for name, value in draft.values.items() if name != OWNER}
    changed = columns(object_type, own)
    links = {name: value or () for name, value in own.items() if type_of(object_type.field(name)).links_many}
    if draft.stored is None:
        record_id = _insert(tx, actor, draft, changed, links)
    else:
        record_id = draft.stored.id
        _change(tx, actor, draft, draft.stored, changed, links)
    write_search_entry(tx, object_type, record_id, draft.after)
    return record_id


def _insert(
    tx: Transaction, actor: Actor, draft: Draft, changed: dict[str, Any], links: dict[str, tuple[int, ...]]
) -> int:
    record_id = rows.new_ids(tx, 1)[0]
    owner = draft.values.get(OWNER, actor.id)
    system = {
        "id": record_id,
        "created_at": tx.now,
        "created_by_id": actor.id,
        "updated_at": tx.now,
        "updated_by_id": actor.id,
        "owner_id": owner,
        "origin": draft.origin,
    }
    rows.insert(tx, draft.object_type, [{**system, **changed}])
    _link(tx, draft.object_type, record_id, links)
    after = as_json(draft.object_type, {**changed, "owner_id": owner})
    filled = {name: value for name, value in after.items() if value is not None}
    filled |= {name: list(linked) for name, linked in links.items() if linked}
    entry = journal.Change(
        object=draft.object_type.name, record_id=record_id, action="create", version=1, after=filled
    )
    journal.write(tx, actor.id, [entry])
    return record_id


def _change(
    tx: Transaction,
    actor: Actor,
    draft: Draft,
    stored: Stored,
    changed: dict[str, Any],
    links: dict[str, tuple[int, ...]],
) -> None:
    held = {**stored.columns, "owner_id": stored.owner_id, "origin": stored.origin}
    wanted = {**changed, **links}
    if OWNER in draft.values:
        wanted["owner_id"] = draft.values[OWNER]
    wanted["origin"] = _origin_after(draft, stored)
    for name in links:
        found = rows.linked(tx, draft.object_type, draft.object_type.field(name), [stored.id])
        held[name] = tuple(found.get(stored.id, ()))
    write_changes(tx, actor, draft.object_type, stored, held, wanted)


def _origin_after(draft: Draft, stored: Stored) -> Mapping[str, Any] | None:
    """Return where the values come from, once a person has changed some: those come from no source any more."""
    edited = {name for name, value in draft.values.items() if draft.before.get(name) != value}
    if not stored.origin or not edited & stored.origin.keys():
        return stored.origin
    return {name: place for name, place in stored.origin.items() if name not in edited}


def write_changes(
    tx: Transaction,
    actor: Actor,
    object_type: ObjectType,
    stored: Stored,
    held: Mapping[str, Any],
    wanted: Mapping[str, Any],
) -> None:
    """Write what differs between *held* and *wanted*, with its journal line; nothing differs, nothing happens.

    Both hold columns by name, and the records of many-to-many fields by the field's name.
    """
    changed = {name: value for name, value in wanted.items() if held.get(name) != value}
    if not changed:
        return
    links = {name: value for name, value in changed.items() if links_many(object_type, name)}
    own = {name: value for name, value in changed.items() if name not in links}
    version = rows.update(tx, object_type, stored, {**own, "updated_by_id": actor.id})
    _link(tx, object_type, stored.id, links)
    entry = journal.Change(
        object=object_type.name,
        record_id=stored.id,
        action="update",
        version=version,
        before=as_json(object_type, {name: held.get(name) for name in changed}),
        after=as_json(object_type, changed),
    )
    journal.write(tx, actor.id, [entry])


def as_json(object_type: ObjectType, stored: Mapping[str, Any]) -> dict[str, Any]:
    """Return columns as the JSON values the journal holds."""
    kinds = {name: part.column for field in object_type.fields.values() for name, part in columns_of(field)}
    return {name: to_json(value, kinds.get(name, "jsonb")) for name, value in stored.items()}


def write_search_entry(
    tx: Transaction, object_type: ObjectType, record_id: int, values: Mapping[str, Any]
) -> None:
    """Write what the record is found by; an object without searchable fields has no entry."""
    entry = search.entry(object_type, record_id, values)
    if entry is not None:
        search_entries.write(tx, [entry])


def _link(
    tx: Transaction, object_type: ObjectType, record_id: int, links: Mapping[str, tuple[int, ...]]
) -> None:
    for name, wanted in links.items():
        rows.relink(tx, object_type, object_type.field(name), record_id, wanted)


def _bury(tx: Transaction, actor: Actor, object_name: str, record_ids: Iterable[int], *, alive: bool) -> None:
    object_type = tx.catalog.object(object_name)
    for record_id in record_ids:
        stored = stored_for(tx, actor, object_type, record_id, "delete")
        if (stored.deleted_at is None) == alive:
            continue
        if alive:
            _refuse_twins(tx, object_type, stored)
        version = rows.update(
            tx, object_type, stored, {"deleted_at": None if alive else tx.now, "updated_by_id": actor.id}
        )
        entry = journal.Change(
            object=object_name, record_id=record_id, action="restore" if alive else "delete", version=version
        )
        journal.write(tx, actor.id, [entry])
        if alive:
            write_search_entry(tx, object_type, record_id, values_of(object_type, stored.columns))
        else:
            search_entries.forget(tx, [record_id])


def _refuse_joined(tx: Transaction, object_type: ObjectType, record_ids: Sequence[int]) -> None:
    """Raise `Refused` where one went into another record: it would come back without its rows and links."""
    if merges.lost(tx, record_ids):
        raise Refused(
            say(
                "this {label} was joined with another one; take the two apart among the merged records instead",
                label=object_type.label,
            )
        )


def _refuse_twins(tx: Transaction, object_type: ObjectType, stored: Stored) -> None:
    """Raise `Invalid` when somebody else took a unique value while the record was in the recycle bin."""
    values = values_of(object_type, stored.columns)
    live = {each.name: values.get(each.name) for each in object_type.live_fields}
    problems = list(_twins(tx, Draft(object_type=object_type, stored=stored, values=live)))
    if problems:
        raise Invalid(problems)
