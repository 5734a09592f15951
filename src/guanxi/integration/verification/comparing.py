"""Source beside database, cell by cell: what the file says, what is stored, and how the two stand."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from guanxi.integration.columns import column_of
from guanxi.integration.verification.completeness import RawTable
from guanxi.integration.verification.reports import SampleCell, Verdict
from guanxi.kernel.errors import Refused
from guanxi.metadata.field_types import type_of
from guanxi.metadata.objects import Field, ObjectType

Place = tuple[int, str, str, int]
"""Which run read it (0 for one nobody knows), source, table, row."""
_PLACES = {"run": pl.Int64, "source": pl.String, "table": pl.String, "row": pl.Int64}
_PIECES = re.compile(r"[\n；;,，、|]")


@dataclass(frozen=True, kw_only=True)
class StoredRecord:
    """A record as the database holds it: values by field, and beside them where each value came from.

    Where a value that this run did not write came from is told by the run, since rows move in a file from one reading
    to the next; what stands there is compared all the same.
    """

    values: Mapping[str, Any]
    origin: Mapping[str, Any]
    untouched: frozenset[str] = frozenset()
    """Fields that this run did not write."""


Fetch = Callable[[Sequence[int]], Mapping[int, StoredRecord]]
"""Reads the live records of some ids from the database; one that is not there is left out."""


@dataclass(frozen=True, kw_only=True)
class _Row:
    """One sampled row on its way: its place, its record, and what its table's columns are."""

    place: Place
    record: int | None
    raw: Mapping[str, Any]
    table: RawTable


def compare_sample(
    sample: pl.DataFrame,
    *,
    object_type: ObjectType,
    raw: Iterable[RawTable],
    standardised: pl.DataFrame,
    fetch: Fetch,
    run: int = 0,
) -> tuple[SampleCell, ...]:
    """Return one cell per sampled row and mapped field that either side has a value for.

    *sample*: ``source``, ``table``, ``row`` and ``record`` (id, null when none was written) of the *run* with this
    number. *standardised*: ``run`` (that run where it is missing), ``source``, ``table``, ``row`` and a column per
    field: every row, because a value that survived is looked up where its origin says it stands and must be the same
    there. What was loaded is never believed: stored values come from *fetch* alone. A mapped field a record does not
    hold is compared as empty.
    """
    tables = {(each.source, each.table): each for each in raw}
    rows = list(_rows(sample, tables, run))
    if "run" not in standardised.columns:
        standardised = standardised.with_columns(run=pl.lit(run, dtype=pl.Int64))
    stored = fetch(sorted({each.record for each in rows if each.record is not None}))
    meanings = _Meanings(object_type, standardised, _places_needed(rows, stored))
    return tuple(
        cell
        for row in rows
        for name in row.table.columns
        if (cell := _compare(object_type, object_type.field(name), row, stored, meanings)) is not None
    )


class _Meanings:
    """The standardised values of some rows, read by their field types."""

    def __init__(self, object_type: ObjectType, standardised: pl.DataFrame, places: set[Place]) -> None:
        self._object_type = object_type
        self._columns = {
            each.name: column_of(standardised, object_type.name, each.name)
            for each in object_type.open_fields
        }
        wanted = pl.DataFrame(sorted(places), schema=_PLACES, orient="row")
        frame = standardised.with_columns(pl.col(name).cast(kind) for name, kind in _PLACES.items())
        found = frame.join(wanted, on=list(_PLACES), how="semi").to_dicts()
        self._rows = {(each["run"], each["source"], each["table"], each["row"]): each for each in found}

    def field(self, name: str) -> Field | None:
        """Return a field of the object, None where it has none of this name."""
        return self._object_type.fields.get(name)

    def knows(self, place: Place) -> bool:
        """Tell whether a row is at hand."""
        return place in self._rows

    def of(self, place: Place, field: Field) -> Any:
        """Return the value a row means for a field, None where it means none."""
        column = self._columns.get(field.name)
        given = self._rows.get(place, {}).get(column) if column else None
        return _value(field, given)

    def texts(self, place: Place) -> set[str]:
        """Return every text in a row, and the pieces of those that list several."""
        cells = [each for each in self._rows.get(place, {}).values() if isinstance(each, str)]
        return {*cells, *(piece.strip() for each in cells for piece in _PIECES.split(each))}


def _rows(sample: pl.DataFrame, tables: Mapping[tuple[str, str], RawTable], run: int) -> Iterator[_Row]:
    for (source, table), part in sample.group_by("source", "table", maintain_order=True):
        outline = tables[(str(source), str(table))]
        numbers = part["row"].to_list()
        texts = {
            each["_row"]: each for each in outline.frame.filter(pl.col("_row").is_in(numbers)).to_dicts()
        }
        for number, record in zip(numbers, part["record"].to_list(), strict=True):
            yield _Row(
                place=(run, outline.source, outline.table, number),
                record=record,
                raw=texts.get(number, {}),
                table=outline,
            )


