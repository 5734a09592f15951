"""A look at one record from a list: its head, what matters, what happened last; the list stays where it is."""

from dataclasses import dataclass, replace

from guanxi.metadata.objects import ObjectType
from guanxi.records import reading
from guanxi.web.layout import fact_groups, head_fields
from guanxi.web.past.timeline import Moment, timeline
from guanxi.web.values import Cell, cell
from guanxi.web.visit import Answer, Page, Visit

MOMENTS = 5


@dataclass(frozen=True, kw_only=True)
class PeekPart:
    """What the drawer shows."""

    object_type: ObjectType
    address: str
    title: str
    number: str
    marks: tuple[Cell, ...]
    facts: tuple[Cell, ...]
    moments: tuple[Moment, ...]
    has_timeline: bool


def show_peek(visit: Visit) -> Answer:
    """Show the record beside its list; without a script the address leads to the record's page."""
    place = visit.incoming.parameters
    object_type = visit.object_type
    address = f"/o/{object_type.name}/{place['record_id']}"
    if not visit.incoming.wants_part:
        return visit.go(address)
    heads = head_fields(visit.actor, visit.catalog, object_type)
    key, _ = fact_groups(visit.actor, visit.catalog, object_type)
    named = [object_type.field(each) for each in (object_type.title, object_type.number) if each]
    fields = tuple(dict.fromkeys((*named, *heads, *key)))
    names = (*(each.name for each in fields), "owner")
    record = reading.get(visit.tx, visit.actor, object_type.name, place["record_id"], names)
    cells = {
        name: cell(record, object_type.field(name), visit.reader) for name in names if name in record.values
    }
    told = {each.name for each in (*named, *heads)}
    moments = timeline(visit, object_type, record.id)
    title, number = (
        cells[each].text if each in cells else "" for each in (object_type.title, object_type.number)
    )
    part = PeekPart(
        object_type=object_type,
        address=address,
        title=title or number or f"#{record.id}",
        number=number if title and number != title else "",
        marks=tuple(cells[each.name] for each in heads if not cells[each.name].is_empty),
        facts=tuple(
            replace(each, prefix="peek-")
            for name, each in cells.items()
            if name not in told and not each.is_empty
        ),
        moments=(moments or ())[:MOMENTS],
        has_timeline=moments is not None,
    )
    return visit.show("pages/peek.html", part)


PAGES = (Page(path="/o/{object_name:str}/{record_id:int}/peek", answer=show_peek),)
