"""The list of any object: search, filters, sorting, one page after another."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from guanxi.access.roles import grant_of
from guanxi.expressions.conditions import all_of, equals, is_one_of
from guanxi.expressions.syntax import EVERYTHING, Expression
from guanxi.metadata.objects import Field, ObjectType
from guanxi.records import reading
from guanxi.records.reading import Asked, Record
from guanxi.web.layout import filter_fields, list_fields, sort_path
from guanxi.web.places import read_place, write_place
from guanxi.web.values import Cell, cell
from guanxi.web.visit import Answer, Page, Visit

PAGE_LENGTH = 50


@dataclass(frozen=True, kw_only=True)
class Column:
    """One column: its name, and where a click on its head leads ('' when it cannot be sorted)."""

    field: Field
    label: str
    sort_address: str
    sorted: str
    """``ascending``, ``descending`` or ''."""


@dataclass(frozen=True, kw_only=True)
class Line:
    """One record of the list."""

    address: str
    title: str
    cells: tuple[Cell, ...]
    id: int


@dataclass(frozen=True, kw_only=True)
class Filter:
    """One selection the list can be narrowed by: (value, name, is chosen)."""

    field: str
    label: str
    options: tuple[tuple[str, str, bool], ...]

    @property
    def is_active(self) -> bool:
        """Tell whether a value is chosen."""
        return any(chosen for _, _, chosen in self.options)


@dataclass(frozen=True, kw_only=True)
class ListPage:
    """Everything the list shows."""

    object_type: ObjectType
    address: str
    title: str
    columns: tuple[Column, ...]
    lines: tuple[Line, ...]
    next_address: str
    count: str
    words: str
    filters: tuple[Filter, ...]
    hidden: tuple[tuple[str, str], ...]
    """What a new search keeps: sorting and links, as hidden form fields."""
    links: tuple[tuple[str, str], ...]
    """Records the list is narrowed to: (name, address of the list without it)."""
    mine: bool
    is_narrowed: bool
    in_bin: bool
    may_create: bool
    may_restore: bool


def show_list(visit: Visit) -> Answer:
    """Show one page of the records asked for; the script that loads more gets the lines only."""
    object_type = visit.catalog.object(visit.incoming.parameters["object_name"])
    asked = _asked(visit, object_type)
    found = reading.find(visit.tx, visit.actor, asked)
    more = visit.incoming.wants_part and visit.incoming.asked("after")
    page = ListPage(
        object_type=object_type,
        address=visit.incoming.path,
        title=visit.reader.label(object_type.plural),
        columns=tuple(_columns(visit, object_type)),
        lines=tuple(line(visit, object_type, each, asked.fields) for each in found.records),
        next_address=_next_address(visit, found),
        count="" if more else _count(visit, asked, found),
        words=asked.words,
        filters=tuple(_filters(visit, object_type)),
        hidden=tuple(_kept(visit, object_type)),
        links=() if more else tuple(_links(visit, object_type)),
        mine=bool(visit.incoming.asked("mine")),
        is_narrowed=bool(asked.words) or asked.where != EVERYTHING,
        in_bin=asked.deleted,
        may_create=grant_of(visit.actor, visit.catalog, object_type.name).create,
        may_restore=grant_of(visit.actor, visit.catalog, object_type.name).delete != "none",
    )
    return visit.show("pages/listing.html", page, block="lines" if more else None)


def line(visit: Visit, object_type: ObjectType, record: Record, fields: tuple[str, ...]) -> Line:
    """Return one record as a line of a list."""
    cells = tuple(
        cell(record, object_type.field(name), visit.reader) for name in fields if name in record.values
    )
    title = next((each.text for each in cells if each.field.name == object_type.title), "")
    return Line(
        address=f"/o/{object_type.name}/{record.id}",
        title=title or f"#{record.id}",
        cells=tuple(replace(each, link="") for each in cells),
        id=record.id,
    )


def _asked(visit: Visit, object_type: ObjectType) -> Asked:
    incoming = visit.incoming
    return Asked(
        object=object_type.name,
        fields=tuple(each.name for each in list_fields(visit.actor, visit.catalog, object_type)),
        where=all_of(*_conditions(visit, object_type)),
        words=incoming.asked("q").strip(),
        order=_order(visit, object_type),
        after=read_place(incoming.asked("after"), visit.site.settings.secret),
        limit=PAGE_LENGTH,
        deleted=bool(incoming.asked("bin")),
    )


def _conditions(visit: Visit, object_type: ObjectType) -> Iterator[Expression]:
    incoming = visit.incoming
    for field in filter_fields(visit.actor, visit.catalog, object_type):
        chosen = [each for each in incoming.query.get(field.name, ()) if each]
        if chosen:
            yield is_one_of(field.name, chosen)
    for field, number in _linked(visit, object_type):
        yield equals(field.name, number)
    if incoming.asked("mine"):
        yield equals("owner", visit.actor.id)


def _linked(visit: Visit, object_type: ObjectType) -> Iterator[tuple[Field, int]]:
    """Yield the links the address narrows the list to: (field, number of the record)."""
    for field in object_type.live_fields:
        asked = visit.incoming.asked(field.name)
        if field.type == "lookup" and asked.isascii() and asked.isdigit() and len(asked) < 19:
            yield field, int(asked)


def _order(visit: Visit, object_type: ObjectType) -> tuple[tuple[str, bool], ...]:
    wanted = visit.incoming.asked("sort")
    field = object_type.fields.get(wanted.removeprefix("-"))
    path = sort_path(visit.actor, visit.catalog, object_type, field) if field else ""
    return ((path, wanted.startswith("-")),) if path else ()


def _columns(visit: Visit, object_type: ObjectType) -> Iterator[Column]:
    wanted = visit.incoming.asked("sort")
    for field in list_fields(visit.actor, visit.catalog, object_type):
        now = {field.name: "ascending", f"-{field.name}": "descending"}
        path = sort_path(visit.actor, visit.catalog, object_type, field)
        turned = f"-{field.name}" if wanted == field.name else field.name
        yield Column(
            field=field,
            label=visit.reader.label(field.label),
            sort_address=_with(visit, sort=turned, after="") if path else "",
            sorted=next((how for name, how in now.items() if name == wanted), ""),
        )


def _filters(visit: Visit, object_type: ObjectType) -> Iterator[Filter]:
    for field in filter_fields(visit.actor, visit.catalog, object_type):
        chosen = visit.incoming.query.get(field.name, ())
        yield Filter(
            field=field.name,
            label=visit.reader.label(field.label),
            options=tuple(
                (each.value, visit.reader.label(each.label) or each.value, each.value in chosen)
                for each in field.choices
                if not each.retired or each.value in chosen
            ),
        )


def _kept(visit: Visit, object_type: ObjectType) -> Iterator[tuple[str, str]]:
    for name in ("sort", "bin", *(field.name for field, _ in _linked(visit, object_type))):
        if visit.incoming.asked(name):
            yield name, visit.incoming.asked(name)


def _links(visit: Visit, object_type: ObjectType) -> Iterator[tuple[str, str]]:
    for field, number in _linked(visit, object_type):
        target = visit.catalog.object(field.target)
        record = reading.get(visit.tx, visit.actor, target.name, number, (target.title,))
        yield str(record.values.get(target.title) or f"#{number}"), _with(visit, **{field.name: ""})


def _count(visit: Visit, asked: Asked, found: reading.Page) -> str:
    if found.next is None and asked.after is None:
        return visit.reader.number(len(found.records))
    counted = reading.count(visit.tx, visit.actor, replace(asked, after=None, order=()))
    return visit.reader.number(counted.number) + ("+" if counted.more else "")


def _next_address(visit: Visit, found: reading.Page) -> str:
    if found.next is None:
        return ""
    return _with(visit, after=write_place(found.next, visit.site.settings.secret))


def _with(visit: Visit, **changes: str) -> str:
    """Return this list's address with some of its query changed; '' takes a part away."""
    query = {name: list(values) for name, values in visit.incoming.query.items()}
    query.update({name: [value] for name, value in changes.items()})
    pairs = [(name, value) for name, values in query.items() for value in values if value]
    return visit.incoming.path + ("?" + urlencode(pairs) if pairs else "")


PAGES = (Page(path="/o/{object_name:str}", answer=show_list),)
