"""The form for a new record of any object."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from guanxi.access.roles import grant_by_hand
from guanxi.identity import users
from guanxi.identity.actor import Actor
from guanxi.integration.resembling import compared_fields
from guanxi.kernel.errors import Invalid, NotAllowed
from guanxi.kernel.text import say
from guanxi.metadata.catalog import Catalog
from guanxi.metadata.field_types.auto_number import gives_numbers
from guanxi.metadata.field_types.file import FileReference
from guanxi.metadata.initial import initial_of
from guanxi.metadata.objects import Field, ObjectType
from guanxi.records import reading, writing
from guanxi.records.validation import accept
from guanxi.web.filling import refill
from guanxi.web.layout import fact_groups
from guanxi.web.linking import named, settle
from guanxi.web.pages.files import sent
from guanxi.web.values import Cell, blank, may_write
from guanxi.web.visit import Answer, Page, Visit
from guanxi.web.widgets import given, is_given


@dataclass(frozen=True, kw_only=True)
class CreationPage:
    """The form: what matters first, the rest folded away, what is wrong with the whole."""

    object_type: ObjectType
    address: str
    key: tuple[Cell, ...]
    others: tuple[Cell, ...]
    problem: str
    others_open: bool
    holds_files: bool
    """Whether the form asks for a file."""
    compared: frozenset[str]
    """The fields whose values are looked for among existing records while they are typed."""


def show_form(visit: Visit) -> Answer:
    """Show the form; values in the address are filled in (``?customer=12``)."""
    object_type = _object(visit)
    return _form(visit, object_type, visit.incoming.query, {}, "")


def create(visit: Visit) -> Answer:
    """Create the record and go there; what is wrong keeps what was typed."""
    object_type = _object(visit)
    settled = settle(visit, _fields(visit, object_type), visit.incoming.form)
    form = settled.form
    values = {
        each.name: given(each, form, visit.reader)
        for each in _fields(visit, object_type)
        if is_given(each, form)
    }
    try:
        values |= _attached(visit, object_type)
        record_id = writing.create(visit.tx, visit.actor, object_type.name, values)
    except Invalid as invalid:
        problems = {name: visit.say(message) for name, message in settled.problems.items()}
        for each in invalid.problems:
            problems.setdefault(each.field or "", visit.reader.problem(each))
        whole = problems.get("") or visit.say(say("Some values cannot be saved yet; see below."))
        return _form(visit, object_type, form, problems, whole, status=422)
    return visit.go(f"/o/{object_type.name}/{record_id}")


def _attached(visit: Visit, object_type: ObjectType) -> dict[str, FileReference]:
    """Return the files that were sent, kept; what cannot be kept is told beside its field."""
    fields = (each for each in _fields(visit, object_type) if each.type == "file")
    return {each.name: found for each in fields if (found := sent(visit, each)) is not None}


def may_create(actor: Actor, catalog: Catalog, parameters: Mapping[str, Any]) -> bool:
    """Tell whether the actor may create a record of the object the address names, with files."""
    object_type = catalog.objects.get(parameters["object_name"])
    return object_type is not None and grant_by_hand(actor, catalog, object_type).create


def _object(visit: Visit) -> ObjectType:
    object_type = visit.object_type
    if not grant_by_hand(visit.actor, visit.catalog, object_type).create:
        raise NotAllowed(say("your roles do not let you create {plural}", plural=object_type.plural))
    return object_type


def _fields(visit: Visit, object_type: ObjectType) -> Iterator[Field]:
    for group in _groups(visit, object_type):
        yield from group


def _groups(visit: Visit, object_type: ObjectType) -> tuple[tuple[Field, ...], tuple[Field, ...]]:
    """Return what the form asks for: what matters, beginning with the name; then the rest.

    A number the system gives is asked for last: it is rarely known better.
    """
    key, others = (
        [each for each in group if may_write(visit.actor, visit.catalog, object_type, each)]
        for group in fact_groups(visit.actor, visit.catalog, object_type)
    )
    given = [each for each in key if gives_numbers(each)]
    first = sorted(
        (each for each in key if each not in given), key=lambda each: each.name != object_type.title
    )
    return tuple(first), (*others, *given)


def _form(
    visit: Visit,
    object_type: ObjectType,
    form: Mapping[str, Sequence[str]],
    problems: Mapping[str, str],
    problem: str,
    *,
    status: int = 200,
) -> Answer:
    key, others = (
        tuple(_cell(visit, each, form, problems.get(each.name, "")) for each in group)
        for group in _groups(visit, object_type)
    )
    page = CreationPage(
        object_type=object_type,
        address=f"/o/{object_type.name}",
        key=key,
        others=others,
        problem=problem,
        others_open=any(_is_touched(visit, each) for each in others),
        holds_files=any(each.field.type == "file" for each in (*key, *others)),
        compared=frozenset(each.name for each in compared_fields(visit.actor, visit.catalog, object_type)),
    )
    return visit.show("pages/creation.html", page, status=status)


def _cell(visit: Visit, field: Field, form: Mapping[str, Sequence[str]], problem: str) -> Cell:
    filled = named(visit, replace(refill(_beginning(visit, field), form), problem=problem))
    if field.type == "user":
        return replace(filled, people=tuple(users.colleagues(visit.tx)))
    if field.type == "lookup" and filled.typed and filled.text == filled.typed:
        return replace(filled, text=_title(visit, field, filled.typed))
    return filled


def _is_touched(visit: Visit, shown: Cell) -> bool:
    """Tell whether a field holds something else than every new record begins with, or something is wrong with it."""
    return bool(shown.problem or shown.links) or shown.typed != _beginning(visit, shown.field).typed


def _beginning(visit: Visit, field: Field) -> Cell:
    """Return the form field holding what a record entered by hand begins with."""
    now = visit.reader.now.astimezone(visit.reader.zone)
    begun = initial_of(field, me=visit.actor.id, now=now)
    return blank(field, visit.reader, value=accept(field, field.default if begun is None else begun))


def _title(visit: Visit, field: Field, number: str) -> str:
    if not (number.isascii() and number.isdigit() and len(number) < 19):
        return ""
    target = visit.catalog.object(field.target)
    record = reading.get(visit.tx, visit.actor, target.name, int(number), (target.title,))
    return str(record.values.get(target.title) or f"#{number}")


PAGES = (
    Page(path="/o/{object_name:str}/new", answer=show_form),
    Page(path="/o/{object_name:str}/new", answer=create, method="POST"),
    Page(path="/o/{object_name:str}/new/files", answer=create, method="POST", takes_files=may_create),
)
