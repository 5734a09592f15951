"""What the database itself says: records for the sample, and links that lead somewhere."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Any

from guanxi.integration.verification.comparing import Fetch, StoredRecord
from guanxi.integration.verification.reports import ReferenceCheck
from guanxi.metadata.field_types import columns_of
from guanxi.metadata.objects import OWNER, ObjectType
from guanxi.records.validation import values_of
from guanxi.store import batches, references, rows
from guanxi.store.transactions import Transaction

Origins = Mapping[str, Mapping[str, Any]]
Claims = Callable[[Sequence[int]], Mapping[int, Origins]]
"""Tells of some records (by id) where each value comes from."""


def reader_of(
    tx: Transaction, object_type: ObjectType, batch_id: int, claimed: Claims = lambda _: {}
) -> Fetch:
    """Return the function that reads live records of an object, past every memory of the run of this batch.

    *claimed* tells where the run says that the values of some records come from, also of those it left as they were.
    """

    def fetch(record_ids: Sequence[int]) -> Mapping[int, StoredRecord]:
        written = batches.columns_written(tx, batch_id, object_type.name, record_ids)
        live = [each for each in rows.fetch(tx, object_type, record_ids).values() if each.deleted_at is None]
        values = {each.id: values_of(object_type, each.columns) | {OWNER: each.owner_id} for each in live}
        untouched = {each.id: _untouched(object_type, written.get(each.id, set())) for each in live}
        left = {
            each: {name for name in names if values[each].get(name) is not None}
            for each, names in untouched.items()
        }
        told = claimed([each for each, names in left.items() if names])
        return {
            each.id: StoredRecord(
                values=values[each.id],
                origin={
                    **(each.origin or {}),
                    **{name: one for name, one in told.get(each.id, {}).items() if name in left[each.id]},
                },
                untouched=untouched[each.id],
            )
            for each in live
        }

    return fetch


def _untouched(object_type: ObjectType, written: Collection[str]) -> frozenset[str]:
    """Return the fields none of whose columns is among *written*."""
    return frozenset(
        each.name
        for each in object_type.open_fields
        if not any(column in written for column, _ in columns_of(each))
    )


def check_references(tx: Transaction, objects: Iterable[ObjectType]) -> tuple[ReferenceCheck, ...]:
    """Return one check per lookup field of *objects*: needed links that are missing, links to deleted records."""
    checks = []
    for object_type in objects:
        for field in object_type.live_fields:
            if field.type == "lookup":
                counts = references.count_links(tx, object_type, field)
                checks.append(
                    ReferenceCheck(
                        object=object_type.name,
                        field=field.name,
                        target=field.target,
                        records=counts.records,
                        linked=counts.linked,
                        missing=counts.records - counts.linked if field.required else 0,
                        to_deleted=counts.to_deleted,
                    )
                )
    return tuple(checks)
