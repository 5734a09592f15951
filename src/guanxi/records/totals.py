"""Adding up: sums over the records a person may see, of the fields they may read in the clear."""

from dataclasses import dataclass

from guanxi.access.visibility import visible_to
from guanxi.identity.actor import Actor
from guanxi.records.reading import Asked, Count, query_of
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
    """Return count and totals of what *asked* finds; raises what `reading.find` raises."""
    query = query_of(tx, actor, asked)
    steps = [tuple(each.split(".")) for each in fields]
    found = totals.summarise(tx, query, steps, visible_to(actor, tx.catalog), cap=CAP)
    more = found.number > CAP
    return Added(
        count=Count(min(found.number, CAP), more),
        totals={} if more else {".".join(path): total for path, total in found.totals.items()},
    )


def about_how_many(tx: Transaction, object_name: str) -> int:
    """Return about how many records an object has, all of them, without counting."""
    return totals.estimated_rows(tx, tx.catalog.object(object_name))
