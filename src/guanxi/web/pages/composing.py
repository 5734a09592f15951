"""The composer: a note, a call or a visit in seconds."""

from dataclasses import dataclass

from guanxi.kernel.errors import Invalid
from guanxi.records import writing
from guanxi.web.past.timeline import COMPOSED, Moment, has_composer, timeline
from guanxi.web.visit import Answer, Page, Visit

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


def compose(visit: Visit) -> Answer:
    """Save an activity of the record and show the timeline again; what is wrong keeps what was typed."""
    place, typed = visit.incoming.parameters, visit.incoming.typed
    object_type = visit.catalog.object(place["object_name"])
    composed = Composed(
        kind=typed("kind", "note"),
        content=typed("content").strip(),
        next_step=typed("next_step"),
        next_on=typed("next_on"),
    )
    status = 200
    try:
        _save(visit, place["record_id"], composed)
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
    address = f"/o/{object_type.name}/{place['record_id']}"
    if not visit.incoming.wants_part and status == 200:
        return visit.go(address)
    part = TimelinePart(
        address=address,
        moments=timeline(visit, object_type, place["record_id"]) or (),
        has_composer=has_composer(visit, object_type),
        composed=composed,
    )
    return visit.show("frame/timeline.html", part, status=status)


def _save(visit: Visit, record_id: int, composed: Composed) -> None:
    activity = visit.catalog.object(COMPOSED)
    first = composed.content.partition("\n")[0].strip()
    subject = first if len(first) <= _LONGEST_SUBJECT else first[: _LONGEST_SUBJECT - 1] + "…"
    values = {
        "subject": subject,
        activity.parent: record_id,
        "kind": composed.kind,
        "content": composed.content,
        "happened_at": visit.tx.now,
        "next_step": composed.next_step,
        "next_on": composed.next_on,
        "person": visit.actor.id,
    }
    writing.create(visit.tx, visit.actor, COMPOSED, values)


PAGES = (Page(path="/o/{object_name:str}/{record_id:int}/activities", answer=compose, method="POST"),)
