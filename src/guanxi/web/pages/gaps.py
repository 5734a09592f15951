"""What a department is asked for: one row per gap, answered in the row, from a phone, or in a workbook."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from guanxi.access.fields import weighing
from guanxi.access.roles import grant_of, may
from guanxi.expressions.conditions import NOTHING, all_of, any_of, contains, equals
from guanxi.expressions.syntax import Expression
from guanxi.integration import filling, questionnaire
from guanxi.integration.filling import FIELDS, Question, question
from guanxi.kernel.errors import Invalid, Refused
from guanxi.kernel.text import Message, say
from guanxi.metadata.labels import Label
from guanxi.records import reading, totals
from guanxi.records.reading import Asked
from guanxi.web.cleansing.asked import GapLine, gap_line
from guanxi.web.downloads import workbook
from guanxi.web.filling import refill
from guanxi.web.narrowing import Narrowing, address_of, narrowing
from guanxi.web.navigation import Link, Place
from guanxi.web.places import read_place, write_place
from guanxi.web.security import safe_next
from guanxi.web.visit import Answer, Page, Visit
from guanxi.web.widgets import given

_PAGE = 50
_MOST_COUNTED = 5_000
_ORDER = (("due_on", False), ("id", False))
_NARROWING = ("state", "department", "field", "source", "kind", "q")
_STATES: tuple[tuple[str, Message], ...] = (
    ("open", say("To fill in")),
    ("given", say("Filled in")),
    ("unknown", say("Cannot be found out")),
)


@dataclass(frozen=True, kw_only=True)
class GapsPage:
    """Everything the page shows; ``outcomes`` is what became of an uploaded workbook."""

    lines: tuple[GapLine, ...]
    back: str
    tabs: tuple[tuple[str, str, str, bool], ...] = ()
    """(label, count, address, whether it is open)"""
    filters: tuple[Narrowing, ...] = ()
    state: str = "open"
    words: str = ""
    total: str = ""
    department: str = ""
    shows_department: bool = False
    """Whether each line says whom it asks: for those who see every department."""
    workbook: str = ""
    next_address: str = ""
    is_narrowed: bool = False
    can_answer: bool = True
    problem: str = ""
    taken: int = 0
    refused: tuple[tuple[str, str, str], ...] = ()
    """(line, what was written, what is wrong)"""
    was_sent: bool = False


def show_gaps(visit: Visit) -> Answer:
    """Show what the reader's department is asked; who brings data together sees every department."""
    page = _page(visit)
    if visit.incoming.wants_part and visit.incoming.asked("after"):
        return visit.show("pages/gaps.html", page, block="lines")
    return visit.show("pages/gaps.html", page)


def fill(visit: Visit) -> Answer:
    """Take the answer of one row: a value, "right as it is", or "cannot be found out"."""
    gap = _gap(visit)
    act = visit.incoming.typed("act", "fill")
    try:
        if act == "unknown":
            filling.give_up(visit.tx, visit.actor, gap.id)
        elif act == "right":
            filling.confirm(visit.tx, visit.actor, visit.site.workshop, gap.id)
        else:
            typed = given(gap.field, visit.incoming.form, visit.reader)
            filling.fill(visit.tx, visit.actor, visit.site.workshop, gap.id, typed)
    except Invalid as invalid:
        return _row(visit, gap, problem=visit.reader.problems(invalid), status=422)
    return _row(visit, _gap(visit))


def ask_again(visit: Visit) -> Answer:
    """Open an answered row again."""
    filling.ask_again(visit.tx, visit.actor, _gap(visit).id)
    return _row(visit, _gap(visit))


def send_workbook(visit: Visit) -> Answer:
    """Send exactly the gaps the table shows, as a workbook to fill in."""
    asked = Asked(
        object="gap", fields=FIELDS, where=_where(visit), order=_ORDER, limit=questionnaire.MOST_ROWS
    )
    records = reading.find(visit.tx, weighing(visit.actor), asked).records
    lines = [
        (question(visit.catalog, each), gap_line(visit, question(visit.catalog, each))) for each in records
    ]
    rows = [
        questionnaire.Row(
            number=line.id,
            customer=line.customer,
            field=gap.field,
            label=line.field,
            found=line.found,
            reason=line.reason,
            understood=line.cell.text if line.cell else "",
        )
        for gap, line in lines
        if gap.can_be_filled
    ]
    return workbook(questionnaire.make(rows, visit.reader.language), "guanxi-gaps.xlsx")


