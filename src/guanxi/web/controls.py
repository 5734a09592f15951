"""What the run page asks of whoever runs the work; the composition root introduces one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol

from guanxi.identity.actor import Actor
from guanxi.kernel.text import Message
from guanxi.records.reading import Record
from guanxi.store.transactions import Transaction

Action = Literal["cancel", "resume", "roll_back"]


@dataclass(frozen=True, kw_only=True)
class Progress:
    """How far one stage is: *done* of *total* (None: not known)."""

    stage: str
    done: int
    total: int | None
    message: Message | None = None


class RunControl(Protocol):
    """Watches and steers the runs of the pipeline."""

    def actions(self, tx: Transaction, actor: Actor, run: Record) -> Sequence[Action]:
        """Return what *actor* may do with *run* now, in the order of the buttons."""

    def act(self, tx: Transaction, actor: Actor, run_id: int, action: Action) -> None:
        """Do it; raise `Refused` when it is not possible (any more)."""

    def progress(self, tx: Transaction, run: Record) -> Sequence[Progress]:
        """Return how far each stage that began is, in the order they began."""

    def files(self, tx: Transaction, run: Record) -> Sequence[tuple[str, Message]]:
        """Return address and name of what can be read about the run: sample table, report, quarantine."""

    def proof(self, run: Record) -> Mapping[str, Any] | None:
        """Return the verification of *run* as JSON values with its ``errors`` as messages; None while there is none."""

    def workbook(self, run: Record, language: str) -> bytes | None:
        """Return the verification of *run* as an .xlsx file; None while there is none."""


class NoControl:
    """Runs are shown as they stand in their records, and nobody steers them."""

    def actions(self, tx: Transaction, actor: Actor, run: Record) -> Sequence[Action]:
        """Return nothing."""
        return ()

    def act(self, tx: Transaction, actor: Actor, run_id: int, action: Action) -> None:
        """Do nothing; no button asks for it."""

    def progress(self, tx: Transaction, run: Record) -> Sequence[Progress]:
        """Return nothing."""
        return ()

    def files(self, tx: Transaction, run: Record) -> Sequence[tuple[str, Message]]:
        """Return nothing."""
        return ()

    def proof(self, run: Record) -> Mapping[str, Any] | None:
        """Return nothing."""
        return None

    def workbook(self, run: Record, language: str) -> bytes | None:
        """Return nothing."""
        return None
