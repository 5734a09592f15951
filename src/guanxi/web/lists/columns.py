"""The columns of a list: which fields, how wide, what a click on a head does, and why some cannot be sorted by."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from guanxi.metadata.catalog import Catalog, target_of
from guanxi.metadata.objects import ObjectType
from guanxi.web.lists.reach import Reached
from guanxi.web.lists.state import Looking
from guanxi.web.lists.views import Widths
from guanxi.web.reader import Reader

MOST_COLUMNS = 30
SOON_SORTED = 50_000
"""Records any field sorts in a moment; beyond, only a field with an index does."""
WIDTH_STEP = 10  # pixels: the style sheet has one class per step, because pages may hold no inline style
_NOT_SORTED = frozenset({"tags", "multi_select", "many_to_many", "long_text", "address"})
_ADDED = frozenset({"whole_number", "decimal", "money"})


@dataclass(frozen=True, kw_only=True)
class Column:
    """One column as the list shows it."""

    path: str
    reached: Reached
    label: str
    width: str
    """The class of its width, '' for as wide as its content."""
    sort_address: str
    """Where a click on its head leads; '' when it cannot be sorted by."""
    sorted: str
    """``ascending``, ``descending`` or ''."""
    unsorted_because: str
    is_added: bool
    """Whether the foot shows its total."""


def shown_paths(looking: Looking, usual: Iterable[str], fields: Mapping[str, Reached]) -> tuple[str, ...]:
    """Return the fields to show: those chosen, else the usual ones; at most thirty."""
    chosen = looking.columns or tuple(usual)
    return tuple(each for each in chosen if each in fields and can_be_shown(fields[each]))[:MOST_COLUMNS]


def can_be_shown(reached: Reached) -> bool:
    """Tell whether a field may be a column; an address is shown whole."""
    return not reached.part


def order_of(
    looking: Looking, fields: Mapping[str, Reached], catalog: Catalog, *, is_large: bool
) -> tuple[tuple[str, bool], ...]:
    """Return the order to read in: (path, descending); none when the wanted one cannot be had."""
    reached = fields.get(looking.sort.removeprefix("-"))
    if reached is None or not _can_be_sorted(reached) or (is_large and not _has_index(reached)):
        return ()
    return ((_sort_path(reached, catalog), looking.sort.startswith("-")),)


def columns_of(
    looking: Looking,
    paths: Iterable[str],
    fields: Mapping[str, Reached],
    reader: Reader,
    *,
    widths: Widths,
    is_large: bool,
) -> Iterator[Column]:
    """Yield the columns of *paths*."""
    for path in paths:
        reached = fields[path]
        reason = _why_not(reached, reader, is_large=is_large)
        now = {path: "ascending", f"-{path}": "descending"}
        turned = f"-{path}" if looking.sort == path else path
        yield Column(
            path=path,
            reached=reached,
            label=reached.name(reader),
            width=width_class(widths.get(path, 0)),
            sort_address="" if reason else looking.turned(sort=turned),
            sorted=now.get(looking.sort, "") if not reason else "",
            unsorted_because=reason,
            is_added=reached.field.type in _ADDED and reached.is_clear and reached.field.name != "id",
        )


def width_class(pixels: int) -> str:
    """Return the class of a width, rounded to a step ('' for none)."""
    return f"w-{round(pixels / WIDTH_STEP) * WIDTH_STEP}" if pixels else ""


def title_first(
    object_type: ObjectType, paths: tuple[str, ...], fields: Mapping[str, Reached]
) -> tuple[str, ...]:
    """Return *paths* beginning with the title: it is how a record is opened, so it never leaves.

    Where the title is hidden from the reader, its place is taken by the number of the record.
    """
    first = object_type.title if object_type.title in fields else "id"
    return (first, *(each for each in paths if each != first))


def _can_be_sorted(reached: Reached) -> bool:
    return reached.is_clear and reached.has_clear_title and reached.field.type not in _NOT_SORTED


def _has_index(reached: Reached) -> bool:
    return reached.is_own and (reached.field.indexed or reached.field.unique or reached.path == "id")


def _why_not(reached: Reached, reader: Reader, *, is_large: bool) -> str:
    if not _can_be_sorted(reached):
        return reader.translate("A list cannot be sorted by this field.")
    if is_large and not _has_index(reached):
        return reader.translate(
            "Sorting so many records by this field would take long: it has no index. Narrow by it instead."
        )
    return ""


def _sort_path(reached: Reached, catalog: Catalog) -> str:
    """Return what is sorted by: a link by its record's title."""
    target = target_of(reached.field)
    return f"{reached.path}.{catalog.object(target).title}" if target else reached.path
