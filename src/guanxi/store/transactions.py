"""The open database: transactions that know the catalog, the moment and the door they came through."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime

import psycopg
import sqlalchemy as sa

from guanxi.kernel.clock import Clock, system_clock
from guanxi.kernel.errors import Conflict, Transient
from guanxi.kernel.text import say
from guanxi.metadata.catalog import EMPTY_CATALOG, Catalog
from guanxi.store import definitions
from guanxi.store.migrations import migrate
from guanxi.store.partitions import open_months
from guanxi.store.versions import require_version


@dataclass(frozen=True, kw_only=True)
class Transaction:
    """What one request or one step of a job works in; it is committed where it was opened, nowhere else.

    ``door`` names the way in (web, api, cli, integration …) and ``batch_id`` the changes that can be
    taken back together; both are written into the journal.
    """

    connection: sa.Connection
    catalog: Catalog
    now: datetime
    door: str
    batch_id: int | None = None

    def with_catalog(self, catalog: Catalog) -> "Transaction":
        """Return the same transaction after the structure door changed the catalog."""
        return replace(self, catalog=catalog)

    def in_batch(self, batch_id: int) -> "Transaction":
        """Return the same transaction, writing its changes down as part of a batch."""
        return replace(self, batch_id=batch_id)


class Store:
    """One database; remembers the catalog and notices a new version before each transaction."""

    def __init__(self, url: str, *, clock: Clock = system_clock, pool_size: int = 10) -> None:
        self.engine = sa.create_engine(url, pool_size=pool_size, max_overflow=20, pool_pre_ping=True)
        self.clock = clock
        self._catalog = EMPTY_CATALOG

    def prepare(self) -> None:
        """Create or upgrade the system's own tables, and the journal's partitions of this month and the next.

        Raises `Terminal` for a database too old for the program.
        """
        with self.engine.connect() as connection:
            require_version(connection)
        migrate(self.engine)
        with self.engine.begin() as connection:
            open_months(connection, self.clock())

    @contextmanager
    def transaction(self, door: str, *, batch_id: int | None = None) -> Iterator[Transaction]:
        """Open a transaction; commit it when the block ends well, roll it back when it does not.

        Raises `Conflict` when somebody else used the same value or removed a linked record at the same moment,
        `Transient` when the database was busy or went away: the same work may be tried again.
        """
        with _told(), self.engine.begin() as connection:
            yield Transaction(
                connection=connection,
                catalog=self._current_catalog(connection),
                now=self.clock(),
                door=door,
                batch_id=batch_id,
            )

    @property
    def address(self) -> str:
        """Return where the database is, with its password: for a process that is to open it, too."""
        return self.engine.url.render_as_string(hide_password=False)

    def close(self) -> None:
        """Close all connections."""
        self.engine.dispose()

    def _current_catalog(self, connection: sa.Connection) -> Catalog:
        known = self._catalog
        if definitions.version(connection) != known.version:
            known = self._catalog = definitions.load(connection)
        return known


_TAKEN, _GONE = "23505", "23503"  # unique_violation, foreign_key_violation
_TRANSIENT = (
    "40",
    "53",
    "57P",
    "55P03",
    "08",
)  # rolled back, out of resources, shutting down, locked, no connection


@contextmanager
def _told() -> Iterator[None]:
    """Say in the words of the error tree what the database says when two do the same at once."""
    try:
        yield
    except (sa.exc.DBAPIError, psycopg.Error) as error:  # COPY speaks to the driver itself
        state = str(getattr(getattr(error, "orig", error), "sqlstate", None) or "")
        if state == _TAKEN:
            raise Conflict(say("somebody else used the same value at the same moment; try again")) from error
        if state == _GONE:
            raise Conflict(say("a linked record was removed at the same moment; try again")) from error
        if state.startswith(_TRANSIENT) or getattr(error, "connection_invalidated", False):
            raise Transient(say("the database was busy or not there; try again")) from error
        raise
