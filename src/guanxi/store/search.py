"""Search entries: what each record is found by."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, insert

from guanxi.store.tables import search_entry
from guanxi.store.transactions import Transaction


@dataclass(frozen=True)
class SearchEntry:
    """The text each field's fragments are looked for in, and the tokens an index finds the record by: whole numbers."""

    record_id: int
    object: str
    haystack: Mapping[str, str]
    tokens: Sequence[str]


@dataclass(frozen=True, kw_only=True)
class Words:
    """What a search asks for: of each run of signs one of several sets of tokens, then each fragment as typed."""

    runs: tuple[tuple[tuple[str, ...], ...], ...]
    fragments: tuple[str, ...]


def meets(words: Words, object_name: str, fields: Iterable[str]) -> list[sa.ColumnElement[bool]]:
    """Return the conditions on search entries of *object_name* that *words* ask for in *fields*, and only there.

    The tokens narrow the search by the index, over all fields; the fragments decide, in *fields* alone: a record
    is never found by the text of a field that is not among them.
    """
    held = (
        sa.or_(*(search_entry.c.tokens.contains(list(map(int, tokens))) for tokens in run))
        for run in words.runs
    )
    allowed = sa.literal(list(fields), ARRAY(sa.Text))
    typed = (_somewhere(fragment, allowed) for fragment in words.fragments)
    return [search_entry.c.object == object_name, *held, *typed]


def write(tx: Transaction, entries: Iterable[SearchEntry]) -> None:
    """Write or replace entries."""
    rows = [
        {
            "record_id": each.record_id,
            "object": each.object,
            "haystack": dict(each.haystack),
            "tokens": list(map(int, each.tokens)),
        }
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


def _somewhere(fragment: str, fields: sa.ColumnElement[Any]) -> sa.ColumnElement[bool]:
    """Return the condition that one of *fields* holds *fragment*."""
    text = sa.func.jsonb_each_text(search_entry.c.haystack).table_valued("key", "value", name="text")
    # STRPOS, not LIKE: nothing people type can be taken for a pattern.
    return (
        sa.exists()
        .select_from(text)
        .where(text.c.key == sa.any_(fields), sa.func.strpos(text.c.value, fragment) > 0)
    )
