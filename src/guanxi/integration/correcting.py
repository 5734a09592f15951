"""A person accepts or corrects values of a run: the word is remembered, and a record that holds the value follows.

The record follows at once only where its value came from that very row, or is empty: a value that another source
or a person gave stays. Taking a correction back gives the record the value and the origin it had before.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from guanxi.access.fields import weighing
from guanxi.access.roles import require
from guanxi.expressions.conditions import all_of, is_one_of
from guanxi.identity.actor import Actor
from guanxi.integration.cells import Place, RunFiles, SourceCell, records_at, source_cells
from guanxi.integration.corrections import Kind
from guanxi.integration.settling import value_of
from guanxi.kernel.errors import Refused
from guanxi.kernel.text import say
from guanxi.metadata.field_types import columns_of
from guanxi.metadata.field_types.columns import from_json
from guanxi.metadata.objects import Field, ObjectType
from guanxi.records import bulk, reading, writing
from guanxi.records.reading import Asked, Record
from guanxi.records.validation import columns, values_of
from guanxi.store import rows
from guanxi.store.rows import Stored
from guanxi.store.transactions import Transaction

MOST_AT_ONCE = 5_000
"""Values one word may speak of; more than that is a matter of mapping, not of single values."""
_LONGEST_TITLE = 500


@dataclass(frozen=True, kw_only=True)
class Done:
    """How many values were spoken of, how many records followed at once, and the numbers of the corrections."""

    values: int
    records: int = 0
    ids: tuple[int, ...] = ()


def accept(
    tx: Transaction, actor: Actor, files: RunFiles, places: Iterable[Place], *, comment: str = ""
) -> Done:
    """Remember that the values at *places* are right as they are, or rightly left out where they were refused."""
    cells = _judged(tx, actor, files, places)
    _take_back_earlier(tx, actor, cells)
    ids = _remember(tx, actor, files, "accept", cells, "", comment=comment)
    return Done(values=len(cells), ids=ids)


def correct(
    tx: Transaction, actor: Actor, files: RunFiles, places: Iterable[Place], text: str, *, comment: str = ""
) -> Done:
    """Remember *text* (as `settling` writes it; '' leaves the value out) for the values at *places* of one field."""
    cells = _judged(tx, actor, files, places)
    _take_back_earlier(tx, actor, cells)
    by_target: dict[str, list[SourceCell]] = defaultdict(list)
    for each in cells:
        by_target[each.place.target].append(each)
    followed = 0
    ids: tuple[int, ...] = ()
    for target, here in by_target.items():
        object_name, _, field_name = target.partition(".")
        field = tx.catalog.object(object_name).field(field_name)
        value = value_of(field, text, here[0].standard) if text else None
        former = _follow(tx, actor, files, here, tx.catalog.object(object_name), field, value)
        ids += _remember(tx, actor, files, "correct", here, text, comment=comment, former=former)
        followed += len(former)
    return Done(values=len(cells), records=followed, ids=ids)


def undo(tx: Transaction, actor: Actor, ids: Sequence[int]) -> Done:
    """Forget corrections; a record that followed one and was not changed since gets back what it had."""
    require(actor, tx.catalog, "integrate")
    where = is_one_of("id", ids)
    found = reading.find(
        tx,
        weighing(actor),
        Asked(object="correction", fields=("record", "former"), where=where, limit=len(ids)),
    ).records
    restored = sum(_restore(tx, actor, each) for each in found)
    writing.delete(tx, actor, "correction", [each.id for each in found])
    return Done(values=len(found), records=restored)


def _judged(tx: Transaction, actor: Actor, files: RunFiles, places: Iterable[Place]) -> list[SourceCell]:
    require(actor, tx.catalog, "integrate")
    wanted = list(places)
    if len(wanted) > MOST_AT_ONCE:
        raise Refused(
            say(
                "{count} values are too many for one word ({most} at most); is the column mapped to the right field?",
                count=len(wanted),
                most=MOST_AT_ONCE,
            )
        )
    cells = source_cells(files, wanted)
    if not cells:
        raise Refused(say("the run no longer knows this value; load the page again"))
    return cells


def _take_back_earlier(tx: Transaction, actor: Actor, cells: Sequence[SourceCell]) -> None:
    """Forget what was said about the same cells before: the new word takes its place."""
    names = {(each.place.source, each.place.table, each.key, each.place.target) for each in cells}
    keys = sorted({each.key for each in cells})
    asked = Asked(
        object="correction",
        fields=("source", "table", "row_key", "target"),
        where=all_of(is_one_of("source", sorted({each[0] for each in names})), is_one_of("row_key", keys)),
        limit=2 * MOST_AT_ONCE,
    )
    earlier = [
        each.id
        for each in reading.find(tx, weighing(actor), asked).records
        if tuple(each.values[name] for name in ("source", "table", "row_key", "target")) in names
    ]
    if earlier:
        undo(tx, actor, earlier)


def _remember(
    tx: Transaction,
    actor: Actor,
    files: RunFiles,
    kind: Kind,
    cells: Sequence[SourceCell],
    text: str,
    *,
    comment: str,
    former: Mapping[Place, Mapping[str, Any]] | None = None,
) -> tuple[int, ...]:
    """Write one correction per cell down; return their numbers."""
    known = former or {}
    given: dict[str, list[Any]] = {
        "title": [_title(each, kind, text) for each in cells],
        "kind": [kind] * len(cells),
        "source": [each.place.source for each in cells],
        "table": [each.place.table for each in cells],
        "row_key": [each.key for each in cells],
        "target": [each.place.target for each in cells],
        "before": [each.before for each in cells],
        "value": [text] * len(cells),
        "run": [files.id] * len(cells),
        "record": [known.get(each.place, {}).get("record") for each in cells],
        "former": [known.get(each.place) for each in cells],
        "comment": [comment] * len(cells),
    }
    receipt = bulk.save(tx, weighing(actor), "correction", given)
    for problems in receipt.refused.values():
        raise Refused(problems[0].message)
    return tuple(each for each in receipt.ids if each is not None)


def _title(cell: SourceCell, kind: Kind, text: str) -> str:
    after = "✓" if kind == "accept" else f"→ {text or '∅'}"
    return f"{cell.place.target}: {cell.before} {after}"[:_LONGEST_TITLE]


def _follow(
    tx: Transaction,
    actor: Actor,
    files: RunFiles,
    cells: Sequence[SourceCell],
    object_type: ObjectType,
    field: Field,
    value: Any,
) -> dict[Place, Mapping[str, Any]]:
    """Change the records whose value came from these cells, or that have none; return what they held before."""
    found = records_at(tx, files, object_type.name, [each.place.of_row for each in cells])
    stored = rows.fetch(tx, object_type, set(found.values()), lock=True)
    former: dict[Place, Mapping[str, Any]] = {}
    for each in cells:
        here = stored.pop(found.get(each.place.of_row, 0), None)
        if here is None or here.deleted_at is not None or not _is_from(each.place, here, object_type, field):
            continue
        held = values_of(object_type, here.columns).get(field.name)
        if held == value:
            continue
        writing.update(tx, actor, object_type.name, here.id, {field.name: value})
        former[each.place] = {
            "object": object_type.name,
            "field": field.name,
            "record": here.id,
            "columns": writing.as_json(object_type, columns(object_type, {field.name: held})),
            "now": writing.as_json(object_type, columns(object_type, {field.name: value})),
            "origin": (here.origin or {}).get(field.name),
        }
    return former


def _is_from(place: Place, stored: Stored, object_type: ObjectType, field: Field) -> bool:
    """Tell whether the record's value came from this row, or is none."""
    if values_of(object_type, stored.columns).get(field.name) is None:
        return True
    origin = (stored.origin or {}).get(field.name) or {}
    return (origin.get("source"), origin.get("table"), origin.get("row")) == place.of_row


