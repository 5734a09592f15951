"""Sums over what a query finds, and how many rows an object has, roughly: what the foot of a list tells."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY

from guanxi.metadata.objects import ObjectType
from guanxi.store.paths import Paths, Steps, Visible
from guanxi.store.queries import Query, conditions_for
from guanxi.store.tables import record_table
from guanxi.store.transactions import Transaction


@dataclass(frozen=True, kw_only=True)
class Total:
    """One column added up; *units* are the currencies that were added (none for plain numbers)."""

    sum: Decimal | None
    units: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Summary:
    """How many rows were looked at (one more than the cap when there are more) and the totals over them."""

    number: int
    totals: Mapping[Steps, Total]


def summarise(
    tx: Transaction, query: Query, added: Sequence[Steps], visible: Visible, *, cap: int
) -> Summary:
    """Return count and totals of the fields *added* over at most *cap* + 1 rows of the query."""
    paths = Paths(tx.catalog, query.object, visible, tx.now)
    columns = [paths.find(each).columns for each in added]
    where = conditions_for(tx, paths, query, visible)
    inner = (
        sa.select(
            sa.literal(1).label("one"),
            *(
                cell.label(f"c{at}_{part}")
                for at, found in enumerate(columns)
                for part, cell in enumerate(found)
            ),
        )
        .select_from(paths.source)
        .where(*where)
        .limit(cap + 1)
        .subquery()
    )
    wanted: list[sa.ColumnElement[Any]] = [sa.func.count()]
    for at, found in enumerate(columns):
        wanted.append(sa.func.sum(inner.c[f"c{at}_0"]))
        units = inner.c[f"c{at}_1"] if len(found) > 1 else sa.cast(sa.null(), sa.Text)
        wanted.append(sa.func.array_agg(sa.distinct(units), type_=ARRAY(sa.Text)))
    number, *cells = tx.connection.execute(sa.select(*wanted).select_from(inner)).one()
    totals = {
        path: Total(sum=cells[2 * at], units=tuple(sorted(each for each in cells[2 * at + 1] or () if each)))
        for at, path in enumerate(added)
    }
    return Summary(number=number, totals=totals)


def count_combinations(
    tx: Transaction, query: Query, visible: Visible, *, cap: int
) -> list[tuple[tuple[Any, ...], int]]:
    """Return how often each combination of values of ``query.paths`` occurs in at most *cap* rows of the query.

    Of a field in several columns the first one counts.
    """
    paths = Paths(tx.catalog, query.object, visible, tx.now)
    columns = [paths.find(each).columns[0].label(f"c{at}") for at, each in enumerate(query.paths)]
    where = conditions_for(tx, paths, query, visible)
    inner = sa.select(*columns).select_from(paths.source).where(*where).limit(cap).subquery()
    counted = sa.select(*inner.c, sa.func.count()).group_by(*inner.c)
    return [(tuple(values), int(number)) for *values, number in tx.connection.execute(counted)]


def estimated_rows(tx: Transaction, object_type: ObjectType) -> int:
    """Return about how many records the object has, as PostgreSQL last counted: no waiting, no exactness."""
    table = record_table(object_type)
    name = sa.literal(f"{table.schema}.{tx.connection.dialect.identifier_preparer.quote(table.name)}")
    statement = sa.text("SELECT reltuples FROM pg_class WHERE oid = to_regclass(:name)")
    found = tx.connection.execute(statement, {"name": str(name.value)}).scalar()
    return max(int(found or 0), 0)
