"""How complete records are: the share of key facts that are known, over the records a person may see."""

from dataclasses import dataclass

from guanxi.access.fields import readable
from guanxi.access.visibility import visible_to
from guanxi.identity.actor import Actor
from guanxi.records.reading import Asked, query_of
from guanxi.store.fullness import count_filled
from guanxi.store.transactions import Transaction

NEWEST = 20_000
"""So many records are looked at, the newest: enough for a figure, quick with a million."""


@dataclass(frozen=True, kw_only=True)
class Completeness:
    """The share of known key facts (0 to 1) in *records*; *fields* facts were asked of each."""

    share: float
    records: int
    fields: int
    is_everything: bool
    """Whether these are all records there are."""


def completeness(tx: Transaction, actor: Actor, object_name: str) -> Completeness | None:
    """Return how complete the newest records of an object are; None without records or readable key fields."""
    object_type = tx.catalog.object(object_name)
    clear = readable(actor, tx.catalog, object_type)
    fields = [(each.name,) for each in object_type.live_fields if each.key and each.name in clear]
    if not fields:
        return None
    query = query_of(tx, actor, Asked(object=object_name, fields=("id",)))
    found = count_filled(tx, query, fields, visible_to(actor, tx.catalog), newest=NEWEST)
    if not found.records:
        return None
    return Completeness(
        share=sum(found.filled.values()) / (found.records * len(fields)),
        records=found.records,
        fields=len(fields),
        is_everything=found.records < NEWEST,
    )
