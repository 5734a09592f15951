"""Durable work: declared as workflows of steps, started, watched, cancelled, resumed.

A workflow is a plain function that calls steps and decides nothing by the clock or by chance; a step is a
plain function that does something. Each finished step is remembered, so a run continues behind it after a
crash. A step that was killed in the middle runs again: it writes its effect and a key of its own in one
transaction, and finds the key when it comes again.

Transient errors are tried again with growing waits; Refused and Terminal ones, and everything unforeseen,
park the work with its message until a person resumes it.
"""

import functools
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, ParamSpec, TypeVar

import stamina
from dbos import DBOS, SetWorkflowID, WorkflowStatus
from dbos import error as engine

from guanxi.jobs.runtime import DEFAULT_QUEUE
from guanxi.kernel.errors import Conflict, GuanxiError, NotFound, Refused, Terminal, Transient
from guanxi.kernel.memory import give_back
from guanxi.kernel.text import Message, say

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")
SECONDS_BETWEEN_QUESTIONS = 0.1
SECONDS_OF_A_LONG_STEP = 5.0


class State(StrEnum):
    """Where a piece of work stands."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    PARKED = "parked"
    CANCELLED = "cancelled"


_STATES = {
    "ENQUEUED": State.WAITING,
    "DELAYED": State.WAITING,
    "PENDING": State.RUNNING,
    "SUCCESS": State.DONE,
    "ERROR": State.PARKED,
    "MAX_RECOVERY_ATTEMPTS_EXCEEDED": State.PARKED,
    "CANCELLED": State.CANCELLED,
}


@dataclass(frozen=True, kw_only=True)
class Status:
    """What is known about one piece of work; times are in UTC."""

    id: str
    work: str
    state: State
    queue: str | None
    begun_at: datetime
    changed_at: datetime
    result: Any = None
    error: GuanxiError | None = None

    @property
    def message(self) -> Message | None:
        """Return why the work is parked."""
        return self.error.message if self.error else None

    @property
    def ended(self) -> bool:
        """Tell whether nothing more happens unless somebody resumes it."""
        return self.state in (State.DONE, State.PARKED, State.CANCELLED)


def workflow(name: str) -> Callable[[Callable[Arguments, Result]], Callable[Arguments, Result]]:
    """Declare a function as durable work called *name*; the name stays, whatever becomes of the function."""

    def declare(function: Callable[Arguments, Result]) -> Callable[Arguments, Result]:
        return DBOS.workflow(name=name)(_ours(function, name))

    return declare


def step(
    name: str, *, retries: int = 5, first_wait_seconds: float = 0.5, longest_wait_seconds: float = 30.0
) -> Callable[[Callable[Arguments, Result]], Callable[Arguments, Result]]:
    """Declare a function as one step called *name*, its result remembered.

    A `Transient` error is tried again up to *retries* times, the waits doubling from *first_wait_seconds*
    to *longest_wait_seconds*, with jitter. Arguments and results are values that `guanxi.jobs.encoding` can
    keep.
    """

    def declare(function: Callable[Arguments, Result]) -> Callable[Arguments, Result]:
        patient = stamina.retry(
            on=Transient,
            attempts=retries + 1,
            timeout=None,
            wait_initial=first_wait_seconds,
            wait_max=longest_wait_seconds,
            wait_jitter=first_wait_seconds,
        )
        return DBOS.step(name=name)(_ours(_tidied(patient(function)), name))

    return declare


def _tidied(function: Callable[Arguments, Result]) -> Callable[Arguments, Result]:
    """Give memory back after a step that took long: the next one may need as much."""

    @functools.wraps(function)
    def run(*given: Arguments.args, **named: Arguments.kwargs) -> Result:
        begun = time.monotonic()
        try:
            return function(*given, **named)
        finally:
            if time.monotonic() - begun > SECONDS_OF_A_LONG_STEP:
                give_back()

    return run


def start(work: Callable[..., Any], run: str, *arguments: Any) -> None:
    """Begin *work* in this process at once; the same *run* again is the same work and begins nothing.

    Raises `Conflict` when the name belongs to other work.
    """
    with SetWorkflowID(run):
        _same_work(run, lambda: DBOS.start_workflow(work, *arguments))


def enqueue(work: Callable[..., Any], run: str, *arguments: Any, queue: str = DEFAULT_QUEUE) -> None:
    """Put *work* into *queue*, for any process that takes from it; the same *run* again changes nothing.

    Raises `Conflict` when the name belongs to other work.
    """
    with SetWorkflowID(run):
        _same_work(run, lambda: DBOS.enqueue_workflow(queue, work, *arguments))


def status(run: str) -> Status:
    """Return what is known about the work *run*; raise `NotFound` when there is none."""
    found = DBOS.get_workflow_status(run)
    if found is None:
        raise NotFound(say("There is no work {run}.", run=run))
    return _status(found)


def find_work(*, name: str | None = None, limit: int = 100) -> list[Status]:
    """Return the latest *limit* pieces of work (those called *name*), newest first, without their results."""
    found = DBOS.list_workflows(name=name, limit=limit, sort_desc=True, load_input=False)
    return [_status(each) for each in found]


def cancel(run: str) -> None:
    """Stop the work *run* before its next step, or at the next report inside a step; finished steps stay."""
    if status(run).ended:
        raise Refused(say("The work {run} has ended already.", run=run))
    DBOS.cancel_workflow(run)


def resume(run: str) -> None:
    """Continue cancelled or parked work behind its last finished step; a step that failed is tried anew."""
    current = status(run)
    queue = current.queue or DEFAULT_QUEUE
    if not current.ended or current.state is State.DONE:
        raise Refused(
            say("Only cancelled or parked work can be resumed; this is {state}.", state=current.state.value)
        )
    if DBOS.list_workflows(workflow_ids=[run], load_input=False)[0].status == "ERROR":
        DBOS.rewind_workflow(run, start_step=_first_step_to_repeat(run), queue_name=queue)
    else:
        DBOS.resume_workflow(run, queue_name=queue)


def wait(run: str, *, timeout_seconds: float) -> Any:
    """Return the result of the work *run* when it ends.

    Raises the error that parked it, `Refused` when it was cancelled, `Transient` when it does not end in
    time.
    """
    deadline = time.monotonic() + timeout_seconds
    while not (current := status(run)).ended:
        if time.monotonic() > deadline:
            raise Transient(
                say("The work {run} has not ended in {seconds} seconds.", run=run, seconds=timeout_seconds)
            )
        time.sleep(SECONDS_BETWEEN_QUESTIONS)
    if current.error is not None:
        raise current.error
    if current.state is State.CANCELLED:
        raise Refused(say("The work {run} was cancelled.", run=run))
    return current.result


def _ours(function: Callable[Arguments, Result], name: str) -> Callable[Arguments, Result]:
    """Turn whatever *function* raises into an error of our tree."""

    @functools.wraps(function)
    def guarded(*args: Arguments.args, **kwargs: Arguments.kwargs) -> Result:
        try:
            return function(*args, **kwargs)
        except GuanxiError:
            raise
        except Exception as error:
            reason = f"{type(error).__name__}: {error}"
            raise Terminal(say("{name} failed unexpectedly: {reason}", name=name, reason=reason)) from error

    return guarded


def _same_work(run: str, begin: Callable[[], Any]) -> None:
    try:
        begin()
    except engine.DBOSConflictingWorkflowError as error:
        raise Conflict(say("The name {run} belongs to other work.", run=run)) from error


def _status(found: WorkflowStatus) -> Status:
    state = _STATES[found.status]
    error = found.error
    if state is State.PARKED and not isinstance(error, GuanxiError):
        error = Terminal(say("The work was interrupted too often; it was given up."))
    return Status(
        id=found.workflow_id,
        work=found.name,
        state=state,
        queue=found.queue_name,
        begun_at=_moment(found.created_at),
        changed_at=_moment(found.updated_at),
        result=found.output,
        error=error if isinstance(error, GuanxiError) else None,
    )


def _moment(milliseconds: int | None) -> datetime:
    return datetime.fromtimestamp((milliseconds or 0) / 1000, UTC)


def _first_step_to_repeat(run: str) -> int:
    """Return the number of the step whose error parked the work, or the one behind the last finished step."""
    steps = DBOS.list_workflow_steps(run)
    if not steps:
        return 1
    last = steps[-1]
    return last["function_id"] if last["error"] is not None else last["function_id"] + 1
