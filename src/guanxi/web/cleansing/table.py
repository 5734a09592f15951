"""The table of what cleaning did: lines, tabs with counts that add up, filters, and the line a person is at."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal

from guanxi.identity import users
from guanxi.integration import cleaning, tally
from guanxi.integration.cells import RunFiles
from guanxi.integration.cleaning import DECIDED, KINDS, OPEN, PAGE, Found, Line, Wanted
from guanxi.kernel.numbers import number_in
from guanxi.kernel.text import Message, by_number, say, shortened
from guanxi.metadata.objects import Field
from guanxi.web.cleansing import lines
from guanxi.web.cleansing.lines import Shown, field_at, field_label
from guanxi.web.filling import refill
from guanxi.web.narrowing import Narrowing, address_of, narrowing
from guanxi.web.security import safe_next
from guanxi.web.values import Cell
from guanxi.web.visit import Answer, Visit

_DAYS_TO_ANSWER = 7
_MOST_GROUPS = 12
_LONGEST_REASON = 60
_TABS: tuple[tuple[str, str, Message], ...] = (
    ("state", OPEN, say("To decide")),
    ("", "", say("Everything")),
    ("kind", "changed", say("Changed")),
    ("kind", "suspect", say("Doubtful")),
    ("kind", "rejected", say("Not usable")),
    ("kind", "aside", say("Set aside")),
    ("state", DECIDED, say("Decided by people")),
)


@dataclass(frozen=True, kw_only=True)
class Tab:
    """One way to look: its name, how many lines, its address."""

    label: str
    count: str
    address: str
    is_open: bool


@dataclass(frozen=True, kw_only=True)
class GroupLine:
    """All open lines of one field with one reason."""

    target: str
    reason: str
    field: str
    verdict: str
    colour: str
    kind: str
    sentence: str
    count: str
    examples: str


@dataclass(frozen=True, kw_only=True)
class OpenLine:
    """The line a person is at: the form field, what the standard makes of what was typed, what is wrong."""

    line: Shown
    cell: Cell
    becomes: str
    doubt: str
    departments: tuple[str, ...]
    department: str
    due_on: str
    problem: str
    comment: str


@dataclass(frozen=True, kw_only=True)
class CleaningPage:
    """Everything the page shows; ``part`` is the one line that is asked for alone."""

    run: int
    title: str
    address: str
    back: str
    lines: tuple[Shown, ...]
    figures: tuple[tuple[str, str], ...] = ()
    rows: tuple[tuple[str, str], ...] = ()
    tabs: tuple[Tab, ...] = ()
    filters: tuple[Narrowing, ...] = ()
    groups: tuple[GroupLine, ...] = ()
    narrowed: tuple[tuple[str, str], ...] = ()
    """What the table is narrowed by, for forms that speak of all its lines."""
    hidden: tuple[tuple[str, str], ...] = ()
    words: str = ""
    total: str = ""
    is_narrowed: bool = False
    next_address: str = ""
    open: OpenLine | None = None
    done: tuple[str, str, str] | None = None
    """What was just done in one go: (sentence, first and last correction)."""


def bare(files: RunFiles, *, shown: tuple[Shown, ...], back: str) -> CleaningPage:
    """Return a page of a few lines and nothing around them."""
    return CleaningPage(
        run=files.id,
        title=files.name,
        address=f"/runs/{files.id}/cleaning",
        back=back,
        lines=shown,
    )


def show_table(visit: Visit, files: RunFiles, *, state: str = "") -> Answer:
    """Show the table of one run as the address asks for it; *state* counts where the address says none."""
    asked = visit.incoming.asked
    chosen = asked("department")
    wanted = wanted_of(files, asked, state=state)
    found = cleaning.look(visit.tx, files, wanted)
    page = replace(
        bare(
            files,
            shown=tuple(shown_lines(visit, files, found.lines)),
            back=_address(files, _kept(wanted, chosen)),
        ),
        tabs=tuple(_tabs(visit, files, wanted, found)),
        filters=tuple(_filters(visit, files, wanted, found, chosen)),
        groups=tuple(_groups(visit, wanted, found)),
        narrowed=tuple((name, value) for name, value in _kept(wanted, chosen).items() if value),
        hidden=tuple(
            (name, value) for name, value in (("kind", wanted.kind), ("state", wanted.state)) if value
        ),
        words=wanted.words,
        total=visit.reader.number(found.total),
        is_narrowed=bool(wanted.source or chosen or wanted.target or wanted.reason or wanted.words),
        next_address=_next(files, wanted, found, chosen),
        done=_done(visit),
    )
    if visit.incoming.wants_part and asked("start"):
        return visit.show("pages/cleaning.html", page, block="lines")
    return visit.show("pages/cleaning.html", _with_totals(visit, files, page))


def wanted_of(files: RunFiles, asked: Callable[[str], str], *, state: str = "") -> Wanted:
    """Return which lines an address or a form asks for."""
    department, start = asked("department"), asked("start")
    sources = tuple(each.name for each in files.plan.sources if each.department == department)
    return Wanted(
        kind=asked("kind") if asked("kind") in KINDS else "",
        state=asked("state") if asked("state") in (OPEN, DECIDED) else state,
        source=asked("source"),
        sources=sources if department else (),
        target=asked("field"),
        reason=asked("reason"),
        words=asked("q").strip(),
        start=number_in(start) or 0,
    )


def _groups(visit: Visit, wanted: Wanted, found: Found) -> Iterator[GroupLine]:
    """Yield what waits field by field and reason by reason, where nobody narrowed to one of them yet."""
    if wanted.state != OPEN or wanted.target or wanted.reason or wanted.start:
        return
    for each in found.groups[:_MOST_GROUPS]:
        verdict, colour = lines.VERDICTS[each.kind]
        yield GroupLine(
            target=each.target,
            reason=each.reason,
            field=field_label(visit.catalog, each.target, visit.reader),
            verdict=visit.say(verdict),
            colour=colour,
            kind=each.kind,
            sentence=visit.say(cleaning.sentence(each.reason, "…")),
            count=visit.reader.number(each.count),
            examples=visit.reader.listing(each.examples),
        )


def _with_totals(visit: Visit, files: RunFiles, page: CleaningPage) -> CleaningPage:
    reader, sums = visit.reader, tally.totals(files)
    names = (
        (say("values looked at"), sums.cells),
        (say("empty"), sums.empty),
        (say("right as they were"), sums.kept),
        (say("changed"), sums.changed),
        (say("doubtful"), sums.suspect),
        (say("not usable"), sums.rejected),
    )
    rows = (
        (say("rows read"), sums.rows_seen),
        (say("blank"), sums.blank),
        (say("in quarantine"), sums.quarantined),
        (say("totals"), sums.totals),
        (say("brought to standard"), sums.rows),
    )
    return replace(
        page,
        figures=tuple((visit.say(name), reader.number(number)) for name, number in names),
        rows=tuple((visit.say(name), reader.number(number)) for name, number in rows),
    )


def shown_lines(visit: Visit, files: RunFiles, found: Sequence[Line]) -> list[Shown]:
    """Return lines in the reader's words."""
    with_people = any(
        (field := field_at(visit.catalog, each.place.target)) and field.type == "user" for each in found
    )
    people = {str(number): name for number, name in users.colleagues(visit.tx)} if with_people else {}
    labels = {each.name: visit.reader.label(each.label) or each.name for each in files.plan.sources}
    departments = {each.name: each.department for each in files.plan.sources}
    return [
        lines.shown(each, visit.catalog, visit.reader, labels=labels, departments=departments, people=people)
        for each in found
    ]


