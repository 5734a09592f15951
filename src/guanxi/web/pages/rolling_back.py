"""Taking a run back: what would happen to which records, one button with the number on it, and what was done."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from guanxi.access.roles import require
from guanxi.integration import milestones, rollback
from guanxi.integration.rollback.foreseeing import foresee
from guanxi.kernel.errors import Refused
from guanxi.kernel.text import Message, say
from guanxi.store.rollbacks import Finding
from guanxi.web.running.facts import Facts, facts_of
from guanxi.web.visit import Answer, Page, Visit

AT_ONCE = rollback.AT_ONCE
_LISTS: dict[str, tuple[Message, Message, Message]] = {
    "reversed": (
        say("Will be taken back"),
        say("Was taken back"),
        say("Records the run created are removed; values it changed return to what they were."),
    ),
    "kept": (
        say("Stays"),
        say("Stayed"),
        say("Records the run created that people have changed since, or that other records need."),
    ),
    "conflicts": (
        say("Stays as people wrote it"),
        say("Stayed as people wrote it"),
        say(
            "Values the run changed and people changed again since; their other values return to what they were."
        ),
    ),
}


@dataclass(frozen=True, kw_only=True)
class FoundLine:
    """One record: what it is called, where it is, why it stays."""

    title: str
    kind: str
    address: str
    text: str


@dataclass(frozen=True, kw_only=True)
class FoundList:
    """One of the three lists: its number, per object, a part of it, and the way to the parts beside it."""

    name: str
    title: str
    hint: str
    total: str
    parts: tuple[tuple[str, str], ...]
    lines: tuple[FoundLine, ...]
    before: str
    after: str
    is_cut: bool


@dataclass(frozen=True, kw_only=True)
class RollBackPage:
    """The preview, or what was done."""

    id: int
    address: str
    run: str
    lists: tuple[FoundList, ...]
    number: int
    is_part: bool
    """Whether one list alone is shown, further on than its beginning."""
    is_done: bool
    may_act: bool


def show_preview(visit: Visit) -> Answer:
    """Show what taking the run back would do; after it was done, what it did."""
    require(visit.actor, visit.catalog, "integrate")
    facts = facts_of(visit, visit.incoming.parameters["record_id"])
    if facts.stands.state == "rolled_back":
        return visit.show("pages/rolling_back.html", _done(visit, facts))
    if not facts.stands.has_written:
        raise Refused(say("the run changed nothing; there is nothing to take back"))
    if "roll_back" not in facts.possible:
        raise Refused(say("the run is still at work; pause it or end it first"))
    run = facts.stands.name
    folder = visit.site.workshop.folder(run)
    seen = foresee(visit.tx, visit.actor, folder, run, start=_start(visit))
    numbers = {
        "reversed": _numbers(seen.counts, "leaves", "returns"),
        "kept": _numbers(seen.counts, "kept"),
        "conflicts": _numbers(seen.counts, "conflict"),
    }
    found = {"reversed": seen.reversed, "kept": seen.kept, "conflicts": seen.conflicting}
    lists = tuple(_list(visit, name, found[name], numbers[name]) for name in _wanted(visit))
    number = sum(numbers["reversed"].values())
    return visit.show("pages/rolling_back.html", _page(visit, facts, lists, number, done=False))


def _wanted(visit: Visit) -> tuple[str, ...]:
    """Return the names of the lists to show: the one that is paged through, or all three."""
    asked = visit.incoming.asked("list")
    return (asked,) if asked in _LISTS else tuple(_LISTS)


def _start(visit: Visit) -> int:
    asked = visit.incoming.asked("start")
    paged = visit.incoming.asked("list") in _LISTS and asked.isdecimal() and len(asked) < 10
    return int(asked) if paged else 0


def _done(visit: Visit, facts: Facts) -> RollBackPage:
    found = milestones.taken_back(visit.site.workshop.folder(facts.stands.name)) or {}
    start = _start(visit)
    lists = []
    for name in _wanted(visit):
        known = found.get(name, ())
        total = facts.number("roll_back", name) or len(known)
        some = known[start : start + AT_ONCE]
        lists.append(_list(visit, name, some, {"": total}, done=True, last=len(known)))
    number = facts.number("roll_back", "reversed")
    return _page(visit, facts, tuple(lists), number, done=True)


def _page(
    visit: Visit, facts: Facts, lists: tuple[FoundList, ...], number: int, *, done: bool
) -> RollBackPage:
    return RollBackPage(
        id=facts.id,
        address=facts.address,
        run=str(facts.run.values["name"]),
        lists=lists,
        number=number,
        is_part=len(lists) == 1,
        is_done=done,
        may_act="roll_back" in facts.possible,
    )


def _numbers(counts: Mapping[tuple[str, str], int], *outcomes: str) -> dict[str, int]:
    """Return how many records of each object have one of *outcomes*."""
    numbers: dict[str, int] = {}
    for (name, outcome), number in counts.items():
        if outcome in outcomes:
            numbers[name] = numbers.get(name, 0) + number
    return numbers


def _list(
    visit: Visit,
    name: str,
    found: Iterable[Finding],
    numbers: Mapping[str, int],
    *,
    done: bool = False,
    last: int | None = None,
) -> FoundList:
    """Return a list; *last* is how many of it are kept to look at, None for all."""
    will, was, hint = _LISTS[name]
    shown, start = tuple(found), _start(visit)
    total, objects = sum(numbers.values()), visit.catalog.objects
    known, end = (total if last is None else last), start + AT_ONCE
    return FoundList(
        name=name,
        title=visit.say(was if done else will),
        hint=visit.say(hint),
        total=visit.reader.number(total),
        parts=tuple(
            (visit.reader.label(objects[each].plural), visit.reader.number(number))
            for each, number in numbers.items()
            if each in objects
        ),
        lines=tuple(_line(visit, each, is_gone=done and each.outcome == "leaves") for each in shown),
        before=f"?list={name}&start={start - AT_ONCE}" if start >= AT_ONCE else "",
        after=f"?list={name}&start={end}" if end < known else "",
        is_cut=end >= known and total > known,
    )


def _line(visit: Visit, finding: Finding, *, is_gone: bool) -> FoundLine:
    object_type = visit.catalog.object(finding.object)
    names = {each.name: visit.reader.label(each.label) for each in object_type.fields.values()}
    edited = [names.get(each, names.get(each.removesuffix("_id"), "")) for each in finding.columns]
    changed = [each for each in dict.fromkeys(edited) if each]
    reasons: dict[str, Message] = {
        "used": say("other records need it"),
        "edited": say("changed since: {fields}", fields=changed) if changed else say("changed since"),
    }
    return FoundLine(
        title=finding.title or f"#{finding.record_id}",
        kind=visit.reader.label(object_type.label),
        address="" if is_gone else f"/o/{finding.object}/{finding.record_id}",
        text=visit.say(reasons[finding.why]) if finding.why in reasons else "",
    )


PAGES = (Page(path="/runs/{record_id:int}/roll-back", answer=show_preview),)
