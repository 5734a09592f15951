"""What was joined and taken apart: merges that stand, customers made of several rows, splits that stand."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from guanxi.expressions.conditions import contains, is_one_of
from guanxi.identity.actor import Actor
from guanxi.integration.mentions import CUSTOMER
from guanxi.integration.stewardship.splitting import PART
from guanxi.records import reading
from guanxi.records.reading import Asked
from guanxi.store import batches, merges, users
from guanxi.store.transactions import Transaction

MOST_FOUND = 200


@dataclass(frozen=True, kw_only=True)
class Union:
    """A merge that stands: the customer that stayed, those that went into it, who did it and when.

    ``was`` is what the one that stayed was called before, where the merge gave it another name.
    """

    id: int
    customer_id: int
    title: str
    was: str
    others: tuple[str, ...]
    fields: tuple[str, ...]
    at: datetime
    by: str


@dataclass(frozen=True, kw_only=True)
class Parting:
    """A split that stands: the customer rows were taken out of, and the one they became."""

    batch: str
    customer_id: int
    title: str
    new_id: int
    new_title: str
    rows: int
    at: datetime


@dataclass(frozen=True, kw_only=True)
class Several:
    """A customer made of several source rows."""

    customer_id: int
    title: str
    rows: int
    sources: tuple[str, ...]


def unions(
    tx: Transaction,
    actor: Actor,
    *,
    before: int | None = None,
    among: Sequence[int] | None = None,
    limit: int = 50,
) -> tuple[Union, ...]:
    """Return merges of customers that stand and that *actor* may see, newest first; only *among* some if given."""
    found = merges.latest(tx, CUSTOMER, before=before, among=among, limit=limit)
    stayed = titles(tx, actor, (each.winner_id for each in found))
    went = titles(tx, actor, (loser for each in found for loser in each.moved), deleted=True)
    people = {each.id: each.name for each in users.listed(tx)} if found else {}
    title = tx.catalog.object(CUSTOMER).title
    return tuple(
        Union(
            id=each.id,
            customer_id=each.winner_id,
            title=stayed[each.winner_id],
            was=str(each.before.get(title) or ""),
            others=tuple(went.get(loser, f"#{loser}") for loser in each.moved),
            fields=tuple(name for name in each.after if name != "origin"),
            at=each.merged_at,
            by=people.get(each.merged_by or 0, ""),
        )
        for each in found
        if each.winner_id in stayed
    )


def partings(tx: Transaction, actor: Actor, *, limit: int = 50) -> tuple[Parting, ...]:
    """Return splits that stand and that *actor* may see, newest first."""
    found = batches.parts_called(tx, PART, limit=limit)
    known = titles(tx, actor, (each[name] for _, each, _ in found for name in ("customer", "new")))
    return tuple(
        Parting(
            batch=name,
            customer_id=each["customer"],
            title=known[each["customer"]],
            new_id=each["new"],
            new_title=known[each["new"]],
            rows=len(each["rows"]),
            at=at,
        )
        for name, each, at in found
        if {each["customer"], each["new"]} <= known.keys()
    )


def made_of_several(
    tx: Transaction,
    actor: Actor,
    *,
    after: int | None = None,
    among: Sequence[int] | None = None,
    limit: int = 50,
) -> tuple[Several, ...]:
    """Return customers made of two source rows or more that *actor* may see, newest first; only *among* some."""
    found = batches.made_of_several(tx, CUSTOMER, after=after, among=among, limit=limit)
    known = titles(tx, actor, (number for number, _, _ in found))
    return tuple(
        Several(customer_id=number, title=known[number], rows=rows, sources=sources)
        for number, rows, sources in found
        if number in known
    )


def called(tx: Transaction, actor: Actor, words: str) -> tuple[int, ...]:
    """Return the customers *words* find that the actor may see, those that went into others too; at most 400."""
    title = tx.catalog.object(CUSTOMER).title
    here = Asked(object=CUSTOMER, fields=(title,), words=words, limit=MOST_FOUND)
    gone = Asked(
        object=CUSTOMER, fields=(title,), where=contains(title, words), limit=MOST_FOUND, deleted=True
    )
    return tuple(each.id for asked in (here, gone) for each in reading.find(tx, actor, asked).records)


def titles(tx: Transaction, actor: Actor, ids: Iterable[int], *, deleted: bool = False) -> Mapping[int, str]:
    """Return the names of the customers of *ids* that the actor may see."""
    wanted = tuple(dict.fromkeys(ids))
    if not wanted:
        return {}
    title = tx.catalog.object(CUSTOMER).title
    asked = Asked(
        object=CUSTOMER, fields=(title,), where=is_one_of("id", wanted), limit=len(wanted), deleted=deleted
    )
    found = reading.find(tx, actor, asked).records
    return {each.id: str(each.values.get(title) or f"#{each.id}") for each in found}
