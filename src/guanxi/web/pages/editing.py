"""Changing one value in place: the same validation as everywhere, and both values when somebody was quicker."""

from dataclasses import dataclass, replace

from guanxi.access.roles import grant_by_hand
from guanxi.identity import users
from guanxi.kernel.errors import Conflict, Invalid, Problem, Refused
from guanxi.kernel.numbers import number_in
from guanxi.kernel.text import say
from guanxi.metadata.objects import Field, ObjectType
from guanxi.records import reading, writing
from guanxi.records.reading import Record
from guanxi.records.validation import read
from guanxi.web.filling import refill
from guanxi.web.linking import named, settle
from guanxi.web.origins import origins_of
from guanxi.web.values import Cell, cell, may_write, written
from guanxi.web.visit import Answer, Page, Visit
from guanxi.web.widgets import given


@dataclass(frozen=True, kw_only=True)
class FactPart:
    """One fact: as it is shown, as it is asked for, or as two people want it."""

    state: str
    """``shown``, ``open`` or ``disputed``."""
    cell: Cell
    address: str
    version: int
    theirs: Cell | None = None
    form: tuple[tuple[str, str], ...] = ()
    is_title: bool = False
    """Whether the value is what its record is called by."""


_FACT_TEMPLATE = "pages/editing.html"
_NOT_TYPED = frozenset({"file", "json"})
"""A file is sent, structured data is written by programs."""


def show_fact(visit: Visit) -> Answer:
    """Show the value again, as it stands now."""
    return show_part(visit, "shown")


def open_fact(visit: Visit) -> Answer:
    """Ask for a new value; the form remembers the version it started from."""
    return show_part(visit, "open")


def save_fact(visit: Visit) -> Answer:
    """Save the value typed, or show what is wrong with it, or both values when somebody was quicker."""
    return save_part(visit)


def show_part(visit: Visit, state: str, *, template: str = _FACT_TEMPLATE) -> Answer:
    """Show the value in *state* (``shown`` or ``open``) by *template*."""
    object_type, field = _place(visit)
    record = _record(visit, object_type, field)
    shown = _cell(visit, object_type, record, field)
    state = state if shown.writable else "shown"
    return _show(visit, object_type, record, state, shown, template=template)


def save_part(visit: Visit, *, template: str = _FACT_TEMPLATE) -> Answer:
    """Save the value typed and show what became of it by *template*."""
    object_type, field = _place(visit)
    if field.type in _NOT_TYPED or field.kept or object_type.kept:
        raise Refused(say("this field cannot be typed in"))
    settled = settle(visit, [field], visit.incoming.form)
    visit = replace(visit, incoming=replace(visit.incoming, form=settled.form))
    number, form = visit.incoming.parameters["record_id"], visit.incoming.form
    version = number_in(visit.incoming.typed("version"))
    value = given(field, form, visit.reader)
    try:
        writing.update(visit.tx, visit.actor, object_type.name, number, {field.name: value}, version=version)
    except Invalid as invalid:
        unclear = Invalid(Problem(name, message) for name, message in settled.problems.items())
        return _wrong(visit, object_type, field, unclear if unclear.problems else invalid, template)
    except Conflict:
        return _disputed(visit, object_type, field, template)
    if not visit.incoming.wants_part:
        return visit.go(f"/o/{object_type.name}/{number}")
    return show_part(visit, "shown", template=template)


def show_wrong(visit: Visit, field: Field, invalid: Invalid, *, is_new: bool = False) -> Answer:
    """Ask for the value again and tell what is wrong; *is_new* begins from the record as it stands now."""
    object_type = visit.object_type
    if is_new:
        visit = replace(visit, incoming=replace(visit.incoming, form={}))
    return _wrong(visit, object_type, field, invalid, _FACT_TEMPLATE)


def _place(visit: Visit) -> tuple[ObjectType, Field]:
    object_type = visit.object_type
    return object_type, object_type.field(visit.incoming.parameters["field_name"])


def _wrong(visit: Visit, object_type: ObjectType, field: Field, invalid: Invalid, template: str) -> Answer:
    record = _record(visit, object_type, field)
    shown = refill(_cell(visit, object_type, record, field), visit.incoming.form)
    shown = named(visit, replace(shown, problem=visit.reader.problems(invalid)))
    version = number_in(visit.incoming.typed("version"))
    now = record if version is None else replace(record, version=version)
    return _show(visit, object_type, now, "open", shown, status=422, template=template)


def _disputed(visit: Visit, object_type: ObjectType, field: Field, template: str) -> Answer:
    record = _record(visit, object_type, field)
    theirs = _cell(visit, object_type, record, field)
    value = field_value(visit, field)
    mine = replace(theirs, value=value, text=mine_text(visit, field, value), origin=None, link="", links=())
    mine = named(visit, mine)
    own = tuple(
        (name, text)
        for name, texts in visit.incoming.form.items()
        for text in texts
        if name == field.name or name.startswith(f"{field.name}.")
    )
    return _show(
        visit, object_type, record, "disputed", mine, status=409, theirs=theirs, form=own, template=template
    )


def field_value(visit: Visit, field: Field) -> object:
    """Return the value a form gives to *field*, once it has been found to be a good one."""
    values, _ = read(_place(visit)[0], {field.name: given(field, visit.incoming.form, visit.reader)})
    return values.get(field.name)


def mine_text(visit: Visit, field: Field, value: object) -> str:
    """Return the value of a form in the reader's words; a link by the title its picker showed."""
    return written(value, field, visit.reader, visit.incoming.typed(f"{field.name}.title"))


def _record(visit: Visit, object_type: ObjectType, field: Field) -> Record:
    number = visit.incoming.parameters["record_id"]
    return reading.get(visit.tx, visit.actor, object_type.name, number, (field.name,), origins=True)


def _cell(visit: Visit, object_type: ObjectType, record: Record, field: Field) -> Cell:
    changeable = grant_by_hand(visit.actor, visit.catalog, object_type).write != "none"
    writable = changeable and may_write(visit.actor, visit.catalog, object_type, field)
    origin = origins_of(visit, record).of(field.name, visit.reader)
    shown = cell(record, field, visit.reader, writable=writable, origin=origin)
    return replace(shown, people=tuple(users.colleagues(visit.tx))) if field.type == "user" else shown


def _show(
    visit: Visit,
    object_type: ObjectType,
    record: Record,
    state: str,
    shown: Cell,
    *,
    template: str,
    status: int = 200,
    theirs: Cell | None = None,
    form: tuple[tuple[str, str], ...] = (),
) -> Answer:
    part = FactPart(
        state=state,
        cell=shown,
        address=f"/o/{object_type.name}/{record.id}",
        version=record.version,
        theirs=theirs,
        form=form,
        is_title=shown.field.name == object_type.title,
    )
    return visit.show(template, part, status=status)


_FACT = "/o/{object_name:str}/{record_id:int}"
PAGES = (
    Page(path=_FACT + "/fact/{field_name:str}", answer=show_fact),
    Page(path=_FACT + "/edit/{field_name:str}", answer=open_fact),
    Page(path=_FACT + "/edit/{field_name:str}", answer=save_fact, method="POST"),
)