def take_workbook(visit: Visit) -> Answer:
    """Take a filled workbook and tell row by row what became of it."""
    if visit.incoming.refusal is not None:
        return _sent(visit, problem=visit.say(visit.incoming.refusal.message), status=400)
    if not visit.incoming.files:
        return _sent(visit, problem=visit.say(say("choose the filled workbook first")), status=422)
    file = visit.incoming.files[0]
    try:
        answers = questionnaire.read(file.content, file.name)
    except Refused as refused:
        return _sent(visit, problem=visit.say(refused.message), status=422)
    outcomes = questionnaire.answer_all(visit.tx, visit.actor, visit.site.workshop, answers)
    refusals = tuple(
        (visit.reader.number(each.line), each.value, visit.say(each.problem))
        for each in outcomes
        if each.problem
    )
    return _sent(visit, taken=len(outcomes) - len(refusals), refused=refusals)


def _sent(
    visit: Visit,
    *,
    problem: str = "",
    taken: int = 0,
    refused: tuple[tuple[str, str, str], ...] = (),
    status: int = 200,
) -> Answer:
    page = replace(_page(visit), problem=problem, taken=taken, refused=refused, was_sent=not problem)
    return visit.show("pages/gaps.html", page, status=status)


def _gap(visit: Visit) -> Question:
    gap = reading.get(visit.tx, weighing(visit.actor), "gap", visit.incoming.parameters["record_id"], FIELDS)
    return question(visit.catalog, gap)


def _row(visit: Visit, gap: Question, *, problem: str = "", status: int = 200) -> Answer:
    line = gap_line(visit, gap)
    if problem and line.cell is not None:
        line = replace(line, cell=replace(refill(line.cell, visit.incoming.form), problem=problem))
    if visit.incoming.wants_part:
        page = GapsPage(
            lines=(line,),
            shows_department=_sees_all(visit),
            back=safe_next(visit.incoming.typed("back"), "/gaps"),
        )
        return visit.show("pages/gaps.html", page, block="lines", status=status)
    if problem:
        page = _page(visit)
        lines = tuple(line if each.id == line.id else each for each in page.lines)
        return visit.show("pages/gaps.html", replace(page, lines=lines), status=status)
    return visit.go(safe_next(visit.incoming.typed("back"), "/gaps"))


def _page(visit: Visit) -> GapsPage:
    asked = visit.incoming.asked
    state = _state(visit)
    everywhere = _where(visit, but=_NARROWING)
    counted = reading.count_each(
        visit.tx,
        weighing(visit.actor),
        [Asked(object="gap", where=_where(visit, state=each)) for each, _ in _STATES],
        cap=_MOST_COUNTED,
    )
    numbers = [visit.reader.number(each.number) + ("+" if each.more else "") for each in counted]
    wanted = Asked(
        object="gap",
        fields=FIELDS,
        where=_where(visit),
        order=_ORDER,
        after=read_place(asked("after"), visit.site.settings.secret),
        limit=_PAGE,
    )
    found = reading.find(visit.tx, weighing(visit.actor), wanted)
    kept = {name: asked(name) for name in _NARROWING}
    place = write_place(found.next, visit.site.settings.secret) if found.next else ""
    own = visit.actor.department if not _sees_all(visit) else asked("department")
    return GapsPage(
        tabs=tuple(
            (visit.say(label), number, address_of("/gaps", {**kept, "state": name}), name == state)
            for (name, label), number in zip(_STATES, numbers, strict=True)
        ),
        filters=tuple(_filters(visit, everywhere)),
        state=state,
        words=asked("q"),
        lines=tuple(gap_line(visit, question(visit.catalog, each)) for each in found.records),
        total=numbers[[name for name, _ in _STATES].index(state)],
        department=own,
        shows_department=_sees_all(visit),
        workbook=address_of("/gaps.xlsx", {**kept, "state": state}),
        back=address_of("/gaps", kept),
        next_address=address_of("/gaps", {**kept, "after": place}) if place else "",
        is_narrowed=any(asked(name) for name in _NARROWING if name != "state"),
        can_answer=may(visit.actor, visit.catalog, "answer") or may(visit.actor, visit.catalog, "integrate"),
    )


