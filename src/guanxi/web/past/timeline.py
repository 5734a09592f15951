"""What happened around a record, newest first: activities, orders, tickets, whatever belongs to it and has a date."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from guanxi.access.roles import grant_of
from guanxi.expressions.conditions import equals
from guanxi.metadata.objects import Field, ObjectType
from guanxi.records import reading
from guanxi.records.reading import Asked, Record
from guanxi.web.layout import head_fields, moment_field, related, seen_fields
from guanxi.web.values import Cell, cell
from guanxi.web.visit import Visit

COMPOSED = "activity"
EACH = 12
LONGEST = 30
_NEVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, kw_only=True)
class Moment:
    """One thing that happened."""

    at: datetime | None
    """None when nobody knows; such things stand at the end."""
    when: str
    moment: str
    icon: str
    kind: str
    title: str
    address: str
    text: str
    marks: tuple[Cell, ...]
    who: str
    next_step: str


def timeline(visit: Visit, object_type: ObjectType, record_id: int) -> tuple[Moment, ...] | None:
    """Return what belongs to the record and has a date; None when nothing of that kind can."""
    kinds = [
        (other, lookup, placed)
        for other, lookup in related(visit.actor, visit.catalog, object_type)
        if other.parent == lookup.name and (placed := moment_field(other)) is not None
    ]
    if not kinds:
        return None
    found = [each for kind in kinds for each in _of_kind(visit, *kind, record_id)]
    return tuple(sorted(found, key=lambda each: each.at or _NEVER, reverse=True)[:LONGEST])


def has_composer(visit: Visit, object_type: ObjectType) -> bool:
    """Tell whether the actor may note an activity for records of this object."""
    activity = visit.catalog.objects.get(COMPOSED)
    if activity is None or not grant_of(visit.actor, visit.catalog, COMPOSED).create:
        return False
    parent = activity.fields.get(activity.parent)
    return parent is not None and parent.target == object_type.name


def _of_kind(
    visit: Visit, other: ObjectType, lookup: Field, placed: Field, record_id: int
) -> Iterator[Moment]:
    wanted = {other.title, placed.name, "content", "description", "next_step", "next_on", "person"}
    heads = head_fields(visit.actor, visit.catalog, other)[:2]
    amounts = [
        each for each in seen_fields(visit.actor, visit.catalog, other) if each.type == "money" and each.key
    ]
    names = tuple(
        each.name
        for each in seen_fields(visit.actor, visit.catalog, other)
        if each.name in wanted or each in heads or each in amounts
    )
    asked = Asked(
        object=other.name,
        fields=(*names, "created_by"),
        where=equals(lookup.name, record_id),
        # A second key: so what is dated and what is not comes in one question, few as they are.
        order=((placed.name, True), ("id", True)),
        limit=EACH,
    )
    for record in reading.find(visit.tx, visit.actor, asked).records:
        yield _moment(visit, other, placed, record, (*heads, *amounts))


def _moment(
    visit: Visit, other: ObjectType, placed: Field, record: Record, marks: tuple[Field, ...]
) -> Moment:
    reader = visit.reader
    value = record.values.get(placed.name)
    when, moment = _times(visit, value)
    next_step = " · ".join(
        cell(record, other.field(name), reader).text
        for name in ("next_on", "next_step")
        if record.values.get(name)
    )
    title = cell(record, other.field(other.title), reader).text
    text = str(record.values.get("content") or record.values.get("description") or "")
    return Moment(
        at=None if value is None else _as_moment(visit, value),
        when=when,
        moment=moment,
        icon=other.icon,
        kind=reader.label(other.label),
        title=title or f"#{record.id}",
        address=f"/o/{other.name}/{record.id}",
        text=text.removeprefix(title).strip(),
        marks=tuple(each for field in marks if not (each := cell(record, field, reader)).is_empty),
        who=record.titles.get("person") or record.titles.get("created_by") or "",
        next_step=next_step,
    )


def _times(visit: Visit, value: date | datetime | None) -> tuple[str, str]:
    """Return a moment in short and in full; one nobody knows is not taken for that of its import."""
    reader = visit.reader
    if value is None:
        return reader.translate("no date"), reader.translate("Nobody wrote down when this was.")
    if isinstance(value, datetime):
        return reader.ago(value), reader.moment(value)
    return reader.day(value), reader.day(value)


def _as_moment(visit: Visit, value: date | datetime) -> datetime:
    if isinstance(value, datetime):
        return value
    return datetime.combine(value, time(12), tzinfo=visit.reader.zone).astimezone(UTC)
