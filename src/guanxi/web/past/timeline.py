"""What happened around a record, newest first: activities, orders, tickets, whatever belongs to it and has a date."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time

from guanxi.access.roles import grant_of
from guanxi.expressions.conditions import any_of
from guanxi.expressions.syntax import Expression
from guanxi.metadata.field_types import type_of
from guanxi.metadata.objects import Field, ObjectType
from guanxi.records import reading
from guanxi.records.links import pointing_at
from guanxi.records.reading import Asked, Record
from guanxi.web.layout import head_fields, moment_field, related, seen_fields
from guanxi.web.values import Cell, Linked, cell, linked
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
    people: tuple[Linked, ...] = ()
    """Who took part."""


def timeline(visit: Visit, object_type: ObjectType, record_id: int) -> tuple[Moment, ...] | None:
    """Return what belongs to the record and has a date; None when nothing of that kind can."""
    links: dict[str, list[Field]] = {}
    placed: dict[str, tuple[ObjectType, Field]] = {}
    for other, link in related(visit.actor, visit.catalog, object_type):
        moment = moment_field(other)
        if moment is not None and not reading.may_ask_by(visit.tx, visit.actor, other.name, moment.name):
            moment = None  # things cannot stand in order by a date the reader may not read
        if moment is not None and (other.parent == link.name or type_of(link).links_many):
            placed[other.name] = (other, moment)
        links.setdefault(other.name, []).append(link)
    if not placed:
        return None
    found = [
        each
        for name, (other, moment) in placed.items()
        for each in _of_kind(visit, other, _pointing(visit, other, links[name], record_id), moment)
    ]
    return tuple(sorted(found, key=lambda each: each.at or _NEVER, reverse=True)[:LONGEST])


def has_composer(visit: Visit, object_type: ObjectType) -> bool:
    """Tell whether the actor may note an activity for records of this object."""
    activity = visit.catalog.objects.get(COMPOSED)
    if activity is None or not grant_of(visit.actor, visit.catalog, COMPOSED).create:
        return False
    parent = activity.fields.get(activity.parent)
    return parent is not None and parent.target == object_type.name


def _pointing(visit: Visit, other: ObjectType, links: list[Field], record_id: int) -> Expression:
    """Return the condition that a thing belongs to the record, or that the record takes part in it in any way."""
    parents = [each for each in links if each.name == other.parent]
    return any_of(*(pointing_at(visit.tx, other, each, record_id) for each in parents or links))


def _of_kind(visit: Visit, other: ObjectType, where: Expression, placed: Field) -> Iterator[Moment]:
    wanted = {
        other.title,
        other.number,
        placed.name,
        "content",
        "description",
        "next_step",
        "next_on",
        "person",
    }
    heads = head_fields(visit.actor, visit.catalog, other)[:2]
    amounts = [
        each for each in seen_fields(visit.actor, visit.catalog, other) if each.type == "money" and each.key
    ]
    names = tuple(
        each.name
        for each in seen_fields(visit.actor, visit.catalog, other)
        if each.name in wanted or each in heads or each in amounts
    )
    company = _company(visit, other)
    asked = Asked(
        object=other.name,
        fields=tuple(dict.fromkeys((*names, *(each.name for each in company), "created_by"))),
        where=where,
        # A second key: so what is dated and what is not comes in one question, few as they are.
        order=((placed.name, True), ("id", True)),
        limit=EACH,
    )
    for record in reading.find(visit.tx, visit.actor, asked).records:
        moment = _moment(visit, other, placed, record, (*heads, *amounts))
        yield replace(moment, people=_people(record, company))


def _company(visit: Visit, other: ObjectType) -> tuple[Field, ...]:
    """Return the fields that say who took part: several links, and single links to the same kind of people."""
    seen = seen_fields(visit.actor, visit.catalog, other)
    targets = {each.target for each in seen if type_of(each).links_many}
    return tuple(each for each in seen if each.target in targets and each.type in ("lookup", "many_to_many"))


def _people(record: Record, company: tuple[Field, ...]) -> tuple[Linked, ...]:
    found: dict[int, Linked] = {}
    for field in company:
        value = record.values.get(field.name)
        titles = record.linked.get(field.name, {})
        if isinstance(value, int):
            titles = {value: record.titles.get(field.name, "")}
        found |= {each.number: each for each in linked(field.target, titles)}
    return tuple(found.values())


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
        title=title or str(record.values.get(other.number) or f"#{record.id}"),
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
