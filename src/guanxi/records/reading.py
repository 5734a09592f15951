"""Reading: whatever is asked for, the answer holds only records and fields the actor may see."""

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from guanxi.access.fields import mask, readable, right_to
from guanxi.access.visibility import visible_to
from guanxi.expressions.conditions import equals
from guanxi.expressions.syntax import EVERYTHING, Expression, paths
from guanxi.identity.actor import Actor
from guanxi.kernel.errors import NotAllowed, NotFound
from guanxi.kernel.text import say
from guanxi.metadata.catalog import target_of
from guanxi.metadata.field_types import type_of
from guanxi.metadata.objects import Field, ObjectType
from guanxi.records import search
from guanxi.store import queries
from guanxi.store.paths import Steps
from guanxi.store.queries import Order, Query, Titled
from guanxi.store.transactions import Transaction

COUNT_CAP = 1000


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What a person asks for: records of an object, fields by dotted path, condition, words, order, page."""

    object: str
    fields: tuple[str, ...] = ()
    where: Expression = EVERYTHING
    words: str = ""
    order: tuple[tuple[str, bool], ...] = ()
    """Pairs of (field path, descending)."""
    after: tuple[Any, ...] | None = None
    limit: int = 50
    deleted: bool = False
    origins: bool = False
    """Whether each record tells where its values came from."""


@dataclass(frozen=True, kw_only=True)
class Record:
    """One record: values and the titles of linked records, both by dotted path; masked values are text."""

    object: str
    id: int
    version: int
    values: Mapping[str, Any]
    titles: Mapping[str, str]
    masked: frozenset[str] = frozenset()
    origins: Mapping[str, Mapping[str, Any]] = dataclasses.field(default_factory=dict)
    """Field -> source, row, time, rule of its value; only of fields that may be read in the clear."""
    linked: Mapping[str, Mapping[int, str]] = dataclasses.field(default_factory=dict)
    """Many-to-many field -> the records it links to, by number, with what they are called ('' when hidden)."""


@dataclass(frozen=True, kw_only=True)
class Page:
    """Some records in order, and where the next page begins (None at the end)."""

    records: tuple[Record, ...]
    next: tuple[Any, ...] | None


@dataclass(frozen=True)
class Count:
    """How many; *more* says the true number is larger than the cap."""

    number: int
    more: bool


def find(tx: Transaction, actor: Actor, asked: Asked) -> Page:
    """Return one page of the records *asked* for; fields hidden from the actor are left out of them.

    Raises `UnknownName`, and `NotAllowed` for a condition or an order over hidden or masked fields.
    """
    query = query_of(tx, actor, asked)
    found = queries.select_rows(tx, replace(query, limit=asked.limit + 1), visible_to(actor, tx.catalog))
    shown = found[: asked.limit]
    masked, rights = _masked(tx, actor, asked), _title_rights(tx, actor, asked)
    return Page(
        records=tuple(_record(tx, asked, row, masked, rights) for row in shown),
        next=shown[-1].place if len(found) > asked.limit else None,
    )


def get(
    tx: Transaction,
    actor: Actor,
    object_name: str,
    record_id: int,
    fields: tuple[str, ...] = (),
    *,
    origins: bool = False,
    deleted: bool = False,
) -> Record:
    """Return one record; raise `NotFound` when it is not there or may not be seen.

    With *deleted* it is looked for in the recycle bin.
    """
    asked = Asked(
        object=object_name,
        fields=fields,
        where=equals("id", record_id),
        limit=1,
        origins=origins,
        deleted=deleted,
    )
    found = find(tx, actor, asked).records
    if not found:
        label = tx.catalog.object(object_name).label
        raise NotFound(say("there is no {label} number {id}", label=label, id=record_id))
    return found[0]


def count(tx: Transaction, actor: Actor, asked: Asked, *, cap: int = COUNT_CAP) -> Count:
    """Return how many records *asked* finds, counting no further than *cap*."""
    return count_each(tx, actor, [asked], cap=cap)[0]


def count_each(
    tx: Transaction, actor: Actor, asked: Sequence[Asked], *, cap: int = COUNT_CAP
) -> tuple[Count, ...]:
    """Return how many records each of *asked* finds, all in one question to the database."""
    wanted = [query_of(tx, actor, each) for each in asked]
    numbers = queries.count_each(tx, wanted, visible_to(actor, tx.catalog), cap=cap)
    return tuple(Count(min(number, cap), number > cap) for number in numbers)


def search_everywhere(tx: Transaction, actor: Actor, typed: str, *, limit: int = 6) -> tuple[Titled, ...]:
    """Return records of every object that what a person *typed* finds, at most *limit* of each object.

    Objects without searchable fields, and those whose title the actor may not read, are left out.
    """
    wanted = search.words(typed)
    if wanted is None:
        return ()
    asked = [
        Query(object=each.name, words=wanted, found_by=_found_by(tx, actor, each))
        for each in _searchable(tx, actor)
    ]
    return tuple(queries.find_titles(tx, asked, visible_to(actor, tx.catalog), limit=limit))


def query_of(tx: Transaction, actor: Actor, asked: Asked) -> Query:
    """Return the question *asked* means for the actor; raise `NotAllowed` where it would give a value away."""
    fields = tuple(_steps(each) for each in _fields(tx, actor, asked))
    order = tuple(Order(_steps(path), descending) for path, descending in asked.order)
    judged = [each.parts for each in paths(asked.where)] + [each.path for each in order]
    for steps in judged:
        require_clear(tx, actor, asked.object, steps)
    return Query(
        object=asked.object,
        paths=fields,
        where=asked.where,
        words=search.words(asked.words),
        found_by=_found_by(tx, actor, tx.catalog.object(asked.object)),
        order=order,
        after=asked.after,
        limit=asked.limit,
        deleted=asked.deleted,
        origins=asked.origins,
    )


def _found_by(tx: Transaction, actor: Actor, object_type: ObjectType) -> tuple[str, ...]:
    """Return the fields whose text may be searched: finding a record by a hidden value would give it away."""
    clear = readable(actor, tx.catalog, object_type)
    return tuple(each.name for each in object_type.live_fields if each.searchable and each.name in clear)


def _searchable(tx: Transaction, actor: Actor) -> list[ObjectType]:
    return [
        each
        for each in tx.catalog.live_objects
        if any(one.searchable for one in each.live_fields)
        and {each.title, each.number} - {""} <= set(readable(actor, tx.catalog, each))
    ]


def _fields(tx: Transaction, actor: Actor, asked: Asked) -> tuple[str, ...]:
    """Return the paths asked for, or every field of the object; hidden ones are left out."""
    object_type = tx.catalog.object(asked.object)
    names = asked.fields or tuple(
        each.name for each in object_type.live_fields if not type_of(each).links_many
    )
    return tuple(each for each in names if _right(tx, actor, asked.object, _steps(each)) != "hidden")


def _steps(path: str) -> Steps:
    return tuple(path.split("."))


def _right(tx: Transaction, actor: Actor, object_name: str, steps: Steps) -> str:
    """Return the narrowest right along the way: a field behind a hidden lookup is hidden."""
    here: ObjectType = tx.catalog.object(object_name)
    right = "write"
    for step in steps:
        here_right = right_to(actor, tx.catalog, here, step)
        if here_right in ("hidden", "masked"):
            right = here_right if right != "hidden" else right
        target = target_of(here.field(step))
        if not target:
            break
        here = tx.catalog.object(target)
    return right


def may_ask_by(tx: Transaction, actor: Actor, object_name: str, path: str) -> bool:
    """Tell whether the actor may filter, sort and add up by the field at *path*: only by one read in the clear."""
    return _right(tx, actor, object_name, _steps(path)) not in ("hidden", "masked")


def require_clear(tx: Transaction, actor: Actor, object_name: str, steps: Steps) -> None:
    """Raise `NotAllowed` for a hidden or masked field: what is filtered or sorted by it gives its value away."""
    if not may_ask_by(tx, actor, object_name, ".".join(steps)):
        raise NotAllowed(say("your roles do not let you filter or sort by {field}", field=".".join(steps)))


def _masked(tx: Transaction, actor: Actor, asked: Asked) -> frozenset[str]:
    return frozenset(
        each
        for each in _fields(tx, actor, asked)
        if _right(tx, actor, asked.object, _steps(each)) == "masked"
    )


def _title_rights(tx: Transaction, actor: Actor, asked: Asked) -> dict[str, str]:
    """Return, by the path of each link asked for, the right to the titles of the records it points to."""
    rights: dict[str, str] = {}
    for path in _fields(tx, actor, asked):
        target = target_of(_field_at(tx, asked.object, path))
        if target:
            title = tx.catalog.object(target).title
            rights[path] = _right(tx, actor, asked.object, (*_steps(path), title))
    return rights


def _record(
    tx: Transaction, asked: Asked, row: queries.Row, masked: frozenset[str], title_rights: Mapping[str, str]
) -> Record:
    values = {".".join(steps): value for steps, value in row.values.items()}
    titles = {".".join(steps): title for steps, title in row.titles.items()}
    for path in masked:
        if values[path] is not None:
            values[path] = mask(_shown(tx, asked.object, path, values[path]))
    for path, title in titles.items():
        titles[path] = _readable_title(title, title_rights[path])
    return Record(
        object=asked.object,
        id=row.id,
        version=row.version,
        values=values,
        titles=titles,
        masked=masked,
        origins={
            name: each for name, each in (row.origin or {}).items() if name in values and name not in masked
        },
        linked=_linked(row, masked, title_rights),
    )


def _linked(
    row: queries.Row, masked: frozenset[str], title_rights: Mapping[str, str]
) -> dict[str, Mapping[int, str]]:
    """Return the titles behind each many-to-many field; of a masked one not even the numbers are told."""
    by_path = {".".join(steps): titles for steps, titles in row.linked.items()}
    return {
        path: {number: _readable_title(title, title_rights[path]) for number, title in titles.items()}
        for path, titles in by_path.items()
        if path not in masked
    }


def _readable_title(title: str, right: str) -> str:
    if right == "masked":
        return mask(title)
    return "" if right == "hidden" else title


def _shown(tx: Transaction, object_name: str, path: str, value: Any) -> str:
    """Return the value at *path* as text; a part of a field is text already."""
    field = _field_at(tx, object_name, path)
    return value if isinstance(value, str) else type_of(field).show(value, field)


def _field_at(tx: Transaction, object_name: str, path: str) -> Field:
    """Return the field at *path*, the whole one where *path* names a part of it."""
    here, *rest = _steps(path)
    field = tx.catalog.object(object_name).field(here)
    return _field_at(tx, target_of(field), ".".join(rest)) if rest and target_of(field) else field
