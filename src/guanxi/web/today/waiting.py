"""What waits for a person: runs to look at, signatures, duplicates, facts, steps that are due."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from guanxi.access.roles import grant_of, may
from guanxi.expressions.conditions import all_of, any_of, before, differs, equals, is_one_of
from guanxi.expressions.syntax import EVERYTHING, Expression
from guanxi.integration.departments import speaks_for
from guanxi.integration.tidings import departments_of
from guanxi.kernel.text import Message, by_number, say
from guanxi.records import reading
from guanxi.records.reading import Asked, Record
from guanxi.web.navigation import reachable
from guanxi.web.visit import Visit

RUNS = 12
COUNTED = 10_000
"""So far the numbers of the home page are exact, as those of the lists they lead to are."""
FAILED_DAYS = 7
SIGNED_DAYS = 30
_RUN_FIELDS = ("name", "state", "stage", "plan", "started_at", "finished_at")


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """One thing to do: in words, where, how urgent (bad, wait); ``number`` where it is many at once."""

    text: str
    detail: str
    address: str
    icon: str
    tone: str
    number: str = ""


def latest_runs(visit: Visit) -> tuple[Record, ...]:
    """Return the latest runs the person may see, newest first."""
    if not may_read(visit, "run"):
        return ()
    return reading.find(visit.tx, visit.actor, Asked(object="run", fields=_RUN_FIELDS, limit=RUNS)).records


def waiting_for(visit: Visit, runs: tuple[Record, ...]) -> tuple[Waiting, ...]:
    """Return everything that waits for the person, the most pressing first."""
    return (*_runs(visit, runs), *_signatures(visit, runs), *_counted(visit))


def may_read(visit: Visit, name: str) -> bool:
    """Tell whether the person sees records of an object at all."""
    return name in visit.catalog.objects and grant_of(visit.actor, visit.catalog, name).read != "none"


def mine_due(visit: Visit) -> Expression:
    """Return the condition of the person's own next steps that are due."""
    return all_of(
        equals("person", visit.actor.id),
        before("next_on", visit.reader.today + timedelta(days=1)),
        differs("done", True),
    )


def _runs(visit: Visit, runs: tuple[Record, ...]) -> Iterator[Waiting]:
    if not may(visit.actor, visit.catalog, "integrate"):
        return
    for run in runs:
        found, ended = _sentence(run), run.values["finished_at"]
        if found and not (ended and ended < visit.tx.now - timedelta(days=FAILED_DAYS)):
            message, icon, tone = found
            yield _waiting(visit, message, f"/runs/{run.id}", icon, tone, moment=ended)


def _sentence(run: Record) -> tuple[Message, str, str] | None:
    """Return what a run asks of a person: in words, its icon and tone; None when it asks nothing."""
    name = run.values["name"]
    sentences = {
        "failed": (
            say("{run} has stopped; its page says why and what to do", run=name),
            "alert-triangle",
            "bad",
        ),
        "prepared": (
            say("{run} is prepared: look at it, then load the pilot", run=name),
            "player-pause",
            "wait",
        ),
        "pilot": (
            say("{run}: the pilot is loaded; look at it, then load the rest", run=name),
            "player-pause",
            "wait",
        ),
        "paused": (say("{run} is paused", run=name), "player-pause", "wait"),
    }
    return sentences.get(run.values["state"])


def _signatures(visit: Visit, runs: tuple[Record, ...]) -> Iterator[Waiting]:
    """Finished runs whose sources belong to the person's department, as long as nobody signed for it."""
    department = visit.actor.department
    since = visit.tx.now - timedelta(days=SIGNED_DAYS)
    asked = [
        run
        for run in runs
        if run.values["state"] == "finished"
        and run.values["finished_at"]
        and run.values["finished_at"] >= since
        and department in departments_of(run.values["plan"])
    ]
    if not asked or not department or not speaks_for(visit.actor, visit.catalog, department):
        return
    where = all_of(equals("department", department), any_of(*(equals("run", each.id) for each in asked)))
    found = reading.find(visit.tx, visit.actor, Asked(object="sign_off", fields=("run",), where=where))
    signed = {each.values["run"] for each in found.records}
    for run in asked:
        if run.id not in signed:
            told = say(
                "Check the proof of {run} and sign for {department}",
                run=run.values["name"],
                department=department,
            )
            ended = run.values["finished_at"]
            yield _waiting(visit, told, f"/runs/{run.id}/proof", "signature", "wait", moment=ended)


@dataclass(frozen=True, kw_only=True)
class _Counted:
    one: Message
    several: Message
    object: str
    where: Expression
    page: str
    otherwise: str


def _counted(visit: Visit) -> Iterator[Waiting]:
    wanted = [each for each in _wanted(visit) if may_read(visit, each.object)]
    asked = [Asked(object=each.object, where=each.where) for each in wanted]
    for each, count in zip(
        wanted, reading.count_each(visit.tx, visit.actor, asked, cap=COUNTED), strict=True
    ):
        if count.number:
            there = reachable(visit.actor, visit.catalog, each.page)
            yield Waiting(
                text=visit.say(by_number(count.number, each.one, each.several)),
                detail="",
                address=each.page if there else each.otherwise,
                icon=visit.catalog.object(each.object).icon,
                tone="wait",
                number=visit.reader.number(count.number) + ("+" if count.more else ""),
            )


def _wanted(visit: Visit) -> Iterator[_Counted]:
    department = visit.actor.department
    integrates = may(visit.actor, visit.catalog, "integrate")
    if integrates or grant_of(visit.actor, visit.catalog, "review").write != "none":
        yield _Counted(
            one=say("possible duplicate to decide"),
            several=say("possible duplicates to decide"),
            object="review",
            where=equals("decision", "undecided"),
            page="/duplicates",
            otherwise="/o/review?decision=undecided",
        )
    if department or integrates:
        mine = equals("department", department) if department and not integrates else EVERYTHING
        one, several = _facts(department if not integrates else "")
        yield _Counted(
            one=one,
            several=several,
            object="gap",
            where=all_of(is_one_of("state", ("open",)), mine),
            page="/gaps",
            otherwise="/o/gap?state=open",
        )
    yield _Counted(
        one=say("of my next steps is due"),
        several=say("of my next steps are due"),
        object="activity",
        where=mine_due(visit),
        page="",
        otherwise="/o/activity?mine=1&sort=next_on",
    )


def _facts(department: str | None) -> tuple[Message, Message]:
    if department:
        return (
            say("fact for {department} to fill in", department=department),
            say("facts for {department} to fill in", department=department),
        )
    return say("fact for the departments to fill in"), say("facts for the departments to fill in")


def _waiting(visit: Visit, message: Message, address: str, icon: str, tone: str, *, moment: Any) -> Waiting:
    when = visit.reader.ago(moment) if moment else ""
    return Waiting(text=visit.say(message), detail=when, address=address, icon=icon, tone=tone)
