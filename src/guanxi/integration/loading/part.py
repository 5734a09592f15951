"""One part of a load: known rows are found again, links resolved, records saved, the crosswalk written."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import chain
from typing import Any

import msgspec
import polars as pl

from guanxi.identity.actor import Actor
from guanxi.integration.columns import column_of
from guanxi.kernel.errors import Problem
from guanxi.metadata.objects import ObjectType
from guanxi.records import bulk
from guanxi.records.bulk import BulkReceipt
from guanxi.records.validation import values_of
from guanxi.store import batches, rows
from guanxi.store.batches import Crossing
from guanxi.store.transactions import Transaction

KNOWN_AS = "known_as"
"""Column: list of {source, key}, the source rows a record is made of."""
ORIGIN = "origin"
"""Column: JSON text, field -> {source, table, row, rule}."""
OURSELVES = "guanxi"
"""The source of records that are here already; their key is their number."""
LINK = "__link"
"""Behind a lookup's name: {source, key} of the source row whose record it points to."""


@dataclass(frozen=True, kw_only=True)
class Refusal:
    """A row, or (with *cell*) one value of a row that was loaded without it, and why."""

    source: str
    key: str
    field: str | None
    value: str | None
    template: str
    values: Mapping[str, Any]
    cell: bool


@dataclass(frozen=True, kw_only=True)
class PartReceipt:
    """What became of the rows of one part: ``rows == created + updated + unchanged + refused``."""

    rows: int
    created: int
    updated: int
    unchanged: int
    refused: int
    refusals: tuple[Refusal, ...]

    def as_data(self) -> dict[str, Any]:
        """Return JSON values."""
        return asdict(self)

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> "PartReceipt":
        """Read what `as_data` wrote."""
        return cls(**{**data, "refusals": tuple(Refusal(**each) for each in data["refusals"])})


def load_part(
    tx: Transaction, actor: Actor, object_name: str, frame: pl.DataFrame, *, part: str
) -> PartReceipt:
    """Save the rows of *frame* as records of one object, once, however often this is called.

    A value that the record cannot hold is left out of it and listed; a row that cannot be saved without it is
    refused and listed. Neither stops the others.
    """
    done = batches.part_done(tx, part)
    if done is not None:
        return PartReceipt.from_data(done)
    if frame.is_empty():
        return PartReceipt(rows=0, created=0, updated=0, unchanged=0, refused=0, refusals=())
    object_type = tx.catalog.object(object_name)
    known_as = frame[KNOWN_AS].to_list()
    given = {**_values(frame, object_type), **_links(tx, frame, object_type)}
    ids = _known_ids(tx, object_name, known_as)
    origins = _origins(frame, ids)
    _keep_what_people_wrote(tx, object_type, given, ids, origins)
    receipt, refusals = _save(tx, actor, object_name, given, ids, origins, known_as)
    batches.cross(tx, _crossings(object_name, known_as, receipt.ids))
    result = PartReceipt(
        rows=frame.height,
        created=receipt.created,
        updated=receipt.updated,
        unchanged=receipt.unchanged,
        refused=len(receipt.refused),
        refusals=tuple(refusals),
    )
    batches.finish_part(tx, part, result.as_data())
    return result


def _values(frame: pl.DataFrame, object_type: ObjectType) -> dict[str, list[Any]]:
    columns = {each.name: column_of(frame, object_type.name, each.name) for each in object_type.open_fields}
    return {name: frame[column].to_list() for name, column in columns.items() if column is not None}


def _links(tx: Transaction, frame: pl.DataFrame, object_type: ObjectType) -> dict[str, list[Any]]:
    """Return the record ids that the rows' links lead to, None where the source names nobody."""
    links: dict[str, list[Any]] = {}
    for field in object_type.live_fields:
        if (column := field.name + LINK) in frame.columns:
            named = [
                (each["source"], each["key"]) if each else (None, None) for each in frame[column].to_list()
            ]
            links[field.name] = list(batches.resolve(tx, field.target, named))
    return links


def _known_ids(
    tx: Transaction, object_name: str, known_as: Sequence[Sequence[Mapping[str, str]]]
) -> list[int | None]:
    """Return the record each row became before: of our own, or else the oldest its source rows know.

    A record that source rows know may lie in the recycle bin by now.
    """
    named = [(each["source"], each["key"]) for each in chain.from_iterable(known_as)]
    found = iter(
        (0, int(key)) if source == OURSELVES else known and (1, known)
        for (source, key), known in zip(named, batches.resolve(tx, object_name, named), strict=True)
    )
    per_row = ([next(found) for _ in row] for row in known_as)
    best = (min((each for each in row if each), default=None) for row in per_row)
    return [each and each[1] for each in best]


