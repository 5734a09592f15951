"""A filter as people build it, rules in groups, and its form in an address."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

ALL, ANY = "all", "any"
MOST_RULES = 40
DEEPEST = 3
_MOST_VALUES = 200
_LONGEST = 8_000
_SIGNS = {ALL: "&", ANY: "|"}
_WORDS = {sign: word for word, sign in _SIGNS.items()}


@dataclass(frozen=True, kw_only=True)
class Rule:
    """One question to one field: its dotted path, the operator's name, the values as they were typed."""

    path: str
    operator: str
    values: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Group:
    """Rules and groups of which all, or any, must hold; an empty one asks nothing."""

    word: str = ALL
    members: tuple["Rule | Group", ...] = ()


NO_FILTER = Group()


def rules_of(group: Group) -> Iterator[Rule]:
    """Yield every rule, in the order of writing."""
    for member in group.members:
        if isinstance(member, Rule):
            yield member
        else:
            yield from rules_of(member)


def joined(group: Group, *rules: Rule) -> Group:
    """Return *group* narrowed by *rules*; one that is there already is not asked twice."""
    new = tuple(rule for rule in rules if rule not in group.members or group.word != ALL)
    if not new:
        return group
    before = group.members if group.word == ALL or not group.members else (group,)
    return tidy(Group(members=(*before, *new)))


def without(group: Group, place: int) -> Group:
    """Return *group* without the rule that stands at *place* in the order of writing."""
    places = iter(range(len(tuple(rules_of(group)))))
    return _kept(group, lambda _: next(places) != place)


def tidy(group: Group) -> Group:
    """Return *group* without empty groups and without groups that change nothing."""
    return _kept(group, lambda _: True)


def write_filter(group: Group) -> str:
    """Return *group* as it stands in an address; '' when it asks nothing."""
    return json.dumps(to_plain(group), ensure_ascii=False, separators=(",", ":")) if group.members else ""


def read_filter(text: str) -> Group | None:
    """Return the filter in *text*; None for anything `write_filter` does not write."""
    if not text:
        return NO_FILTER
    if len(text) > _LONGEST:
        return None
    try:
        return from_plain(json.loads(text))
    except (ValueError, RecursionError):
        return None


def to_plain(group: Group) -> list[Any]:
    """Return *group* as lists of texts: ``["&", ["level", "any_of", "A"], ["|", …]]``."""
    return [_SIGNS[group.word], *(_member_to_plain(each) for each in group.members)]


def from_plain(document: object) -> Group | None:
    """Return the group that `to_plain` wrote; None for anything else, also for one that is too large."""
    try:
        group = _group(document, 1)
    except ValueError:
        return None
    return group if sum(1 for _ in rules_of(group)) <= MOST_RULES else None


def _member_to_plain(member: Rule | Group) -> list[Any]:
    if isinstance(member, Group):
        return to_plain(member)
    return [member.path, member.operator, *member.values]


def _group(document: object, depth: int) -> Group:
    match document:
        case [str(sign), *members] if sign in _WORDS and depth <= DEEPEST:
            return Group(word=_WORDS[sign], members=tuple(_member(each, depth) for each in members))
    raise ValueError


def _member(document: object, depth: int) -> Rule | Group:
    match document:
        case [str(sign), *_] if sign in _WORDS:
            return _group(document, depth + 1)
        case [str(path), str(operator), *values] if path and operator and len(values) <= _MOST_VALUES:
            if all(isinstance(each, str) for each in values):
                return Rule(path=path, operator=operator, values=tuple(map(str, values)))
    raise ValueError


def _kept(group: Group, wanted: Callable[[Rule], bool]) -> Group:
    members: list[Rule | Group] = []
    for member in group.members:
        if isinstance(member, Rule):
            members += [member] if wanted(member) else []
            continue
        inner = _kept(member, wanted)
        if len(inner.members) == 1 or inner.word == group.word:
            members += inner.members
        elif inner.members:
            members.append(inner)
    if len(members) == 1 and isinstance(members[0], Group):
        return members[0]
    return Group(word=group.word if len(members) > 1 else ALL, members=tuple(members))
