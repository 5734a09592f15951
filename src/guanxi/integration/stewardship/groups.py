"""Pairs that hang together by common rows: a steward sees them as one group."""

from guanxi.access.fields import weighing
from guanxi.expressions.conditions import any_of, is_one_of
from guanxi.identity.actor import Actor
from guanxi.integration.stewardship.pairs import FIELDS, REVIEW
from guanxi.records import reading
from guanxi.records.reading import Asked, Record
from guanxi.store.transactions import Transaction

MOST_STEPS = 4
MOST_PAIRS = 60


def group_of(tx: Transaction, actor: Actor, review_id: int) -> tuple[Record, ...]:
    """Return the review and those connected with it through common rows, the surest first.

    At most `MOST_PAIRS` pairs, at most `MOST_STEPS` rows away. Who shows them shows each value to whom its field is
    shown. Raises `NotFound`.
    """
    weigher = weighing(actor)
    first = reading.get(tx, weigher, REVIEW, review_id, FIELDS)
    found, keys = {first.id: first}, _keys(first)
    for _ in range(MOST_STEPS):
        touching = any_of(is_one_of("left_key", sorted(keys)), is_one_of("right_key", sorted(keys)))
        asked = Asked(
            object=REVIEW,
            fields=FIELDS,
            where=touching,
            order=(("probability", True), ("id", False)),
            limit=MOST_PAIRS,
        )
        here = {each.id: each for each in reading.find(tx, weigher, asked).records}
        found = {**found, **here}
        known = keys.union(*(_keys(each) for each in here.values()))
        if known == keys or len(found) >= MOST_PAIRS:
            break
        keys = known
    return tuple(sorted(found.values(), key=_surest_first))


def _keys(review: Record) -> set[str]:
    return {str(review.values["left_key"]), str(review.values["right_key"])}


def _surest_first(review: Record) -> tuple[float, int]:
    return -float(review.values["probability"] or 0), review.id
