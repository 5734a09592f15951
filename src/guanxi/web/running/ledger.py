"""What became of every row: numbers that add up, each with the page that lists what it counts."""

from collections.abc import Iterator
from dataclasses import dataclass

from guanxi.access.roles import may
from guanxi.kernel.text import Message, say
from guanxi.web.running.facts import Facts
from guanxi.web.visit import Visit


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One number with its words; ``share`` is its part of all in percent; ``address`` lists what it counts."""

    label: str
    number: str
    share: int
    address: str
    colour: str


@dataclass(frozen=True, kw_only=True)
class Ledger:
    """The rows read, what each became, and whether the sum is right."""

    total: str
    entries: tuple[Entry, ...]
    adds_up: bool
    is_whole: bool
    """Whether all was loaded; before that the rows are only counted as far as they came."""


@dataclass(frozen=True, kw_only=True)
class Figure:
    """A number that leads somewhere."""

    label: str
    number: str
    address: str
    waits: bool = False


def ledger(facts: Facts, visit: Visit) -> Ledger | None:
    """Return what became of the rows, None before anything was read."""
    seen = facts.number("read", "rows_seen")
    if not seen:
        return None
    is_whole = facts.has("verify") and facts.stands.state in (
        "finished",
        "rolled_back",
        "rolling_back",
        "failed",
    )
    counted = list(_fates(facts) if is_whole else _readings(facts))
    left = seen - sum(number for _, number, _, _ in counted)
    if left:
        counted.append((say("not accounted for"), left, f"{facts.address}/proof", "red"))
    entries = tuple(
        Entry(
            label=visit.say(label),
            number=visit.reader.number(number),
            share=round(100 * number / seen),
            address=address,
            colour=colour,
        )
        for label, number, address, colour in counted
        if number
    )
    return Ledger(total=visit.reader.number(seen), entries=entries, adds_up=left == 0, is_whole=is_whole)


def _fates(facts: Facts) -> Iterator[tuple[Message, int, str, str]]:
    address = facts.address
    yield say("became new records"), facts.number("verify", "new"), "", "green"
    yield say("joined into a record of another row"), facts.number("verify", "merged"), "/merged", "blue"
    yield say("were here already, unchanged"), facts.number("verify", "unchanged"), "", "cyan"
    yield say("left out, with the reason"), facts.number("verify", "refused"), f"{address}/left-out", "orange"
    yield from _never_read(facts)


def _readings(facts: Facts) -> Iterator[tuple[Message, int, str, str]]:
    yield say("understood"), facts.number("read", "rows"), "", "green"
    yield from _never_read(facts)


def _never_read(facts: Facts) -> Iterator[tuple[Message, int, str, str]]:
    quarantined = facts.number("read", "quarantined")
    yield say("in quarantine: could not be understood"), quarantined, f"{facts.address}/quarantine", "red"
    yield say("blank"), facts.number("read", "blank"), "", "secondary"


def figures(facts: Facts, visit: Visit) -> tuple[Figure, ...]:
    """Return what the run found and what people are asked for."""
    wanted = _found(facts, integrates=may(visit.actor, visit.catalog, "integrate"))
    return tuple(
        Figure(label=visit.say(label), number=visit.reader.number(number), address=address, waits=waits)
        for label, number, address, waits in wanted
        if number
    )


def _found(facts: Facts, *, integrates: bool) -> Iterator[tuple[Message, int, str, bool]]:
    run = facts.id
    cleaning = f"{facts.address}/cleaning" if integrates else ""
    yield say("customers found in the sources"), facts.customers, "", False
    yield say("mentions joined as the same customer"), facts.joined, "/merged", False
    yield say("pairs to be decided"), facts.undecided, f"/duplicates?run={run}", True
    yield say("values changed"), facts.number("standard", "changed"), _kind(cleaning, "changed"), False
    yield say("values not usable"), facts.number("standard", "rejected"), _kind(cleaning, "rejected"), False
    yield say("doubtful values"), facts.number("standard", "suspect"), _kind(cleaning, "suspect"), False
    yield say("gaps open"), facts.open_gaps, f"/gaps?run={run}", True
    yield (
        say("without a name, not loaded"),
        facts.number("golden", "nameless"),
        f"{facts.address}/left-out",
        False,
    )


def _kind(cleaning: str, kind: str) -> str:
    """Return the page of cleaning with only what is counted; '' for those who may not open it."""
    return f"{cleaning}?kind={kind}" if cleaning else ""
