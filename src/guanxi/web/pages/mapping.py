"""Which column is which field: looked at with live samples, corrected with one click, accepted, remembered."""

from dataclasses import dataclass, replace

from guanxi.integration import wording
from guanxi.kernel.errors import NotFound
from guanxi.kernel.text import say
from guanxi.web.studying.mappings import MappingLine, MappingPage, MappingView
from guanxi.web.studying.studied import Studied, UnstudiedPage, studied
from guanxi.web.studying.targets import path_typed
from guanxi.web.visit import Answer, Page, Visit


@dataclass(frozen=True, kw_only=True)
class MappingParts:
    """What changed by a word on one column: its line, and what goes to its own place on the page."""

    whole: MappingPage
    line: MappingLine
    others: tuple[MappingLine, ...]


def show_mapping(visit: Visit) -> Answer:
    """Show the mapping of one table of the source."""
    here = studied(visit, mapped=True)
    if isinstance(here, UnstudiedPage):
        return visit.show("frame/unstudied.html", here)
    return visit.show("pages/mapping.html", MappingView(visit, here).page())


def change_column(visit: Visit) -> Answer:
    """Say what one column is; the answer is its line, the other lines that changed by it, and the coverage."""
    here, column = column_here(visit)
    before = MappingView(visit, here)
    said = _said(visit, before, column)
    if said is None:
        return _unknown_field(visit, before, column)
    action, path = said
    where = (visit.tx, visit.actor, here.record.id, here.folder, here.table.name, column)
    if action == "take_back":
        wording.take_back(*where)
    else:
        wording.say_field(*where, path)
    if not visit.incoming.wants_part:
        return visit.go(back_to(here, column))
    after = MappingView(visit, here)
    return _parts(visit, after, column, _touched(before, after, column))


def change_rows(visit: Visit) -> Answer:
    """Say what the rows of the table are; everything nobody decided is suggested anew."""
    here = source_here(visit)
    name = visit.incoming.typed("object")
    wording.say_rows(visit.tx, visit.actor, here.record.id, here.folder, here.table.name, name)
    return visit.go(back_to(here))


def suggest_again(visit: Visit) -> Answer:
    """Suggest anew what nobody has decided yet."""
    here = source_here(visit)
    wording.suggest_again(visit.tx, here.record.id, visit.actor, here.folder)
    return visit.go(back_to(here))


def accept(visit: Visit) -> Answer:
    """Say yes to the mapping of all tables as it stands."""
    here = source_here(visit)
    wording.accept(visit.tx, visit.actor, here.record.id, here.folder)
    return visit.go(back_to(here))


def source_here(visit: Visit) -> Studied:
    """Return the source that was studied; raise `NotFound` when it was not."""
    here = studied(visit, mapped=True)
    if isinstance(here, UnstudiedPage):
        raise NotFound(say("this source has not been read yet"))
    return here


def column_here(visit: Visit) -> tuple[Studied, str]:
    """Return the source and the column that the form or the query names by its place."""
    here = source_here(visit)
    asked = visit.incoming.asked("column") or visit.incoming.typed("column")
    columns = here.table.columns
    if not asked.isdecimal() or len(asked) > 6 or int(asked) >= len(columns):
        raise NotFound(say("this table has no such column"))
    return here, columns[int(asked)]


def back_to(here: Studied, column: str = "") -> str:
    """Return the address of the mapping, at a column when one is named."""
    place = f"#column-{here.table.columns.index(column)}" if column else ""
    return f"{here.address}/mapping?table={here.place}{place}"


def _touched(before: MappingView, after: MappingView, column: str) -> list[str]:
    """Return the columns whose lines differ after a word on *column*: those that share its old or its new field."""
    fields = {view.mapping.column(column).target for view in (before, after)} - {""}
    return [
        each.column
        for each in after.mapping.columns
        if each != before.mapping.column(each.column) or each.target in fields or each.column == column
    ]


def _parts(visit: Visit, view: MappingView, column: str, touched: list[str]) -> Answer:
    page = view.page(touched)
    line = next(each for each in page.lines if each.column == column)
    others = tuple(each for each in page.lines if each.column != column)
    return visit.show("pages/mapping_parts.html", MappingParts(whole=page, line=line, others=others))


def _said(visit: Visit, view: MappingView, column: str) -> tuple[str, str] | None:
    """Return what to do and the field meant; None when the words typed name no field."""
    incoming = visit.incoming
    action = incoming.typed("do")
    if action in ("leave_out", "take_back"):
        return action, ""
    if action == "confirm":
        return action, view.mapping.column(column).path
    if path := incoming.typed("path"):
        return "choose", path
    words = incoming.typed("words")
    if not words.strip():
        return "leave_out", ""
    found = path_typed(view.groups, words)
    return ("choose", found) if found else None


def _unknown_field(visit: Visit, view: MappingView, column: str) -> Answer:
    """Show the line (or the page) again with what was typed and what is wrong with it."""
    part = visit.incoming.wants_part
    page = view.page([column] if part else None)
    problem = visit.say(say("there is no field of this name; choose one of the list"))
    typed = visit.incoming.typed("words")
    lines = tuple(
        replace(each, typed=typed, problem=problem) if each.column == column else each for each in page.lines
    )
    page = replace(page, lines=lines)
    if not part:
        return visit.show("pages/mapping.html", page, status=422)
    parts = MappingParts(whole=page, line=lines[0], others=())
    return visit.show("pages/mapping_parts.html", parts, status=422)


PAGES = (
    Page(path="/sources/{source_id:int}/mapping", answer=show_mapping),
    Page(path="/sources/{source_id:int}/mapping/column", answer=change_column, method="POST"),
    Page(path="/sources/{source_id:int}/mapping/rows", answer=change_rows, method="POST"),
    Page(path="/sources/{source_id:int}/mapping/again", answer=suggest_again, method="POST"),
    Page(path="/sources/{source_id:int}/mapping/accept", answer=accept, method="POST"),
)
