"""The filter as a form: one row per rule, rows in groups; what was typed becomes a filter, right or wrong."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from guanxi.web.lists.filters import ALL, ANY, MOST_RULES, NO_FILTER, Group, Rule, rules_of, tidy
from guanxi.web.lists.operators import OPERATORS, family_of, operators_of
from guanxi.web.lists.reach import Reached

MOST_GROUPS = 8


@dataclass(frozen=True, kw_only=True)
class Draft:
    """A filter under construction: rows of the outer group and of up to a few inner ones."""

    word: str = ALL
    rows: tuple[Rule, ...] = ()
    groups: tuple[tuple[str, tuple[Rule, ...]], ...] = ()
    """Each inner group: its word and its rows."""


def draft_of(group: Group) -> Draft:
    """Return *group* as rows; what lies deeper than one inner group is brought up into it."""
    return Draft(
        word=group.word,
        rows=tuple(each for each in group.members if isinstance(each, Rule)),
        groups=tuple((each.word, tuple(rules_of(each))) for each in group.members if isinstance(each, Group)),
    )


def filter_of(draft: Draft) -> Group:
    """Return the filter the rows make."""
    inner = tuple(Group(word=word, members=rows) for word, rows in draft.groups if rows)
    return tidy(Group(word=draft.word, members=(*draft.rows, *inner))) if draft.rows or inner else NO_FILTER


def typed_draft(form: Mapping[str, Sequence[str]], fields: Mapping[str, Reached]) -> Draft:
    """Return the rows of a form: fields ``r0.path``, ``r0.operator``, ``r0.value``; ``g1`` is a group's word."""
    groups = []
    for number in range(1, MOST_GROUPS + 1):
        if f"g{number}" in form:
            word = ANY if form[f"g{number}"][0] == ANY else ALL
            groups.append((word, tuple(_rows(form, number, fields))))
    word = ANY if next(iter(form.get("g0", ())), ALL) == ANY else ALL
    return Draft(word=word, rows=tuple(_rows(form, 0, fields)), groups=tuple(groups))


def acted(draft: Draft, act: str, first_path: str, fields: Mapping[str, Reached]) -> Draft:
    """Return *draft* after a button: ``add:0`` a row, ``group`` a group, ``drop:0:2`` a row of a group."""
    word, _, rest = act.partition(":")
    new = fitting(Rule(path=first_path, operator=""), fields)
    match word:
        case "add" if _count(draft) < MOST_RULES:
            return _changed(draft, _number(rest), lambda rows: (*rows, new))
        case "group" if len(draft.groups) < MOST_GROUPS and _count(draft) < MOST_RULES:
            other = ANY if draft.word == ALL else ALL
            return replace(draft, groups=(*draft.groups, (other, (new,))))
        case "drop":
            group, _, row = rest.partition(":")
            place = _number(row)
            dropped = _changed(
                draft, _number(group), lambda rows: tuple(e for at, e in enumerate(rows) if at != place)
            )
            return replace(dropped, groups=tuple(each for each in dropped.groups if each[1]))
    return draft


def fitting(rule: Rule, fields: Mapping[str, Reached]) -> Rule:
    """Return *rule* with an operator its field knows; values that belonged to another kind of question leave."""
    reached = fields.get(rule.path)
    if reached is None:
        return rule
    known = operators_of(reached)
    operator = known.get(rule.operator) or next(iter(known.values()))
    if operator.name == rule.operator:
        return rule
    before = {each.asks for each in OPERATORS[family_of(reached)].values() if each.name == rule.operator}
    return replace(rule, operator=operator.name, values=rule.values if operator.asks in before else ())


def _rows(form: Mapping[str, Sequence[str]], group: int, fields: Mapping[str, Reached]) -> Iterator[Rule]:
    for number in range(MOST_RULES):
        prefix = f"r{group}.{number}"
        path = next(iter(form.get(f"{prefix}.path", ())), "")
        if not path:
            continue
        operator = next(iter(form.get(f"{prefix}.operator", ())), "")
        values = tuple(form.get(f"{prefix}.value", ()))
        rule = Rule(path=path, operator=operator, values=values if any(values) else ())
        # A row whose field or question was changed just now still carries the value of the one before.
        was = next(iter(form.get(f"{prefix}.was", ())), "")
        if was and was != asked_by(rule, fields):
            rule = replace(rule, values=())
        yield fitting(rule, fields)


def asked_by(rule: Rule, fields: Mapping[str, Reached]) -> str:
    """Return what kind of value the rule asks for, and of which field: ``level choices``."""
    reached = fields.get(rule.path)
    operator = operators_of(reached).get(rule.operator) if reached else None
    asks = operator.asks if operator else "?"
    return f"{rule.path} {asks}" if asks in ("choices", "record", "records", "people") else asks


def _changed(draft: Draft, group: int, change: Callable[[tuple[Rule, ...]], tuple[Rule, ...]]) -> Draft:
    if group == 0:
        return replace(draft, rows=change(draft.rows))
    groups = tuple(
        (word, change(rows) if at == group else rows) for at, (word, rows) in enumerate(draft.groups, start=1)
    )
    return replace(draft, groups=groups)


def _count(draft: Draft) -> int:
    return len(draft.rows) + sum(len(rows) for _, rows in draft.groups)


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 4 else -1
