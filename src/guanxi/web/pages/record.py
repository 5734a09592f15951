"""The page of one record: its name and marks, facts with their origin, related lists, history, timeline."""

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlencode

from guanxi.access.roles import grant_by_hand
from guanxi.kernel.errors import NotFound
from guanxi.metadata.objects import Field, ObjectType
from guanxi.records import changes, reading
from guanxi.records.links import pointing_at
from guanxi.records.reading import Asked, Record
from guanxi.web.layout import (
    SYSTEM_FACTS,
    fact_groups,
    head_fields,
    list_fields,
    moment_field,
    related,
    seen_fields,
)
from guanxi.web.origins import origins_of
from guanxi.web.pages.listing import Line, line
from guanxi.web.past.company import Company, company
from guanxi.web.past.history import History, history_of
from guanxi.web.past.timeline import Moment, has_composer, timeline
from guanxi.web.values import Cell, cell, may_write
from guanxi.web.visit import Answer, Page, Visit

LIST_LENGTH = 20
COUNT_CAP = 99
FACTS, HISTORY = "facts", "history"


@dataclass(frozen=True, kw_only=True)
class Tab:
    """One tab: its name in the address, its label, how many records it lists ('' for none of its own)."""

    name: str
    label: str
    icon: str
    count: str
    is_open: bool


@dataclass(frozen=True, kw_only=True)
class RelatedList:
    """Records that point to this one, and where all of them and a new one are."""

    object_type: ObjectType
    labels: tuple[str, ...]
    lines: tuple[Line, ...]
    all_address: str
    new_address: str
    is_whole: bool


@dataclass(frozen=True, kw_only=True)
class RecordPage:
    """Everything the page of a record shows."""

    object_type: ObjectType
    address: str
    id: int
    title: str
    number: str
    marks: tuple[Cell, ...]
    tabs: tuple[Tab, ...]
    groups: tuple[tuple[str, tuple[Cell, ...]], ...]
    listed: RelatedList | None
    history: History | None
    moments: tuple[Moment, ...] | None
    """The timeline; None for objects that have none."""
    has_composer: bool
    company: Company | None
    """Who may have taken part in what is noted; None where nobody is asked."""
    is_deleted: bool
    may_delete: bool


def show_record(visit: Visit) -> Answer:
    """Show the record, with the tab the address asks for."""
    object_type = visit.object_type
    record, deleted = find_record(visit, object_type)
    tab = visit.incoming.asked("tab", FACTS)
    relations = {
        f"{other.name}.{lookup.name}": (other, lookup) for other, lookup in _related(visit, object_type)
    }
    number = _text(visit, record, object_type, object_type.number) if object_type.number else ""
    page = RecordPage(
        object_type=object_type,
        address=f"/o/{object_type.name}/{record.id}",
        id=record.id,
        title=_text(visit, record, object_type, object_type.title) or number or f"#{record.id}",
        number=number,
        marks=tuple(
            each
            for field in head_fields(visit.actor, visit.catalog, object_type)
            if not (each := cell(record, field, visit.reader)).is_empty
        ),
        tabs=tuple(_tabs(visit, record, relations, tab)),
        groups=tuple(_groups(visit, object_type, record, deleted=deleted)) if tab == FACTS else (),
        listed=_listed(visit, record, *relations[tab]) if tab in relations else None,
        history=history_of(visit, object_type, record.id, deleted=deleted) if tab == HISTORY else None,
        moments=timeline(visit, object_type, record.id),
        has_composer=has_composer(visit, object_type) and not deleted,
        company=company(visit, object_type, record.id) if not deleted else None,
        is_deleted=deleted,
        may_delete=grant_by_hand(visit.actor, visit.catalog, object_type).delete != "none",
    )
    return visit.show("pages/record.html", page)


def find_record(visit: Visit, object_type: ObjectType) -> tuple[Record, bool]:
    """Return the record of the address, from the recycle bin when it lies there. Raises `NotFound`."""
    number = visit.incoming.parameters["record_id"]
    seen = seen_fields(visit.actor, visit.catalog, object_type)
    fields = tuple(each.name for each in (*seen, *SYSTEM_FACTS))
    try:
        return reading.get(visit.tx, visit.actor, object_type.name, number, fields, origins=True), False
    except NotFound:
        found = reading.get(
            visit.tx, visit.actor, object_type.name, number, fields, origins=True, deleted=True
        )
        return found, True


def restore_change(visit: Visit) -> Answer:
    """Take one change of the history back, or what it did to the one field the history is of."""
    object_type, place = visit.object_type, visit.incoming.parameters
    field, record_id = visit.incoming.typed("field") or None, place["record_id"]
    changes.undo(visit.tx, visit.actor, object_type.name, record_id, place["change_id"], field=field)
    shown = urlencode({"tab": HISTORY, **({"field": field} if field else {})})
    return visit.go(f"/o/{object_type.name}/{record_id}?{shown}")


