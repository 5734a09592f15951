"""Home: what needs me now, a few true figures, what happened last, and the first steps."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from guanxi.access.roles import grant_of, may
from guanxi.identity import users
from guanxi.kernel.text import Message, say
from guanxi.records import reading
from guanxi.records.reading import Asked, Record
from guanxi.web.lists.lines import Line, line
from guanxi.web.navigation import reachable
from guanxi.web.today.figures import Figure, figures_of
from guanxi.web.today.waiting import Waiting, latest_runs, may_read, mine_due, waiting_for
from guanxi.web.visit import Answer, Page, Visit

LATEST = 5
NEW_DAYS = 14
"""So long somebody new is shown the first steps."""


@dataclass(frozen=True, kw_only=True)
class FirstStep:
    """Something worth doing in the first days, and where."""

    text: str
    address: str
    icon: str


@dataclass(frozen=True, kw_only=True)
class HomePage:
    """A greeting, what waits, the figures, next steps, runs; in an empty house the way in instead."""

    greeting: str
    date: str
    is_empty: bool
    way_in: str
    """Where the first source is added; '' for people who may not."""
    waiting: tuple[Waiting, ...]
    figures: tuple[Figure, ...]
    tasks: tuple[Line, ...]
    runs: tuple[Line, ...]
    integrates: bool
    steps: tuple[FirstStep, ...]


def show_home(visit: Visit) -> Answer:
    """Show what needs the person who signed in."""
    runs = latest_runs(visit)
    figures = figures_of(visit)
    integrates = may(visit.actor, visit.catalog, "integrate")
    adds = integrates and reachable(visit.actor, visit.catalog, "/sources")
    page = HomePage(
        greeting=visit.say(say("Hello, {name}", name=visit.actor.name)),
        date=visit.reader.day(visit.reader.today),
        is_empty=not figures and not runs and may_read(visit, "customer"),
        way_in="/sources" if adds else "",
        waiting=waiting_for(visit, runs),
        figures=figures,
        tasks=_tasks(visit),
        runs=_lines(visit, "run", ("name", "state", "finished_at"), runs[:LATEST]),
        integrates=integrates,
        steps=_steps(visit) if _is_new(visit) else (),
    )
    return visit.show("pages/home.html", page)


def _tasks(visit: Visit) -> tuple[Line, ...]:
    if not may_read(visit, "activity"):
        return ()
    fields = ("subject", "customer", "next_step", "next_on")
    asked = Asked(
        object="activity",
        fields=fields,
        where=mine_due(visit),
        order=(("next_on", False),),
        limit=LATEST,
    )
    return _lines(visit, "activity", fields, reading.find(visit.tx, visit.actor, asked).records)


def _lines(visit: Visit, name: str, fields: tuple[str, ...], records: tuple[Record, ...]) -> tuple[Line, ...]:
    return tuple(line(visit, visit.catalog.object(name), each, fields) for each in records)


def _is_new(visit: Visit) -> bool:
    return visit.session is not None and visit.session.user.created_at > visit.tx.now - timedelta(
        days=NEW_DAYS
    )


def _steps(visit: Visit) -> tuple[FirstStep, ...]:
    return tuple(
        FirstStep(text=visit.say(text), address=address, icon=icon)
        for text, address, icon in _first_steps(visit)
    )


def _first_steps(visit: Visit) -> Iterator[tuple[Message, str, str]]:
    actor, catalog = visit.actor, visit.catalog
    if may(actor, catalog, "administer"):
        if len(users.colleagues(visit.tx)) < 2:
            yield say("Invite your colleagues and give each a role"), "/settings/people", "users"
        yield say("See what each role may do"), "/settings/roles", "shield-lock"
    if may(actor, catalog, "integrate"):
        for page, text, icon in (
            ("/sources", say("Add a file or a database as a source"), "database-import"),
            ("/duplicates", say("Decide the first possible duplicates: Y same, N different"), "git-compare"),
        ):
            if reachable(actor, catalog, page):
                yield text, page, icon
    if reachable(actor, catalog, "/gaps") and _fills_gaps(visit):
        yield say("Fill in what only your department knows"), "/gaps", "puzzle"
    if may_read(visit, "customer"):
        yield say("Find a customer: name, pinyin or the end of a phone number"), "/o/customer", "search"
    if grant_of(actor, catalog, "activity").create:
        yield say("Note your first call or visit on a customer's page"), "/o/customer", "notes"
    yield say("Choose your language, light or dark, and how compact pages are"), "/habits", "adjustments"


def _fills_gaps(visit: Visit) -> bool:
    """Tell whether the person answers for a department and is not of the data team, which has other first steps."""
    actor, catalog = visit.actor, visit.catalog
    return grant_of(actor, catalog, "gap").write != "none" and not may(actor, catalog, "integrate")


PAGES = (Page(path="/", answer=show_home),)
