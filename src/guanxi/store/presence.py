"""Which processes are alive: each holds a lock in the database under a name of its own.

The lock (a session's advisory lock) goes when the connection goes, so a process that was killed is known to
be gone at once, on whatever machine it ran; no clock, no heartbeat, no process number.
"""

import threading
import zlib
from collections.abc import Iterable
from contextlib import suppress
from types import TracebackType
from typing import Self

from sqlalchemy import URL, Connection, create_engine, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool

from guanxi.kernel.ids import new_id

LOCK_FAMILY = (
    7_103_001  # first half of the lock's key, so that other advisory locks are never mistaken for ours
)

_TAKE = text("SELECT pg_advisory_lock(:family, :key)")
_GIVE = text("SELECT pg_advisory_unlock(:family, :key)")
_HELD = text(
    "SELECT objid::bigint FROM pg_locks WHERE locktype = 'advisory' AND granted AND objsubid = 2"
    " AND classid = :family AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
)


class Presence:
    """This process's name among the living, from making until closing (or the end of the process)."""

    def __init__(self, url: str | URL) -> None:
        self.name = new_id()
        self._engine = create_engine(url, poolclass=NullPool, isolation_level="AUTOCOMMIT")
        self._guard = threading.Lock()
        self._connection: Connection = self._connected()

    def living(self, names: Iterable[str]) -> frozenset[str]:
        """Return those of *names* whose processes live; our own is renewed when its connection broke."""
        with self._guard:
            try:
                held = self._held()
            except DBAPIError:
                self._connection.invalidate()
                self._connection.close()
                self._connection = self._connected()
                held = self._held()
        return frozenset(name for name in names if _key(name) % 2**32 in held)

    def close(self) -> None:
        """Leave the living; the lock goes at once, not when the server notices the connection gone."""
        with self._guard:
            with suppress(DBAPIError):
                self._connection.execute(_GIVE, {"family": LOCK_FAMILY, "key": _key(self.name)})
            self._connection.close()
            self._engine.dispose()

    def __enter__(self) -> Self:
        """Return the presence itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Leave the living."""
        self.close()

    def _connected(self) -> Connection:
        connection = self._engine.connect()
        connection.execute(_TAKE, {"family": LOCK_FAMILY, "key": _key(self.name)})
        return connection

    def _held(self) -> frozenset[int]:
        return frozenset(self._connection.execute(_HELD, {"family": LOCK_FAMILY}).scalars())


def _key(name: str) -> int:
    """Return the second half of the lock's key: a signed 32-bit number."""
    number = zlib.crc32(name.encode())
    return number - 2**32 if number >= 2**31 else number
