"""A run is started, stopped, gone on with and taken back from here, by pages and terminal alike."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal

from guanxi.access.roles import may, require
from guanxi.identity.actor import SYSTEM, Actor
from guanxi.integration import milestones, pipeline, rollback, runs
from guanxi.integration.plans import PHASES, Phase, Plan
from guanxi.integration.rollback import RollbackPreview
from guanxi.integration.workshop import Workshop, workshop
from guanxi.jobs import progress, runtime, work
from guanxi.jobs.work import State
from guanxi.kernel.errors import GuanxiError, NotFound, Refused
from guanxi.kernel.text import Message, say
from guanxi.records import reading
from guanxi.records.reading import Record
from guanxi.store import batches
from guanxi.store.transactions import Transaction

Action = Literal["go_on", "again", "pause", "resume", "cancel", "roll_back"]
"""Load the next phase; prepare anew with what was decided; stop for a while; go on; end for good; take back."""
_CALLED: dict[Action, Message] = {
    "go_on": say("go on"),
    "again": say("prepare again"),
    "pause": say("pause"),
    "resume": say("resume"),
    "cancel": say("end"),
    "roll_back": say("roll back"),
}

LIVE = ("waiting", "running", "rolling_back")
"""States in which something happens by itself."""
_MAY_BE_EMPTY = ("paused", "failed", "cancelled")
"""States a run may come to before it has changed anything."""
_WAITING: dict[str, Phase] = {"prepared": "pilot", "pilot": "rest"}
"""The phase that comes next, by the state in which a run waits for people."""


@dataclass(frozen=True, kw_only=True)
class Standing:
    """Where a run is: its state, the phase it is in or was stopped in, the name of its latest durable work."""

    run_id: int
    name: str
    state: str
    phase: Phase
    work: str
    has_written: bool = True
    """Whether there is anything to take back; `judged` asks, where it is in doubt."""


def begin(shop: Workshop, actor: Actor, plan: Plan, *, here: bool = False) -> str:
    """Start a run of *plan* and return its name; *here* does the work in this process, else any worker takes it."""
    run = runs.start(shop, actor, plan)
    (work.start if here else work.enqueue)(pipeline.integrate, run, run)
    return run


def number_of(shop: Workshop, run: str) -> int:
    """Return the number of the record of a run that was just begun."""
    with shop.store.transaction("integration") as tx:
        return runs.record_id(tx, run)


STANDING = ("folder", "state", "stage", "work")
"""The fields of a run's record that `standing_of` needs."""


def standing(tx: Transaction, run: str) -> Standing:
    """Return where the run *run* is; raise `NotFound`."""
    return judged(tx, standing_of(reading.get(tx, SYSTEM, "run", runs.record_id(tx, run), STANDING)))


def judged(tx: Transaction, stands: Standing) -> Standing:
    """Return where a run is, with what only its batch tells: whether one that stopped on its way changed anything."""
    if stands.state not in _MAY_BE_EMPTY:
        return stands
    return replace(stands, has_written=batches.has_written(tx, stands.name))


def standing_of(record: Record) -> Standing:
    """Return where the run of *record* is; one whose work was given up without a word counts as failed."""
    name, state, stage = (record.values[each] for each in ("folder", "state", "stage"))
    latest = record.values["work"] or name or ""
    if state in LIVE and (going := _going(latest)) is not None:
        # A step under way when the work was stopped may have written its state afterwards.
        state = {State.PARKED: "failed", State.CANCELLED: "paused"}.get(going.state, state)
    phase: Phase = next((each for each in PHASES if each == stage), PHASES[0])
    return Standing(run_id=record.id, name=name or "", state=state, phase=phase, work=latest)


def actions(tx: Transaction, actor: Actor, run: str) -> tuple[Action, ...]:
    """Return what *actor* may do with *run* now; the first is what a run waits for, if it waits."""
    return possible(standing(tx, run)) if may(actor, tx.catalog, "integrate") else ()


def possible(stands: Standing) -> tuple[Action, ...]:
    """Return what can be done with a run that stands there."""
    by_state: dict[str, tuple[Action, ...]] = {
        "waiting": ("pause", "cancel"),
        "running": ("pause", "cancel"),
        "prepared": ("go_on", "again", "cancel"),
        "pilot": ("go_on", "cancel", "roll_back"),
        "paused": ("resume", "cancel", "roll_back"),
        "failed": ("again", "resume", "cancel", "roll_back")
        if stands.phase == "prepare"
        else ("resume", "cancel", "roll_back"),
        "finished": ("roll_back",),
        "cancelled": ("roll_back",),
    }
    found = by_state.get(stands.state, ())
    return found if stands.has_written else tuple(each for each in found if each != "roll_back")


