"""A run is started, stopped, gone on with and taken back from here, by pages and terminal alike."""

from typing import Literal

from guanxi.access.roles import may, require
from guanxi.identity.actor import SYSTEM, Actor
from guanxi.integration import pipeline, rollback, runs
from guanxi.integration.plans import Plan
from guanxi.integration.rollback import RollbackPreview
from guanxi.integration.workshop import Workshop
from guanxi.jobs import work
from guanxi.jobs.work import State
from guanxi.kernel.errors import NotFound, Refused
from guanxi.kernel.text import say
from guanxi.records import reading
from guanxi.store.transactions import Transaction

Action = Literal["cancel", "resume", "roll_back"]
_REST = ".rest"


def begin(shop: Workshop, actor: Actor, plan: Plan, *, here: bool = False) -> str:
    """Start a run of *plan* and return its name; *here* does the work in this process, else any worker takes it."""
    run = runs.start(shop, actor, plan)
    (work.start if here else work.enqueue)(pipeline.integrate, run, run)
    return run


def latest_work(run: str) -> str:
    """Return the name of the run's durable work: what goes on behind the pilot, once that was asked for."""
    try:
        work.status(run + _REST)
    except NotFound:
        return run
    return run + _REST


def run_name(tx: Transaction, run_id: int) -> str:
    """Return the name of the run whose record has the number *run_id*."""
    return str(reading.get(tx, SYSTEM, "run", run_id, ("folder",)).values["folder"])


def actions(tx: Transaction, actor: Actor, run: str) -> tuple[Action, ...]:
    """Return what *actor* may do with *run* now."""
    if not may(actor, tx.catalog, "integrate"):
        return ()
    state = _state(tx, run)
    if state == "rolled_back":
        return ()
    going = _going(run)
    if going is not None and not going.ended:
        return ("cancel",)
    if state == "pilot" or (going is not None and going.state in (State.CANCELLED, State.PARKED)):
        return ("resume", "roll_back")
    return ("roll_back",)


def act(tx: Transaction, actor: Actor, run: str, action: Action) -> None:
    """Do it; raise `Refused` when it is not possible (any more), `NotAllowed` without the right."""
    require(actor, tx.catalog, "integrate")
    if action not in actions(tx, actor, run):
        raise Refused(say("the run {run} cannot be asked for {action} now", run=run, action=action))
    if action == "cancel":
        work.cancel(latest_work(run))
        runs.change(tx, run, state="cancelled", finished_at=tx.now)
    elif action == "resume":
        _go_on(tx, run)
    elif action == "roll_back":
        take_back(tx, actor, run)


def take_back(tx: Transaction, actor: Actor, run: str) -> RollbackPreview:
    """Take everything the run loaded back; return what was done. Raises `Refused` while the run is at work."""
    going = _going(run)
    if going is not None and not going.ended:
        raise Refused(say("the run is still at work; cancel it first"))
    done = rollback.roll_back(tx, actor, run)
    runs.change(tx, run, state="rolled_back", finished_at=tx.now)
    return done


def _go_on(tx: Transaction, run: str) -> None:
    if _state(tx, run) == "pilot":
        work.enqueue(pipeline.integrate_rest, run + _REST, run)
    else:
        work.resume(latest_work(run))
    runs.change(tx, run, state="running", finished_at=None, problem=None)


def _state(tx: Transaction, run: str) -> str:
    return str(reading.get(tx, SYSTEM, "run", runs.record_id(tx, run), ("state",)).values["state"])


def _going(run: str) -> work.Status | None:
    try:
        return work.status(latest_work(run))
    except NotFound:
        return None
