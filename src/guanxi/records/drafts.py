"""A record on its way in, and what can be said of it without a look at other records."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from guanxi.access.fields import right_to
from guanxi.identity.actor import Actor
from guanxi.kernel.errors import Problem
from guanxi.kernel.text import say
from guanxi.metadata.catalog import Catalog
from guanxi.metadata.field_types.auto_number import gives_numbers
from guanxi.metadata.initial import initial_values
from guanxi.metadata.objects import OWNER, SYSTEM_FIELDS, ObjectType
from guanxi.records.validation import NEEDED, is_needed, read, values_of
from guanxi.store.rows import Stored


@dataclass(frozen=True, kw_only=True)
class Draft:
    """A record on its way in: what is stored (None for a new one), what is given, and what is wrong so far."""

    object_type: ObjectType
    stored: Stored | None
    values: Mapping[str, Any]
    problems: tuple[Problem, ...] = ()
    origin: Mapping[str, Any] | None = None
    """Where the values came from, when the way in says so."""

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


def with_defaults(draft: Draft, actor: Actor, now: datetime) -> Draft:
    """Return the draft of a new record with the defaults of the fields nobody gave; a stored one as it is.

    What a record entered by hand begins with is not supposed of one that comes from a source.
    """
    if draft.stored is not None:
        return draft
    begun = {} if draft.origin is not None else begun_by(draft.object_type, actor, now)
    fields = draft.object_type.live_fields
    defaults = {each.name: each.default for each in fields if each.default is not None} | begun
    values, _ = read(
        draft.object_type, {name: raw for name, raw in defaults.items() if name not in draft.values}
    )
    return replace(draft, values={**values, **draft.values})


def begun_by(object_type: ObjectType, actor: Actor, now: datetime) -> dict[str, Any]:
    """Return, by field, what a record begins with that *actor* enters by hand at the moment *now*."""
    return initial_values(object_type, me=actor.id, now=now.astimezone(ZoneInfo(actor.time_zone)))


def keeping_numbers(draft: Draft) -> Draft:
    """Return the draft without blanks in the place of numbers: what the system gave is not emptied."""
    kept = {
        name: value
        for name, value in draft.values.items()
        if value is not None or draft.object_type.field(name).type != "auto_number"
    }
    return replace(draft, values=kept)


def missing(draft: Draft) -> Iterable[Problem]:
    """Yield what is needed: of a new record everything required, of a stored one what is given and blank."""
    told = {each.field for each in draft.problems}
    for field in draft.object_type.live_fields:
        judged = field.name in draft.values if draft.stored else not gives_numbers(field)
        if judged and is_needed(field) and draft.values.get(field.name) is None and field.name not in told:
            yield Problem(field.name, NEEDED)


def permitted(
    actor: Actor, catalog: Catalog, object_type: ObjectType, given: Mapping[str, Any]
) -> dict[str, Any]:
    """Return those of *given* that are fields the actor may change."""
    known = {*object_type.fields, OWNER}
    return {
        name: value
        for name, value in given.items()
        if name in known and right_to(actor, catalog, object_type, name) == "write"
    }


def without_unpermitted(actor: Actor, catalog: Catalog, draft: Draft) -> Draft:
    """Return the draft without fields that are the system's, or that the actor may not change: those are problems.

    They are judged no further: whether another record has such a value is not told of a hidden field.
    """
    mine = permitted(actor, catalog, draft.object_type, draft.values)
    refused = [each for each in draft.values if each not in mine]
    system = say("the system keeps this field")
    closed = say("your roles do not let you change this field")
    problems = [Problem(each, system if each in SYSTEM_FIELDS else closed) for each in refused]
    return replace(draft, values=mine).with_problems(problems)