def _tabs(visit: Visit, files: RunFiles, wanted: Wanted, found: Found) -> list[Tab]:
    counts = {**found.kinds, OPEN: found.open, DECIDED: found.decided, "": sum(found.kinds.values())}
    kept = {name: visit.incoming.asked(name) for name in ("q", "source", "department")}
    return [
        Tab(
            label=visit.say(label),
            count=visit.reader.number(counts[value]),
            address=_address(files, {**kept, **({name: value} if name else {})}),
            is_open=value == (wanted.state or wanted.kind),
        )
        for name, value, label in _TABS
    ]


def _filters(visit: Visit, files: RunFiles, wanted: Wanted, found: Found, department: str) -> list[Narrowing]:
    reader = visit.reader
    sources = [(each.name, reader.label(each.label) or each.name) for each in files.plan.sources]
    departments = [
        (name, name) for name in dict.fromkeys(each.department for each in files.plan.sources) if name
    ]
    fields = [
        (target, f"{field_label(visit.catalog, target, reader)} ({reader.number(count)})")
        for target, count in found.targets
    ]
    reasons = [
        (
            reason,
            f"{shortened(reader.say(cleaning.sentence(reason, '…')), _LONGEST_REASON)} ({reader.number(count)})",
        )
        for reason, count in found.reasons
    ]
    kinds = (
        ("source", say("Source"), sources, wanted.source),
        ("department", say("Department"), departments, department),
        ("field", say("Field"), fields, wanted.target),
        ("reason", say("Reason"), reasons, wanted.reason),
    )
    return [narrowing(name, visit.say(label), options, chosen) for name, label, options, chosen in kinds]


