"""Settings: the objects, their fields and the standard each field follows; the same as a workbook."""

from dataclasses import dataclass

from guanxi.access.roles import require
from guanxi.metadata.catalog import target_of
from guanxi.metadata.field_types import type_of
from guanxi.metadata.labels import Label
from guanxi.metadata.objects import Field, ObjectType
from guanxi.web.dictionary.fields import rules_of, standard_of, write_dictionary
from guanxi.web.downloads import workbook
from guanxi.web.navigation import Link, Place
from guanxi.web.visit import Answer, Page, Visit

MOST_CHOICES = 12


@dataclass(frozen=True, kw_only=True)
class FieldLine:
    """One field in words."""

    name: str
    label: str
    help: str
    kind: str
    target: str
    target_address: str
    rules: tuple[str, ...]
    choices: tuple[tuple[str, str], ...]
    """(label, colour)"""
    more_choices: int
    standard: str


@dataclass(frozen=True, kw_only=True)
class StructurePage:
    """All objects by name, and the fields of the one that is open."""

    objects: tuple[tuple[str, str, str, int], ...]
    """(name, label, icon, number of fields)"""
    open: ObjectType
    pack: str
    used: tuple[tuple[str, str], ...]
    """What points to the open object: (object and field, address)"""
    fields: tuple[FieldLine, ...]


def show_structure(visit: Visit) -> Answer:
    """Show the data dictionary; the address names the object (``?object=customer``)."""
    require(visit.actor, visit.catalog, "customise")
    objects = visit.catalog.live_objects
    chosen = visit.catalog.object(visit.incoming.asked("object", objects[0].name))
    page = StructurePage(
        objects=tuple(
            (each.name, visit.reader.label(each.label), each.icon, len(each.live_fields)) for each in objects
        ),
        open=chosen,
        pack=chosen.pack,
        used=tuple(
            (f"{visit.reader.label(each.label)} · {visit.reader.label(lookup.label)}", _address(each.name))
            for each, lookup in visit.catalog.pointing_to(chosen.name)
        ),
        fields=tuple(_line(visit, each) for each in chosen.live_fields),
    )
    return visit.show("pages/structure.html", page)


def send_dictionary(visit: Visit) -> Answer:
    """Send the data dictionary as a workbook in the reader's language."""
    require(visit.actor, visit.catalog, "customise")
    company = visit.session.company if visit.session else ""
    content = write_dictionary(visit.catalog, visit.reader, company=company)
    return workbook(content, "data-dictionary.xlsx")


def _line(visit: Visit, field: Field) -> FieldLine:
    target = target_of(field)
    choices = [each for each in field.choices if not each.retired]
    return FieldLine(
        name=field.name,
        label=visit.reader.label(field.label),
        help=visit.reader.label(field.help),
        kind=visit.reader.label(type_of(field).label),
        target=visit.reader.label(visit.catalog.object(target).label) if target else "",
        target_address=_address(target) if target in visit.catalog.objects else "",
        rules=rules_of(field, visit.reader),
        choices=tuple(
            (visit.reader.label(each.label) or each.value, each.colour or "secondary")
            for each in choices[:MOST_CHOICES]
        ),
        more_choices=max(len(choices) - MOST_CHOICES, 0),
        standard=standard_of(field, visit.reader),
    )


def _address(object_name: str) -> str:
    return f"/settings/objects?object={object_name}"


PAGES = (
    Page(path="/settings/objects", answer=show_structure),
    Page(path="/settings/objects/dictionary.xlsx", answer=send_dictionary),
)

PLACES = (
    Place(
        application="settings",
        order=30,
        link=Link(address="/settings/objects", label=Label(en="Objects", zh="对象与字段"), icon="schema"),
        ability="customise",
    ),
)
