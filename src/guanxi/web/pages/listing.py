"""The list of any object: views, search, filters, sorting, one page after another."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from guanxi.access.roles import grant_by_hand
from guanxi.kernel.text import say
from guanxi.metadata.field_types.money import Money
from guanxi.metadata.objects import ObjectType
from guanxi.records import reading, totals
from guanxi.store.totals import Total
from guanxi.web.layout import filter_fields
from guanxi.web.lists.columns import Column, columns_of
from guanxi.web.lists.desk import Desk, desk_of
from guanxi.web.lists.filters import rules_of, without
from guanxi.web.lists.lines import Line, changeable_fields, line, wide_line
from guanxi.web.lists.state import Looking
from guanxi.web.lists.views import MINE, View, Widths, may_change, may_share
from guanxi.web.lists.wording import Words, words_of
from guanxi.web.narrowing import Narrowing, narrowing
from guanxi.web.places import read_place, write_place
from guanxi.web.visit import Answer, Page, Visit


@dataclass(frozen=True, kw_only=True)
class Chip:
    """One rule of the filter in words, and the address of the list without it."""

    words: Words
    problem: str
    address: str


@dataclass(frozen=True, kw_only=True)
class ViewTab:
    """One view as a tab."""

    key: str
    name: str
    address: str
    is_open: bool
    shared: bool


@dataclass(frozen=True, kw_only=True)
class ListPage:
    """Everything the list shows."""

    object_type: ObjectType
    address: str
    title: str
    looking: Looking
    tabs: tuple[ViewTab, ...]
    view: View
    view_name: str
    may_change_view: bool
    may_share: bool
    is_first: bool
    columns: tuple[Column, ...]
    lines: tuple[Line, ...]
    next_address: str
    count: str
    is_any: bool
    """Whether one rule of the filter is enough."""
    chips: tuple[Chip, ...]
    quick: tuple[Narrowing, ...]
    is_narrowed: bool
    may_create: bool
    may_write: bool
    may_delete: bool
    numbers_shown: int


@dataclass(frozen=True, kw_only=True)
class Foot:
    """Count and totals: (path, text) of each column that adds up."""

    object_type: ObjectType
    count: str
    totals: tuple[tuple[str, str], ...]
    columns: tuple[Column, ...]
    note: str


def show_list(visit: Visit) -> Answer:
    """Show one page of the records asked for; the script that loads more gets the lines only."""
    desk = desk_of(visit)
    after = read_place(visit.incoming.asked("after"), visit.site.settings.secret)
    found = reading.find(visit.tx, visit.actor, replace(desk.asked(), after=after))
    more = bool(visit.incoming.wants_part and visit.incoming.asked("after"))
    page = _page(desk, found, is_part=more)
    return visit.show("pages/listing.html", page, block="lines" if more else None)


def show_foot(visit: Visit) -> Answer:
    """Show how many records fit and what their numbers add up to: asked behind the page, which waits for no count."""
    desk = desk_of(visit)
    columns = tuple(columns_of_desk(desk))
    added = totals.add_up(
        visit.tx, visit.actor, desk.asked(), tuple(each.path for each in columns if each.is_added)
    )
    number = visit.reader.number(added.count.number) + ("+" if added.count.more else "")
    too_many = added.count.more and any(each.is_added for each in columns)
    page = Foot(
        object_type=desk.object_type,
        count=number,
        totals=tuple((path, _total(visit, total)) for path, total in added.totals.items()),
        columns=columns,
        note=visit.say(say("Totals are shown for up to {most} records; narrow the list.", most=totals.CAP))
        if too_many
        else "",
    )
    return visit.show("pages/listing_foot.html", page)


def columns_of_desk(desk: Desk) -> Iterator[Column]:
    """Return the columns as the person has them, with their widths."""
    yield from columns_of(
        desk.looking,
        desk.paths,
        desk.fields,
        desk.visit.reader,
        widths=_widths(desk),
        is_large=desk.is_large,
    )


def _page(desk: Desk, found: reading.Page, *, is_part: bool) -> ListPage:
    visit, object_type, looking = desk.visit, desk.object_type, desk.looking
    grant = grant_by_hand(visit.actor, visit.catalog, object_type)
    shown = desk.shown
    changeable = frozenset() if looking.in_bin else changeable_fields(visit, object_type, shown)
    whole = not is_part and found.next is None
    return ListPage(
        object_type=object_type,
        address=looking.path,
        title=visit.reader.label(object_type.plural),
        looking=looking,
        tabs=() if is_part else tuple(_tabs(desk)),
        view=looking.view,
        view_name=name_of(visit, looking.view),
        may_change_view=may_change(visit.actor, visit.catalog, looking.view),
        may_share=may_share(visit.actor, visit.catalog),
        is_first=looking.view.key == looking.first,
        columns=tuple(columns_of_desk(desk)),
        lines=tuple(
            wide_line(visit, object_type, each, shown, changeable=changeable) for each in found.records
        ),
        next_address=_next_address(desk, found),
        count=visit.reader.number(len(found.records)) if whole else "",
        is_any=looking.filter.word == "any",
        chips=() if is_part else tuple(_chips(desk)),
        quick=() if is_part else tuple(_quick(desk)),
        is_narrowed=bool(looking.words or looking.filter.members or looking.is_broken),
        may_create=grant.create,
        may_write=grant.write != "none",
        may_delete=grant.delete != "none",
        numbers_shown=len(found.records),
    )


def name_of(visit: Visit, view: View) -> str:
    """Return what a view is called."""
    return visit.say(view.words) if view.words else view.name


def _widths(desk: Desk) -> Widths:
    view = desk.looking.view
    return {**view.content.widths, **desk.shelf.widths.get(view.key, {})}


def _tabs(desk: Desk) -> Iterator[ViewTab]:
    looking = desk.looking
    for view in desk.shelf.views:
        if view.key == MINE and "owner" not in desk.fields:
            continue
        content = view.content
        target = replace(
            looking,
            view=view,
            words="",
            filter=content.filter,
            columns=content.columns,
            sort=content.sort,
            in_bin=False,
        )
        yield ViewTab(
            key=view.key,
            name=name_of(desk.visit, view),
            address=target.address(),
            is_open=view.key == looking.view.key and not looking.in_bin,
            shared=view.shared,
        )


def _chips(desk: Desk) -> Iterator[Chip]:
    looking, speaker = desk.looking, desk.speaker()
    for place, rule in enumerate(rules_of(looking.filter)):
        problem = desk.judged.problems.get(place)
        yield Chip(
            words=words_of(rule, speaker),
            problem=desk.visit.say(problem) if problem else "",
            address=looking.turned(filter=without(looking.filter, place)),
        )


def _quick(desk: Desk) -> Iterator[Narrowing]:
    """Yield the selections that are not in the filter yet; the more there is in it, the fewer."""
    visit, asked = desk.visit, [each.path for each in rules_of(desk.looking.filter)]
    offered = filter_fields(visit.actor, visit.catalog, desk.object_type)
    for field in offered[: max(0, len(offered) - len(asked))]:
        if field.name not in asked:
            options = tuple(
                (each.value, visit.reader.label(each.label) or each.value)
                for each in field.choices
                if not each.retired
            )
            yield narrowing(field.name, visit.reader.label(field.label), options, "")


def _next_address(desk: Desk, found: reading.Page) -> str:
    if found.next is None:
        return ""
    return desk.looking.address(after=write_place(found.next, desk.visit.site.settings.secret))


def _total(visit: Visit, total: Total) -> str:
    """Return a total as read; amounts in different currencies are not added up."""
    if total.sum is None or len(total.units) > 1:
        return ""
    if total.units:
        return visit.reader.money(Money(total.sum, total.units[0]))
    return visit.reader.number(total.sum)


__all__ = ["PAGES", "Line", "line", "show_list"]

PAGES = (
    Page(path="/o/{object_name:str}", answer=show_list),
    Page(path="/o/{object_name:str}/foot", answer=show_foot),
)
