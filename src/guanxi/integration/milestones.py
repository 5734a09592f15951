"""What the record of a run says when a phase begins, when it waits or ends, and when it failed."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from guanxi.expressions.conditions import equals
from guanxi.identity.actor import SYSTEM, Actor
from guanxi.integration import inventory, runs
from guanxi.integration.plans import Phase
from guanxi.integration.rollback import RollbackPreview
from guanxi.integration.staging import RunFolder
from guanxi.integration.workshop import Workshop
from guanxi.kernel.errors import GuanxiError, Refused, Transient
from guanxi.kernel.text import Message, say
from guanxi.records import reading
from guanxi.records.reading import Asked
from guanxi.store import batches, rows
from guanxi.store.rollbacks import Finding
from guanxi.store.transactions import Transaction

CLOSED = ("cancelled", "rolling_back", "rolled_back")
"""States of runs that load nothing any more."""
_FAILURE, _ASKED, _TAKEN_BACK = "failure", "roll_back_asked", "rolled_back"


@dataclass(frozen=True, kw_only=True)
class Failure:
    """Why a run stopped: what was said, the kind of the error, and the kind of what caused it ('' for none)."""

    message: Message
    kind: str
    cause: str


def state_of(tx: Transaction, run: str) -> str:
    """Return the state of a run."""
    return str(reading.get(tx, SYSTEM, "run", runs.record_id(tx, run), ("state",)).values["state"])


def hold(tx: Transaction, run: str) -> None:
    """Let nobody else change the run's record until the transaction ends: of two who act, one sees the other's."""
    rows.existing(tx, tx.catalog.object("run"), [runs.record_id(tx, run)], lock=True)


def begin(tx: Transaction, run: str, phase: Phase) -> None:
    """Note that *phase* has begun; the run began when its first did. Raises `Transient` while another is taken back."""
    hold(tx, run)
    leaving = Asked(object="run", fields=("name",), where=equals("state", "rolling_back"), limit=1)
    if going := reading.find(tx, SYSTEM, leaving).records:
        name = going[0].values["name"]
        raise Transient(say("{name} is being rolled back; resume this run when that is done", name=name))
    _require_not_closed(tx, run)
    known = reading.get(tx, SYSTEM, "run", runs.record_id(tx, run), ("started_at",)).values["started_at"]
    runs.change(
        tx, run, state="running", stage=phase, started_at=known or tx.now, finished_at=None, problem=None
    )


def arrive(tx: Transaction, run: str, state: str, counts: Mapping[str, Any]) -> None:
    """Note that the run has come to *state*, with the counts of all stages until now."""
    hold(tx, run)
    if state_of(tx, run) in CLOSED:
        runs.change(tx, run, counts=dict(counts))
        return
    prepared = {"prepared_at": tx.now} if state == "prepared" else {}
    runs.change(
        tx, run, state=state, stage="", finished_at=tx.now, problem=None, counts=dict(counts), **prepared
    )


def fail(tx: Transaction, shop: Workshop, run: str, error: GuanxiError) -> None:
    """Note why the run stopped: for its list in English, for its page so that it can be told in any language."""
    failure = {
        "message": inventory.message_to_data(error.message),
        "kind": type(error).__name__,
        "cause": type(error.__cause__).__name__ if error.__cause__ else "",
    }
    shop.folder(run).write_json("verification", _FAILURE, failure)
    hold(tx, run)
    if state_of(tx, run) not in ("cancelled", "rolled_back"):
        counts = runs.summary(runs.counts(shop, run))
        runs.change(tx, run, state="failed", finished_at=tx.now, problem=str(error), counts=counts)


def failure_of(folder: RunFolder) -> Failure | None:
    """Return why the run stopped the last time; None when it never did."""
    if not folder.has_json("verification", _FAILURE):
        return None
    data = folder.read_json("verification", _FAILURE)
    message = inventory.message_from_data(data["message"])
    return Failure(message=message, kind=data["kind"], cause=data["cause"])


def ask_to_take_back(shop: Workshop, run: str, actor: Actor) -> None:
    """Keep who asked that the run be taken back: the work is done in their name."""
    shop.folder(run).write_json("verification", _ASKED, asdict(actor))


def asked_to_take_back(shop: Workshop, run: str) -> Actor:
    """Return who asked that the run be taken back."""
    data = shop.folder(run).read_json("verification", _ASKED)
    return Actor(**{**data, "roles": tuple(data["roles"])})


def take_back(tx: Transaction, shop: Workshop, run: str, done: RollbackPreview) -> None:
    """Note that the run was taken back, and what became of its records."""
    numbers = {
        "reversed": done.total("leaves", "returns"),
        "kept": done.total("kept"),
        "conflicts": done.total("conflict"),
    }
    shop.folder(run).write_json(
        "verification",
        _TAKEN_BACK,
        {
            "reversed": [asdict(each) for each in done.reversed],
            "kept": [asdict(each) for each in done.kept],
            "conflicts": [asdict(each) for each in done.conflicting],
        },
    )
    record = reading.get(tx, SYSTEM, "run", runs.record_id(tx, run), ("counts",))
    counts = {**(record.values["counts"] or {}), "roll_back": {"numbers": numbers}}
    runs.change(tx, run, state="rolled_back", finished_at=tx.now, problem=None, counts=counts)


def taken_back(folder: RunFolder) -> dict[str, tuple[Finding, ...]] | None:
    """Return the beginning of the three lists of a run that was taken back; None when it was not."""
    if not folder.has_json("verification", _TAKEN_BACK):
        return None
    lists = folder.read_json("verification", _TAKEN_BACK)
    return {
        name: tuple(Finding(**{**each, "columns": tuple(each["columns"])}) for each in found)
        for name, found in lists.items()
    }


def require_open(tx: Transaction, run: str) -> None:
    """Hold off whoever would take the run back meanwhile; raise `Refused` when somebody did, or cancelled it."""
    batches.enter(tx)
    _require_not_closed(tx, run)


def _require_not_closed(tx: Transaction, run: str) -> None:
    if state_of(tx, run) in CLOSED:
        raise Refused(say("the run was cancelled or taken back meanwhile; nothing more is loaded"))
