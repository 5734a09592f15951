"""While a new record is typed: records that may be the same one, each a link away."""

from dataclasses import dataclass

from guanxi.access.roles import grant_of
from guanxi.integration.resembling import compared_fields, resembling
from guanxi.kernel.errors import NotAllowed, NotFound
from guanxi.kernel.text import say
from guanxi.web.visit import Answer, Page, Visit


@dataclass(frozen=True, kw_only=True)
class Known:
    """One record that is there already."""

    address: str
    title: str
    number: str
    why: str


@dataclass(frozen=True, kw_only=True)
class ResemblingPart:
    """What resembles the record being typed."""

    found: tuple[Known, ...]


def show_resembling(visit: Visit) -> Answer:
    """Show the records that resemble one with the value typed into the field of the address."""
    place = visit.incoming.parameters
    object_type = visit.object_type
    if not grant_of(visit.actor, visit.catalog, object_type.name).create:
        raise NotAllowed(say("your roles do not let you create {plural}", plural=object_type.plural))
    field = object_type.field(place["field_name"])
    if field not in compared_fields(visit.actor, visit.catalog, object_type):
        raise NotFound(say("records are not compared by {field}", field=field.label))
    typed = visit.incoming.asked(field.name)
    found = tuple(
        Known(
            address=f"/o/{object_type.name}/{each.id}",
            title=each.title,
            number=each.number if each.number != each.title else "",
            why=visit.say(each.why),
        )
        for each in resembling(visit.tx, visit.actor, object_type, field, typed)
    )
    return visit.show("pages/resembling.html", ResemblingPart(found=found))


PAGES = (Page(path="/o/{object_name:str}/resembling/{field_name:str}", answer=show_resembling),)
