"""Search entries: what each record is found by."""

import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, insert

from guanxi.store.tables import search_entry
from guanxi.store.transactions import Transaction

_WRITTEN_ANOTHER_WAY = frozenset('"\\')
"""Signs that JSON escapes, besides those nobody can print."""


@dataclass(frozen=True)
class SearchEntry:
    """The text each field's fragments are looked for in, and the tokens an index finds the record by: whole numbers."""

    record_id: int
    object: str
    haystack: Mapping[str, str]
    tokens: Sequence[int]


@dataclass(frozen=True, kw_only=True)
class SearchEntries:
    """The entries of many records of one object: a column for each part, and the tokens of one after the other."""

    object: str
    record_ids: Sequence[int]
    haystacks: Mapping[str, Sequence[str | None]]
    tokens: npt.NDArray[np.int32]
    counts: Sequence[int]
    """How many of the tokens each record has."""


@dataclass(frozen=True, kw_only=True)
class Words:
    """What a search asks for: of each run of signs one of several sets of tokens, then each fragment as typed."""

    runs: tuple[tuple[tuple[int, ...], ...], ...]
    fragments: tuple[str, ...]


def kind_of(object_name: str) -> int:
    """Return the token of every record of an object, by which the index leaves out all others."""
    return zlib.crc32(b"@" + object_name.encode()) - 2**31 or 1


def found_by_index(words: Words, object_name: str, fields: Iterable[str]) -> sa.Select[tuple[int]]:
    """Return the numbers of the records of *object_name* that *words* find in *fields*, and only there.

    The tokens narrow the search by the index, over all fields; the fragments decide, in *fields* alone: a record
    is never found by the text of a field that is not among them.
    """
    kind = kind_of(object_name)
    held = (
        sa.or_(*(search_entry.c.tokens.contains([kind, *tokens]) for tokens in run)) for run in words.runs
    )
    return _found(words, object_name, fields).where(*held)


def found_among(
    words: Words, object_name: str, fields: Iterable[str], ids: sa.Select[tuple[int]]
) -> sa.Select[tuple[int]]:
    """Return those of *ids* that *words* find, each looked at by itself, without the index of tokens."""
    return _found(words, object_name, fields).where(search_entry.c.record_id == any_of(ids))


def any_of(ids: sa.Select[tuple[int]]) -> sa.ColumnElement[Any]:
    """Return the value that equals any of *ids*, which the database finds first and by themselves.

    As a join it would be free to begin at the other end: it takes a word for common that no record has, and reads a
    million records in order for a page of them.
    """
    return sa.any_(sa.func.array(ids.scalar_subquery(), type_=ARRAY(sa.BigInteger)))


def _found(words: Words, object_name: str, fields: Iterable[str]) -> sa.Select[tuple[int]]:
    allowed = sa.literal(list(fields), ARRAY(sa.Text))
    typed = [
        each for fragment in words.fragments for each in (_anywhere(fragment), _somewhere(fragment, allowed))
    ]
    return sa.select(search_entry.c.record_id).where(search_entry.c.object == object_name, *typed)


def write(tx: Transaction, entries: Iterable[SearchEntry]) -> None:
    """Write or replace entries."""
    rows = [
        {
            "record_id": each.record_id,
            "object": each.object,
            "haystack": dict(each.haystack),
            "tokens": list(each.tokens),
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


def _anywhere(fragment: str) -> sa.ColumnElement[bool]:
    """Return the condition that the entry as a whole holds *fragment*: it costs a quarter of looking field by field."""
    if not fragment.isprintable() or not _WRITTEN_ANOTHER_WAY.isdisjoint(fragment):
        return sa.true()
    return sa.func.strpos(sa.cast(search_entry.c.haystack, sa.Text), fragment) > 0


def _somewhere(fragment: str, fields: sa.ColumnElement[Any]) -> sa.ColumnElement[bool]:
    """Return the condition that one of *fields* holds *fragment*."""
    text = sa.func.jsonb_each_text(search_entry.c.haystack).table_valued("key", "value", name="text")
    # STRPOS, not LIKE: nothing people type can be taken for a pattern.
    return (
        sa.exists()
        .select_from(text)
        .where(text.c.key == sa.any_(fields), sa.func.strpos(text.c.value, fragment) > 0)
    )
