"""All runs, the latest first: where each stands, what it brought, who began it."""

from dataclasses import dataclass

from guanxi.access.roles import may
from guanxi.integration import steering
from guanxi.metadata.labels import Label
from guanxi.records import reading
from guanxi.records.reading import Asked, Record
from guanxi.web.navigation import Link, Place
from guanxi.web.places import read_place, write_place
from guanxi.web.running.facts import FIELDS, Facts
from guanxi.web.values import Cell, cell
from guanxi.web.visit import Answer, Page, Visit

AT_ONCE = 30


@dataclass(frozen=True, kw_only=True)
class RunLine:
    """One run of the list."""

    address: str
    name: str
    state: Cell
    sources: str
    by: str
    when: str
    customers: str
    joined: str
    asked: str


@dataclass(frozen=True, kw_only=True)
class RunsPage:
    """The list, where the next part of it begins, and whether the reader may begin a run."""

    runs: tuple[RunLine, ...]
    older: str
    may_begin: bool


def show_runs(visit: Visit) -> Answer:
    """Show the runs."""
    secret = visit.site.settings.secret
    asked = Asked(
        object="run",
        fields=FIELDS,
        order=(("id", True),),
        after=read_place(visit.incoming.asked("after"), secret),
        limit=AT_ONCE,
    )
    found = reading.find(visit.tx, visit.actor, asked)
    page = RunsPage(
        runs=tuple(_line(visit, each) for each in found.records),
        older=f"/runs?after={write_place(found.next, secret)}" if found.next else "",
        may_begin=may(visit.actor, visit.catalog, "integrate"),
    )
    return visit.show("pages/runs.html", page)


def _line(visit: Visit, run: Record) -> RunLine:
    stands = steering.standing_of(run)
    facts = Facts.of_record(run, stands)
    begun = run.values["started_at"] or run.values["created_at"]
    number = visit.reader.number
    return RunLine(
        address=facts.address,
        name=str(run.values["name"]),
        state=cell(run, visit.catalog.object("run").field("state"), visit.reader),
        sources=visit.reader.listing(facts.titles(visit.reader.language)),
        by=run.titles.get("created_by", ""),
        when=visit.reader.ago(begun) if begun else "",
        customers=number(facts.in_base or facts.customers),
        joined=number(facts.joined),
        asked=number(facts.number("tasks", "reviews") + facts.number("tasks", "gaps")),
    )


PAGES = (Page(path="/runs", answer=show_runs),)
PLACES = (
    Place(
        application="data",
        order=20,
        link=Link(address="/runs", label=Label(en="Runs", zh="整合批次"), icon="arrows-join"),
        object="run",
    ),
)
