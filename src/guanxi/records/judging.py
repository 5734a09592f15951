"""A batch of rows on its way in: read column by column, and what is wrong with each row, all problems at once."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import msgspec

from guanxi.access.fields import right_to
from guanxi.access.roles import grant_of
from guanxi.access.visibility import visible_to, within
from guanxi.identity.actor import Actor
from guanxi.kernel.errors import Problem, Refused
from guanxi.kernel.text import Message, say
from guanxi.metadata.catalog import target_of
from guanxi.metadata.field_types import columns_of, type_of
from guanxi.metadata.objects import OWNER, SYSTEM_FIELDS, Field, ObjectType
from guanxi.records.links import no_such, visible_among
from guanxi.records.validation import NEEDED, accept, is_needed, writable_field
from guanxi.records.writing import used_already
from guanxi.store import rows
from guanxi.store.transactions import Transaction

Origin = Mapping[str, Any] | msgspec.Raw | None
"""Where the values of a row came from, by field; or the same as JSON, which is then never taken apart."""


@dataclass(frozen=True, kw_only=True)
class Batch:
    """A batch on its way in: values by field, one record id per row (0 until a new one has its number)."""

    object_type: ObjectType
    values: Mapping[str, Sequence[Any]]
    origins: Sequence[Origin]
    ids: list[int]
    problems: defaultdict[int, list[Problem]]

    def good(self, places: Iterable[int]) -> list[int]:
        """Return those of *places* that nothing is wrong with."""
        return [place for place in places if place not in self.problems]

    def refuse(self, places: Iterable[int], field: str | None, message: Message) -> None:
        """Note the same problem of all *places*."""
        for place in places:
            self.problems[place].append(Problem(field, message))

    def fields(self) -> Iterator[tuple[Field, Sequence[Any]]]:
        """Yield each field with a column of its own, and its values."""
        for name, column in self.values.items():
            if name not in SYSTEM_FIELDS or name == OWNER:
                yield self.object_type.field(name), column


def read(
    object_type: ObjectType,
    given: Mapping[str, Sequence[Any]],
    ids: Sequence[int | None],
    origins: Sequence[Origin],
) -> Batch:
    """Return the batch that *given* makes; values that cannot be read are among its problems."""
    problems: defaultdict[int, list[Problem]] = defaultdict(list)
    values: dict[str, Sequence[Any]] = {}
    for name, column in given.items():
        try:
            field = writable_field(object_type, name)
        except Refused as refused:
            for place in range(len(ids)):
                problems[place].append(Problem(name, refused.message))
        else:
            values[name] = _read_column(field, column, problems)
    return Batch(
        object_type=object_type,
        values=values,
        origins=origins,
        ids=[each or 0 for each in ids],
        problems=problems,
    )


def _read_column(field: Field, column: Sequence[Any], problems: defaultdict[int, list[Problem]]) -> list[Any]:
    """Return the values of one column; equal texts, and equal tables of parts, are read once."""
    kinds = set(map(type, column)) - {type(None)}
    keys: Sequence[Any] = range(len(column))
    if kinds <= {str}:
        keys = column
    elif kinds == {dict}:
        keys = list(map(repr, column))  # not by what is equal: 1 is True
    read = {
        key: None if given is None else _read_cell(field, given)
        for key, given in dict(zip(keys, column, strict=True)).items()
    }
    wrong = {key: value for key, value in read.items() if isinstance(value, Problem)}
    for place in [place for place, key in enumerate(keys) if key in wrong] if wrong else ():
        problems[place].append(wrong[keys[place]])
    read |= dict.fromkeys(wrong)
    return list(map(read.__getitem__, keys))


def _read_cell(field: Field, given: Any) -> Any:
    """Return the value, or what is wrong with it."""
    try:
        return accept(field, given)
    except Refused as refused:
        return Problem(field.name, refused.message)


def judge_rights(tx: Transaction, actor: Actor, batch: Batch) -> Batch:
    """Refuse every row that brings a field the actor may not write; return the batch without such fields.

    They are judged no further: whether another record has such a value is not told of a hidden field.
    """
    everywhere, open_ones = range(len(batch.ids)), {}
    for name, column in batch.values.items():
        if name in SYSTEM_FIELDS and name != OWNER:
            batch.refuse(everywhere, name, say("the system keeps this field"))
        elif right_to(actor, tx.catalog, batch.object_type, name) != "write":
            batch.refuse(everywhere, name, say("your roles do not let you change this field"))
        else:
            open_ones[name] = column
    return replace(batch, values=open_ones)


def judge_reach(tx: Transaction, actor: Actor, batch: Batch, places: list[int]) -> None:
    """Refuse rows of records that are not there, may not be seen or may not be changed; lock the others."""
    name = batch.object_type.name
    may_write = within(grant_of(actor, tx.catalog, name).write, actor)
    ids = [batch.ids[place] for place in places]
    there = rows.existing(
        tx, batch.object_type, ids, visible_to(actor, tx.catalog)(name), may_write, lock=True
    )
    lost = [place for place in places if batch.ids[place] not in there]
    batch.refuse(lost, None, say("this record is not there, or not yours to change"))


def judge_required(batch: Batch, places: list[int], fields: Iterable[Field]) -> None:
    """Refuse rows without a value that is needed, unless something else is wrong with it."""
    for field in fields:
        if is_needed(field):
            column = batch.values.get(field.name)
            blank = [place for place in places if column is None or column[place] is None]
            for place in blank:
                if all(each.field != field.name for each in batch.problems.get(place, ())):
                    batch.problems[place].append(Problem(field.name, NEEDED))


def judge_links(tx: Transaction, actor: Actor, batch: Batch, places: list[int]) -> None:
    """Refuse rows that point to a record which is not there, or which the actor may not see."""
    for field, column in batch.fields():
        if target_of(field):
            linked = tx.catalog.object(target_of(field))
            there = visible_among(tx, actor, linked, {column[place] for place in places} - {None})
            for place in places:
                if column[place] is not None and column[place] not in there:
                    batch.problems[place].append(no_such(linked, field.name, [column[place]]))


def judge_twins(tx: Transaction, batch: Batch, places: list[int]) -> None:
    """Refuse rows whose unique value a record, or an earlier row that is not refused, has already."""
    cells: dict[str, list[Any]] = {}
    holders: dict[str, dict[Any, int]] = {}
    for field, column in batch.fields():
        if field.unique:
            cells[field.name] = [_first_cell(field, value) for value in column]
            wanted = {cells[field.name][place] for place in places} - {None}
            holders[field.name] = rows.holders(tx, batch.object_type, columns_of(field)[0][0], wanted)
    for place in places if cells else ():
        for name, held in holders.items():
            twin = held.get(cells[name][place])
            if twin is not None and twin != batch.ids[place]:
                batch.problems[place].append(used_already(name, cells[name][place], twin))
        if place not in batch.problems:
            for name, held in holders.items():
                if cells[name][place] is not None:
                    held.setdefault(cells[name][place], batch.ids[place])


def _first_cell(field: Field, value: Any) -> Any:
    return None if value is None else type_of(field).to_columns(value)[0]