def _places_needed(rows: Iterable[_Row], stored: Mapping[int, StoredRecord]) -> set[Place]:
    """Return the rows themselves and those that the stored values say they come from."""
    places = {each.place for each in rows}
    for record in stored.values():
        places |= {place for origin in record.origin.values() for place in _origins(origin)}
    return places


def _origins(origin: Mapping[str, Any] | None) -> Iterator[Place]:
    if origin and origin.get("row") is not None:
        for each in (origin, *(origin.get("others") or ())):
            yield int(each.get("run") or 0), str(each["source"]), str(each["table"]), int(each["row"])


def _compare(
    object_type: ObjectType, field: Field, row: _Row, stored: Mapping[int, StoredRecord], meanings: _Meanings
) -> SampleCell | None:
    said = _said(row, field)
    record = stored.get(row.record) if row.record is not None else None
    held = record.values.get(field.name) if record else None
    if said is None and held is None:
        return None
    verdict, shows = _judge(field, row, said, record, meanings)
    return SampleCell(
        source=row.place[1],
        table=row.place[2],
        row=row.place[3],
        object=object_type.name,
        record=row.record,
        field=field.name,
        said=said,
        stored=None if held is None else _shown(field, held),
        verdict=verdict,
        shows=shows,
    )


def _said(row: _Row, field: Field) -> str | None:
    """Return what the source says about a field: one cell, or several with a space between them."""
    cells = [str(row.raw.get(each) or "").strip() for each in row.table.columns[field.name]]
    return " ".join(each for each in cells if each) or None


def _judge(
    field: Field, row: _Row, said: str | None, record: StoredRecord | None, meanings: _Meanings
) -> tuple[Verdict, str]:
    meant = meanings.of(row.place, field)
    held = record.values.get(field.name) if record else None
    if held is None:
        if meant is not None:
            return "differs", ""
        moved = record is not None and _is_elsewhere(field, row, record, meanings)
        return "moved" if moved else "set_aside", row.table.standards.get(field.name, "")
    if said is not None and held == meant:
        if _shown(field, held) == said or str(held) == said:
            return "equal", ""
        return "standardised", row.table.standards.get(field.name, "")
    origin = (record.origin if record else {}).get(field.name)
    verdict, shows = _survival(field, held, origin, row, meanings)
    if verdict == "differs" and record is not None and field.name in record.untouched:
        return _kept(origin, meanings, shows)
    return verdict, shows


def _is_elsewhere(field: Field, row: _Row, record: StoredRecord, meanings: "_Meanings") -> bool:
    """Tell whether what the row says for a field stands in the field that keeps what is not for this one."""
    spare = meanings.field(row.table.spares.get(field.name, ""))
    held = record.values.get(spare.name) if spare else None
    return spare is not None and held is not None and meanings.of(row.place, spare) == held


def _kept(origin: Mapping[str, Any] | None, meanings: "_Meanings", shows: str) -> tuple[Verdict, str]:
    """Judge a value the run did not write: a person's word, or of rows not at hand any more, was to be left alone."""
    if origin is None or not all(meanings.knows(each) for each in _origins(origin)):
        return "kept", shows
    return "differs", shows


def _survival(
    field: Field, held: Any, origin: Mapping[str, Any] | None, row: _Row, meanings: _Meanings
) -> tuple[Verdict, str]:
    """Judge a value that is not this row's: it must be what the row it claims to come from means."""
    places = list(_origins(origin))
    if places == [row.place] and meanings.of(row.place, field) == held:
        return "standardised", row.table.standards.get(
            field.name, ""
        )  # concluded from other cells of the row
    if not places or (places == [row.place]):
        return "differs", ""
    shows = "；".join(dict.fromkeys("/".join(map(str, each[1:])) for each in places))
    if any(meanings.of(place, field) == held for place in places):
        return "survived", shows
    silent = meanings.of(row.place, field) is None
    made_of_all = origin is not None and bool(origin.get("others")) and (row.place in places or silent)
    if made_of_all and _is_made_of(field, held, list(dict.fromkeys(places)), meanings):
        return "gathered", shows
    return "differs", shows


def _is_made_of(field: Field, held: Any, places: Sequence[Place], meanings: _Meanings) -> bool:
    """Tell whether a value is the sum of what the rows mean, or every piece of it stands in one of them."""
    if isinstance(held, str | tuple):
        pieces = held if isinstance(held, tuple) else _PIECES.split(held)
        return set(pieces) <= {text for place in places for text in meanings.texts(place)}
    amounts = [_amount(each) for place in places if (each := meanings.of(place, field)) is not None]
    return bool(amounts) and sum(amounts) == _amount(held)


def _amount(value: Any) -> Any:
    return getattr(value, "amount", value)


def _value(field: Field, given: Any) -> Any:
    """Return *given* as the value of a field; what the field would refuse is no value."""
    try:
        return type_of(field).parse(given, field)
    except Refused:
        return None


def _shown(field: Field, value: Any) -> str:
    return type_of(field).show(value, field, "zh")