def _restore(tx: Transaction, actor: Actor, correction: Record) -> bool:
    """Give a record back what it held before it followed *correction*; tell whether it was done."""
    former, record_id = correction.values["former"], correction.values["record"]
    if not former or record_id is None:
        return False
    object_type = tx.catalog.object(former["object"])
    field = object_type.field(former["field"])
    live = rows.fetch(tx, object_type, [record_id]).get(record_id)
    if live is None or live.deleted_at is not None:
        return False
    stored = writing.stored_for(tx, actor, object_type, record_id, "write")
    kinds = {name: part.column for name, part in columns_of(field)}
    now = {name: from_json(former["now"].get(name), kind) for name, kind in kinds.items()}
    origin = dict(stored.origin or {})
    if any(stored.columns.get(name) != cell for name, cell in now.items()) or field.name in origin:
        return False
    if former["origin"]:
        origin[field.name] = former["origin"]
    wanted = {name: from_json(former["columns"].get(name), kind) for name, kind in kinds.items()}
    held = {**stored.columns, "origin": stored.origin}
    writing.write_changes(tx, actor, object_type, stored, held, {**wanted, "origin": origin or None})
    after = {**values_of(object_type, stored.columns), **_value_in(object_type, field, wanted)}
    writing.write_search_entry(tx, object_type, record_id, after)
    return True


def _value_in(object_type: ObjectType, field: Field, cells: Mapping[str, Any]) -> dict[str, Any]:
    """Return the value of one field that its columns *cells* hold."""
    return {name: value for name, value in values_of(object_type, cells).items() if name == field.name}
