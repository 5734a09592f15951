"""Search entries: what each record is found by."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from guanxi.store.tables import search_entry
from guanxi.store.transactions import Transaction


@dataclass(frozen=True)
class SearchEntry:
    """The text a record's fragments are looked for in, and the tokens an index finds it by."""

    record_id: int
    object: str
    haystack: str
    tokens: Sequence[str]


def write(tx: Transaction, entries: Iterable[SearchEntry]) -> None:
    """Write or replace entries."""
    rows = [
        {"record_id": each.record_id, "object": each.object, "haystack": each.haystack, "tokens": list(each.tokens)}
        for each in entries
    ]
    if not rows:
        return
    statement = insert(search_entry)
    tx.connection.execute(
        statement.on_conflict_do_update(
            index_elements=["record_id"],
            set_={"haystack": statement.excluded.haystack, "tokens": statement.excluded.tokens},
        ),
        rows,
    )


def forget(tx: Transaction, record_ids: Iterable[int]) -> None:
    """Remove the entries of records that are found no longer."""
    tx.connection.execute(sa.delete(search_entry).where(search_entry.c.record_id.in_(list(record_ids))))
