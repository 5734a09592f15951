"""How the database is: versions, sizes, connections, work that waits; nothing in it is secret."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from guanxi.store.presence import LOCK_FAMILY
from guanxi.store.transactions import Transaction

BIGGEST = 8
_FACTS = sa.text("""
SELECT current_setting('server_version') AS version,
    pg_database_size(current_database()) AS size,
    (SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()) AS connections,
    current_setting('max_connections')::int AS most_connections,
    pg_postmaster_start_time() AS started_at,
    (SELECT version_num FROM guanxi.alembic_version) AS migration,
    (SELECT count(DISTINCT objid) FROM pg_locks WHERE locktype = 'advisory' AND granted AND objsubid = 2
        AND classid = :family
        AND database = (SELECT oid FROM pg_database WHERE datname = current_database())) AS processes,
    to_regclass('jobs.workflow_status') IS NOT NULL AS has_work
""")
_BIGGEST = sa.text("""
SELECT n.nspname || '.' || c.relname AS name, pg_total_relation_size(c.oid) AS size,
    greatest(c.reltuples, 0)::bigint AS rows
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'm') AND n.nspname IN ('crm', 'guanxi', 'jobs')
ORDER BY 2 DESC LIMIT :most
""")
_WORK = sa.text("""
SELECT count(*) FILTER (WHERE status IN ('ENQUEUED', 'DELAYED')) AS waiting,
    count(*) FILTER (WHERE status = 'PENDING') AS running,
    count(*) FILTER (WHERE status IN ('ERROR', 'MAX_RECOVERY_ATTEMPTS_EXCEEDED')) AS parked
FROM jobs.workflow_status
""")


@dataclass(frozen=True, kw_only=True)
class TableSize:
    """One table: bytes with its indexes, and about how many rows."""

    name: str
    size: int
    rows: int


@dataclass(frozen=True, kw_only=True)
class Work:
    """How many pieces of durable work wait, run, or were parked by an error."""

    waiting: int = 0
    running: int = 0
    parked: int = 0


@dataclass(frozen=True, kw_only=True)
class SystemState:
    """Facts about the database and the processes that use it; sizes in bytes."""

    version: str
    size: int
    connections: int
    most_connections: int
    started_at: datetime
    migration: str
    processes: int
    biggest: tuple[TableSize, ...]
    work: Work


def system_state(tx: Transaction) -> SystemState:
    """Return how the database is at this moment."""
    facts = dict(tx.connection.execute(_FACTS, {"family": LOCK_FAMILY}).mappings().one())
    biggest = tx.connection.execute(_BIGGEST, {"most": BIGGEST}).mappings()
    has_work = facts.pop("has_work")
    work = Work(**tx.connection.execute(_WORK).mappings().one()) if has_work else Work()
    return SystemState(**facts, biggest=tuple(TableSize(**each) for each in biggest), work=work)