def act(tx: Transaction, actor: Actor, run: str, action: Action) -> None:
    """Do it; raise `Refused` when it is not possible (any more), `NotAllowed` without the right."""
    require(actor, tx.catalog, "integrate")
    milestones.hold(tx, run)
    stands = standing(tx, run)
    if action not in possible(stands):
        raise Refused(say("the run cannot be asked to {action} now", action=_CALLED[action]))
    if not runtime.is_launched():
        raise Refused(say("no work can be begun from here at the moment; try again in a minute"))
    if action == "roll_back":
        milestones.ask_to_take_back(workshop(), run, actor)
    _ACTS[action](tx, stands)


def take_back(tx: Transaction, actor: Actor, run: str) -> RollbackPreview:
    """Take everything the run loaded back; return what was done. Raises `Refused` while the run is at work."""
    require(actor, tx.catalog, "integrate")
    batches.close(tx, runs.batch_of(tx, run))  # before the record: whoever loads takes the two in this order
    milestones.hold(tx, run)
    state = standing(tx, run).state
    if state == "rolled_back":
        raise Refused(say("the run has been rolled back already"))
    if state in ("waiting", "running"):
        raise Refused(say("the run is still at work; cancel it first"))
    done = rollback.roll_back(tx, actor, run)
    milestones.take_back(tx, workshop(), run, done)
    return done


@work.workflow("roll_back")
def roll_back(run: str) -> dict[str, int]:
    """Take a run back as durable work: a million records take longer than a browser waits."""
    try:
        return roll_back_now(run)
    except GuanxiError as error:
        with workshop().store.transaction("integration") as tx:
            milestones.fail(tx, workshop(), run, error)
        raise


@work.step("roll_back")
def roll_back_now(run: str) -> dict[str, int]:
    """Take the run back in one transaction, in the name of whoever asked for it."""
    shop = workshop()
    progress.report("roll_back", done=0)
    with shop.store.transaction("integration") as tx:
        if standing(tx, run).state == "rolled_back":
            return {}  # this very step did it before it was killed
        done = take_back(tx, milestones.asked_to_take_back(shop, run), run)
    return {outcome: done.total(outcome) for outcome in ("leaves", "returns", "kept", "conflict")}


def _go_on(tx: Transaction, stands: Standing) -> None:
    _start(tx, stands, _WAITING[stands.state], again=False)


def _again(tx: Transaction, stands: Standing) -> None:
    _start(tx, stands, "prepare", again=True)


def _start(tx: Transaction, stands: Standing, phase: Phase, *, again: bool) -> None:
    name = _next_work(stands)
    runs.change(tx, stands.name, state="waiting", stage=phase, work=name, finished_at=None, problem=None)
    work.enqueue(pipeline.integrate, name, stands.name, phase, again)


def _pause(tx: Transaction, stands: Standing) -> None:
    runs.change(tx, stands.name, state="paused")
    work.cancel(stands.work)


def _resume(tx: Transaction, stands: Standing) -> None:
    runs.change(tx, stands.name, state="running", finished_at=None, problem=None)
    work.resume(stands.work)


def _cancel(tx: Transaction, stands: Standing) -> None:
    runs.change(tx, stands.name, state="cancelled", finished_at=tx.now)
    going = _going(stands.work)
    if going is not None and not going.ended:
        work.cancel(stands.work)


def _roll_back(tx: Transaction, stands: Standing) -> None:
    name = _next_work(stands)
    runs.change(tx, stands.name, state="rolling_back", work=name, finished_at=None, problem=None)
    work.enqueue(roll_back, name, stands.name)


def _next_work(stands: Standing) -> str:
    """Return a name for new work: who asks twice at once gets the same, so that it begins once."""
    return f"{stands.name}.{int(stands.work.partition('.')[2] or 0) + 1}"


_ACTS: dict[str, Callable[[Transaction, Standing], None]] = {
    "go_on": _go_on,
    "again": _again,
    "pause": _pause,
    "resume": _resume,
    "cancel": _cancel,
    "roll_back": _roll_back,
}


def _going(name: str) -> work.Status | None:
    """Return what is known of durable work; None where this process can watch none."""
    if not runtime.is_launched():
        return None
    try:
        return work.status(name)
    except NotFound:
        return None
