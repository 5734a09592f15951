"""How full fields are: over the newest records a query finds, each counted once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from guanxi.store.paths import Paths, Steps, Visible
from guanxi.store.queries import Query, conditions_for
from guanxi.store.transactions import Transaction


@dataclass(frozen=True, kw_only=True)
class Fullness:
    """How many records were looked at, and how many of them have a value, by field."""

    records: int
    filled: Mapping[Steps, int]


def count_filled(
    tx: Transaction, query: Query, fields: Sequence[Steps], visible: Visible, *, newest: int
) -> Fullness:
    """Return how many of the *newest* records of *query* have a value in each of *fields*."""
    paths = Paths(tx.catalog, query.object, visible, tx.now)
    columns = [paths.find(each).columns for each in fields]
    where = conditions_for(tx, paths, query, visible)
    inner = (
        sa.select(*(sa.func.num_nonnulls(*cells).label(f"c{at}") for at, cells in enumerate(columns)))
        .select_from(paths.source)
        .where(*where)
        .order_by(paths.root.c.id.desc())
        .limit(newest)
        .subquery()
    )
    filled = [sa.func.count().filter(inner.c[f"c{at}"] > 0) for at in range(len(columns))]
    records, *numbers = tx.connection.execute(sa.select(sa.func.count(), *filled).select_from(inner)).one()
    return Fullness(records=records, filled=dict(zip(fields, numbers, strict=True)))
