"""The pair a review is about: two source rows, the customers they belong to now, and what was said about them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from guanxi.access.fields import weighing
from guanxi.expressions.conditions import all_of, any_of, equals, is_one_of
from guanxi.expressions.syntax import Expression
from guanxi.identity.actor import SYSTEM, Actor
from guanxi.integration.loading import OURSELVES
from guanxi.integration.mentions import CUSTOMER
from guanxi.integration.stewardship.members import Name
from guanxi.kernel.errors import Conflict
from guanxi.kernel.numbers import number_in
from guanxi.kernel.text import say
from guanxi.records import reading, writing
from guanxi.records.reading import Asked, Record
from guanxi.store import batches, merges
from guanxi.store.transactions import Transaction

REVIEW = "review"
UNDECIDED = "undecided"
FIELDS = (
    *("title", "run", "left", "right", "left_key", "right_key", "probability", "evidence"),
    *("decision", "decided_by", "decided_at", "comment", "outcome"),
)
"""What is read of a review."""
_MOST = 5_000


@dataclass(frozen=True, kw_only=True)
class Pair:
    """One review: its two rows by name, and the customer each belongs to now (None: not loaded)."""

    id: int
    record: Record
    left: Name
    right: Name
    left_id: int | None
    right_id: int | None

    @property
    def decision(self) -> str:
        """Return ``undecided``, ``join`` or ``apart``."""
        return str(self.record.values["decision"])

    @property
    def outcome(self) -> str:
        """Return what the decision did: ``merge:12``, ``split:…``, ``unmerged:12``, ``with:7``, or ''."""
        return str(self.record.values.get("outcome") or "")

    @property
    def decided_by(self) -> str:
        """Return the name of the person who decided."""
        return self.record.titles.get("decided_by", "")

    @property
    def decided_at(self) -> datetime | None:
        """Return when it was decided."""
        return self.record.values.get("decided_at")

    @property
    def is_one(self) -> bool:
        """Tell whether both rows are in one customer."""
        return self.left_id is not None and self.left_id == self.right_id

    @property
    def are_two(self) -> bool:
        """Tell whether both rows have a customer, each its own."""
        return None not in (self.left_id, self.right_id) and self.left_id != self.right_id


def name_of(key: str) -> Name:
    """Return the (source, key) written as ``source|key``."""
    source, _, known = key.partition("|")
    return source, known


def key_of(name: Name) -> str:
    """Return how a review writes the name of a row."""
    return f"{name[0]}|{name[1]}"


def pair_of(tx: Transaction, actor: Actor, review_id: int) -> Pair:
    """Return the pair of a review; who shows it shows each value to whom its field is shown. Raises `NotFound`."""
    return from_record(tx, reading.get(tx, weighing(actor), REVIEW, review_id, FIELDS))


def open_pair(tx: Transaction, actor: Actor, review_id: int) -> Pair:
    """Return the pair of an undecided review, locked, so that of two stewards only one decides.

    Raises `Conflict` naming who was quicker, `NotFound` or `NotAllowed`.
    """
    pair = locked_pair(tx, actor, review_id)
    if pair.decision != UNDECIDED:
        raise Conflict(
            say(
                "{person} has decided this pair already ({at}); what was decided stands",
                person=pair.decided_by or "–",
                at=pair.decided_at or "–",
            )
        )
    return pair


def locked_pair(tx: Transaction, actor: Actor, review_id: int) -> Pair:
    """Return the pair of a review, which nobody else changes meanwhile."""
    writing.stored_for(tx, actor, tx.catalog.object(REVIEW), review_id, "write")
    return pair_of(tx, actor, review_id)


def from_record(tx: Transaction, record: Record) -> Pair:
    """Return the pair that a review's record holds."""
    left, right = (name_of(str(record.values[each] or "")) for each in ("left_key", "right_key"))
    ids = customers_of(tx, (left, right))
    return Pair(id=record.id, record=record, left=left, right=right, left_id=ids[left], right_id=ids[right])


def customers_of(tx: Transaction, names: Sequence[Name]) -> Mapping[Name, int | None]:
    """Return the customer each row belongs to now; a customer of ours is its own row until it is merged."""
    found = dict(zip(names, batches.resolve(tx, CUSTOMER, names), strict=True))
    for name in names:
        if name[0] == OURSELVES and (number := number_in(name[1])) is not None:
            found[name] = _where_it_went(tx, number)
    return found


def rows_of(tx: Transaction, *customer_ids: int) -> tuple[Name, ...]:
    """Return the source rows the customers are made of, by source and key."""
    return tuple(
        (each.source, each.source_key)
        for each in batches.sources_of(tx, customer_ids)
        if each.object == CUSTOMER
    )


def between(tx: Transaction, one: Iterable[Name], other: Iterable[Name], where: Expression) -> list[Record]:
    """Return the reviews between a row of *one* and a row of *other* for which *where* holds."""
    ones, others = ([key_of(each) for each in names] for names in (one, other))
    ways = any_of(
        all_of(is_one_of("left_key", ones), is_one_of("right_key", others)),
        all_of(is_one_of("left_key", others), is_one_of("right_key", ones)),
    )
    return _found(tx, all_of(ways, where))


def with_outcome(tx: Transaction, outcome: str) -> list[Record]:
    """Return the reviews that did, or followed from, *outcome*."""
    return _found(tx, equals("outcome", outcome))


def _found(tx: Transaction, where: Expression) -> list[Record]:
    asked = Asked(object=REVIEW, fields=FIELDS, where=where, order=(("id", False),), limit=_MOST)
    return list(reading.find(tx, SYSTEM, asked).records)


def _where_it_went(tx: Transaction, customer_id: int) -> int:
    lost = (each for each in merges.of_record(tx, customer_id) if customer_id in each.moved)
    into = next(lost, None)
    return customer_id if into is None else _where_it_went(tx, into.winner_id)


def decided(tx: Transaction, actor: Actor, decision: str, outcome: str, comment: str = "") -> dict[str, Any]:
    """Return what a review holds once it is decided."""
    return {
        "decision": decision,
        "decided_by": actor.id,
        "decided_at": tx.now,
        "comment": comment or None,
        "outcome": outcome or None,
    }


FRESH: Mapping[str, Any] = {
    "decision": UNDECIDED,
    "decided_by": None,
    "decided_at": None,
    "comment": None,
    "outcome": None,
}
"""What a review holds before anybody decided."""
