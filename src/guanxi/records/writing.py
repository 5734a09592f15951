"""One record at a time: what is given becomes values, is judged whole, permitted, numbered, written and journaled.

Every way in takes the same stages in the same order; `save_draft` is their table of contents.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from guanxi.access.fields import right_to
from guanxi.access.roles import grant_of
from guanxi.access.visibility import visible_to, within
from guanxi.expressions.evaluating import evaluate
from guanxi.expressions.syntax import Path
from guanxi.identity.actor import Actor
from guanxi.kernel.errors import Conflict, Invalid, NotAllowed, NotFound, Problem
from guanxi.kernel.text import say
from guanxi.metadata.catalog import target_of
from guanxi.metadata.field_types import columns_of, type_of
from guanxi.metadata.field_types.auto_number import period, render
from guanxi.metadata.field_types.columns import to_json
from guanxi.metadata.objects import SYSTEM_FIELDS, ObjectType
from guanxi.metadata.roles import Scope
from guanxi.records import search
from guanxi.records.validation import columns, missing, read, values_of
from guanxi.store import journal, rows
from guanxi.store import search as search_entries
from guanxi.store.rows import Stored
from guanxi.store.transactions import Transaction


@dataclass(frozen=True, kw_only=True)
class Draft:
    """A record on its way in: what is stored (None for a new one), what is given, and what is wrong so far."""

    object_type: ObjectType
    stored: Stored | None
    values: Mapping[str, Any]
    problems: tuple[Problem, ...] = ()

    @property
    def before(self) -> dict[str, Any]:
        """Return the values as stored."""
        return values_of(self.object_type, self.stored.columns) if self.stored else {}

    @property
    def after(self) -> dict[str, Any]:
        """Return the values as they would stand."""
        return {**self.before, **self.values}

    def with_problems(self, found: Iterable[Problem]) -> "Draft":
        """Return the draft with *found* added to what is wrong."""
        return replace(self, problems=(*self.problems, *found))


def create(tx: Transaction, actor: Actor, object_name: str, given: Mapping[str, Any]) -> int:
    """Create a record of *given* (field -> value as typed); return its id.

    Raises `Invalid` with all problems, or `NotAllowed`.
    """
    object_type = tx.catalog.object(object_name)
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
    if version is not None and stored.version != version:
        _refuse_lost_update(tx, object_type, stored, given, version)
    return save_draft(tx, actor, object_type, stored, given)


def save_draft(
    tx: Transaction, actor: Actor, object_type: ObjectType, stored: Stored | None, given: Mapping[str, Any]
) -> int:
    """Take *given* through every stage and return the record's id."""
    values, problems = read(object_type, given)
    draft = Draft(object_type=object_type, stored=stored, values=values, problems=tuple(problems))
    draft = _with_defaults(draft)
    draft = draft.with_problems(missing(object_type, draft.after))
    draft = draft.with_problems(_unpermitted(tx, actor, draft))
    draft = draft.with_problems(_broken_links(tx, actor, draft))
    draft = draft.with_problems(_twins(tx, draft))
    if draft.problems:
        raise Invalid(draft.problems)
    draft = _numbered(tx, draft)
    return _write(tx, actor, draft)


def delete(tx: Transaction, actor: Actor, object_name: str, record_ids: Iterable[int]) -> None:
    """Put records into the recycle bin; they can be restored. Raises `NotFound` or `NotAllowed`."""
    _bury(tx, actor, object_name, record_ids, alive=False)


def restore(tx: Transaction, actor: Actor, object_name: str, record_ids: Iterable[int]) -> None:
    """Take records out of the recycle bin. Raises `NotFound` or `NotAllowed`."""
    _bury(tx, actor, object_name, record_ids, alive=True)


def stored_for(tx: Transaction, actor: Actor, object_type: ObjectType, record_id: int, act: str) -> Stored:
    """Return the record, locked, when the actor may see it and *act* on it (``write`` or ``delete``).

    Raises `NotFound` (also for what may not be seen) or `NotAllowed`.
    """
    stored = rows.fetch(tx, object_type, [record_id], lock=True).get(record_id)
    if stored is None or not _meets(tx, actor, stored, visible_to(actor, tx.catalog)(object_type.name)):
        raise NotFound(say("there is no {label} number {id}", label=object_type.label, id=record_id))
    grant = grant_of(actor, tx.catalog, object_type.name)
    scope: Scope = grant.write if act == "write" else grant.delete
    if not _meets(tx, actor, stored, within(scope, actor)):
        raise NotAllowed(say("your roles do not let you change this {label}", label=object_type.label))
    return stored


def _meets(tx: Transaction, actor: Actor, stored: Stored, condition: Any) -> bool:
    return bool(evaluate(condition, lambda path: _system_value(stored, path), now=tx.now))


def _system_value(stored: Stored, path: Path) -> Any:
    return {"id": stored.id, "owner": stored.owner_id}[path.parts[0]]


def _with_defaults(draft: Draft) -> Draft:
    if draft.stored is not None:
        return draft
    fields = draft.object_type.live_fields
    defaults = {each.name: each.default for each in fields if each.default is not None}
    values, _ = read(draft.object_type, {name: raw for name, raw in defaults.items() if name not in draft.values})
    return replace(draft, values={**values, **draft.values})


def _unpermitted(tx: Transaction, actor: Actor, draft: Draft) -> Iterable[Problem]:
    for name in draft.values:
        if name in SYSTEM_FIELDS and name != "owner":
            yield Problem(name, say("the system keeps this field"))
        elif right_to(actor, tx.catalog, draft.object_type, name) != "write":
            yield Problem(name, say("your roles do not let you change this field"))


