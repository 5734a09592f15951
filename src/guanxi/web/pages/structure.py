"""Settings: the objects, their fields and the standard each field follows."""

from dataclasses import dataclass

from guanxi.access.roles import require
from guanxi.metadata.catalog import target_of
from guanxi.metadata.field_types import type_of
from guanxi.metadata.labels import Label
from guanxi.metadata.objects import Field, ObjectType
from guanxi.web.navigation import Link, Place
from guanxi.web.visit import Answer, Page, Visit


@dataclass(frozen=True, kw_only=True)
class FieldLine:
    """One field in words."""

    name: str
    label: str
    help: str
    kind: str
    target: str
    rules: tuple[str, ...]
    standard: str
    pack: str


@dataclass(frozen=True, kw_only=True)
class StructurePage:
    """All objects by name, and the fields of the one that is open."""

    objects: tuple[tuple[str, str, str, int], ...]
    """(name, label, icon, number of fields)"""
    open: ObjectType
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
        fields=tuple(_line(visit, each) for each in chosen.live_fields),
    )
    return visit.show("pages/structure.html", page)


def _line(visit: Visit, field: Field) -> FieldLine:
    _ = visit.reader.translate
    rules = (
        (field.required, _("required")),
        (field.unique, _("unique")),
        (field.searchable, _("searched")),
        (field.key, _("key field")),
    )
    target = target_of(field)
    return FieldLine(
        name=field.name,
        label=visit.reader.label(field.label),
        help=visit.reader.label(field.help),
        kind=visit.reader.label(type_of(field).label),
        target=visit.reader.label(visit.catalog.object(target).label) if target else "",
        rules=tuple(word for holds, word in rules if holds),
        standard=field.standard,
        pack=field.pack,
    )


PAGES = (Page(path="/settings/objects", answer=show_structure),)

PLACES = (
    Place(
        application="settings",
        order=30,
        link=Link(address="/settings/objects", label=Label(en="Objects", zh="对象与字段"), icon="schema"),
        ability="customise",
    ),
)
