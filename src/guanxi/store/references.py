"""Whether links lead somewhere: counted by the database, over whole tables."""

from dataclasses import dataclass

import sqlalchemy as sa

from guanxi.metadata.field_types import columns_of
from guanxi.metadata.objects import Field, ObjectType
from guanxi.store.tables import record_table
from guanxi.store.transactions import Transaction


@dataclass(frozen=True, kw_only=True)
class LinkCounts:
    """Live records, those with a link, and those whose link leads to a record in the recycle bin."""

    records: int
    linked: int
    to_deleted: int


def count_links(tx: Transaction, object_type: ObjectType, lookup: Field) -> LinkCounts:
    """Return the counts of one lookup field."""
    here = record_table(object_type)
    there = record_table(tx.catalog.object(lookup.target)).alias("target")
    column = here.c[columns_of(lookup)[0][0]]
    counted = (
        sa.select(sa.func.count(), sa.func.count(column), sa.func.count(there.c.id))
        .select_from(here)
        .outerjoin(there, sa.and_(there.c.id == column, there.c.deleted_at.is_not(None)))
        .where(here.c.deleted_at.is_(None))
    )
    records, linked, to_deleted = tx.connection.execute(counted).one()
    return LinkCounts(records=records, linked=linked, to_deleted=to_deleted)
