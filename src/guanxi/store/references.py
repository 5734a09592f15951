"""Whether links lead somewhere and fields are filled: counted by the database, over whole tables."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from guanxi.metadata.field_types import columns_of, type_of
from guanxi.metadata.objects import Field, ObjectType
from guanxi.store.tables import link_table, record_table
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


def count_filled(
    tx: Transaction, object_type: ObjectType, fields: Sequence[Field]
) -> tuple[int, dict[str, int]]:
    """Return the number of live records, and in how many of them each field has a value in any of its columns."""
    here = record_table(object_type)
    known = [sa.func.count(_content(object_type, here, each)) for each in fields]
    total, *filled = tx.connection.execute(
        sa.select(sa.func.count(), *known).where(here.c.deleted_at.is_(None))
    ).one()
    return total, {each.name: number for each, number in zip(fields, filled, strict=True)}


def _content(object_type: ObjectType, here: sa.FromClause, field: Field) -> sa.ColumnElement[Any]:
    """Return a text that is there when *field* has a value; of a many-to-many field, the number of one of its links."""
    if not type_of(field).links_many:
        return sa.func.coalesce(*(sa.cast(here.c[name], sa.Text) for name, _ in columns_of(field)))
    links = link_table(object_type.name, field).alias()
    one = sa.select(sa.cast(links.c.linked_id, sa.Text)).where(links.c.record_id == here.c.id).limit(1)
    return one.correlate(here).scalar_subquery()
