"""From the structure that is to the structure that is wanted, as a list of small steps."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import chain
from types import MappingProxyType

from guanxi.kernel.errors import Invalid, Problem
from guanxi.kernel.text import say
from guanxi.metadata.applying import apply_steps
from guanxi.metadata.catalog import Catalog
from guanxi.metadata.checking import check, check_columns
from guanxi.metadata.field_types import type_of
from guanxi.metadata.objects import Field, ObjectType
from guanxi.metadata.steps import (
    AddField,
    AddIndex,
    AddObject,
    ChangeField,
    ChangeObject,
    RemoveIndex,
    RetireField,
    RetireObject,
    Step,
)
from guanxi.metadata.widening import is_widening, kept_choices

__all__ = [
    "AddField",
    "AddIndex",
    "AddObject",
    "ChangeField",
    "ChangeObject",
    "RemoveIndex",
    "RetireField",
    "RetireObject",
    "Step",
    "apply_steps",
    "check",
    "index_of",
    "overlay",
    "plan",
]


def plan(current: Catalog, wanted: Iterable[ObjectType]) -> tuple[Step, ...]:
    """Return the steps that lead from *current* to *wanted*, which is the whole structure.

    What *wanted* does not name is retired, never dropped. After the steps are applied the plan is empty.
    Raises `Invalid` with every problem of *wanted* and every change of type that could lose values.
    """
    objects = tuple(wanted)
    problems = [*check(objects), *_refusals(current, objects), *_clashes(current, objects)]
    if problems:
        raise Invalid(problems)
    names = {each.name for each in objects}
    new = [AddObject(_shell(each)) for each in objects if each.name not in current.objects]
    changed = [_object_steps(current.objects.get(each.name), each) for each in objects]
    gone = [RetireObject(each) for each in current.live_objects if each.name not in names]
    return (*new, *chain.from_iterable(changed), *gone)


def overlay(current: Catalog, objects: Iterable[ObjectType]) -> tuple[ObjectType, ...]:
    """Return the whole structure wanted when *objects* of a pack are installed over *current*.

    Other objects stay as they are, and so do the fields that somebody else added to the same objects.
    """
    given = {each.name: each for each in objects}
    others = {each.name: each for each in current.live_objects if each.name not in given}
    return (*(_with_foreign_fields(current, each) for each in given.values()), *others.values())


def index_of(field: Field) -> bool | None:
    """Return whether *field* has an index: True for a unique one, False for a plain one, None for none.

    Links always have one: every list of a record's children asks by it.
    """
    kind = type_of(field)
    if field.retired or kind.links_many:
        return None
    if field.unique:
        return True
    return False if field.indexed or kind.parts[0].kind == "link" else None


def _object_steps(before: ObjectType | None, after: ObjectType) -> Iterator[Step]:
    known = {} if before is None else before.fields
    kept = {name: _kept(known.get(name), field) for name, field in after.fields.items()}
    for name, field in kept.items():
        yield from _field_steps(after.name, known.get(name), field)
    for name, field in known.items():
        if name not in kept and not field.retired:
            yield from _index_steps(after.name, field, None)
            yield RetireField(after.name, field)
    yield from _shell_steps(before, after, kept)


def _shell_steps(before: ObjectType | None, after: ObjectType, kept: dict[str, Field]) -> Iterator[Step]:
    if before is None:
        return
    here = [name for name, field in before.fields.items() if name in kept]
    ordered = [*here, *(name for name in kept if name not in here)] == list(kept)
    if _shell(before) != _shell(after) or not ordered:
        yield ChangeObject(_shell(before), _shell(after), tuple(kept))


def _field_steps(object_name: str, before: Field | None, after: Field) -> Iterator[Step]:
    if before is None:
        yield AddField(object_name, after)
    elif before != after:
        yield ChangeField(object_name, before, after)
    yield from _index_steps(object_name, before, after)


def _index_steps(object_name: str, before: Field | None, after: Field | None) -> Iterator[Step]:
    old = index_of(before) if before else None
    new = index_of(after) if after else None
    if old == new:
        return
    if before and old is not None:
        yield RemoveIndex(object_name, before, old)
    if after and new is not None:
        yield AddIndex(object_name, after, new)


def _kept(before: Field | None, after: Field) -> Field:
    """Return *after* with the choices that stored values may have, retired."""
    return after if before is None else replace(after, choices=kept_choices(before, after))


def _refusals(current: Catalog, objects: Iterable[ObjectType]) -> Iterator[Problem]:
    for wanted in objects:
        here = current.objects.get(wanted.name)
        for name, field in wanted.fields.items():
            before = here.fields.get(name) if here else None
            if before and not is_widening(before, field):
                yield Problem(
                    f"{wanted.name}.{name}",
                    say(
                        "{before} cannot become {after} without losing values; add a new field instead",
                        before=before.type,
                        after=field.type,
                    ),
                )


def _clashes(current: Catalog, objects: Iterable[ObjectType]) -> Iterator[Problem]:
    """Yield the columns that wanted fields would share with retired ones, whose data stays."""
    for wanted in objects:
        left = current.objects[wanted.name].fields if wanted.name in current.objects else {}
        both = replace(wanted, fields=MappingProxyType({**left, **wanted.fields}))
        own = list(check_columns(wanted))
        yield from (problem for problem in check_columns(both) if problem not in own)


def _with_foreign_fields(current: Catalog, wanted: ObjectType) -> ObjectType:
    here = current.objects.get(wanted.name)
    foreign = {each.name: each for each in here.live_fields if each.pack != wanted.pack} if here else {}
    return replace(wanted, fields=MappingProxyType({**wanted.fields, **foreign}))


def _shell(of: ObjectType) -> ObjectType:
    return replace(of, fields=MappingProxyType({}))
