"""A person says what columns are: written into the source's record at once, for every table with the same headers."""

from collections.abc import Mapping
from typing import Any

from guanxi.access.roles import require
from guanxi.identity.actor import Actor
from guanxi.integration import intake, inventory
from guanxi.integration.mapping import TableMapping, fingerprint
from guanxi.integration.mapping.suggesting import possible_rows
from guanxi.integration.mapping.values import tidy_value
from guanxi.integration.mapping.words import is_known
from guanxi.integration.plans import SourcePlan
from guanxi.integration.remembering import memory
from guanxi.integration.staging import RunFolder
from guanxi.kernel.errors import Refused, UnknownName
from guanxi.kernel.text import say
from guanxi.metadata.catalog import Catalog
from guanxi.records import writing
from guanxi.store import rows
from guanxi.store.transactions import Transaction

Tables = dict[str, dict[str, Any]]


def mapping_now(folder: RunFolder, source: SourcePlan, catalog: Catalog) -> dict[str, TableMapping]:
    """Return the mapping of each table as people want it at this moment."""
    suggested = intake.suggested_of(folder, source)
    return {name: intake.worded(each, folder, source, catalog) for name, each in suggested.items()}


def say_field(
    tx: Transaction, actor: Actor, source_id: int, folder: RunFolder, table: str, column: str, path: str
) -> tuple[str, ...]:
    """Say that *column* is the field *path* ('' leaves it out); return the tables this holds for.

    Raises `NotAllowed` without the ability integrate, `UnknownName` for a column or a field that is not there.
    """
    source = _opened(tx, actor, source_id)
    if path and not is_known(tx.catalog, path):
        raise UnknownName("field", path, ())
    tables = alike(folder, source, table, column)
    words = _copied(source.mapping)
    for each in tables:
        words.setdefault(each, {})[column] = path
    writing.update(tx, actor, inventory.SOURCE, source_id, {"mapping": words})
    return tables


def take_back(
    tx: Transaction, actor: Actor, source_id: int, folder: RunFolder, table: str, column: str
) -> tuple[str, ...]:
    """Forget what was said about *column*, so that the suggestion counts again; return the tables concerned."""
    source = _opened(tx, actor, source_id)
    tables = alike(folder, source, table, column)
    words, values = _copied(source.mapping), _copied(source.value_maps)
    for each in tables:
        words.get(each, {}).pop(column, None)
        values.get(each, {}).pop(column, None)
    writing.update(tx, actor, inventory.SOURCE, source_id, {"mapping": words, "value_maps": values})
    return tables


def say_value(
    tx: Transaction,
    actor: Actor,
    source_id: int,
    folder: RunFolder,
    table: str,
    column: str,
    value: str,
    meaning: str | None,
) -> None:
    """Say what *value* of a column means: a choice, '' for nothing; None forgets what was said."""
    source = _opened(tx, actor, source_id)
    values = _copied(source.value_maps)
    for each in alike(folder, source, table, column):
        known = dict(values.setdefault(each, {}).get(column, {}))
        known.pop(tidy_value(value), None)
        if meaning is not None:
            known[tidy_value(value)] = meaning
        values[each][column] = known
    writing.update(tx, actor, inventory.SOURCE, source_id, {"value_maps": values})


def say_rows(
    tx: Transaction, actor: Actor, source_id: int, folder: RunFolder, table: str, object_name: str
) -> None:
    """Say what the rows of a table are; its columns are suggested anew, what was said about them stays."""
    source = _opened(tx, actor, source_id)
    known = [each.name for each in possible_rows(tx.catalog)]
    if object_name not in known:
        raise UnknownName("object", object_name, known)
    same = _same_headers(folder, source, table)
    given = {**source.rows_are, **dict.fromkeys(same, object_name)}
    writing.update(tx, actor, inventory.SOURCE, source_id, {"rows_are": given})
    suggest_again(tx, source_id, actor, folder)


def suggest_again(tx: Transaction, source_id: int, actor: Actor, folder: RunFolder) -> None:
    """Suggest the mapping of the studied files anew, with the fields and the memory of today."""
    source = _opened(tx, actor, source_id)
    intake.map_tables(folder, source, tx.catalog, memory(tx))


def accept(tx: Transaction, actor: Actor, source_id: int, folder: RunFolder) -> None:
    """Say yes to the whole mapping as it stands: every column of every table becomes a person's word."""
    source = _opened(tx, actor, source_id)
    words, mains = _copied(source.mapping), dict(source.rows_are)
    for name, mapping in mapping_now(folder, source, tx.catalog).items():
        words[name] = {**words.get(name, {}), **{each.column: each.path for each in mapping.columns}}
        mains[name] = mapping.main
    writing.update(tx, actor, inventory.SOURCE, source_id, {"mapping": words, "rows_are": mains})
    intake.map_tables(folder, _opened(tx, actor, source_id), tx.catalog, memory(tx))


def alike(folder: RunFolder, source: SourcePlan, table: str, column: str) -> tuple[str, ...]:
    """Return the tables of the source that a word about *column* of *table* holds for: those with the same headers.

    Raises `Refused` when the table has no such column.
    """
    receipt = next((each for each in intake.receipt_of(folder, source).tables if each.name == table), None)
    if receipt is None or column not in receipt.columns:
        raise Refused(say("the table {table} has no column {column} any more", table=table, column=column))
    return _same_headers(folder, source, table)


def _same_headers(folder: RunFolder, source: SourcePlan, table: str) -> tuple[str, ...]:
    tables = intake.receipt_of(folder, source).tables
    wanted = next(fingerprint(each.columns) for each in tables if each.name == table)
    return tuple(each.name for each in tables if fingerprint(each.columns) == wanted)


def _opened(tx: Transaction, actor: Actor, source_id: int) -> SourcePlan:
    """Return the source as it is now, for this transaction to change: of two people the second waits here."""
    require(actor, tx.catalog, "integrate")
    rows.existing(tx, tx.catalog.object(inventory.SOURCE), [source_id], lock=True)
    return inventory.source_plan(inventory.load_source(tx, actor, source_id))


def _copied(tables: Mapping[str, Mapping[str, Any]]) -> Tables:
    return {name: dict(columns) for name, columns in tables.items()}
