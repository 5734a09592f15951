"""A steward decides about a pair, and takes the word back: customers that are here follow at once."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Literal

from guanxi.access.roles import require
from guanxi.identity.actor import Actor
from guanxi.integration.loading import OURSELVES
from guanxi.integration.mentions import CUSTOMER
from guanxi.integration.merging import merge_again, merge_records, unmerge
from guanxi.integration.stewardship import memory
from guanxi.integration.stewardship.members import Name, members_of
from guanxi.integration.stewardship.pairs import (
    FRESH,
    REVIEW,
    UNDECIDED,
    Pair,
    decided,
    locked_pair,
    open_pair,
    rows_of,
    with_outcome,
)
from guanxi.integration.stewardship.planning import plan_join
from guanxi.integration.stewardship.splitting import put_back, split
from guanxi.integration.workshop import Workshop
from guanxi.kernel.errors import NotFound, Refused
from guanxi.kernel.text import say
from guanxi.records import writing
from guanxi.records.validation import values_of
from guanxi.store import merges, rows
from guanxi.store.merges import Merge
from guanxi.store.transactions import Transaction

Decision = Literal["join", "apart"]
NO_CHOICE: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, kw_only=True)
class Done:
    """What a decision did: ``merged`` (and into whom), ``split``, ``parted`` (a join taken apart), or only ``noted``.

    ``followed`` are the open pairs that are settled by it.
    """

    what: Literal["merged", "split", "parted", "noted"]
    customer_id: int | None = None
    followed: tuple[int, ...] = ()


def decide(
    tx: Transaction,
    actor: Actor,
    shop: Workshop,
    review_id: int,
    decision: Decision,
    *,
    chosen: Mapping[str, str] = NO_CHOICE,
    comment: str = "",
) -> Done:
    """Say whether the two rows of a review are the same customer; customers that are here follow at once.

    *chosen*: field -> ``left``, ``right`` or ``proposed``, where a join takes another value than the rules do.
    Rows that are not loaded yet are only noted and follow in the next run. Raises `Conflict` when somebody
    decided before, `NotAllowed` without the right to integrate, `Refused` when it cannot be done.
    """
    require(actor, tx.catalog, "integrate")
    with merges.whole_or_nothing(tx):
        pair = open_pair(tx, actor, review_id)
        outcome, done = (
            _join(tx, actor, shop, pair, chosen) if decision == "join" else _part(tx, actor, shop, pair)
        )
        writing.update(tx, actor, REVIEW, pair.id, decided(tx, actor, decision, outcome, comment))
    return done


def undo(tx: Transaction, actor: Actor, shop: Workshop, review_id: int) -> None:
    """Take the word on a pair back, with everything it did; the pair is open again.

    Raises `Refused` when it is open, and what taking a merge apart or putting rows back raises.
    """
    require(actor, tx.catalog, "integrate")
    with merges.whole_or_nothing(tx):
        pair = locked_pair(tx, actor, review_id)
        if pair.decision == UNDECIDED:
            raise Refused(say("nobody has decided this pair; there is nothing to take back"))
        kind, _, name = pair.outcome.partition(":")
        if kind == "with":
            undo(tx, actor, shop, int(name))
            return
        if kind == "merge":
            unmerge(tx, actor, int(name))
        elif kind == "parted":
            again = merge_again(tx, actor, int(name))
            for each in with_outcome(tx, f"was:{name}"):
                writing.update(tx, actor, REVIEW, each.id, decided(tx, actor, "join", f"merge:{again}"))
        elif kind == "split":
            put_back(tx, actor, name)
        memory.forget(tx, actor, f"with:{pair.id}")
        writing.update(tx, actor, REVIEW, pair.id, FRESH)


def take_apart(tx: Transaction, actor: Actor, shop: Workshop, merge_id: int) -> int:
    """Take a merge apart and remember that its customers are different; return the one that stays.

    Raises what `unmerge` raises, and `NotAllowed` without the right to integrate.
    """
    require(actor, tx.catalog, "integrate")
    with merges.whole_or_nothing(tx):
        one = merges.named(tx, merge_id)
        if one is None:
            raise NotFound(say("there is no merge number {id}", id=merge_id))
        done = unmerge(tx, actor, merge_id)
        for review in with_outcome(tx, f"merge:{merge_id}"):
            memory.forget(tx, actor, f"with:{review.id}")
            writing.update(tx, actor, REVIEW, review.id, decided(tx, actor, "apart", f"unmerged:{merge_id}"))
        left = rows_of(tx, done.winner_id)
        gone = tuple(name for each in done.loser_ids for name in rows_of(tx, each))
        members = members_of(tx, shop, (*left, *gone))
        memory.keep_apart(tx, actor, shop, members, gone, left, f"unmerged:{merge_id}")
    return done.winner_id


def _join(
    tx: Transaction, actor: Actor, shop: Workshop, pair: Pair, chosen: Mapping[str, str]
) -> tuple[str, Done]:
    if not pair.are_two:
        return "", Done(what="noted", customer_id=pair.left_id or pair.right_id)
    assert pair.left_id is not None
    assert pair.right_id is not None
    ones, others = ((*rows_of(tx, each), (OURSELVES, str(each))) for each in (pair.left_id, pair.right_id))
    against = memory.objections(tx, actor, ones, others)
    if against:
        raise Refused(
            say("a steward keeps rows of these customers apart: {pairs}; take that back first", pairs=against)
        )
    plan = plan_join(tx, shop, pair)
    assert plan.winner_id is not None
    assert plan.loser_id is not None
    given = _changes(tx, plan.winner_id, plan.given(chosen))
    merge = merge_records(
        tx,
        actor,
        CUSTOMER,
        plan.winner_id,
        [plan.loser_id],
        chosen=given,
        origins=plan.origins(chosen),
    )
    followed = memory.follow(tx, actor, pair.id, (*ones, *others))
    return f"merge:{merge}", Done(what="merged", customer_id=plan.winner_id, followed=followed)


def _changes(tx: Transaction, customer_id: int, wanted: Mapping[str, Any]) -> dict[str, Any]:
    """Return those of *wanted* that the customer does not have already."""
    object_type = tx.catalog.object(CUSTOMER)
    stored = rows.fetch(tx, object_type, [customer_id])[customer_id]
    held = values_of(object_type, stored.columns)
    return {name: value for name, value in wanted.items() if held.get(name) != value}


def _part(tx: Transaction, actor: Actor, shop: Workshop, pair: Pair) -> tuple[str, Done]:
    if not pair.is_one:
        return "", Done(what="noted")
    assert pair.left_id is not None
    for one in merges.of_record(tx, pair.left_id):
        if one.winner_id == pair.left_id and _brought(one, pair.left) != _brought(one, pair.right):
            unmerge(tx, actor, one.id)
            for each in with_outcome(tx, f"merge:{one.id}"):
                memory.forget(tx, actor, f"with:{each.id}")
                writing.update(tx, actor, REVIEW, each.id, {**FRESH, "outcome": f"was:{one.id}"})
            return f"parted:{one.id}", Done(what="parted", customer_id=pair.left_id)
    out = pair.right if pair.right[0] != OURSELVES else pair.left
    done = split(tx, actor, shop, pair.left_id, [out])
    return f"split:{done.batch}", Done(what="split", customer_id=done.new_id)


def _brought(one: Merge, name: Name) -> bool:
    """Tell whether the merge brought the row *name* in."""
    if name[0] == OURSELVES:
        return int(name[1]) in one.moved
    return any(name in each.crossings for each in one.moved.values())
