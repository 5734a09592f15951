"""Adding up: sums over the records a person may see, of the fields they may read in the clear."""

from collections import Counter
from dataclasses import dataclass, replace
from typing import Any

from guanxi.access.fields import readable
from guanxi.access.visibility import visible_to
from guanxi.identity.actor import Actor
from guanxi.records.reading import Asked, Count, query_of, require_clear
from guanxi.store import totals
from guanxi.store.totals import Total
from guanxi.store.transactions import Transaction

CAP = 10_000
"""Records that are added up; a list that is longer tells its count only."""


@dataclass(frozen=True, kw_only=True)
class Added:
    """How many records there are, and their totals by field; none when there are more than `CAP`."""

    count: Count
    totals: dict[str, Total]


def add_up(tx: Transaction, actor: Actor, asked: Asked, fields: tuple[str, ...]) -> Added:
    """Return count and totals of what *asked* finds; raises what `reading.find` raises, also for *fields*."""
    query = query_of(tx, actor, asked)
    steps = [tuple(each.split(".")) for each in fields]
    for each in steps:
        require_clear(tx, actor, asked.object, each)
    found = totals.summarise(tx, query, steps, visible_to(actor, tx.catalog), cap=CAP)
    more = found.number > CAP
    return Added(
        count=Count(min(found.number, CAP), more),
        totals={} if more else {".".join(path): total for path, total in found.totals.items()},
    )


def count_values(
    tx: Transaction, actor: Actor, asked: Asked, fields: tuple[str, ...], *, cap: int = CAP
) -> dict[str, Counter[Any]]:
    """Return how often each value of each of *fields* occurs in at most *cap* of the records *asked* for.

    Empty values are not counted; fields the actor may not read in the clear are left out.
    """
    clear = readable(actor, tx.catalog, tx.catalog.object(asked.object))
    names = tuple(each for each in fields if each in clear)
    counts: dict[str, Counter[Any]] = {each: Counter() for each in names}
    if not names:
        return counts
    query = query_of(tx, actor, replace(asked, fields=names))
    for values, number in totals.count_combinations(tx, query, visible_to(actor, tx.catalog), cap=cap):
        for name, value in zip(names, values, strict=True):
            if value is not None:
                counts[name][value] += number
    return counts


def about_how_many(tx: Transaction, object_name: str) -> int:
    """Return about how many records an object has, all of them, without counting."""
    return totals.estimated_rows(tx, tx.catalog.object(object_name))
