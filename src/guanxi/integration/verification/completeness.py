"""How many key fields have a value: in the files as they came, and in the database now."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import polars as pl

from guanxi.integration.columns import column_of, filled
from guanxi.integration.verification.reports import FieldCompleteness
from guanxi.metadata.objects import ObjectType


@dataclass(frozen=True, kw_only=True)
class RawTable:
    """One table as it was read: text in columns beside ``_row``; which columns hold which field of the object.

    ``standards`` names the standard each field was brought to, where there is one; ``spares`` the field that keeps
    what is right but not for this one.
    """

    source: str
    table: str
    frame: pl.DataFrame
    columns: Mapping[str, Sequence[str]]
    standards: Mapping[str, str]
    spares: Mapping[str, str] = field(default_factory=dict)


def measure_completeness(
    object_type: ObjectType, before: Iterable[RawTable], after: pl.DataFrame
) -> tuple[FieldCompleteness, ...]:
    """Return the completeness of every key field of an object.

    *before*: the tables whose rows are records of this object; a table without a column for a field has no
    value in any row. *after*: one row per stored record, a column per field, read from the database.
    """
    tables = list(before)
    rows = sum(len(each.frame) for each in tables)
    return tuple(
        FieldCompleteness(
            object=object_type.name,
            field=field.name,
            label={"en": field.label.en, "zh": field.label.zh},
            rows_before=rows,
            filled_before=sum(_filled_before(each, field.name) for each in tables),
            records_after=len(after),
            filled_after=_filled_after(after, object_type.name, field.name),
        )
        for field in object_type.live_fields
        if field.key
    )


def _filled_before(table: RawTable, field_name: str) -> int:
    columns = [each for each in table.columns.get(field_name, ()) if each in table.frame.columns]
    if not columns:
        return 0
    known = [pl.col(each).cast(pl.String).str.strip_chars().fill_null("") != "" for each in columns]
    return int(table.frame.select(pl.any_horizontal(known).sum()).item())


def _filled_after(after: pl.DataFrame, object_name: str, field_name: str) -> int:
    column = column_of(after, object_name, field_name)
    if column is None:
        return 0
    return int(after.select(filled(column, after.schema[column]).is_not_null().sum()).item())
