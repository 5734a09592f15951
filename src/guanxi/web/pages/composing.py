"""The composer: a note, a call or a visit in seconds."""

from dataclasses import dataclass
from typing import Any

from guanxi.access.fields import right_to
from guanxi.kernel.errors import Invalid, Problem
from guanxi.kernel.text import shortened
from guanxi.metadata.objects import Field, ObjectType
from guanxi.records import writing
from guanxi.web.linking import Settled, settle
from guanxi.web.past.company import Company, company, company_field, refilled
from guanxi.web.past.timeline import COMPOSED, Moment, has_composer, timeline
from guanxi.web.visit import Answer, Page, Visit
from guanxi.web.widgets import given

_LONGEST_SUBJECT = 60


@dataclass(frozen=True, kw_only=True)
class Composed:
    """What was typed into the composer and what is wrong with it."""

    kind: str = "note"
    content: str = ""
    next_step: str = ""
    next_on: str = ""
    problem: str = ""


@dataclass(frozen=True, kw_only=True)
class TimelinePart:
    """The composer and the timeline, without the page around them."""

    address: str
    moments: tuple[Moment, ...]
    has_composer: bool
    composed: Composed
    company: Company | None


def compose(visit: Visit) -> Answer:
    """Save an activity of the record and show the timeline again; what is wrong keeps what was typed."""
    place, typed = visit.incoming.parameters, visit.incoming.typed
    object_type = visit.object_type
    composed = Composed(
        kind=typed("kind", "note"),
        content=typed("content").strip(),
        next_step=typed("next_step"),
        next_on=typed("next_on"),
    )
    status, field = 200, company_field(visit, object_type)
    settled = settle(visit, [field] if field else [], visit.incoming.form)
    try:
        _save(visit, place["record_id"], composed, field, settled)
        composed = Composed()
    except Invalid as invalid:
        status = 422
        composed = Composed(
            kind=composed.kind,
            content=composed.content,
            next_step=composed.next_step,
            next_on=composed.next_on,
            problem=visit.reader.problems(invalid),
        )
    offered = company(visit, object_type, place["record_id"])
    address = f"/o/{object_type.name}/{place['record_id']}"
    if not visit.incoming.wants_part and status == 200:
        return visit.go(address)
    part = TimelinePart(
        address=address,
        moments=timeline(visit, object_type, place["record_id"]) or (),
        has_composer=has_composer(visit, object_type),
        composed=composed,
        company=refilled(visit, offered, settled.form) if composed.problem else offered,
    )
    return visit.show("frame/timeline.html", part, status=status)


def _save(visit: Visit, record_id: int, composed: Composed, field: Field | None, settled: Settled) -> None:
    """Save the activity; its time and person are what a record entered by hand begins with."""
    if settled.problems:
        raise Invalid(Problem(name, message) for name, message in settled.problems.items())
    activity = visit.catalog.object(COMPOSED)
    first = composed.content.partition("\n")[0].strip()
    subject = shortened(first, _LONGEST_SUBJECT)
    values = {
        "subject": subject,
        activity.parent: record_id,
        "kind": composed.kind,
        "content": composed.content,
        "next_step": composed.next_step,
        "next_on": composed.next_on,
    }
    if field is not None:
        values |= _took_part(visit, activity, field, given(field, settled.form, visit.reader))
    writing.create(visit.tx, visit.actor, COMPOSED, values)


def _took_part(visit: Visit, activity: ObjectType, field: Field, chosen: list[str]) -> dict[str, Any]:
    """Return who took part; the first of them also where the activity names one person only."""
    values: dict[str, Any] = {field.name: chosen}
    for lookup in activity.lookups_to(field.target)[:1]:
        if chosen and right_to(visit.actor, visit.catalog, activity, lookup.name) == "write":
            values[lookup.name] = chosen[0]
    return values


PAGES = (Page(path="/o/{object_name:str}/{record_id:int}/activities", answer=compose, method="POST"),)
