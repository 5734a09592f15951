"""Views: ways to look at a list, kept under a name by one person or for everybody; and each person's habits there.

Views have a door of their own. People without any right to records of the object ``view`` keep views here: everybody
their own, shared ones only who may administer or customise. Nobody reads another person's.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from guanxi.access.roles import may
from guanxi.expressions.conditions import all_of, any_of, equals
from guanxi.identity.actor import Actor, as_product
from guanxi.kernel.errors import NotAllowed, NotFound
from guanxi.kernel.text import Message, say
from guanxi.metadata.catalog import Catalog
from guanxi.records import reading, writing
from guanxi.records.reading import Asked, Record
from guanxi.store.transactions import Transaction
from guanxi.web.lists.compiling import ME
from guanxi.web.lists.filters import NO_FILTER, Group, Rule, from_plain, to_plain

VIEW = "view"
EVERYONE, MINE, RECENT = "all", "mine", "recent"
MOST_VIEWS = 200
NARROWEST, WIDEST = 60, 600  # pixels

Widths = Mapping[str, int]


@dataclass(frozen=True, kw_only=True)
class Content:
    """What a view shows: filter, columns by path (none: the usual ones), order (``-name``: descending), widths."""

    filter: Group = NO_FILTER
    columns: tuple[str, ...] = ()
    sort: str = ""
    widths: Widths = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class View:
    """One way to look at a list; ``key`` is how addresses call it, ``id`` its record (0: it comes with the product)."""

    key: str
    name: str
    content: Content
    id: int = 0
    words: Message | None = None
    shared: bool = False
    is_mine: bool = False


@dataclass(frozen=True, kw_only=True)
class Shelf:
    """The views one person finds on one list, and their habits there."""

    list: str
    views: tuple[View, ...]
    first: str = EVERYONE
    widths: Mapping[str, Widths] = field(default_factory=dict)
    habit: int = 0

    def view(self, key: str) -> View:
        """Return the view called *key*; the first one a person chose when there is none of that name."""
        wanted = (key, self.first, EVERYONE)
        return next(view for each in wanted for view in self.views if view.key == each)

    def has(self, key: str) -> bool:
        """Tell whether there is a view called *key*."""
        return any(view.key == key for view in self.views)


def shelf(tx: Transaction, actor: Actor, list_name: str) -> Shelf:
    """Return the views of one list: those that come with the product, shared ones, the actor's own."""
    where = all_of(equals("list", list_name), any_of(equals("shared", True), equals("owner", actor.id or 0)))
    asked = Asked(
        object=VIEW,
        fields=("name", "kind", "shared", "body", "owner"),
        where=where,
        order=(("id", False),),
        limit=MOST_VIEWS,
    )
    records = reading.find(tx, as_product(actor), asked).records
    kept = [_view(each, actor) for each in records if each.values["kind"] == VIEW]
    own = [each for each in records if each.values["kind"] == "habit" and each.values["owner"] == actor.id]
    habit = _mapping(own[0].values["body"]) if own else {}
    return Shelf(
        list=list_name,
        views=(*_coming_with_the_product(), *sorted(kept, key=lambda each: not each.shared)),
        first=str(habit.get("first") or EVERYONE),
        widths={key: _widths(each) for key, each in _mapping(habit.get("widths")).items()},
        habit=own[0].id if own else 0,
    )


def may_share(actor: Actor, catalog: Catalog) -> bool:
    """Tell whether the actor may keep views for everybody."""
    return may(actor, catalog, "administer") or may(actor, catalog, "customise")


def keep(tx: Transaction, actor: Actor, list_name: str, name: str, content: Content, *, shared: bool) -> str:
    """Keep *content* as a new view; return its key. Raises `Invalid` without a name, `NotAllowed`."""
    if shared:
        _require_sharing(tx, actor)
    given = {
        "name": name,
        "list": list_name,
        "kind": VIEW,
        "shared": shared,
        "body": _body(content),
        "owner": actor.id,
    }
    return str(writing.create(tx, as_product(actor), VIEW, given))


