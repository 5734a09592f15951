"""A new run: which sources, how large a pilot, where to wait; one click begins."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from guanxi.access.roles import require
from guanxi.expressions.conditions import differs
from guanxi.integration import inventory, readiness, steering
from guanxi.integration.plans import STOPS, Phase
from guanxi.jobs import runtime
from guanxi.kernel.errors import Invalid, Problem, Refused
from guanxi.kernel.numbers import number_in
from guanxi.kernel.text import Message, by_number, say
from guanxi.records import reading
from guanxi.records.reading import Asked, Record
from guanxi.web.filling import by_field
from guanxi.web.visit import Answer, Page, Visit

PILOTS = ("5", "10", "20", "50")
SAMPLES = ("5", "10")
MOST_SOURCES = 200
_STOPS: dict[Phase, tuple[Message, Message]] = {
    "prepare": (
        say("Wait after preparing"),
        say("Before anything is loaded you see what would come in, and stewards decide the doubtful pairs."),
    ),
    "pilot": (
        say("Wait after the pilot"),
        say("A share of the customers is loaded and checked; you look at it before the others follow."),
    ),
}


@dataclass(frozen=True, kw_only=True)
class Choice:
    """A source that can be taken into the run."""

    id: int
    title: str
    department: str
    rows: int | None
    mapped: str
    warning: str
    against: str
    is_chosen: bool


@dataclass(frozen=True, kw_only=True)
class Switch:
    """A phase behind which the run waits."""

    name: str
    label: str
    hint: str
    is_on: bool


@dataclass(frozen=True, kw_only=True)
class BeginningPage:
    """The form, with what was typed and what is wrong with it."""

    sources: tuple[Choice, ...]
    name: str
    pilots: tuple[str, ...]
    samples: tuple[str, ...]
    pilot: str
    sample: str
    switches: tuple[Switch, ...]
    problems: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class _Given:
    sources: tuple[int, ...]
    name: str
    pilot: str = "10"
    sample: str = "5"
    stops: tuple[str, ...] = STOPS


def show_form(visit: Visit) -> Answer:
    """Show the form; ``?source=1&source=2`` chooses sources."""
    require(visit.actor, visit.catalog, "integrate")
    given = _Given(sources=_numbers(visit.incoming.query), name="")
    return visit.show("pages/beginning.html", _page(visit, given, {}))


def begin(visit: Visit) -> Answer:
    """Begin the run and show it."""
    require(visit.actor, visit.catalog, "integrate")
    given = _given(visit)
    try:
        plan = _plan(visit, given)
    except Invalid as invalid:
        problems = by_field(visit.reader, invalid)
        return visit.show("pages/beginning.html", _page(visit, given, problems), status=422)
    if not runtime.is_launched():
        raise Refused(say("no work can be begun from here at the moment; try again in a minute"))
    run = steering.begin(visit.site.workshop, visit.actor, plan)
    return visit.go(f"/runs/{steering.number_of(visit.site.workshop, run)}")


def _given(visit: Visit) -> _Given:
    form = visit.incoming
    return _Given(
        sources=_numbers(form.form),
        name=form.typed("name").strip(),
        pilot=form.typed("pilot"),
        sample=form.typed("sample"),
        stops=tuple(each for each in form.form.get("stop", ()) if each in STOPS),
    )


def _numbers(sent: Mapping[str, Sequence[str]]) -> tuple[int, ...]:
    """Return the sources that were chosen."""
    found = (number_in(each) for each in sent.get("source", ()))
    return tuple(each for each in found if each is not None)


def _plan(visit: Visit, given: _Given) -> Any:
    """Return the plan; raise `Invalid` with everything that is wrong with what was chosen."""
    problems = []
    if not given.sources:
        problems.append(Problem("source", say("choose at least one source")))
    if not given.name:
        problems.append(Problem("name", say("give the run a name, so that people find it again")))
    problems += [
        Problem(name, say("choose one of the shares"))
        for name, value, known in (("pilot", given.pilot, PILOTS), ("sample", given.sample, SAMPLES))
        if value not in known
    ]
    chosen = [each for each in _records(visit) if each.id in given.sources]
    for each in chosen:
        if (against := readiness.look(visit.site.workshop, each).against) is not None:
            told = say("{source} cannot be used yet: {reason}", source=each.values["title"], reason=against)
            problems.append(Problem("source", told))
    if problems:
        raise Invalid(problems)
    plan = inventory.plan_from_sources(
        visit.tx,
        visit.actor,
        given.name,
        given.sources,
        pilot_share=int(given.pilot) / 100,
        sample_share=int(given.sample) / 100,
    )
    return replace(plan, stop_after=tuple(each for each in STOPS if each in given.stops))


def _records(visit: Visit) -> Sequence[Record]:
    asked = Asked(
        object="source",
        fields=inventory.FIELDS,
        where=differs("retired", True),
        order=(("department", False), ("id", False)),
        limit=MOST_SOURCES,
    )
    return reading.find(visit.tx, visit.actor, asked).records


def _page(visit: Visit, given: _Given, problems: Mapping[str, str]) -> BeginningPage:
    records = _records(visit)
    return BeginningPage(
        sources=tuple(_choice(visit, each, given) for each in records),
        name=given.name or _suggested(visit, [each for each in records if each.id in given.sources]),
        pilots=PILOTS,
        samples=SAMPLES,
        pilot=given.pilot,
        sample=given.sample,
        switches=tuple(
            Switch(name=name, label=visit.say(label), hint=visit.say(hint), is_on=name in given.stops)
            for name, (label, hint) in _STOPS.items()
        ),
        problems=problems,
    )


def _choice(visit: Visit, record: Record, given: _Given) -> Choice:
    ready, reader, values = readiness.look(visit.site.workshop, record), visit.reader, record.values
    told = by_number(
        ready.columns,
        say("{mapped} of 1 column mapped", mapped=ready.mapped),
        say("{mapped} of {columns} columns mapped", mapped=ready.mapped, columns=ready.columns),
    )
    return Choice(
        id=record.id,
        title=str(values["title"]),
        department=str(values["department"] or ""),
        rows=values["rows"],
        mapped=reader.say(told) if ready.columns else "",
        warning=reader.say(ready.warning) if ready.warning else "",
        against=reader.say(ready.against) if ready.against else "",
        is_chosen=record.id in given.sources,
    )


def _suggested(visit: Visit, chosen: Sequence[Record]) -> str:
    """Return a name from what was chosen and the day."""
    day = visit.reader.day(visit.reader.today)
    if len(chosen) == 1:
        return f"{chosen[0].values['title']} {day}"
    return visit.say(say("Run of {day}", day=day))


PAGES = (
    Page(path="/runs/new", answer=show_form),
    Page(path="/runs", answer=begin, method="POST"),
)
