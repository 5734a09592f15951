"""Records as lines of a list: one cell per column, links and names in the reader's words."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from guanxi.access.roles import grant_by_hand
from guanxi.metadata.objects import OWNER, ObjectType
from guanxi.records.reading import Record
from guanxi.web.lists.reach import Reached
from guanxi.web.values import Cell, cell, may_write
from guanxi.web.visit import Visit


@dataclass(frozen=True, kw_only=True)
class Line:
    """One record of a list."""

    address: str
    title: str
    cells: tuple[Cell, ...]
    id: int


def line(visit: Visit, object_type: ObjectType, record: Record, fields: tuple[str, ...]) -> Line:
    """Return one record as a line of a short list, nothing in it changeable."""
    cells = tuple(
        replace(cell(record, object_type.field(name), visit.reader), link="")
        for name in fields
        if name in record.values
    )
    return _line(object_type, record, cells)


def wide_line(
    visit: Visit,
    object_type: ObjectType,
    record: Record,
    shown: Iterable[Reached],
    *,
    changeable: frozenset[str] = frozenset(),
) -> Line:
    """Return one record as a line of a big list; the fields of *changeable* may be changed in place."""
    cells = tuple(
        replace(
            cell(record, each.field, visit.reader, name=each.path, writable=each.path in changeable),
            label=each.name(visit.reader),
        )
        for each in shown
    )
    return _line(object_type, record, cells)


def changeable_fields(visit: Visit, object_type: ObjectType, shown: Iterable[Reached]) -> frozenset[str]:
    """Return the fields the actor may change in place."""
    if grant_by_hand(visit.actor, visit.catalog, object_type).write == "none":
        return frozenset()
    own = [each.field for each in shown if each.is_own]
    return frozenset(
        each.name
        for each in own
        if (each.name in object_type.fields or each.name == OWNER)
        and may_write(visit.actor, visit.catalog, object_type, each)
    )


def _line(object_type: ObjectType, record: Record, cells: tuple[Cell, ...]) -> Line:
    names = [object_type.fields[each] for each in (object_type.title, object_type.number) if each]
    texts = (each.text for field in names for each in cells if each.field == field)
    title = next(filter(None, texts), "")
    return Line(
        address=f"/o/{object_type.name}/{record.id}",
        title=title or f"#{record.id}",
        cells=cells,
        id=record.id,
    )
