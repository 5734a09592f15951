"""The form for a new record of any object."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from guanxi.access.roles import grant_of
from guanxi.identity import users
from guanxi.integration.resembling import compared_fields
from guanxi.kernel.errors import Invalid, NotAllowed
from guanxi.kernel.text import say
from guanxi.metadata.field_types.auto_number import gives_numbers
from guanxi.metadata.initial import initial_of
from guanxi.metadata.objects import Field, ObjectType
from guanxi.records import reading, writing
from guanxi.records.validation import accept
from guanxi.web.filling import refill
from guanxi.web.layout import fact_groups
from guanxi.web.linking import named, settle
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
        record_id = writing.create(visit.tx, visit.actor, object_type.name, values)
    except Invalid as invalid:
        problems = {name: visit.say(message) for name, message in settled.problems.items()}
        for each in invalid.problems:
            problems.setdefault(each.field or "", visit.reader.problem(each))
        whole = problems.get("") or visit.say(say("Some values cannot be saved yet; see below."))
        return _form(visit, object_type, form, problems, whole, status=422)
    return visit.go(f"/o/{object_type.name}/{record_id}")


def _object(visit: Visit) -> ObjectType:
    object_type = visit.catalog.object(visit.incoming.parameters["object_name"])
    if not grant_of(visit.actor, visit.catalog, object_type.name).create:
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
        others_open=any(each.problem or each.typed for each in others),
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
)
