"""Taking a whole load back, with a preview of the three lists: reversed, kept, conflicting."""

from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter

from guanxi.access.roles import require
from guanxi.identity.actor import Actor
from guanxi.kernel.errors import Refused
from guanxi.kernel.text import say
from guanxi.records.bulk import search_again
from guanxi.store import batches, rollbacks
from guanxi.store.rollbacks import Finding
from guanxi.store.transactions import Transaction

AT_ONCE = 200
KEPT = 2_000
"""So many of each list a run that was taken back goes on showing; the history of the records has all."""


@dataclass(frozen=True, kw_only=True)
class RollbackPreview:
    """What taking a batch back means: numbers by (object, outcome), and a part of each list."""

    counts: dict[tuple[str, str], int]
    reversed: tuple[Finding, ...]
    kept: tuple[Finding, ...]
    conflicting: tuple[Finding, ...]

    def total(self, *outcomes: str) -> int:
        """Return how many records have one of *outcomes*."""
        return sum(number for (_, outcome), number in self.counts.items() if outcome in outcomes)


def preview(
    tx: Transaction, actor: Actor, batch_name: str, *, start: int = 0, limit: int = AT_ONCE
) -> RollbackPreview:
    """Return what taking the batch back would do, each list from *start* on; nothing is changed or held.

    Raises `Refused` for an unknown batch.
    """
    require(actor, tx.catalog, "integrate")
    rollbacks.prepare(tx, _batch_id(tx, batch_name), lock=False)
    return _seen(tx, start=start, limit=limit)


def roll_back(tx: Transaction, actor: Actor, batch_name: str) -> RollbackPreview:
    """Take the batch back in this one transaction; return what was done.

    Records the batch created leave (with their search entries and source links), values it changed return;
    records edited or used since are kept, values edited again since stay as they are. Doing it twice finds
    nothing left to do.
    """
    require(actor, tx.catalog, "integrate")
    batch_id = _batch_id(tx, batch_name)
    rollbacks.prepare(tx, batch_id)
    seen = _seen(tx, start=0, limit=KEPT)
    returned = rollbacks.take_back(tx, actor.id, batch_id)
    for object_name, records in groupby(returned, key=itemgetter(0)):
        search_again(tx, tx.catalog.object(object_name), [record_id for _, record_id in records])
    return seen


def _seen(tx: Transaction, *, start: int, limit: int) -> RollbackPreview:
    found = rollbacks.findings(tx, start=start, limit=limit)

    def having(*outcomes: str) -> tuple[Finding, ...]:
        return tuple(each for each in found if each.outcome in outcomes)

    return RollbackPreview(
        counts=rollbacks.counts(tx),
        reversed=having("leaves", "returns"),
        kept=having("kept"),
        conflicting=having("conflict"),
    )


def _batch_id(tx: Transaction, name: str) -> int:
    found = batches.named(tx, name)
    if found is None:
        raise Refused(say("there is no batch called {name}", name=name))
    return found
