"""The way of a run as six steps: which are behind it, where it is, where it stopped."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from guanxi.integration.plans import PHASES
from guanxi.kernel.text import Message, by_number, say
from guanxi.web.reader import Reader
from guanxi.web.running.facts import Facts

Look = Literal["done", "now", "next", "paused", "stopped", "open"]
_NAMES: tuple[Message, ...] = (say("Prepare"), say("Pilot"), say("All customers"))
_BEHIND = {"prepared": 1, "pilot": 2, "finished": 3}
"""How many phases lie behind a run in each state that waits or has ended."""


@dataclass(frozen=True, kw_only=True)
class Step:
    """One step: its name, how it looks, what it came to."""

    name: str
    look: Look
    text: str


def steps(facts: Facts, reader: Reader) -> tuple[Step, ...]:
    """Return the six steps of a run."""
    looks = [*_phases(facts), *_ends(facts)]
    return tuple(
        Step(name=reader.say(name), look=look, text=reader.say(text) if text else "")
        for name, look, text in looks
    )


def _phases(facts: Facts) -> Iterator[tuple[Message, Look, Message | None]]:
    count = len(facts.sources)
    yield say("Plan"), "done", by_number(count, say("1 source"), say("{count} sources", count=count))
    state = facts.stands.state
    behind = _BEHIND.get(state, PHASES.index(facts.stands.phase))
    texts = (_prepared(facts), _piloted(facts), _loaded(facts))
    for place, (name, text) in enumerate(zip(_NAMES, texts, strict=True)):
        look = _look(state, place, behind, has_done=text is not None)
        yield name, look, text if look in ("done", "paused", "stopped") else None


def _look(state: str, place: int, behind: int, *, has_done: bool) -> Look:
    if state in ("cancelled", "rolling_back", "rolled_back"):
        return "done" if has_done and place <= behind else "open"
    if place < behind:
        return "done"
    if place > behind or state == "finished":
        return "open"
    by_state: dict[str, Look] = {
        "prepared": "next",
        "pilot": "next",
        "paused": "paused",
        "failed": "stopped",
    }
    return by_state.get(state, "now")


def _prepared(facts: Facts) -> Message | None:
    if not facts.has("golden"):
        return None
    return by_number(
        facts.customers, say("one customer"), say("{count} customers", count=Decimal(facts.customers))
    )


def _piloted(facts: Facts) -> Message | None:
    return say("{count} loaded", count=Decimal(min(facts.pilot, facts.in_base))) if facts.in_base else None


def _loaded(facts: Facts) -> Message | None:
    return say("{count} loaded", count=Decimal(facts.in_base)) if facts.has("verify") else None


def _ends(facts: Facts) -> Iterator[tuple[Message, Look, Message | None]]:
    finished = facts.stands.state == "finished"
    errors = facts.number("verify", "errors")
    if not finished:
        yield say("Proof"), "open", None
    elif errors:
        yield say("Proof"), "stopped", say("{count} to look at", count=Decimal(errors))
    else:
        yield say("Proof"), "done", say("everything adds up")
    if not facts.departments:
        yield say("Signed"), "open", say("no department named") if finished else None
        return
    given = len(set(facts.signed) & set(facts.departments))
    told = say("{given} of {all}", given=given, all=len(facts.departments)) if finished else None
    look: Look = "done" if given == len(facts.departments) else "next" if finished else "open"
    yield say("Signed"), look, told