def _broken_links(tx: Transaction, actor: Actor, draft: Draft) -> Iterable[Problem]:
    for name, value in draft.values.items():
        field = draft.object_type.field(name)
        target = target_of(field)
        if value is None or not target or target == "user":
            continue
        wanted = set(value) if isinstance(value, tuple) else {value}
        linked = tx.catalog.object(target)
        visible = visible_to(actor, tx.catalog)(target)
        there = {
            each.id
            for each in rows.fetch(tx, linked, wanted).values()
            if each.deleted_at is None and _meets(tx, actor, each, visible)
        }
        if wanted - there:
            numbers = sorted(wanted - there)
            yield Problem(name, say("there is no {label} number {id}", label=linked.label, id=numbers))


def _twins(tx: Transaction, draft: Draft) -> Iterable[Problem]:
    besides = draft.stored.id if draft.stored else None
    for name, value in draft.values.items():
        field = draft.object_type.field(name)
        if field.unique and value is not None:
            column = columns_of(field)[0][0]
            cell = type_of(field).to_columns(value)[0]
            twin = rows.taken(tx, draft.object_type, column, cell, besides=besides)
            if twin is not None:
                yield Problem(name, say("{value} is already used by record {twin}", value=cell, twin=twin))


def _numbered(tx: Transaction, draft: Draft) -> Draft:
    if draft.stored is not None:
        return draft
    wanting = [
        each
        for each in draft.object_type.live_fields
        if each.type == "auto_number" and draft.values.get(each.name) is None
    ]
    numbers = {each.name: free_numbers(tx, draft.object_type, each.name, 1)[0] for each in wanting}
    return replace(draft, values={**draft.values, **numbers})


def free_numbers(tx: Transaction, object_type: ObjectType, field_name: str, count: int) -> list[str]:
    """Return *count* numbers of an auto-number field that no live record has."""
    field, today = object_type.field(field_name), tx.now.date()
    found: list[str] = []
    while len(found) < count:
        series = rows.next_numbers(
            tx, object_type.name, field_name, period(field.pattern, today), count - len(found)
        )
        drawn = [render(field.pattern, today, number) for number in series]
        used = rows.taken_among(tx, object_type, field_name, drawn)
        found += [each for each in drawn if each not in used]
    return found


def _write(tx: Transaction, actor: Actor, draft: Draft) -> int:
    """Write the row, its links, its journal line and what it is found by."""
    own = {name: value for name, value in draft.values.items() if name != "owner"}
    changed = columns(draft.object_type, own)
    if draft.stored is None:
        record_id = _insert(tx, actor, draft, changed)
    else:
        record_id = _change(tx, actor, draft, changed)
    _link(tx, draft, record_id)
    write_search_entry(tx, draft.object_type, record_id, draft.after)
    return record_id


def _insert(tx: Transaction, actor: Actor, draft: Draft, changed: dict[str, Any]) -> int:
    record_id = rows.new_ids(tx, 1)[0]
    owner = draft.values.get("owner", actor.id)
    system = {
        "id": record_id,
        "created_at": tx.now,
        "created_by_id": actor.id,
        "updated_at": tx.now,
        "updated_by_id": actor.id,
        "owner_id": owner,
    }
    rows.insert(tx, draft.object_type, [{**system, **changed}])
    after = as_json(draft.object_type, {**changed, "owner_id": owner})
    filled = {name: value for name, value in after.items() if value is not None}
    entry = journal.Change(
        object=draft.object_type.name, record_id=record_id, action="create", version=1, after=filled
    )
    journal.write(tx, actor.id, [entry])
    return record_id


def _change(tx: Transaction, actor: Actor, draft: Draft, changed: dict[str, Any]) -> int:
    stored = draft.stored
    assert stored is not None
    held = {**stored.columns, "owner_id": stored.owner_id}
    if "owner" in draft.values:
        changed = {**changed, "owner_id": draft.values["owner"]}
    write_changes(tx, actor, draft.object_type, stored, held, changed)
    return stored.id


def write_changes(
    tx: Transaction,
    actor: Actor,
    object_type: ObjectType,
    stored: Stored,
    held: Mapping[str, Any],
    wanted: Mapping[str, Any],
) -> None:
    """Write the columns of *wanted* that differ from *held*, with their journal line; none, and nothing happens."""
    changed = {name: value for name, value in wanted.items() if held.get(name) != value}
    if not changed:
        return
    version = rows.update(tx, object_type, stored, {**changed, "updated_by_id": actor.id})
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


def _link(tx: Transaction, draft: Draft, record_id: int) -> None:
    for name, value in draft.values.items():
        field = draft.object_type.field(name)
        if type_of(field).links_many:
            rows.relink(tx, draft.object_type, field, record_id, list(value or ()))


def _bury(tx: Transaction, actor: Actor, object_name: str, record_ids: Iterable[int], *, alive: bool) -> None:
    object_type = tx.catalog.object(object_name)
    for record_id in record_ids:
        stored = stored_for(tx, actor, object_type, record_id, "delete")
        if (stored.deleted_at is None) == alive:
            continue
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


def _refuse_lost_update(
    tx: Transaction, object_type: ObjectType, stored: Stored, given: Mapping[str, Any], version: int
) -> None:
    """Raise `Conflict` when a field of *given* was changed by somebody since *version*."""
    values, _ = read(object_type, given)
    wanted = columns(object_type, {name: value for name, value in values.items() if name != "owner"})
    theirs = {
        column
        for entry in journal.of_record(tx, stored.id)
        if entry.change.version > version
        for column in entry.change.after or ()
    }
    clashing = {
        name: (stored.columns[name], wanted[name])
        for name in wanted
        if name in theirs and stored.columns[name] != wanted[name]
    }
    if clashing:
        raise Conflict(say("somebody else changed {fields} meanwhile", fields=sorted(clashing)), clashing)
