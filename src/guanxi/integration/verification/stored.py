"""What the database itself says: records for the sample, and links that lead somewhere."""

from collections.abc import Iterable, Mapping, Sequence

from guanxi.integration.verification.comparing import Fetch, StoredRecord
from guanxi.integration.verification.reports import ReferenceCheck
from guanxi.metadata.objects import ObjectType
from guanxi.records.validation import values_of
from guanxi.store import references, rows
from guanxi.store.transactions import Transaction


def reader_of(tx: Transaction, object_type: ObjectType) -> Fetch:
    """Return the function that reads live records of an object, past every memory of the run."""

    def fetch(record_ids: Sequence[int]) -> Mapping[int, StoredRecord]:
        return {
            each.id: StoredRecord(values=values_of(object_type, each.columns), origin=each.origin or {})
            for each in rows.fetch(tx, object_type, record_ids).values()
            if each.deleted_at is None
        }

    return fetch


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