def _state(visit: Visit) -> str:
    asked = visit.incoming.asked("state")
    return asked if asked in {name for name, _ in _STATES} else "open"


def _sees_all(visit: Visit) -> bool:
    """Tell whether the reader looks at every department; its contacts are asked only what is theirs."""
    return may(visit.actor, visit.catalog, "integrate") or not may(visit.actor, visit.catalog, "answer")


def _where(visit: Visit, *, state: str = "", but: Sequence[str] = ()) -> Expression:
    """Return the condition of the gaps asked for, without the narrowings named in *but*."""
    asked = visit.incoming.asked
    conditions: list[Expression] = [equals("state", state or _state(visit))]
    if not _sees_all(visit):
        conditions.append(equals("department", visit.actor.department or "–"))
    names = [each for each in ("department", "field", "source", "kind") if asked(each) and each not in but]
    conditions += [equals(each, asked(each)) for each in names]
    if asked("q").strip() and "q" not in but:
        words = asked("q").strip()
        conditions.append(any_of(NOTHING, *(contains(each, words) for each in _searched(visit))))
    return all_of(*conditions)


def _searched(visit: Visit) -> Iterator[str]:
    """Yield what words are looked for in: the task, which tells what was found, by who is shown all that was found."""
    speaks = may(visit.actor, visit.catalog, "integrate") or may(visit.actor, visit.catalog, "answer")
    if speaks or reading.may_ask_by(visit.tx, visit.actor, "gap", "title"):
        yield "title"
    if reading.may_ask_by(visit.tx, visit.actor, "gap", "customer.name"):
        yield "customer.name"


def _filters(visit: Visit, everywhere: Expression) -> Iterator[Narrowing]:
    """Yield what the gaps can be narrowed to, with how many each choice leaves."""
    reader = visit.reader
    asked = Asked(object="gap", where=everywhere)
    found = totals.count_values(
        visit.tx, visit.actor, asked, ("department", "field", "source", "kind"), cap=_MOST_COUNTED
    )
    kinds = {
        each.value: reader.label(each.label) for each in visit.catalog.object("gap").field("kind").choices
    }
    customer = visit.catalog.object("customer")
    fields = {name: reader.label(each.label) for name, each in customer.fields.items()}
    sources = _sources(visit) if found.get("source") else {}
    for name, label, words in (
        ("department", say("Department"), {}),
        ("field", say("Field"), fields),
        ("kind", say("Kind"), kinds),
        ("source", say("Source"), sources),
    ):
        counted = found.get(name, Counter())
        chosen = visit.incoming.asked(name)
        if len(counted) > 1 or chosen:
            options = [
                (value, f"{words.get(value, value)} ({reader.number(count)})")
                for value, count in counted.most_common()
            ]
            yield narrowing(name, visit.say(label), options, chosen)


def _sources(visit: Visit) -> dict[str, str]:
    asked = Asked(object="source", fields=("name", "title"), limit=500)
    if grant_of(visit.actor, visit.catalog, "source").read == "none":
        return {}
    return {
        each.values["name"]: each.values["title"]
        for each in reading.find(visit.tx, visit.actor, asked).records
    }


PAGES = (
    Page(path="/gaps", answer=show_gaps),
    Page(path="/gaps.xlsx", answer=send_workbook),
    Page(path="/gaps/workbook", answer=take_workbook, method="POST", takes_files="answer"),
    Page(path="/gaps/{record_id:int}", answer=fill, method="POST"),
    Page(path="/gaps/{record_id:int}/again", answer=ask_again, method="POST"),
)
PLACES = (
    Place(
        application="data",
        order=60,
        link=Link(address="/gaps", label=Label(en="Gaps", zh="数据缺口"), icon="puzzle"),
        object="gap",
    ),
)