def _next(files: RunFiles, wanted: Wanted, found: Found, department: str) -> str:
    start = wanted.start + PAGE
    if start >= found.total:
        return ""
    return _address(files, {**_kept(wanted, department), "start": str(start)})


def _done(visit: Visit) -> tuple[str, str, str] | None:
    parts = visit.incoming.asked("done").split("-")
    if len(parts) != 3 or any(number_in(each) is None for each in parts):
        return None
    first, last, count = parts
    number = int(count)
    told = by_number(
        number,
        say("1 value decided"),
        say("{count} values decided in one go", count=Decimal(number)),
    )
    return visit.say(told), first, last


def _kept(wanted: Wanted, department: str) -> dict[str, str]:
    """Return what the address of the table says."""
    return {
        "kind": wanted.kind,
        "state": wanted.state,
        "source": wanted.source,
        "department": department,
        "field": wanted.target,
        "reason": wanted.reason,
        "q": wanted.words,
    }


def back_to(visit: Visit, files: RunFiles) -> str:
    """Return the address of the table a person came from."""
    asked = visit.incoming.typed("back") or visit.incoming.asked("back")
    return safe_next(asked, f"/runs/{files.id}/cleaning?state={OPEN}")


def _address(files: RunFiles, values: Mapping[str, str]) -> str:
    return address_of(f"/runs/{files.id}/cleaning", values)


def opened(visit: Visit, files: RunFiles, line: Line, field: Field, shown: Shown, problem: str) -> OpenLine:
    """Return the form in which a person corrects *line*."""
    people = tuple(users.colleagues(visit.tx)) if field.type == "user" else ()
    cell = lines.form_cell(line, field, visit.reader, people)
    if problem:
        cell = replace(refill(cell, visit.incoming.form), problem=problem)
    departments = [each.department for each in files.plan.sources if each.department]
    return OpenLine(
        line=shown,
        cell=cell,
        becomes="",
        doubt="",
        departments=tuple(dict.fromkeys(departments)),
        department=visit.incoming.typed("department") or shown.department,
        due_on=visit.incoming.typed("due_on")
        or (visit.reader.today + timedelta(days=_DAYS_TO_ANSWER)).isoformat(),
        problem=problem,
        comment=visit.incoming.typed("comment"),
    )
