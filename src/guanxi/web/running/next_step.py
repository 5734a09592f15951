"""What comes next for a run, in words, with one button that does it and the others beside it."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from guanxi.integration.advice import Place, advice_for
from guanxi.integration.milestones import Failure
from guanxi.integration.steering import Action
from guanxi.kernel.text import Message, by_number, say
from guanxi.web.reader import Reader
from guanxi.web.running.facts import Facts

Tone = Literal["", "good", "wait", "bad"]


@dataclass(frozen=True, kw_only=True)
class Button:
    """Something to do: a form that is sent to *address*, or (with *is_link*) a page to go to."""

    label: str
    address: str
    icon: str
    is_link: bool = False


@dataclass(frozen=True, kw_only=True)
class NextStep:
    """Where a run stands in a sentence, what that means, what to do about it."""

    title: str
    text: str
    tone: Tone
    problem: str
    primary: Button | None
    others: tuple[Button, ...]


@dataclass(frozen=True, kw_only=True)
class _Told:
    title: Message
    text: Message
    tone: Tone = ""
    primary: tuple[Message, str, str] | None = None
    """Label, where to, icon; an address that begins with / is a page."""
    others: tuple[Action, ...] = ()


_BUTTONS: dict[Action, tuple[Message, str]] = {
    "go_on": (say("Load without them"), "player-play"),
    "again": (say("Prepare again"), "refresh"),
    "pause": (say("Pause"), "player-pause"),
    "resume": (say("Try again as it was"), "player-play"),
    "cancel": (say("End the run…"), "player-stop"),
    "roll_back": (say("Roll back…"), "arrow-back-up"),
}
_ASKS_FIRST: dict[str, str] = {"cancel": "end", "roll_back": "roll-back"}
"""Actions with a page of their own that says what they mean before anything happens."""


def next_step(facts: Facts, failure: Failure | None, reader: Reader) -> NextStep:
    """Return what comes next; a person who may not act reads where the run stands, without buttons."""
    told = _BY_STATE.get(facts.stands.state, _running)(facts)
    problem, text = "", told.text
    if facts.stands.state == "failed" and failure is not None:
        problem, text = reader.say(failure.message), advice_for(failure).message
    elif facts.stands.state == "failed":
        problem = facts.run.values["problem"] or ""
    return NextStep(
        title=reader.say(told.title),
        text=reader.say(text),
        tone=told.tone,
        problem=problem,
        primary=_primary(facts, told, reader),
        others=(
            *_proving(facts, reader),
            *_deciding(facts, reader),
            *_mending(facts, failure, reader),
            *(
                _button(facts, each, reader)
                for each in (*told.others, *_ends(told))
                if each in facts.possible
            ),
        ),
    )


def _ends(told: _Told) -> tuple[Action, ...]:
    return tuple(each for each in ("cancel", "roll_back") if each not in told.others)


def _primary(facts: Facts, told: _Told, reader: Reader) -> Button | None:
    if told.primary is None:
        return None
    label, where, icon = told.primary
    if where.startswith("/"):
        return Button(label=reader.say(label), address=where, icon=icon, is_link=True)
    if where not in facts.possible:
        return None
    return Button(label=reader.say(label), address=f"{facts.address}/{where}", icon=icon)


def _button(facts: Facts, action: Action, reader: Reader) -> Button:
    label, icon = _BUTTONS[action]
    asks = _ASKS_FIRST.get(action)
    address = f"{facts.address}/{asks or action}"
    return Button(label=reader.say(label), address=address, icon=icon, is_link=asks is not None)


def _mending(facts: Facts, failure: Failure | None, reader: Reader) -> tuple[Button, ...]:
    """Return where a failed run can be mended."""
    if facts.stands.state != "failed" or failure is None:
        return ()
    places: dict[Place, tuple[Message, str]] = {
        "sources": (say("To the sources"), "/sources"),
        "mapping": (say("To the sources and their mappings"), "/sources"),
    }
    if (place := places.get(advice_for(failure).place)) is None:
        return ()
    return (Button(label=reader.say(place[0]), address=place[1], icon="database-import", is_link=True),)


def _proving(facts: Facts, reader: Reader) -> tuple[Button, ...]:
    """Return where the proof of a pilot is looked at before the rest is loaded."""
    if facts.stands.state != "pilot" or not facts.has_proof:
        return ()
    label = reader.say(say("Look at the proof"))
    return (Button(label=label, address=f"{facts.address}/proof", icon="checklist", is_link=True),)


def _deciding(facts: Facts, reader: Reader) -> tuple[Button, ...]:
    """Return where the pairs are decided that a prepared run asks people about."""
    if facts.stands.state != "prepared" or not facts.undecided or not facts.possible:
        return ()
    label = reader.say(say("Decide the pairs"))
    address = f"/duplicates?run={facts.run.id}"
    return (Button(label=label, address=address, icon="git-compare", is_link=True),)


def _waiting(facts: Facts) -> _Told:
    return _Told(
        title=say("The run is in the queue"),
        text=say("It begins as soon as a worker is free. You may leave this page; the run goes on."),
        others=("pause",),
    )


def _running(facts: Facts) -> _Told:
    phases: dict[str, tuple[Message, Message]] = {
        "prepare": (
            say("The sources are being prepared"),
            say(
                "Nothing is loaded yet. You may leave this page; the run goes on and tells you when it waits."
            ),
        ),
        "pilot": (
            say("The pilot is being loaded"),
            say("A share of the customers comes in and is held against its sources."),
        ),
        "rest": (
            say("All other customers are being loaded"),
            say("You may leave this page; the run goes on and tells you when it has ended."),
        ),
    }
    title, text = phases[facts.stands.phase]
    return _Told(title=title, text=text, others=("pause",))


def _prepared(facts: Facts) -> _Told:
    title = by_number(
        facts.customers,
        say("Prepared: one customer can be loaded"),
        say("Prepared: {count} customers can be loaded", count=Decimal(facts.customers)),
    )
    load = by_number(
        facts.pilot,
        say("Load the pilot: one customer"),
        say("Load the pilot: {count} customers", count=Decimal(facts.pilot)),
    )
    if facts.decided_since:
        return _Told(
            title=title,
            text=say("People have decided and corrected since; prepare again, so that it counts."),
            tone="wait",
            primary=(
                by_number(
                    facts.decided_since,
                    say("Prepare again with one decision"),
                    say("Prepare again with {count} decisions", count=Decimal(facts.decided_since)),
                ),
                "again",
                "refresh",
            ),
            others=("go_on",),
        )
    if facts.undecided:
        text = by_number(
            facts.undecided,
            say("Nothing is loaded yet. One pair may be the same customer: decide it now, or later."),
            say(
                "Nothing is loaded yet. {count} pairs may be the same customer: decide them now, or later.",
                count=Decimal(facts.undecided),
            ),
        )
        return _Told(title=title, text=text, primary=(load, "go_on", "player-play"), others=("again",))
    return _Told(
        title=title,
        text=say(
            "Nothing is loaded yet. The pilot loads a share of the customers and checks every value of it."
        ),
        primary=(load, "go_on", "player-play"),
        others=("again",),
    )


def _pilot(facts: Facts) -> _Told:
    return _Told(
        title=by_number(
            facts.in_base,
            say("The pilot is loaded: one customer"),
            say("The pilot is loaded: {count} customers", count=Decimal(facts.in_base)),
        ),
        text=by_number(
            facts.pilot_errors,
            say("One thing in the pilot does not hold. Look at the proof before you load the others."),
            say(
                "{count} things in the pilot do not hold. Look at the proof before you load the others.",
                count=Decimal(facts.pilot_errors),
            ),
        )
        if facts.pilot_errors
        else say("The proof sets a sample beside its sources. Look at it, then load the others."),
        tone="wait" if facts.pilot_errors else "good",
        primary=(
            by_number(
                max(0, facts.customers - facts.in_base),
                say("Load the other one"),
                say("Load the other {count}", count=Decimal(max(0, facts.customers - facts.in_base))),
            ),
            "go_on",
            "player-play",
        ),
    )


def _paused(facts: Facts) -> _Told:
    return _Told(
        title=say("Paused"),
        text=say("The step that was under way is finished or will be done again; nothing is lost."),
        tone="wait",
        primary=(say("Go on"), "resume", "player-play"),
    )


def _failed(facts: Facts) -> _Told:
    again = facts.stands.phase == "prepare" and "again" in facts.possible
    return _Told(
        title=say("The run has stopped"),
        text=say("Try again; what was done is not lost."),
        tone="bad",
        primary=(say("Try again"), "again" if again else "resume", "refresh"),
    )


def _finished(facts: Facts) -> _Told:
    proof = f"{facts.address}/proof"
    title = by_number(
        facts.in_base,
        say("Finished: one customer is in"),
        say("Finished: {count} customers are in", count=Decimal(facts.in_base)),
    )
    missing = [each for each in facts.departments if each not in facts.signed]
    if errors := facts.number("verify", "errors"):
        return _Told(
            title=title,
            text=by_number(
                errors,
                say("One thing does not hold; the proof names it."),
                say("{count} things do not hold; the proof names each of them.", count=Decimal(errors)),
            ),
            tone="wait",
            primary=(say("Look at the proof"), proof, "checklist"),
        )
    if missing:
        return _Told(
            title=title,
            text=say("Everything adds up. Still to sign: {departments}.", departments=missing),
            tone="good",
            primary=(say("Check the proof and sign"), f"{proof}#signatures", "signature"),
        )
    signed = say("Everything adds up, and every department has signed.")
    whole = say("Everything adds up.")
    return _Told(
        title=title,
        text=signed if facts.departments else whole,
        tone="good",
        primary=(say("To the customers"), "/o/customer", "building"),
    )


def _cancelled(facts: Facts) -> _Told:
    if facts.in_base:
        text = by_number(
            facts.in_base,
            say("It loaded one customer before. Keep it, or roll the run back."),
            say(
                "It loaded {count} customers before. Keep them, or roll the run back.",
                count=Decimal(facts.in_base),
            ),
        )
    elif facts.stands.has_written:
        text = say("It loaded nothing. Rolling it back removes what it asked people for.")
    else:
        text = say("It loaded nothing and asked nobody for anything.")
    return _Told(title=say("The run was ended"), text=text)


def _rolling_back(facts: Facts) -> _Told:
    return _Told(
        title=say("The run is being rolled back"),
        text=say("Either everything is taken back or nothing. You may leave this page."),
    )


def _rolled_back(facts: Facts) -> _Told:
    return _Told(
        title=say("The run was rolled back"),
        text=say(
            "Taken back: {reversed}. Left as they are, because people use or changed them: {kept}.",
            reversed=Decimal(facts.number("roll_back", "reversed")),
            kept=Decimal(facts.number("roll_back", "kept") + facts.number("roll_back", "conflicts")),
        ),
        primary=(say("See what was done"), f"{facts.address}/roll-back", "list-details"),
    )


_BY_STATE: dict[str, Callable[[Facts], _Told]] = {
    "waiting": _waiting,
    "running": _running,
    "prepared": _prepared,
    "pilot": _pilot,
    "paused": _paused,
    "failed": _failed,
    "finished": _finished,
    "cancelled": _cancelled,
    "rolling_back": _rolling_back,
    "rolled_back": _rolled_back,
}
