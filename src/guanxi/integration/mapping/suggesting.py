"""Suggests the mapping of a table: from its headers, its values, and what people decided before."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import Any

from guanxi.integration.mapping.assigning import Assignment, Candidate, Table, assign
from guanxi.integration.mapping.detectors import Look, look_at
from guanxi.integration.mapping.mappings import ColumnMapping, TableMapping
from guanxi.integration.mapping.memory import NOTHING_REMEMBERED, Memory, rows_known
from guanxi.integration.mapping.vocabulary import Vocabulary, vocabulary_of
from guanxi.integration.mapping.words import as_field, is_known
from guanxi.kernel.errors import Refused
from guanxi.kernel.text import Message, say
from guanxi.metadata.catalog import Catalog
from guanxi.metadata.objects import ObjectType

_ALTERNATIVES = 4
NOTHING_TOLD: Mapping[str, str] = MappingProxyType({})


def suggest(
    table_name: str,
    columns: Mapping[str, Sequence[str | None]],
    catalog: Catalog,
    *,
    source: str = "",
    memory: Memory = NOTHING_REMEMBERED,
    main: str = "",
    told: Mapping[str, str] = NOTHING_TOLD,
) -> TableMapping:
    """Return which field each column becomes, how surely, and why.

    *columns* maps each header to sample values (some hundred are plenty). What people said of columns with the
    same names, in other tables of *source* or in other sources, wins over every suggestion. *main* names the
    object of the rows where it is known, *told* the fields of columns that a template of ours fixes; names the
    catalog does not know are passed over. Raises `Refused` when the catalog has no object that rows could be.
    """
    vocabulary = vocabulary_of(catalog)
    memory = memory.without(source, table_name)
    main = main or rows_known(memory, columns, source, catalog)
    mains = list(possible_rows(catalog))
    mains = [each for each in mains if each.name == main] or mains
    told = {name: path for name, path in told.items() if name in columns and is_known(catalog, path)}
    if not mains:
        raise Refused(say("there is no object yet that rows of a source could become"))
    looks = {name: look_at(samples) for name, samples in columns.items()}
    meanings = {**_meanings(vocabulary, columns, mains), **{name: {path: 1.0} for name, path in told.items()}}
    table = Table(table_name, meanings, looks)
    found = assign(table, catalog, vocabulary, mains)
    return memory.applied_to(_described(table, found, catalog, vocabulary, told), source, catalog, columns)


def possible_rows(catalog: Catalog) -> tuple[ObjectType, ...]:
    """Return the objects that rows of a source can be."""
    return tuple(each for each in catalog.from_sources if not each.retired)


def _meanings(
    vocabulary: Vocabulary, columns: Mapping[str, Sequence[str | None]], mains: Sequence[ObjectType]
) -> dict[str, dict[str, float]]:
    """Return what each header may mean; whoever answers for a customer answers for any record."""
    known = {name: vocabulary.meanings(name) for name in columns}
    for meanings in known.values():
        if "customer.owner" in meanings:
            for each in mains:
                meanings.setdefault(f"{each.name}.owner", meanings["customer.owner"] * 0.9)
    return known


def _described(
    table: Table, found: Assignment, catalog: Catalog, vocabulary: Vocabulary, told: Mapping[str, str]
) -> TableMapping:
    plain = TableMapping(
        table=table.name,
        main=found.main,
        objects=(found.main,),
        columns=tuple(_column(name, table, found, catalog) for name in table.meanings),
        key=_key(table, found, catalog, vocabulary),
        changed_at=next((name for name in table.meanings if vocabulary.is_role("changed_at", name)), ""),
    )
    for name, path in told.items():
        plain = plain.corrected(name, **_as_told(name, path, table, catalog))
    used = {each.partition(".")[0] for each in plain.targets}
    return replace(
        plain,
        objects=tuple(name for name in found.chain if name == found.main or name in used),
        columns=tuple(_explained(each, plain) for each in plain.columns),
    )


def _column(name: str, table: Table, found: Assignment, catalog: Catalog) -> ColumnMapping:
    chosen, look = found.chosen.get(name), table.looks[name]
    others = [each.path for each in found.candidates[name] if chosen is None or each.path != chosen.path]
    alternatives = tuple(dict.fromkeys(others))[:_ALTERNATIVES]
    if chosen is None:
        return ColumnMapping(column=name, reason=_why_not(name, found), alternatives=alternatives)
    return ColumnMapping(
        column=name,
        **as_field(name, chosen.path, catalog, look.distinct),
        confidence=round(min(chosen.score, 1.0), 2),
        reason=_why(chosen, look),
        alternatives=alternatives,
    )


def _as_told(name: str, path: str, table: Table, catalog: Catalog) -> dict[str, Any]:
    """Return what a column is when the template says so, whatever its values look like."""
    told = as_field(name, path, catalog, table.looks[name].distinct)
    return {**told, "unit": "", "reason": say("the template that was filled in says so")}


def _why(chosen: Candidate, look: Look) -> Message:
    if not chosen.header:
        return say("the values look like {field}; the header says nothing", field=chosen.path)
    if not look.filled:
        return say("the header means {field}; there are no values to look at", field=chosen.path)
    if chosen.agreement >= 0.5:
        return say("the header means {field} and the values agree", field=chosen.path)
    if chosen.agreement < 0:
        return say("the header means {field}, but the values look different", field=chosen.path)
    return say("the header means {field}", field=chosen.path)


def _why_not(name: str, found: Assignment) -> Message:
    for candidate in found.candidates[name]:
        for other in found.chosen.values():
            if other.path == candidate.path:
                return say("{field} comes from the column {column}", field=other.path, column=other.column)
    return say("no field is known by this name")


def _explained(column: ColumnMapping, mapping: TableMapping) -> ColumnMapping:
    if column.target:
        return column
    if column.column == mapping.key:
        return replace(column, reason=say("it identifies the row inside the source"))
    if column.column == mapping.changed_at:
        return replace(column, reason=say("it says when the source changed the row"))
    return column


def _key(table: Table, found: Assignment, catalog: Catalog, vocabulary: Vocabulary) -> str:
    """Return the column that identifies a row: named so, or holding the object's number; each value once."""
    return next(
        (name for name in _possible_keys(table, found, catalog, vocabulary) if _is_unique(table, name)), ""
    )


def _possible_keys(
    table: Table, found: Assignment, catalog: Catalog, vocabulary: Vocabulary
) -> Iterator[str]:
    yield from (name for name in table.meanings if vocabulary.is_role("key", name))
    number = f"{found.main}.{catalog.object(found.main).number}"
    yield from (name for name, chosen in found.chosen.items() if chosen.path == number)


def _is_unique(table: Table, name: str) -> bool:
    look = table.looks[name]
    return bool(look.filled) and len(look.distinct) >= 0.9 * look.filled
