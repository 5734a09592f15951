"""A gap on its way to a page: what is asked, why, and the form field of its answer."""

from dataclasses import dataclass, replace
from typing import Any

from guanxi.access.fields import reads_all
from guanxi.identity import users
from guanxi.integration.cleaning import sentence
from guanxi.integration.departments import speaks_for
from guanxi.integration.filling import Question
from guanxi.kernel.errors import Refused
from guanxi.kernel.text import say
from guanxi.metadata.objects import Field
from guanxi.records.validation import accept
from guanxi.web.values import Cell, blank, written
from guanxi.web.visit import Visit

_CHOSEN = frozenset({"single_select", "multi_select", "user", "address", "checkbox", "date", "date_time"})


@dataclass(frozen=True, kw_only=True)
class GapLine:
    """One gap; ``cell`` is the form field of its answer, None where it cannot be answered here."""

    id: int
    address: str
    customer: str
    link: str
    field: str
    kind: str
    kind_label: str
    colour: str
    found: str
    places: int
    reason: str
    department: str
    due: str
    is_overdue: bool
    state: str
    given: str
    cell: Cell | None
    can_confirm: bool
    can_answer: bool


def gap_line(visit: Visit, gap: Question) -> GapLine:
    """Return the gap in the reader's words, with the form field of its answer where the reader may give it."""
    reader, values = visit.reader, gap.values
    kind = next(
        each for each in visit.catalog.object("gap").field("kind").choices if each.value == values["kind"]
    )
    speaks = speaks_for(visit.actor, visit.catalog, gap.department)
    may_answer = speaks and values["state"] == "open"
    # What was found is a value of that field: who may not read the field reads it here only to answer.
    sees = speaks or reads_all(visit.actor, visit.catalog, (f"{gap.object}.{gap.field.name}",))
    customer = values["customer"]
    due = values["due_on"]
    return GapLine(
        id=gap.id,
        address=f"/gaps/{gap.id}",
        customer=gap.titles.get("customer", "") if customer else "",
        link=f"/o/customer/{customer}" if customer else "",
        field=reader.label(gap.field.label),
        kind=kind.value,
        kind_label=reader.label(kind.label),
        colour=kind.colour,
        found=(values["found"] or "") if sees else "",
        places=len(gap.places),
        reason=_reason(visit, gap, sees=sees),
        department=gap.department,
        due=reader.day(due) if due else "",
        is_overdue=bool(due) and due < reader.today and values["state"] == "open",
        state=values["state"],
        given=_given(visit, gap) if sees else "",
        cell=_cell(visit, gap) if may_answer and gap.can_be_filled else None,
        can_confirm=may_answer and values["kind"] == "suspect" and bool(gap.places),
        can_answer=speaks,
    )


def _given(visit: Visit, gap: Question) -> str:
    """Return the answer as people read it: the words of a choice, not its code."""
    raw = gap.values["given"] or ""
    try:
        return written(accept(gap.field, raw), gap.field, visit.reader) if raw else ""
    except Refused:
        return raw


def _reason(visit: Visit, gap: Question, *, sees: bool) -> str:
    cells = gap.values["cells"] or {}
    if cells.get("reason"):
        told = visit.say(sentence(cells["reason"], cells.get("note") if sees else ""))
        comment = gap.values["reason"] or ""
        is_place = " · " in comment and comment.count(" · ") == 2
        return f"{told} · {comment}" if comment and not is_place else told
    if not gap.can_be_filled:
        return visit.say(
            say("no source holds this field; add a column to your file, or fill it in per customer")
        )
    return gap.values["reason"] or (
        visit.say(say("no source knows this")) if gap.values["kind"] == "missing" else ""
    )


def _cell(visit: Visit, gap: Question) -> Cell:
    field: Field = replace(gap.field, required=False)
    understood = _understood(gap)
    cell = replace(blank(field, visit.reader, value=understood), prefix=f"gap-{gap.id}-")
    if field.type == "user":
        cell = replace(cell, people=tuple(users.colleagues(visit.tx)))
    if understood is not None and field.type == "industry":
        cell = replace(cell, typed=cell.text)  # settled by the words as well as by the code, and read by them
    if understood is None and gap.values["kind"] != "missing" and field.type not in _CHOSEN:
        cell = replace(cell, typed=gap.values["found"] or "")
    return cell


def _understood(gap: Question) -> Any:
    """Return the value a doubtful wording was understood as: it is right more often than the wording itself."""
    try:
        return accept(gap.field, gap.understood) if gap.understood else None
    except Refused:
        return None
