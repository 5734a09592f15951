"""Rows of a run that came to nothing: in quarantine, or left out later; each with its place and the reason."""

from dataclasses import dataclass, replace

from guanxi.access.roles import require
from guanxi.integration import leftovers, runs, verbatim
from guanxi.integration.leftovers import Leftover, Leftovers
from guanxi.integration.plans import Plan
from guanxi.integration.staging import RunFolder
from guanxi.kernel.errors import NotFound
from guanxi.kernel.numbers import number_in
from guanxi.kernel.text import Message, say
from guanxi.records import reading
from guanxi.web.visit import Answer, Page, Visit

AT_ONCE = 100


@dataclass(frozen=True, kw_only=True)
class LeftLine:
    """One row: where it is, what it says, why it came to nothing."""

    source: str
    table: str
    row: str
    text: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class LeftPage:
    """A list of rows, and of values left out of rows that were loaded."""

    id: int
    run: str
    title: str
    text: str
    empty: str
    lines: tuple[LeftLine, ...]
    total: str
    values: tuple[LeftLine, ...]
    values_total: str
    before: str
    after: str


def show_quarantine(visit: Visit) -> Answer:
    """Show the rows that could not be understood while reading."""
    return _show(
        visit,
        say("Quarantine"),
        say(
            "These rows could not be understood and were set aside. Mend them in the source and read it again."
        ),
        say("Every row could be understood."),
        "quarantine",
    )


def show_left_out(visit: Visit) -> Answer:
    """Show the rows that were understood but became no record."""
    return _show(
        visit,
        say("Left out"),
        say("These rows were read, but no record could be made of them."),
        say("Every row became part of a record."),
        "left-out",
    )


def _show(visit: Visit, title: Message, text: Message, empty: Message, name: str) -> Answer:
    require(visit.actor, visit.catalog, "integrate")
    number = visit.incoming.parameters["record_id"]
    run = reading.get(visit.tx, visit.actor, "run", number, ("name", "folder"))
    shop = visit.site.workshop
    folder = shop.folder(str(run.values["folder"] or run.id))
    if not folder.has_json("read", "plan"):
        raise NotFound(say("the files of this run are not here any more"))
    plan = runs.plan_of(shop, str(run.values["folder"]))
    start = number_in(visit.incoming.asked("start")) or 0
    found, values = _found(folder, plan, name, start)
    if name == "left-out":
        found = _in_own_words(visit, folder, plan, found)
    page = LeftPage(
        id=run.id,
        run=str(run.values["name"]),
        title=visit.say(title),
        text=visit.say(text),
        empty=visit.say(empty),
        lines=tuple(_line(visit, plan, each) for each in found.rows),
        total=visit.reader.number(found.total),
        values=tuple(_line(visit, plan, each) for each in values.rows),
        values_total=visit.reader.number(values.total),
        before=f"/runs/{run.id}/{name}?start={max(0, start - AT_ONCE)}" if start else "",
        after=f"/runs/{run.id}/{name}?start={start + AT_ONCE}" if start + AT_ONCE < found.total else "",
    )
    return visit.show("pages/left_out.html", page)


def _found(folder: RunFolder, plan: Plan, name: str, start: int) -> tuple[Leftovers, Leftovers]:
    if name == "quarantine":
        return leftovers.quarantined(folder, plan, start=start, limit=AT_ONCE), Leftovers(rows=(), total=0)
    rows = leftovers.left_out(folder, plan, start=start, limit=AT_ONCE)
    return rows, leftovers.values_left_out(folder, limit=AT_ONCE)


def _in_own_words(visit: Visit, folder: RunFolder, plan: Plan, found: Leftovers) -> Leftovers:
    """Return the same rows with all that stands in them: a number alone tells nobody which row it is."""
    places = ((each.source, each.table, each.row) for each in found.rows)
    colon = "：" if visit.reader.language == "zh" else ": "
    words = verbatim.said(folder, plan, places, colon=colon)
    return replace(
        found,
        rows=tuple(
            replace(each, text=words.get((each.source, each.table, each.row), each.text))
            for each in found.rows
        ),
    )


def _line(visit: Visit, plan: Plan, each: Leftover) -> LeftLine:
    labels = {source.name: visit.reader.label(source.label) for source in plan.sources}
    objects = visit.catalog.objects
    table = visit.reader.label(objects[each.table].label) if each.table in objects else each.table
    return LeftLine(
        source=labels.get(each.source, each.source),
        table=table,
        row=each.row,
        text=each.text,
        reason=visit.say(each.reason),
    )


PAGES = (
    Page(path="/runs/{record_id:int}/quarantine", answer=show_quarantine),
    Page(path="/runs/{record_id:int}/left-out", answer=show_left_out),
)