def change(tx: Transaction, actor: Actor, view: View, given: Mapping[str, Any]) -> None:
    """Change a view that is kept: its ``name``, ``shared``, or ``content``. Raises `Invalid` or `NotAllowed`."""
    _require_changing(tx, actor, view)
    if given.get("shared", view.shared):
        _require_sharing(tx, actor)
    values = {name: value for name, value in given.items() if name != "content"}
    if "content" in given:
        values["body"] = _body(given["content"])
    writing.update(tx, as_product(actor), VIEW, view.id, values)


def remove(tx: Transaction, actor: Actor, view: View) -> None:
    """Put a kept view into the recycle bin. Raises `NotAllowed`."""
    _require_changing(tx, actor, view)
    writing.delete(tx, as_product(actor), VIEW, [view.id])


def begin_with(tx: Transaction, actor: Actor, found: Shelf, key: str) -> None:
    """Remember which view the actor wants to see first."""
    _remember(tx, actor, replace(found, first=found.view(key).key))


def set_width(tx: Transaction, actor: Actor, found: Shelf, key: str, path: str, width: int) -> None:
    """Remember how wide (in pixels) the actor wants one column of one view."""
    wide = min(max(width, NARROWEST), WIDEST)
    widths = {**found.widths, key: {**found.widths.get(key, {}), path: wide}}
    kept = {each: width for each, width in widths.items() if found.has(each)}
    _remember(tx, actor, replace(found, widths=kept))


def may_change(actor: Actor, catalog: Catalog, view: View) -> bool:
    """Tell whether the actor may change or remove the view."""
    return bool(view.id) and (may_share(actor, catalog) if view.shared else view.is_mine)


def _require_sharing(tx: Transaction, actor: Actor) -> None:
    if not may_share(actor, tx.catalog):
        raise NotAllowed(say("your roles do not let you keep views for everybody"))


def _require_changing(tx: Transaction, actor: Actor, view: View) -> None:
    if not view.id:
        raise NotFound(say("this view comes with the product; save it under another name"))
    if not may_change(actor, tx.catalog, view):
        raise NotAllowed(say("this view is not yours to change; save it under another name"))


def _remember(tx: Transaction, actor: Actor, found: Shelf) -> None:
    body = {"first": found.first, "widths": {key: dict(each) for key, each in found.widths.items()}}
    if found.habit:
        writing.update(tx, as_product(actor), VIEW, found.habit, {"body": body})
        return
    given = {"name": "habit", "list": found.list, "kind": "habit", "body": body, "owner": actor.id}
    writing.create(tx, as_product(actor), VIEW, given)


def _coming_with_the_product() -> Iterator[View]:
    yield View(key=EVERYONE, name="", words=say("All"), content=Content())
    mine = Group(members=(Rule(path="owner", operator="any_of", values=(ME,)),))
    yield View(key=MINE, name="", words=say("Mine"), content=Content(filter=mine))
    recent = Group(members=(Rule(path="updated_at", operator="last", values=("7",)),))
    yield View(
        key=RECENT,
        name="",
        words=say("Recently changed"),
        content=Content(filter=recent, sort="-updated_at"),
    )


def _view(record: Record, actor: Actor) -> View:
    values = record.values
    body = _mapping(values["body"])
    content = Content(
        filter=from_plain(body.get("filter")) or NO_FILTER,
        columns=tuple(str(each) for each in body.get("columns") or ()),
        sort=str(body.get("sort") or ""),
        widths=_widths(body.get("widths")),
    )
    return View(
        key=str(record.id),
        name=values["name"],
        content=content,
        id=record.id,
        shared=bool(values["shared"]),
        is_mine=values["owner"] == actor.id,
    )


def _body(content: Content) -> dict[str, Any]:
    return {
        "filter": to_plain(content.filter),
        "columns": list(content.columns),
        "sort": content.sort,
        "widths": dict(content.widths),
    }


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _widths(value: object) -> dict[str, int]:
    return {
        path: min(max(width, NARROWEST), WIDEST)
        for path, width in _mapping(value).items()
        if isinstance(width, int)
    }
