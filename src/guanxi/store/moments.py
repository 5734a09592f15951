"""A moment of the database, told by what was committed: whether any record was changed since it is one look.

The last number of the journal would not do: numbers are handed out ahead, a thousand to each connection, and a
transaction that began earlier may commit later.
"""

from typing import Any

from guanxi.store.tables import batch, batch_part, journal
from guanxi.store.transactions import Transaction

_JOURNAL, _BATCH, _PART = (f"{table.schema}.{table.name}" for table in (journal, batch, batch_part))

# A load that finds every row unchanged writes no journal, but notes whose rows they are: its parts tell.
_NOW = (
    f"SELECT pg_current_snapshot()::text AS snapshot, (SELECT count(*) FROM {_PART}) AS parts, "
    f"(SELECT max(finished_at)::text FROM {_PART}) AS last_part, "
    f"(SELECT max(rolled_back_at)::text FROM {_BATCH}) AS last_return"
)
# A restored database counts its transactions from the beginning: what was kept before is not believed.
_CHANGED = (
    f"SELECT pg_snapshot_xmax(pg_current_snapshot()) < pg_snapshot_xmax(s) OR EXISTS (SELECT FROM {_JOURNAL} "
    "WHERE xid >= pg_snapshot_xmin(s) AND NOT pg_visible_in_snapshot(xid, s)) "
    "FROM (SELECT %(snapshot)s::pg_snapshot AS s) kept"
)


def now(tx: Transaction) -> dict[str, Any]:
    """Return this moment as JSON values, for `is_unchanged`."""
    row = tx.connection.exec_driver_sql(_NOW).mappings().one()
    return {**row, "catalog": tx.catalog.version}


def is_unchanged(tx: Transaction, moment: dict[str, Any]) -> bool:
    """Tell whether no record, no load and no definition was changed since *moment*."""
    if {**now(tx), "snapshot": moment["snapshot"]} != moment:
        return False
    changed = tx.connection.exec_driver_sql(_CHANGED, {"snapshot": moment["snapshot"]}).scalar_one()
    return not changed
