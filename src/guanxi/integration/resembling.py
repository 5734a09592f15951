"""Records that may be the one a person is about to create: the same number, or nearly the same name."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import polars as pl

from guanxi.access.fields import readable
from guanxi.identity.actor import Actor
from guanxi.integration.standards.company_parts import name_parts
from guanxi.kernel.errors import Refused
from guanxi.kernel.text import Message, say
from guanxi.metadata.catalog import Catalog
from guanxi.metadata.objects import Field, ObjectType
from guanxi.records import reading
from guanxi.records.reading import Asked, Record
from guanxi.records.search import fold
from guanxi.records.validation import accept
from guanxi.store.transactions import Transaction

MOST_SHOWN = 3
_LOOKED_AT = 50
_SHORTEST_PART = 3
"""So many letters of a name must be there before a longer name that holds them counts as similar."""
_KINDS = (("mobile", "phone"), ("email",), ("credit_code",), ("company_name",), ("person_name",))
"""Types of fields whose values tell records apart; those of one group are compared with each other."""


@dataclass(frozen=True, kw_only=True)
class Resembling:
    """A record that is there already, and in what it resembles the new one."""

    id: int
    title: str
    number: str
    why: Message


def compared_fields(actor: Actor, catalog: Catalog, object_type: ObjectType) -> tuple[Field, ...]:
    """Return the fields whose values are looked for among the records the actor may read."""
    clear = readable(actor, catalog, object_type)
    known = {name for kinds in _KINDS for name in kinds}
    return tuple(
        each
        for each in object_type.live_fields
        if each.searchable and each.type in known and each.name in clear
    )


def resembling(
    tx: Transaction, actor: Actor, object_type: ObjectType, field: Field, typed: str
) -> tuple[Resembling, ...]:
    """Return the records that resemble one whose *field* is as *typed*, the likeliest first, at most three.

    What cannot be a value of the field yet resembles nothing.
    """
    kinds = next(each for each in _KINDS if field.type in each)
    like = [each for each in compared_fields(actor, tx.catalog, object_type) if each.type in kinds]
    try:
        value = accept(field, typed)
    except Refused:
        return ()
    if field not in like or not value:
        return ()
    names = tuple(dict.fromkeys((object_type.title, object_type.number, *(each.name for each in like))))
    words = _cores([str(value)])[0][1] if field.type == "company_name" else str(value)
    if not words:
        return ()
    shown = tuple(each for each in names if each)
    asked = Asked(object=object_type.name, fields=shown, words=words, limit=_LOOKED_AT)
    found = reading.find(tx, actor, asked).records
    judged = sorted(_judged(found, like, field, str(value)), key=lambda pair: pair[0])
    return tuple(_told(object_type, record, why) for _, record, why in judged[:MOST_SHOWN])


def _judged(
    found: Sequence[Record], like: Sequence[Field], field: Field, value: str
) -> Iterator[tuple[int, Record, Message]]:
    """Yield (rank, record, reason) of each record that resembles."""
    wanted, is_company = fold(value), field.type == "company_name"
    cores = _cores([value, *(str(each.values.get(field.name) or "") for each in found)] if is_company else [])
    for place, record in enumerate(found, start=1):
        same = next((each for each in like if fold(str(record.values.get(each.name) or "")) == wanted), None)
        if same is not None:
            yield 0, record, say("the same {field}", field=same.label)
        elif is_company and (why := _near(cores[0], cores[place])):
            yield (*why[:1], record, why[1])


def _near(wanted: tuple[str, str], other: tuple[str, str]) -> tuple[int, Message] | None:
    """Return how near two names of companies are: rank and reason; None for names that only share words."""
    if wanted[0] and wanted[0] == other[0]:
        return 1, say("nearly the same name")
    if wanted[1] and wanted[1] == other[1]:
        return 2, say("a similar name")
    if any(
        len(mine) >= _SHORTEST_PART and mine in theirs for mine, theirs in zip(wanted, other, strict=True)
    ):
        return 3, say("a similar name")
    return None


def _cores(names: Sequence[str]) -> list[tuple[str, str]]:
    """Return of each name what tells it from others: with its place, and without."""
    if not names:
        return []
    parts = name_parts(pl.Series(names, dtype=pl.String))
    told = pl.col("core") != pl.col("legal_form").fill_null("")  # not a legal form and nothing else
    both = parts.select(pl.when(told).then(each) for each in ("core", "core_without_region")).fill_null("")
    return [(core, without) for core, without in both.iter_rows()]


def _told(object_type: ObjectType, record: Record, why: Message) -> Resembling:
    title = str(record.values.get(object_type.title) or f"#{record.id}")
    number = str(record.values.get(object_type.number) or "") if object_type.number else ""
    return Resembling(id=record.id, title=title, number=number, why=why)