def _origins(frame: pl.DataFrame, ids: Sequence[int | None]) -> list[Any]:
    """Return where the values came from: as written for new records, taken apart for those that may keep some."""
    written = (each.encode() if each else None for each in frame[ORIGIN].to_list())
    return [
        text and (msgspec.Raw(text) if record_id is None else msgspec.json.decode(text))
        for text, record_id in zip(written, ids, strict=True)
    ]


def _keep_what_people_wrote(
    tx: Transaction,
    object_type: ObjectType,
    given: dict[str, list[Any]],
    ids: Sequence[int | None],
    origins: Sequence[Any],
) -> None:
    """Put the stored value back wherever a known record has one that no source wrote: a person did."""
    stored = rows.fetch(tx, object_type, {each for each in ids if each is not None})
    for place, record_id in enumerate(ids):
        if record_id is None or (here := stored.get(record_id)) is None:
            continue
        written = values_of(object_type, here.columns)
        for name, column in given.items():
            if written.get(name) is not None and name not in (here.origin or {}):
                column[place] = written[name]
                (origins[place] or {}).pop(name, None)


def _save(
    tx: Transaction,
    actor: Actor,
    object_name: str,
    given: dict[str, list[Any]],
    ids: list[int | None],
    origins: list[Any],
    known_as: Sequence[Sequence[Mapping[str, str]]],
) -> tuple[BulkReceipt, list[Refusal]]:
    """Save all rows; those refused for single values once more without these values."""
    first = bulk.save(tx, actor, object_name, given, ids=ids, origins=origins)
    curable = [
        place
        for place, problems in first.refused.items()
        if any(_cell(each, given, place) for each in problems)
    ]
    refusals = [
        _refusal(known_as[place], given, place, each, cell=place in curable and _cell(each, given, place))
        for place, problems in first.refused.items()
        for each in problems
    ]
    if not curable:
        return first, refusals
    cured = {name: [column[place] for place in curable] for name, column in given.items()}
    for at, place in enumerate(curable):
        for problem in first.refused[place]:
            if _cell(problem, given, place):
                cured[str(problem.field)][at] = None
    again = bulk.save(
        tx,
        actor,
        object_name,
        cured,
        ids=[ids[place] for place in curable],
        origins=[origins[place] for place in curable],
    )
    refusals += [
        _refusal(known_as[curable[at]], cured, at, each, cell=False)
        for at, problems in again.refused.items()
        for each in problems
    ]
    return _joined(first, again, curable), refusals


def _joined(first: BulkReceipt, again: BulkReceipt, places: Sequence[int]) -> BulkReceipt:
    ids = list(first.ids)
    for at, place in enumerate(places):
        ids[place] = again.ids[at]
    still = {place: problems for place, problems in first.refused.items() if place not in set(places)}
    still |= {places[at]: problems for at, problems in again.refused.items()}
    return BulkReceipt(
        ids=tuple(ids),
        created=first.created + again.created,
        updated=first.updated + again.updated,
        unchanged=first.unchanged + again.unchanged,
        refused=still,
    )


def _cell(problem: Problem, given: Mapping[str, Sequence[Any]], place: int) -> bool:
    """Tell whether leaving one value out may cure the problem."""
    return problem.field is not None and problem.field in given and given[problem.field][place] is not None


def _refusal(
    known_as: Sequence[Mapping[str, str]],
    given: Mapping[str, Sequence[Any]],
    place: int,
    problem: Problem,
    *,
    cell: bool,
) -> Refusal:
    value = given[problem.field][place] if problem.field is not None and problem.field in given else None
    return Refusal(
        source=known_as[0]["source"],
        key=known_as[0]["key"],
        field=problem.field,
        value=None if value is None else str(value),
        template=problem.message.template,
        values={name: str(part) for name, part in problem.message.values.items()},
        cell=cell,
    )


def _crossings(
    object_name: str, known_as: Sequence[Sequence[Mapping[str, str]]], ids: Sequence[int | None]
) -> list[Crossing]:
    return [
        Crossing(each["source"], each["key"], object_name, record_id)
        for row, record_id in zip(known_as, ids, strict=True)
        if record_id is not None
        for each in row
        if each["source"] != OURSELVES
    ]
