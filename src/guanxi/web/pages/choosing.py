"""Columns: which fields a list shows, in which order and how wide."""

from collections.abc import Iterable
from dataclasses import dataclass

from guanxi.web.layout import list_fields
from guanxi.web.lists import views
from guanxi.web.lists.columns import MOST_COLUMNS, can_be_shown, title_first
from guanxi.web.lists.desk import Desk, desk_of
from guanxi.web.lists.state import Looking
from guanxi.web.visit import Answer, Page, Visit

Named = tuple[str, str]


@dataclass(frozen=True, kw_only=True)
class ColumnsPage:
    """The chooser: columns shown, in order, and fields that could be; (path, name) each."""

    title: str
    looking: Looking
    first: Named
    shown: tuple[Named, ...]
    own: tuple[Named, ...]
    linked: tuple[tuple[str, tuple[Named, ...]], ...]
    is_full: bool


def show_columns(visit: Visit) -> Answer:
    """Show the chooser, with what was just changed in it, or lead to the list as chosen."""
    desk = desk_of(visit)
    query = visit.incoming.query
    if "act" not in query:
        return _show(desk, desk.paths)
    chosen = tuple(dict.fromkeys(each for each in query.get("path", ()) if each in desk.fields))
    act, _, rest = visit.incoming.asked("act").partition(":")
    match act:
        case "usual":
            return visit.go(desk.looking.turned(columns=()))
        case "apply":
            return visit.go(desk.looking.turned(columns=_kept(desk, chosen)))
        case "add":
            chosen = (*chosen, *(each for each in query.get("add", ()) if each in desk.fields))
        case "drop":
            chosen = tuple(each for each in chosen if each != rest)
        case "up" | "down":
            chosen = moved(chosen, rest, -1 if act == "up" else 1)
    return _show(desk, title_first(desk.object_type, tuple(dict.fromkeys(chosen)), desk.fields))


def save_width(visit: Visit) -> Answer:
    """Remember how wide the person pulled a column."""
    desk = desk_of(visit)
    path, typed = visit.incoming.typed("path"), visit.incoming.typed("width")
    if path in desk.fields and typed.isascii() and typed.isdigit() and len(typed) < 6:
        views.set_width(visit.tx, visit.actor, desk.shelf, desk.looking.view.key, path, int(typed))
    if visit.incoming.wants_part:
        return Answer("", status_code=204)
    return visit.go(desk.looking.address())


def moved(paths: tuple[str, ...], path: str, step: int) -> tuple[str, ...]:
    """Return *paths* with *path* one place up (-1) or down (1)."""
    if path not in paths:
        return paths
    order = list(paths)
    here = order.index(path)
    there = min(max(here + step, 0), len(order) - 1)
    order.insert(there, order.pop(here))
    return tuple(order)


def _kept(desk: Desk, chosen: tuple[str, ...]) -> tuple[str, ...]:
    """Return what the address holds: nothing when these are the usual columns of a view that has no own."""
    wanted = title_first(desk.object_type, chosen, desk.fields)[:MOST_COLUMNS]
    usual = tuple(each.name for each in list_fields(desk.visit.actor, desk.visit.catalog, desk.object_type))
    return () if wanted == title_first(desk.object_type, usual, desk.fields) else wanted


def _show(desk: Desk, paths: Iterable[str]) -> Answer:
    visit, reader = desk.visit, desk.visit.reader
    shown = [each for each in paths if each in desk.fields]
    own: list[Named] = []
    linked: dict[str, list[Named]] = {}
    for path, each in desk.fields.items():
        if path in shown or not can_be_shown(each):
            continue
        if each.is_own:
            own.append((path, each.name(reader)))
        else:
            linked.setdefault(reader.label(each.labels[0]), []).append((path, reader.label(each.labels[1])))
    names = [(path, desk.fields[path].name(reader)) for path in shown]
    page = ColumnsPage(
        title=reader.label(desk.object_type.plural),
        looking=desk.looking,
        first=names[0] if names else ("", ""),
        shown=tuple(names[1:]),
        own=tuple(own),
        linked=tuple((name, tuple(fields)) for name, fields in linked.items()),
        is_full=len(shown) >= MOST_COLUMNS,
    )
    return visit.show("pages/choosing.html", page, block="panel" if visit.incoming.wants_part else None)


PAGES = (
    Page(path="/o/{object_name:str}/columns", answer=show_columns),
    Page(path="/o/{object_name:str}/width", answer=save_width, method="POST"),
)
