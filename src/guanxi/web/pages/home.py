"""Home: what needs me now, and what happened last."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from guanxi.access.roles import grant_of
from guanxi.expressions.conditions import all_of, before, differs, equals
from guanxi.expressions.syntax import EVERYTHING, Expression
from guanxi.kernel.text import Message, say
from guanxi.records import reading
from guanxi.records.reading import Asked
from guanxi.web.pages.listing import Line, line
from guanxi.web.visit import Answer, Page, Visit

LATEST = 5


@dataclass(frozen=True, kw_only=True)
class Figure:
    """A number with its name, and where its records are."""

    label: str
    number: str
    address: str
    icon: str
    is_waiting: bool
    """Whether something is left to be done about it."""


@dataclass(frozen=True, kw_only=True)
class HomePage:
    """A greeting, what waits, how much there is, and the latest runs and activities."""

    greeting: str
    date: str
    waiting: tuple[Figure, ...]
    stock: tuple[Figure, ...]
    tasks: tuple[Line, ...]
    runs: tuple[Line, ...]


@dataclass(frozen=True, kw_only=True)
class _Wanted:
    label: Message
    object: str
    where: Expression
    address: str
    waits: bool


def show_home(visit: Visit) -> Answer:
    """Show what needs the person who signed in."""
    wanted = [each for each in _wanted(visit) if _may_read(visit, each.object)]
    asked = [Asked(object=each.object, where=each.where) for each in wanted]
    counts = reading.count_each(visit.tx, visit.actor, asked)
    figures = [_figure(visit, each, count) for each, count in zip(wanted, counts, strict=True)]
    page = HomePage(
        greeting=visit.say(say("Hello, {name}", name=visit.actor.name)),
        date=visit.reader.day(visit.reader.today),
        waiting=tuple(figure for figure, each in zip(figures, wanted, strict=True) if each.waits),
        stock=tuple(figure for figure, each in zip(figures, wanted, strict=True) if not each.waits),
        tasks=_lines(visit, "activity", ("subject", "customer", "next_step", "next_on"), _mine_due(visit)),
        runs=_lines(visit, "run", ("name", "state", "started_at", "finished_at"), EVERYTHING),
    )
    return visit.show("pages/home.html", page)


def _wanted(visit: Visit) -> Iterator[_Wanted]:
    department = visit.actor.department
    yield _Wanted(
        label=say("Possible duplicates to decide"),
        object="review",
        where=equals("decision", "undecided"),
        address="/o/review?decision=undecided",
        waits=True,
    )
    mine = all_of(equals("state", "open"), equals("department", department) if department else EVERYTHING)
    yield _Wanted(
        label=say("Gaps of {department}", department=department) if department else say("Open gaps"),
        object="gap",
        where=mine,
        address="/o/gap?state=open",
        waits=True,
    )
    yield _Wanted(
        label=say("My next steps that are due"),
        object="activity",
        where=_mine_due(visit),
        address="/o/activity?mine=1&sort=next_on",
        waits=True,
    )
    open_ticket = all_of(differs("status", "solved"), differs("status", "closed"))
    yield _Wanted(
        label=say("Open tickets"), object="ticket", where=open_ticket, address="/o/ticket", waits=True
    )
    for name in ("customer", "contact", "order"):
        if name in visit.catalog.objects:
            label = say("{plural}", plural=visit.catalog.object(name).plural)
            yield _Wanted(label=label, object=name, where=EVERYTHING, address=f"/o/{name}", waits=False)


def _mine_due(visit: Visit) -> Expression:
    return all_of(
        equals("person", visit.actor.id),
        before("next_on", visit.reader.today + timedelta(days=1)),
        differs("done", True),
    )


def _figure(visit: Visit, wanted: _Wanted, count: reading.Count) -> Figure:
    return Figure(
        label=visit.say(wanted.label),
        number=visit.reader.number(count.number) + ("+" if count.more else ""),
        address=wanted.address,
        icon=visit.catalog.object(wanted.object).icon,
        is_waiting=wanted.waits and count.number > 0,
    )


def _lines(visit: Visit, name: str, fields: tuple[str, ...], where: Expression) -> tuple[Line, ...]:
    if not _may_read(visit, name):
        return ()
    found = reading.find(visit.tx, visit.actor, Asked(object=name, fields=fields, where=where, limit=LATEST))
    return tuple(line(visit, visit.catalog.object(name), each, fields) for each in found.records)


def _may_read(visit: Visit, name: str) -> bool:
    return name in visit.catalog.objects and grant_of(visit.actor, visit.catalog, name).read != "none"


PAGES = (Page(path="/", answer=show_home),)
