"""What each value of a column means: 公众号 is WeChat, 铁杆 is A; said once, kept for every reading."""

from collections.abc import Sequence
from dataclasses import dataclass

from guanxi.access.roles import may
from guanxi.integration import wording
from guanxi.integration.mapping.assigning import field_at
from guanxi.integration.mapping.values import tidy_value
from guanxi.integration.standards import industry_labels
from guanxi.integration.trying import WordLine, words_of
from guanxi.kernel.errors import Invalid, NotFound, Problem
from guanxi.kernel.text import say
from guanxi.metadata.objects import Field
from guanxi.web.pages.mapping import back_to, column_here
from guanxi.web.studying.mappings import MEANT, MappingLine, MappingPage, MappingView
from guanxi.web.visit import Answer, Page, Visit

NO_WORD, MEANS_NOTHING = "-", "="
"""What the form sends for "as suggested" and for "means nothing"; anything else is prefixed by a colon."""


@dataclass(frozen=True, kw_only=True)
class ValueLine:
    """One value of the source: how often it is there, what it becomes, whether a person said so."""

    text: str
    rows: str
    after: str
    verdict: str
    chosen: str


@dataclass(frozen=True, kw_only=True)
class ValuesPage:
    """All values of one column and the choices there are."""

    id: int
    table: int
    place: int
    column: str
    field: str
    back: str
    lines: tuple[ValueLine, ...]
    choices: tuple[tuple[str, str], ...]
    unmapped: int
    may_change: bool
    whole: MappingPage
    line: MappingLine | None = None


def show_values(visit: Visit) -> Answer:
    """Show the values of a column; a script asks for them alone."""
    page = _page(visit)
    return visit.show(
        "pages/meanings_part.html" if visit.incoming.wants_part else "pages/meanings.html", page
    )


def change_value(visit: Visit) -> Answer:
    """Say what one value means; the answer is the values again, and the samples of the column."""
    here, column = column_here(visit)
    meaning = visit.incoming.typed("meaning")
    view = MappingView(visit, here)
    known = [value for value, _ in _choices(view, _field(view, column))]
    if meaning not in (NO_WORD, MEANS_NOTHING) and meaning.removeprefix(":") not in known:
        raise Invalid([Problem("meaning", say("choose one of the list"))])
    value = {NO_WORD: None, MEANS_NOTHING: ""}.get(meaning, meaning.removeprefix(":"))
    where = (visit.tx, visit.actor, here.record.id, here.folder, here.table.name, column)
    wording.say_value(*where, visit.incoming.typed("value"), value)
    if not visit.incoming.wants_part:
        return visit.go(f"{here.address}/mapping/values?table={here.place}&column={_place(view, column)}")
    return visit.show("pages/meanings_part.html", _page(visit, with_line=True))


def _page(visit: Visit, *, with_line: bool = False) -> ValuesPage:
    here, column = column_here(visit)
    view = MappingView(visit, here)
    field = _field(view, column)
    found = words_of(here.folder, view.source, here.table, view.mapping, column, visit.catalog, view.people)
    said = {
        tidy_value(value): choice
        for value, choice in view.source.value_maps.get(here.table.name, {}).get(column, {}).items()
    }
    whole = view.page([column])
    return ValuesPage(
        id=here.record.id,
        table=here.place,
        place=_place(view, column),
        column=column,
        field=whole.lines[0].target_text,
        back=back_to(here, column),
        lines=tuple(_line(view, field, each, said.get(each.text)) for each in found),
        choices=_choices(view, field),
        unmapped=sum(each.verdict == "rejected" for each in found),
        may_change=may(visit.actor, visit.catalog, "integrate"),
        whole=whole,
        line=whole.lines[0] if with_line else None,
    )


def _line(view: MappingView, field: Field, word: WordLine, said: str | None) -> ValueLine:
    chosen = NO_WORD if said is None else f":{said}" if said else MEANS_NOTHING
    return ValueLine(
        text=word.text,
        rows=view.reader.number(word.rows),
        after=view.shown(field, word.after),
        verdict=word.verdict,
        chosen=chosen,
    )


def _choices(view: MappingView, field: Field) -> tuple[tuple[str, str], ...]:
    """Return what a value can mean: (as it is given, in words)."""
    if field.type == "industry":
        return tuple((code, f"{code} {name}") for code, name in industry_labels().items() if len(code) <= 3)
    if field.type == "user":
        names: dict[int, str] = {number: name for name, number in view.people.items()}
        logins = {number: name for name, number in reversed(view.people.items())}
        return tuple((logins[number], name) for number, name in names.items())
    if field.type == "checkbox":
        yes, no = view.visit.say(say("Yes")), view.visit.say(say("No"))
        return (("yes", yes), ("no", no))
    return tuple(
        (each.value, view.reader.label(each.label) or each.value)
        for each in field.choices
        if not each.retired
    )


def _field(view: MappingView, column: str) -> Field:
    mapped = view.mapping.column(column)
    field = field_at(view.catalog, mapped.path)[0] if mapped.target else None
    if field is None or field.type not in MEANT or mapped.part:
        raise NotFound(say("the values of this column need no meaning"))
    return field


def _place(view: MappingView, column: str) -> int:
    columns: Sequence[str] = view.here.table.columns
    return columns.index(column)


PAGES = (
    Page(path="/sources/{source_id:int}/mapping/values", answer=show_values),
    Page(path="/sources/{source_id:int}/mapping/value", answer=change_value, method="POST"),
)
