"""One run of the pipeline: where it is, counts that add up, what went wrong, and what can be done about it."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from typing import get_args

import anyio
from litestar.response import ServerSentEvent
from litestar.response.sse import ServerSentEventMessage

from guanxi.access.roles import may
from guanxi.integration import following, steering
from guanxi.integration.steering import Action
from guanxi.kernel.errors import Refused
from guanxi.kernel.text import Message, say
from guanxi.records import reading
from guanxi.records.reading import Record
from guanxi.web.counts import StageCounts, read_counts, stage_label
from guanxi.web.values import Cell, cell
from guanxi.web.visit import Answer, Page, Visit

ENDED = frozenset({"finished", "failed", "cancelled", "rolled_back"})
SECONDS_BETWEEN_LOOKS = 1.0
_FIELDS = ("name", "state", "stage", "started_at", "finished_at", "counts", "problem", "folder", "work")
_BUTTONS: dict[Action, tuple[Message, str]] = {
    "cancel": (say("Cancel the run"), "player-stop"),
    "resume": (say("Resume"), "player-play"),
    "roll_back": (say("Roll back"), "arrow-back-up"),
    "pause": (say("Pause"), "player-pause"),
    "go_on": (say("Go on"), "player-play"),
    "again": (say("Prepare again"), "refresh"),
}


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
class Button:
    """Something that can be done to the run now."""

    action: str
    label: str
    icon: str


@dataclass(frozen=True, kw_only=True)
class RunPage:
    """Everything the page of a run shows."""

    id: int
    address: str
    title: str
    facts: tuple[Cell, ...]
    state: Cell
    stages: tuple[StageLine, ...]
    counts: tuple[StageCounts, ...]
    problem: str
    buttons: tuple[Button, ...]
    files: tuple[tuple[str, str], ...]
    is_live: bool


def show_run(visit: Visit) -> Answer:
    """Show the run."""
    return visit.show("pages/run.html", _page(visit))


def show_state(visit: Visit) -> Answer:
    """Show what changes while the run is under way; a header tells when it has ended."""
    page = _page(visit)
    return visit.show(
        "pages/run.html", page, block="state", headers={} if page.is_live else {"X-Ended": "yes"}
    )


def follow(visit: Visit) -> Answer:
    """Send the state each time it changes, until the run ends or the browser goes away."""
    _run(visit)
    return ServerSentEvent(_events(visit), headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"})


def act(visit: Visit) -> Answer:
    """Do what a button says."""
    wanted = visit.incoming.parameters["action"]
    action = next((each for each in get_args(Action) if each == wanted), None)
    run = _run(visit)
    if action is None:
        raise Refused(say("this cannot be done to the run now"))
    steering.act(visit.tx, visit.actor, str(run.values["folder"]), action)
    return visit.go(f"/runs/{run.id}")


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


def _run(visit: Visit) -> Record:
    return reading.get(visit.tx, visit.actor, "run", visit.incoming.parameters["record_id"], _FIELDS)


def _page(visit: Visit) -> RunPage:
    run, reader = _run(visit), visit.reader
    object_type = visit.catalog.object("run")
    cells = {name: cell(run, object_type.field(name), reader) for name in _FIELDS if name in run.values}
    return RunPage(
        id=run.id,
        address=f"/runs/{run.id}",
        title=cells["name"].text,
        facts=tuple(cells[name] for name in ("started_at", "finished_at") if not cells[name].is_empty),
        state=cells["state"],
        stages=tuple(_stages(visit, run)),
        counts=read_counts(run.values.get("counts"), reader),
        problem=cells["problem"].text,
        buttons=tuple(
            Button(action=each, label=visit.say(_BUTTONS[each][0]), icon=_BUTTONS[each][1])
            for each in _possible(visit, run)
        ),
        files=((f"/runs/{run.id}/proof", visit.say(say("Proof: counts, sample, links, signatures"))),),
        is_live=run.values.get("state") not in ENDED,
    )


def _possible(visit: Visit, run: Record) -> tuple[Action, ...]:
    may_act = may(visit.actor, visit.catalog, "integrate")
    return steering.possible(steering.standing_of(run)) if may_act else ()


def _stages(visit: Visit, run: Record) -> list[StageLine]:
    reader, reported = visit.reader, following.stages(steering.standing_of(run))
    lines = []
    for place, each in enumerate(reported):
        percent = min(100, each.done * 100 // each.total) if each.total else None
        lines.append(
            StageLine(
                label=stage_label(each.stage, reader),
                done=reader.number(each.done),
                total=reader.number(each.total) if each.total is not None else "",
                percent=percent,
                text=visit.say(each.message) if each.message else "",
                is_running=place == len(reported) - 1 and percent != 100,
            )
        )
    if not lines and run.values.get("stage"):
        label = stage_label(str(run.values["stage"]), reader)
        lines.append(StageLine(label=label, done="", total="", percent=None, text="", is_running=True))
    return lines


PAGES = (
    Page(path="/runs/{record_id:int}", answer=show_run),
    Page(path="/runs/{record_id:int}/state", answer=show_state),
    Page(path="/runs/{record_id:int}/events", answer=follow),
    Page(path="/runs/{record_id:int}/{action:str}", answer=act, method="POST"),
)
