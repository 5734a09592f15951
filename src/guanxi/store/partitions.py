"""The journal's partitions: one per month, made before the month comes."""

from datetime import UTC, datetime

import sqlalchemy as sa

from guanxi.store.tables import SYSTEM_SCHEMA

_LOCK = 0x6D6F6E7468  # "month": one process makes partitions, the others wait
_JOURNAL = f"{SYSTEM_SCHEMA}.journal"


def open_months(connection: sa.Connection, now: datetime) -> None:
    """Make the partitions for the month of *now* and the next; those that are there already are left alone."""
    connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_LOCK)))
    first = now.astimezone(UTC).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    for month in (first, _next(first)):
        _open(connection, month)


def _open(connection: sa.Connection, month: datetime) -> None:
    """Make one partition; lines that came before it, and so into the default partition, move over."""
    name = f"{_JOURNAL}_{month:%Y_%m}"
    if connection.execute(sa.select(sa.func.to_regclass(name))).scalar() is not None:
        return
    begin, end = month.isoformat(), _next(month).isoformat()
    for statement in (
        f"LOCK TABLE {_JOURNAL} IN SHARE ROW EXCLUSIVE MODE",
        f"CREATE TABLE {name} (LIKE {_JOURNAL} INCLUDING DEFAULTS)",
        f"WITH early AS (DELETE FROM {_JOURNAL}_default WHERE at >= '{begin}' AND at < '{end}' RETURNING *) "
        f"INSERT INTO {name} SELECT * FROM early",
        f"ALTER TABLE {_JOURNAL} ATTACH PARTITION {name} FOR VALUES FROM ('{begin}') TO ('{end}')",
    ):
        connection.exec_driver_sql(statement)


def _next(month: datetime) -> datetime:
    return month.replace(year=month.year + month.month // 12, month=month.month % 12 + 1)
