"""A person's word on the columns of a table: which field each one is, and what its values mean."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any

from guanxi.integration.mapping.assigning import chain_of, field_at
from guanxi.integration.mapping.headers import unit_of
from guanxi.integration.mapping.mappings import ColumnMapping, TableMapping
from guanxi.integration.mapping.values import tidy_value, value_map
from guanxi.kernel.errors import UnknownName
from guanxi.kernel.text import Message, say
from guanxi.metadata.catalog import Catalog

Words = Mapping[str, str]
"""Column -> ``object.field`` or ``object.field:part``; '' for a column that is left out."""

ValueMaps = Mapping[str, Mapping[str, str]]
"""Column -> what the source writes -> what we keep; '' where a value means nothing."""

NO_WORDS: Words = MappingProxyType({})
NO_VALUES: ValueMaps = MappingProxyType({})
CHOSEN = say("chosen by a person")


def is_known(catalog: Catalog, path: str) -> bool:
    """Tell whether *path* names a field in use; a field that was retired since is not."""
    try:
        field, _ = field_at(catalog, path)
    except UnknownName:
        return False
    return not field.retired


def as_field(column: str, path: str, catalog: Catalog, values: Iterable[str] = ()) -> dict[str, Any]:
    """Return what a column is once it is known to be *path*: target, part, standard, unit, known values.

    *values* are samples of the column, as the source writes them.
    """
    field, part = field_at(catalog, path)
    target = path.partition(":")[0]
    meant, unmapped = value_map(target, field, values)
    return {
        "target": target,
        "part": part,
        "unit": unit_of(column) if field.type == "money" else "",
        "standard": "" if part else field.standard,
        "values": meant,
        "unmapped": unmapped,
    }


def left_out(column: ColumnMapping) -> dict[str, Any]:
    """Return what a column is that is not taken over; the field it might be stays on offer."""
    others = (column.path, *column.alternatives) if column.path else column.alternatives
    return {
        "target": "",
        "part": "",
        "unit": "",
        "standard": "",
        "values": {},
        "unmapped": (),
        "alternatives": tuple(dict.fromkeys(others)),
    }


def with_words(
    mapping: TableMapping,
    words: Words,
    catalog: Catalog,
    *,
    values: ValueMaps = NO_VALUES,
    samples: Mapping[str, Iterable[str]] = MappingProxyType({}),
    reason: Message = CHOSEN,
) -> TableMapping:
    """Return *mapping* as people want it: their word on a column goes before ours, on a value likewise.

    A word on a column that is not there is passed over; one on a field that is no longer there leaves the column
    out and says so. *samples* holds some values of each column.
    """
    named = {each.column for each in mapping.columns}
    for column, path in words.items():
        if column in named:
            mapping = _with_word(mapping, column, path, catalog, samples.get(column, ()), reason)
    mapping = replace(mapping, columns=tuple(_with_values(each, values) for each in mapping.columns))
    return _with_objects(mapping, catalog)


def _with_word(
    mapping: TableMapping,
    column: str,
    path: str,
    catalog: Catalog,
    samples: Iterable[str],
    reason: Message,
) -> TableMapping:
    now = mapping.column(column)
    if not path:
        return mapping.corrected(column, **left_out(now), reason=reason)
    if not is_known(catalog, path):
        gone = say("there is no field {field} any more", field=path)
        return mapping.corrected(column, **left_out(now), confidence=0.0, reason=gone)
    if path == now.path:
        return mapping.corrected(column, reason=now.reason)
    others = tuple(dict.fromkeys(each for each in (now.path, *now.alternatives) if each and each != path))
    told = as_field(column, path, catalog, samples)
    return mapping.corrected(column, **told, alternatives=others, reason=reason)


def _with_values(column: ColumnMapping, values: ValueMaps) -> ColumnMapping:
    meant = {tidy_value(value): choice for value, choice in values.get(column.column, {}).items()}
    if not meant or not column.target:
        return column
    unmapped = tuple(each for each in column.unmapped if tidy_value(each) not in meant)
    return replace(column, values={**column.values, **meant}, unmapped=unmapped)


def _with_objects(mapping: TableMapping, catalog: Catalog) -> TableMapping:
    """Return *mapping* with the objects its rows speak of after everything that was said."""
    used = {each.partition(".")[0] for each in mapping.targets}
    chain = tuple(chain_of(catalog, catalog.object(mapping.main)))
    strangers = sorted(used - set(chain))
    return replace(
        mapping,
        objects=(*(name for name in chain if name == mapping.main or name in used), *strangers),
    )
