"""One run of the pipeline: where it is, what comes next, what became of every row."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import get_args

import anyio
from litestar.response import ServerSentEvent
from litestar.response.sse import ServerSentEventMessage

from guanxi.integration import following, milestones, steering
from guanxi.integration.following import StageProgress
from guanxi.integration.steering import LIVE, Action
from guanxi.kernel.errors import NotFound
from guanxi.kernel.text import Message, say
from guanxi.web.running.counts import StageCounts, read_counts, stage_label
from guanxi.web.running.facts import Facts, facts_of, title_of
from guanxi.web.running.ledger import Figure, Ledger, figures, ledger
from guanxi.web.running.next_step import NextStep, next_step
from guanxi.web.running.steps import Step, steps
from guanxi.web.values import Cell, cell
from guanxi.web.visit import Answer, Page, Visit

SECONDS_BETWEEN_LOOKS = 1.0


@dataclass(frozen=True, kw_only=True)
class StageLine:
    """One stage at work; ``percent`` is None while the total is not known."""

    label: str
    done: str
    total: str
    percent: int | None
    text: str
    is_running: bool


@dataclass(frozen=True, kw_only=True)
class SourceLine:
    """A source of the run."""

    title: str
    department: str


@dataclass(frozen=True, kw_only=True)
class RunPage:
    """Everything the page of a run shows."""

    id: int
    address: str
    title: str
    state: Cell
    by: str
    begun: str
    sources: tuple[SourceLine, ...]
    steps: tuple[Step, ...]
    next: NextStep
    stages: tuple[StageLine, ...]
    ledger: Ledger | None
    figures: tuple[Figure, ...]
    counts: tuple[StageCounts, ...]
    has_proof: bool
    is_live: bool


def show_run(visit: Visit) -> Answer:
    """Show the run."""
    return visit.show("pages/run.html", _page(visit))


def show_state(visit: Visit) -> Answer:
    """Show what changes while the run is under way; a header tells when nothing more happens by itself."""
    page = _page(visit)
    return visit.show(
        "pages/run.html", page, block="state", headers={} if page.is_live else {"X-Ended": "yes"}
    )


def follow(visit: Visit) -> Answer:
    """Send the state each time it changes, until the run waits or ends, or the browser goes away."""
    facts_of(visit, visit.incoming.parameters["record_id"])
    return ServerSentEvent(_events(visit), headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"})


def act(visit: Visit) -> Answer:
    """Do what a button says."""
    wanted = visit.incoming.parameters["action"]
    action: Action | None = next((each for each in get_args(Action) if each == wanted), None)
    if action is None:
        raise NotFound(say("there is no such page"))
    facts = facts_of(visit, visit.incoming.parameters["record_id"])
    steering.act(visit.tx, visit.actor, facts.stands.name, action)
    return visit.go(facts.address)


def show_end(visit: Visit) -> Answer:
    """Ask before a run is ended for good: what it loaded stays until it is rolled back."""
    return visit.show("pages/run_end.html", _page(visit))


async def _events(visit: Visit) -> AsyncIterator[ServerSentEventMessage]:
    # Each look is a request of its own, with its own session and transaction: somebody signed out sees no more.
    from guanxi.web.answering import answer  # noqa: PLC0415 (answering knows every page)

    part = Page(path="", answer=show_state)
    incoming = replace(visit.incoming, headers={**visit.incoming.headers, "hx-request": "true"})
    shown = ""
    while True:
        state = await anyio.to_thread.run_sync(answer, visit.site, part, incoming)
        if state.status_code != 200 or "HX-Redirect" in state.headers:
            return
        if state.content != shown:
            shown = state.content
            yield ServerSentEventMessage(data=shown, event="state")
        if "X-Ended" in state.headers:
            yield ServerSentEventMessage(data="", event="end")
            return
        await anyio.sleep(SECONDS_BETWEEN_LOOKS)


def _page(visit: Visit) -> RunPage:
    facts = facts_of(visit, visit.incoming.parameters["record_id"])
    run, reader, stands = facts.run, visit.reader, facts.stands
    shown = replace(run, values={**run.values, "state": stands.state})
    begun = run.values["started_at"] or run.values["created_at"]
    is_live = stands.state in LIVE
    return RunPage(
        id=run.id,
        address=facts.address,
        title=str(run.values["name"]),
        state=cell(shown, visit.catalog.object("run").field("state"), reader),
        by=run.titles.get("created_by", ""),
        begun=reader.moment(begun) if begun else "",
        sources=tuple(
            SourceLine(title=title_of(each, reader.language), department=str(each.get("department") or ""))
            for each in facts.sources
        ),
        steps=steps(facts, reader),
        next=next_step(facts, _failure(visit, facts), reader),
        stages=tuple(_stages(visit, facts)) if is_live or stands.state == "paused" else (),
        ledger=ledger(facts, visit),
        figures=figures(facts, visit),
        counts=read_counts(run.values["counts"], reader),
        has_proof=facts.has_proof and stands.state != "pilot",
        is_live=is_live,
    )


def _failure(visit: Visit, facts: Facts) -> milestones.Failure | None:
    if facts.stands.state != "failed" or not facts.stands.name:
        return None
    return milestones.failure_of(visit.site.workshop.folder(facts.stands.name))


def _stages(visit: Visit, facts: Facts) -> list[StageLine]:
    reported = following.stages(facts.stands)
    titles = {str(each.get("name")): title_of(each, visit.reader.language) for each in facts.sources}
    return [
        _stage(visit, each, titles, is_last=place == len(reported) - 1) for place, each in enumerate(reported)
    ]


def _stage(visit: Visit, each: StageProgress, titles: Mapping[str, str], *, is_last: bool) -> StageLine:
    reader = visit.reader
    percent = min(100, each.done * 100 // each.total) if each.total else None
    return StageLine(
        label=stage_label(each.stage, reader),
        done=reader.number(each.done),
        total=reader.number(each.total) if each.total is not None else "",
        percent=percent if is_last else 100,
        text=visit.say(_titled(each.message, titles)) if each.message else "",
        is_running=is_last and percent != 100,
    )


def _titled(message: Message, titles: Mapping[str, str]) -> Message:
    """Return what a stage reports with the sources as people call them, and numbers as people write them."""
    values: dict[str, object] = {}
    for name, value in message.values.items():
        is_number = isinstance(value, int) and not isinstance(value, bool)
        values[name] = Decimal(value) if is_number else value
    if "source" in values:
        values["source"] = titles.get(str(values["source"]), values["source"])
    return Message(message.template, values)


PAGES = (
    Page(path="/runs/{record_id:int}", answer=show_run),
    Page(path="/runs/{record_id:int}/state", answer=show_state),
    Page(path="/runs/{record_id:int}/events", answer=follow),
    Page(path="/runs/{record_id:int}/end", answer=show_end),
    Page(path="/runs/{record_id:int}/{action:str}", answer=act, method="POST"),
)
