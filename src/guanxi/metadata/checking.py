"""Judges definitions of objects completely: every problem at once, before anything is touched."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from guanxi.kernel.errors import Problem
from guanxi.kernel.text import say
from guanxi.metadata.field_types import FIELD_TYPES, columns_of
from guanxi.metadata.initial import initial_problems
from guanxi.metadata.objects import SYSTEM_FIELDS, USER, Field, ObjectType
from guanxi.metadata.roles import ANY_OBJECT

NAME = re.compile(r"[a-z][a-z0-9_]{0,40}")
"""What objects and fields may be called: they become names of tables and columns."""

SYSTEM_COLUMNS = frozenset(
    {"id", "created_at", "created_by", "updated_at", "updated_by", "owner_id", "version", "deleted_at"}
)
RESERVED_FIELDS = frozenset(SYSTEM_FIELDS) | SYSTEM_COLUMNS
RESERVED_OBJECTS = frozenset({USER.name})

_OPTIONS = ("length", "minimum", "maximum", "scale", "currency", "choices", "target", "pattern")
"""Options only some field types read; one on any other type is a mistake somebody should know of."""


def check(objects: Iterable[ObjectType]) -> tuple[Problem, ...]:
    """Return everything wrong with *objects*, which are the whole structure; empty when all is well."""
    whole = tuple(objects)
    targets = {each.name for each in whole if not each.retired} | RESERVED_OBJECTS
    return (*_twice(whole), *_each(whole, targets))


def _each(objects: Sequence[ObjectType], targets: set[str]) -> Iterator[Problem]:
    for each in objects:
        yield from _object(each)
        for name, field in each.fields.items():
            yield from _field(f"{each.name}.{name}", name, field, targets)
            yield from _repeated(f"{each.name}.{name}", field, objects)
        yield from check_columns(each)


def _twice(objects: Sequence[ObjectType]) -> Iterator[Problem]:
    for name, count in Counter(each.name for each in objects).items():
        if count > 1:
            yield Problem(name, say("the object is there twice"))


def _object(each: ObjectType) -> Iterator[Problem]:
    yield from _named(each.name, each.name, RESERVED_OBJECTS)
    live = {field.name: field for field in each.live_fields}
    if each.title not in live:
        yield Problem(each.name, say("the title {name} is not one of its fields", name=repr(each.title)))
    for name in (each.title, each.number):
        if name in live and live[name].type in FIELD_TYPES and FIELD_TYPES[live[name].type].links_many:
            yield Problem(
                each.name,
                say("links to several records cannot be what a record is called by: {name}", name=name),
            )
    if each.number and each.number not in live:
        yield Problem(each.name, say("the number {name} is not one of its fields", name=repr(each.number)))
    if each.parent and (each.parent not in live or live[each.parent].type != "lookup"):
        yield Problem(each.name, say("the parent {name} is not one of its links", name=repr(each.parent)))


def _named(where: str, name: str, reserved: frozenset[str]) -> Iterator[Problem]:
    if not NAME.fullmatch(name):
        yield Problem(
            where,
            say("a name begins with a small letter and goes on with at most 40 small letters, digits and _"),
        )
    if name in reserved:
        yield Problem(where, say("the name {name} belongs to the system; choose another", name=name))


def _field(where: str, name: str, field: Field, targets: set[str]) -> Iterator[Problem]:
    yield from _named(where, name, RESERVED_FIELDS)
    if field.name != name:
        yield Problem(where, say("the field is called {name} inside", name=repr(field.name)))
    if field.type not in FIELD_TYPES:
        known = sorted(FIELD_TYPES)
        yield Problem(
            where, say("unknown field type {name}; known: {known}", name=repr(field.type), known=known)
        )
        return
    kind = FIELD_TYPES[field.type]
    yield from (Problem(where, problem.message) for problem in (*kind.check(field), *initial_problems(field)))
    if kind.links_many and field.unique:
        yield Problem(where, say("links to several records cannot be unique"))
    for option in _OPTIONS:
        if getattr(field, option) not in (None, "", ()) and option not in kind.options:
            yield Problem(
                where, say("the type {type} has no option {option}", type=field.type, option=option)
            )
    if field.target and field.target not in targets and not field.retired:
        known = sorted(targets)
        yield Problem(
            where, say("unknown object {name}; known: {known}", name=repr(field.target), known=known)
        )


def _repeated(where: str, field: Field, objects: Sequence[ObjectType]) -> Iterator[Problem]:
    """Yield the names of what *field* copies that lead nowhere: nobody could ever read the field."""
    known = {each.name: each for each in objects}
    for name in field.repeats:
        object_name, _, own = name.partition(".")
        there = object_name in known and (not own or own in known[object_name].fields)
        if name != ANY_OBJECT and not there:
            yield Problem(where, say("it repeats {name}, which is not there", name=repr(name)))


def check_columns(each: ObjectType) -> Iterator[Problem]:
    """Yield the columns that two fields of *each* share, or that belong to the system."""
    known = [field for field in each.fields.values() if field.type in FIELD_TYPES]
    owners: dict[str, list[str]] = {}
    for field in known:
        for column, _ in columns_of(field):
            owners.setdefault(column, []).append(field.name)
    for column, fields in owners.items():
        if len(fields) > 1:
            yield Problem(
                each.name, say("the fields {fields} share the column {column}", fields=fields, column=column)
            )
        if column in SYSTEM_COLUMNS and fields[0] not in RESERVED_FIELDS:
            yield Problem(
                f"{each.name}.{fields[0]}", say("the column {column} belongs to the system", column=column)
            )