def _text(visit: Visit, record: Record, object_type: ObjectType, name: str) -> str:
    return cell(record, object_type.field(name), visit.reader).text


def _related(visit: Visit, object_type: ObjectType) -> Iterator[tuple[ObjectType, Field]]:
    yield from related(visit.actor, visit.catalog, object_type)


def _tabs(
    visit: Visit, record: Record, relations: dict[str, tuple[ObjectType, Field]], open_tab: str
) -> Iterator[Tab]:
    asked = [
        Asked(object=other.name, where=pointing_at(visit.tx, other, lookup, record.id))
        for other, lookup in relations.values()
    ]
    counts = reading.count_each(visit.tx, visit.actor, asked, cap=COUNT_CAP)
    _ = visit.reader.translate
    yield Tab(name=FACTS, label=_("Facts"), icon="notes", count="", is_open=open_tab == FACTS)
    several = [other.name for other, _ in relations.values()]
    for (name, (other, lookup)), count in zip(relations.items(), counts, strict=True):
        text = visit.reader.label(other.plural)
        if several.count(other.name) > 1:
            text = f"{text} · {visit.reader.label(lookup.label)}"
        shown = f"{count.number}{'+' if count.more else ''}"
        yield Tab(name=name, label=text, icon=other.icon, count=shown, is_open=open_tab == name)
    yield Tab(name=HISTORY, label=_("History"), icon="history", count="", is_open=open_tab == HISTORY)


def _groups(
    visit: Visit, object_type: ObjectType, record: Record, *, deleted: bool
) -> Iterator[tuple[str, tuple[Cell, ...]]]:
    key, others = fact_groups(visit.actor, visit.catalog, object_type)
    changeable = grant_by_hand(visit.actor, visit.catalog, object_type).write != "none" and not deleted
    origins = origins_of(visit, record)

    def fact(field: Field) -> Cell:
        writable = changeable and may_write(visit.actor, visit.catalog, object_type, field)
        origin = origins.of(field.name, visit.reader)
        return cell(record, field, visit.reader, writable=writable, origin=origin)

    _ = visit.reader.translate
    for name, fields in ((_("Key facts"), key), (_("More facts"), others)):
        cells = tuple(fact(field) for field in fields if field.name in record.values)
        if cells:
            yield name, cells
    yield (
        _("Record"),
        tuple(
            cell(record, field, visit.reader, writable=changeable and field.name == "owner")
            for field in SYSTEM_FACTS
        ),
    )


def _listed(visit: Visit, record: Record, other: ObjectType, lookup: Field) -> RelatedList:
    fields = tuple(
        each for each in list_fields(visit.actor, visit.catalog, other) if each.name != lookup.name
    )
    names = tuple(each.name for each in fields)
    where = pointing_at(visit.tx, other, lookup, record.id)
    moment = moment_field(other)
    in_time = moment is not None and reading.may_ask_by(visit.tx, visit.actor, other.name, moment.name)
    newest_first = ((moment.name, True),) if moment is not None and in_time else ()
    asked = Asked(object=other.name, fields=names, where=where, order=newest_first, limit=LIST_LENGTH)
    found = reading.find(visit.tx, visit.actor, asked)
    narrowed = urlencode({lookup.name: record.id})
    begun = urlencode({lookup.name: record.id, **_parent_of_both(visit, record, other)})
    may_create = grant_by_hand(visit.actor, visit.catalog, other).create
    return RelatedList(
        object_type=other,
        labels=tuple(visit.reader.label(each.label) for each in fields),
        lines=tuple(line(visit, other, each, names) for each in found.records),
        all_address=f"/o/{other.name}?{narrowed}",
        new_address=f"/o/{other.name}/new?{begun}" if may_create else "",
        is_whole=found.next is None,
    )


def _parent_of_both(visit: Visit, record: Record, other: ObjectType) -> dict[str, int]:
    """Return the link to the record both belong to: what a contact takes part in is their customer's."""
    own = visit.catalog.object(record.object)
    parent = record.values.get(own.parent) if own.parent and other.parent else None
    if parent is None or own.field(own.parent).target != other.field(other.parent).target:
        return {}
    return {other.parent: parent}


PAGES = (
    Page(path="/o/{object_name:str}/{record_id:int}", answer=show_record),
    Page(
        path="/o/{object_name:str}/{record_id:int}/undo/{change_id:int}", answer=restore_change, method="POST"
    ),
)
