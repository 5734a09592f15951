"""Progress of durable work: reported inside it, followed from any process."""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from dbos import DBOS
from dbos import error as engine

from guanxi.kernel.clock import system_clock
from guanxi.kernel.errors import NotFound, Terminal
from guanxi.kernel.text import Message, say

STREAM = "progress"
POLLING_SECONDS = 0.3
SECONDS_BETWEEN_CANCEL_CHECKS = 0.5

_checked_at: dict[str, float] = {}


@dataclass(frozen=True, kw_only=True)
class Event:
    """One report: *done* of *total* (None: not known) in *stage*; each run numbers its events from 1."""

    number: int
    at: datetime
    stage: str
    done: int
    total: int | None
    message: Message | None


def report(stage: str, *, done: int, total: int | None = None, message: Message | None = None) -> None:
    """Tell everybody who follows the work that runs now how far it is; costs one small transaction.

    Inside a step this is also where a cancelled run stops: the step counts as not done. Raises `Terminal`
    when no durable work is running (in a thread of its own, too).
    """
    run = DBOS.workflow_id
    if run is None:
        raise Terminal(say("Only durable work can report progress."))
    _stop_when_cancelled(run)
    DBOS.write_stream(STREAM, [system_clock(), stage, done, total, message])


def follow(run: str, *, after: int = 0, patience_seconds: float | None = None) -> Iterator[Event]:
    """Yield the events of the work *run* behind the number *after*, as they come, until the work ends.

    Stops earlier when nothing comes for *patience_seconds*; go on later with the last number as *after*.
    Resumed work goes on counting. Raises `NotFound` when there is no such work.
    """
    values = DBOS.read_stream(
        run, STREAM, offset=after, polling_interval_sec=POLLING_SECONDS, timeout_seconds=patience_seconds
    )
    try:
        for number, (at, stage, done, total, message) in enumerate(values, start=after + 1):
            yield Event(number=number, at=at, stage=stage, done=done, total=total, message=message)
    except engine.DBOSStreamTimeoutError:
        return
    except engine.DBOSNonExistentWorkflowError:
        raise NotFound(say("There is no work {run}.", run=run)) from None
    finally:
        values.close()


def so_far(run: str) -> list[Event]:
    """Return the events of the work *run* until now, without waiting; none when there is no such work."""
    try:
        return list(follow(run, patience_seconds=0))
    except NotFound:
        return []


def _stop_when_cancelled(run: str) -> None:
    # Between steps the engine looks itself; a look of ours there would count as a step.
    if DBOS.step_id is None or time.monotonic() - _checked_at.get(run, 0.0) < SECONDS_BETWEEN_CANCEL_CHECKS:
        return
    _checked_at[run] = time.monotonic()
    current = DBOS.get_workflow_status(run)
    if current is not None and current.status == "CANCELLED":
        _checked_at.pop(run, None)
        raise engine.DBOSWorkflowCancelledError(f"work {run} was cancelled")
