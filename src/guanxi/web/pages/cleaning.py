"""What cleaning did, before → after with the reason; a person accepts, corrects or asks a department."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from urllib.parse import urlencode

from guanxi.access.roles import require
from guanxi.expressions.conditions import all_of, between, equals
from guanxi.identity import users
from guanxi.integration import asking, cleaning, correcting
from guanxi.integration.cells import Place, RunFiles, open_run
from guanxi.integration.cleaning import OPEN, Line
from guanxi.integration.settling import settle
from guanxi.kernel.errors import Invalid, NotFound, Refused
from guanxi.kernel.numbers import number_in
from guanxi.kernel.text import say
from guanxi.metadata.labels import Label
from guanxi.metadata.objects import Field
from guanxi.records import reading
from guanxi.records.reading import Asked
from guanxi.web.cleansing import lines
from guanxi.web.cleansing.lines import field_at
from guanxi.web.cleansing.table import back_to, bare, opened, show_table, shown_lines, wanted_of
from guanxi.web.navigation import Link
from guanxi.web.navigation import Place as MenuPlace
from guanxi.web.visit import Answer, Page, Visit
from guanxi.web.widgets import given

_LATEST = 20
_DAYS_TO_ANSWER = 7


def show_latest(visit: Visit) -> Answer:
    """Show the cleaning of the latest run that has come so far."""
    require(visit.actor, visit.catalog, "integrate")
    asked = Asked(object="run", fields=("name",), order=(("id", True),), limit=_LATEST)
    for run in reading.find(visit.tx, visit.actor, asked).records:
        try:
            files = open_run(visit.tx, visit.actor, visit.site.workshop, run.id)
        except Refused:
            continue
        return show_table(visit, files, state=OPEN)
    return visit.show("pages/cleaning_none.html", None)


def show_cleaning(visit: Visit) -> Answer:
    """Show the cleaning of one run."""
    return show_table(visit, _files(visit))


def show_line(visit: Visit) -> Answer:
    """Show one line: closed, or open to be corrected."""
    files = _files(visit)
    line = _line(visit, files, visit.incoming.query)
    return _one(visit, files, line, is_open=visit.incoming.asked("open") == "1")


def show_standard(visit: Visit) -> Answer:
    """Say what the standard makes of what is being typed."""
    files = _files(visit)
    line = _line(visit, files, visit.incoming.query)
    field = _field(visit, line)
    try:
        settled = settle(field, given(field, visit.incoming.query, visit.reader), line.standard)
    except Invalid as invalid:
        return visit.show("pages/cleaning_standard.html", ("", "", visit.reader.problems(invalid)))
    becomes = _becomes(visit, field, settled.text)
    return visit.show(
        "pages/cleaning_standard.html", (becomes, visit.say(settled.doubt) if settled.doubt else "", "")
    )


def decide(visit: Visit) -> Answer:
    """Do what a button of a line says."""
    files, form = _files(visit), visit.incoming.form
    line = _line(visit, files, form)
    act, _, scope = visit.incoming.typed("act").partition("-")
    field = _field(visit, line)
    places = [line.place] if not scope else cleaning.alike(visit.tx, files, line, same=scope == "same")
    comment = visit.incoming.typed("comment").strip()
    try:
        if act == "accept":
            done = correcting.accept(visit.tx, visit.actor, files, places, comment=comment)
        elif act == "leave":
            done = correcting.correct(visit.tx, visit.actor, files, places, "", comment=comment)
        elif act == "correct":
            settled = settle(field, given(field, form, visit.reader), line.standard)
            done = correcting.correct(visit.tx, visit.actor, files, places, settled.text, comment=comment)
        elif act == "give":
            return _given(visit, files, line, places, comment)
        else:
            raise NotFound(say("there is no such button"))
    except Invalid as invalid:
        return _one(visit, files, line, is_open=True, problem=visit.reader.problems(invalid), status=422)
    return _after(visit, files, line, done.ids)


def decide_group(visit: Visit) -> Answer:
    """Accept everything that waits in one field for one reason, as far as the table is narrowed."""
    files = _files(visit)
    wanted = wanted_of(files, visit.incoming.typed)
    if not (wanted.target and wanted.reason):
        raise NotFound(say("there is no such button"))
    places = cleaning.places(visit.tx, files, wanted)
    if not places:
        return visit.go(back_to(visit, files))
    return _after(visit, files, None, correcting.accept(visit.tx, visit.actor, files, places).ids)


def undo(visit: Visit) -> Answer:
    """Take corrections back: the one of a line, or all made in one go."""
    files = _files(visit)
    first, last = (number_in(visit.incoming.typed(name)) for name in ("first", "last"))
    if first is None or last is None:
        raise NotFound(say("there is no such correction"))
    where = all_of(between("id", first, last), equals("run", files.id))
    if first != last:  # what was done in one go was done by one person
        where = all_of(where, equals("created_by", visit.actor.id))
    asked = Asked(object="correction", fields=("kind",), where=where, limit=correcting.MOST_AT_ONCE)
    found = reading.find(visit.tx, visit.actor, asked).records
    if not found:
        raise NotFound(say("there is no such correction"))
    correcting.undo(visit.tx, visit.actor, [each.id for each in found])
    if visit.incoming.wants_part and visit.incoming.typed("source"):
        line = _line(visit, files, visit.incoming.form)
        return _one(visit, files, line, is_open=False)
    return visit.go(back_to(visit, files))


def _after(visit: Visit, files: RunFiles, line: Line | None, ids: Sequence[int]) -> Answer:
    if len(ids) > 1 or line is None:
        back = back_to(visit, files)
        done = urlencode({"done": f"{min(ids)}-{max(ids)}-{len(ids)}"})
        return visit.go(f"{back}{'&' if '?' in back else '?'}{done}")
    if visit.incoming.wants_part:
        return _one(visit, files, cleaning.one(visit.tx, files, line.place) or line, is_open=False)
    return visit.go(back_to(visit, files))


def _given(visit: Visit, files: RunFiles, line: Line, places: Sequence[Place], comment: str) -> Answer:
    due = visit.incoming.typed("due_on")
    try:
        due_on = date.fromisoformat(due) if due else None
    except ValueError:
        due_on = None
    asking.give(
        visit.tx,
        visit.actor,
        files,
        line,
        places,
        department=visit.incoming.typed("department"),
        due_on=due_on,
        comment=comment,
    )
    return _one(visit, files, line, is_open=False, asked=visit.incoming.typed("department"))


def _files(visit: Visit) -> RunFiles:
    require(visit.actor, visit.catalog, "integrate")
    return open_run(visit.tx, visit.actor, visit.site.workshop, visit.incoming.parameters["record_id"])


def _line(visit: Visit, files: RunFiles, sent: Mapping[str, Sequence[str]]) -> Line:
    source, table, row, target = (
        next(iter(sent.get(name, ())), "") for name in ("source", "table", "row", "target")
    )
    place = Place(source=source, table=table, row=number_in(row) or 0, target=target)
    found = cleaning.one(visit.tx, files, place)
    if found is None:
        raise NotFound(say("the run no longer knows this value; load the page again"))
    return found


def _field(visit: Visit, line: Line) -> Field:
    field = field_at(visit.catalog, line.place.target)
    if field is None:
        raise NotFound(say("this row was set aside as a whole; there is no single value to decide on"))
    return field


def _becomes(visit: Visit, field: Field, text: str) -> str:
    people = (
        {str(number): name for number, name in users.colleagues(visit.tx)} if field.type == "user" else {}
    )
    money = text.replace(" ", "-") if field.type == "money" else text
    return lines.text_of(field, money, visit.reader, people)


def _one(
    visit: Visit,
    files: RunFiles,
    line: Line,
    *,
    is_open: bool,
    problem: str = "",
    status: int = 200,
    asked: str = "",
) -> Answer:
    shown = shown_lines(visit, files, [line])[0]
    if asked:
        shown = replace(shown, asked=asked)
    page = bare(files, shown=(shown,), back=back_to(visit, files))
    if is_open:
        page = replace(page, open=opened(visit, files, line, _field(visit, line), shown, problem))
    if visit.incoming.wants_part:
        return visit.show("pages/cleaning.html", page, block="lines", status=status)
    return visit.show("pages/cleaning.html", page, status=status)


_RUN = "/runs/{record_id:int}/cleaning"
PAGES = (
    Page(path="/cleaning", answer=show_latest),
    Page(path=_RUN, answer=show_cleaning),
    Page(path=_RUN + "/line", answer=show_line),
    Page(path=_RUN + "/standard", answer=show_standard),
    Page(path=_RUN + "/decide", answer=decide, method="POST"),
    Page(path=_RUN + "/decide-group", answer=decide_group, method="POST"),
    Page(path=_RUN + "/undo", answer=undo, method="POST"),
)
PLACES = (
    MenuPlace(
        application="data",
        order=40,
        link=Link(address="/cleaning", label=Label(en="Cleaning", zh="数据清洗"), icon="eraser"),
        ability="integrate",
    ),
)
