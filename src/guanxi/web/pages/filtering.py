"""The filter builder: any field, a question in words, a value, in groups; wrong values are told beside their row."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from guanxi.integration.standards import industry_labels
from guanxi.kernel.numbers import number_in
from guanxi.web.lists.compiling import ME, Asker, judge
from guanxi.web.lists.desk import Desk, desk_of
from guanxi.web.lists.drafting import Draft, acted, asked_by, draft_of, filter_of, typed_draft
from guanxi.web.lists.filters import Group, Rule
from guanxi.web.lists.operators import can_be_filtered, operators_of
from guanxi.web.lists.periods import PERIODS
from guanxi.web.lists.state import Looking
from guanxi.web.visit import Answer, Page, Visit

Options = tuple[tuple[str, str, bool], ...]
Questions = tuple[tuple[str, str, bool, str], ...]
_BROAD = 3  # letters of an industry's code: section and division


@dataclass(frozen=True, kw_only=True)
class Row:
    """One rule as a row of the form: what can be chosen, what is chosen, what is wrong."""

    name: str
    label: str
    drop: str
    rule: Rule
    operators: Questions
    """(name, words, is chosen, what it asks for) of each."""
    asks: str
    options: Options
    target: str
    title: str
    picked: tuple[tuple[str, str], ...]
    """(number, title) of each record chosen, where several may be."""
    was: str
    problem: str


@dataclass(frozen=True, kw_only=True)
class FormGroup:
    """A group of rows; number 0 is the outer one."""

    number: int
    word: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, kw_only=True)
class FilterPage:
    """The builder."""

    title: str
    looking: Looking
    own: tuple[tuple[str, str], ...]
    linked: tuple[tuple[str, tuple[tuple[str, str], ...]], ...]
    """Fields behind links: (name of the link, its fields)."""
    outer: FormGroup
    groups: tuple[FormGroup, ...]


def show_filter(visit: Visit) -> Answer:
    """Show the builder for the filter of the address, or with what was just changed in it."""
    desk = desk_of(visit)
    query = visit.incoming.query
    if "g0" not in query:
        draft = draft_of(desk.looking.filter)
        if not draft.rows and not draft.groups:
            draft = acted(draft, "add:0", _first_path(desk), desk.fields)
        return _show(desk, draft, judged=bool(desk.judged.problems))
    draft = typed_draft(query, desk.fields)
    act = visit.incoming.asked("act")
    if act != "apply":
        return _show(desk, acted(draft, act, _first_path(desk), desk.fields), judged=False)
    group = filter_of(_said(draft))
    asker = Asker(actor=visit.actor, reader=visit.reader, fields=desk.fields)
    if judge(group, asker).problems:
        return _show(desk, _said(draft), judged=True, status=422)
    return visit.go(desk.looking.turned(filter=group))


def _said(draft: Draft) -> Draft:
    """Return the draft as it is meant: a lone first row nobody filled in asks nothing."""
    lone = len(draft.rows) == 1 and not draft.groups and not draft.rows[0].values
    empty = lone and draft.rows[0].operator not in ("empty", "filled", "yes", "no")
    return replace(draft, rows=()) if empty else draft


def _show(desk: Desk, draft: Draft, *, judged: bool, status: int = 200) -> Answer:
    visit, reader = desk.visit, desk.visit.reader
    group = Group(members=(*draft.rows, *(rule for _, rows in draft.groups for rule in rows)))
    asker = Asker(actor=visit.actor, reader=reader, fields=desk.fields)
    problems = {}
    if judged:
        problems = {at: visit.say(each) for at, each in judge(group, asker).problems.items()}
    titles = dict(desk.speaker(group).titles)
    numbers = iter(range(len(group.members)))
    made = [
        FormGroup(
            number=number,
            word=word,
            rows=tuple(
                _row(desk, rule, number, place, problems.get(next(numbers), ""), titles)
                for place, rule in enumerate(rows)
            ),
        )
        for number, (word, rows) in enumerate(((draft.word, draft.rows), *draft.groups))
    ]
    own, linked = _offered(desk)
    page = FilterPage(
        title=reader.label(desk.object_type.plural),
        looking=desk.looking,
        own=own,
        linked=linked,
        outer=made[0],
        groups=tuple(made[1:]),
    )
    block = "panel" if visit.incoming.wants_part else None
    return visit.show("pages/filtering.html", page, block=block, status=status)


def _row(desk: Desk, rule: Rule, group: int, place: int, problem: str, titles: dict[int, str]) -> Row:
    reader, reached = desk.visit.reader, desk.fields.get(rule.path)
    known = operators_of(reached) if reached else {}
    operator = known.get(rule.operator)
    number = rule.values[0] if rule.values else ""
    return Row(
        name=f"r{group}.{place}",
        label=reached.name(reader) if reached else rule.path,
        drop=f"drop:{group}:{place}",
        rule=rule,
        operators=tuple(
            (each.name, reader.say(each.words), each is operator, each.asks) for each in known.values()
        ),
        asks=operator.asks if operator else "text",
        options=tuple(_options(desk, rule)),
        target=reached.field.target if reached else "",
        title=titles.get(number_in(number) or 0, ""),
        picked=_picked(rule, titles) if operator and operator.asks == "records" else (),
        was=asked_by(rule, desk.fields),
        problem=problem,
    )


def _picked(rule: Rule, titles: dict[int, str]) -> tuple[tuple[str, str], ...]:
    numbers = [number for each in rule.values if (number := number_in(each)) is not None]
    return tuple((str(each), titles.get(each, f"#{each}")) for each in numbers)


def _options(desk: Desk, rule: Rule) -> Iterator[tuple[str, str, bool]]:
    """Yield what can be chosen as the value of a rule."""
    reader, reached = desk.visit.reader, desk.fields.get(rule.path)
    operator = operators_of(reached).get(rule.operator) if reached else None
    if reached is None or operator is None:
        return
    found: list[tuple[str, str]] = []
    match operator.asks:
        case "choices":
            found = [
                (each.value, reader.label(each.label) or each.value)
                for each in reached.field.choices
                if not each.retired or each.value in rule.values
            ]
        case "people":
            found = [(ME, reader.translate("me")), *((str(id_), name) for id_, name in desk.people.items())]
        case "period":
            found = [(name, reader.say(each.words)) for name, each in PERIODS.items()]
        case "industry":
            found = [
                (code, f"{code} {name}") for code, name in industry_labels().items() if len(code) <= _BROAD
            ]
    for value, name in found:
        yield value, name, value in rule.values


def _offered(
    desk: Desk,
) -> tuple[tuple[tuple[str, str], ...], tuple[tuple[str, tuple[tuple[str, str], ...]], ...]]:
    """Return the fields a rule may ask: the object's own, and those behind each link."""
    reader = desk.visit.reader
    own: list[tuple[str, str]] = []
    linked: dict[str, list[tuple[str, str]]] = {}
    for each in desk.fields.values():
        if not can_be_filtered(each):
            continue
        if each.is_own or each.part:
            own.append((each.path, each.name(reader)))
        else:
            link, field = each.labels
            linked.setdefault(reader.label(link), []).append((each.path, reader.label(field)))
    return tuple(own), tuple((name, tuple(fields)) for name, fields in linked.items())


def _first_path(desk: Desk) -> str:
    """Return the field a new row begins with: the first selection, else the title."""
    clear = [each for each in desk.fields.values() if can_be_filtered(each) and each.is_own]
    chosen = next((each.path for each in clear if each.field.type == "single_select"), "")
    return chosen or next((each.path for each in clear), "")


PAGES = (Page(path="/o/{object_name:str}/filter", answer=show_filter),)
