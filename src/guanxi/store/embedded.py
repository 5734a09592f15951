"""The built-in database: one PostgreSQL server below GUANXI_HOME, shared by every process that holds a lease.

The first holder starts the server, the last one stops it. Holders are files, each locked by its process
with ``flock``; the kernel releases the lock when the process ends, however it ends, so a killed holder is
recognised by its free lock and never by a process number. Starting and stopping happen under one lock.

When the last holder is killed with ``kill -9`` the server stays up (nobody is left to stop it) until the next
process has acquired and released a lease. Data is safe at any moment; only the server's memory waits.
"""

import atexit
import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import quote

from guanxi.kernel.errors import Transient
from guanxi.kernel.ids import new_id
from guanxi.kernel.text import say
from guanxi.store import server as servers
from guanxi.store.server import Server

SECONDS_TO_WAIT = 180
DEFAULT_DATABASE = "postgres"


class Lease:
    """The right to use the server; released once, by hand, by ``with``, or when the process ends."""

    def __init__(self, server: Server, holder: Path, descriptor: int, socket_folder: Path) -> None:
        self.server = server
        self.socket_folder = socket_folder
        self._holder = holder
        self._descriptor: int | None = descriptor
        self._owner = os.getpid()
        atexit.register(self.release)

    def url(self, database: str = DEFAULT_DATABASE) -> str:
        """Return the address of *database* for SQLAlchemy with psycopg."""
        return (
            f"postgresql+psycopg://{servers.SUPERUSER}@/{quote(database, safe='')}"
            f"?host={quote(str(self.socket_folder), safe='/')}"
        )

    def release(self) -> None:
        """Give the lease back; the last one stops the server. A second call does nothing.

        A child made by ``fork`` inherits the lease but may not give it back: it belongs to its parent.
        """
        if self._descriptor is None or os.getpid() != self._owner:
            return
        descriptor, self._descriptor = self._descriptor, None
        atexit.unregister(self.release)
        with _only_one(self.server.folder):
            self._holder.unlink(missing_ok=True)
            fcntl.flock(descriptor, fcntl.LOCK_UN)
            os.close(descriptor)
            if not _living_holders(self.server.folder):
                servers.stop(self.server)

    def __enter__(self) -> Self:
        """Return the lease itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Release the lease."""
        self.release()


def acquire(home: Path, *, durable: bool = True) -> Lease:
    """Return a lease on the server below *home* (``home/postgres``), made and started when needed.

    The first start of a new home takes about 0.6 seconds, a later one 0.1. ``durable=False`` gives up crash
    safety for speed and counts for the process that starts the server; it is for throw-away tests. Raises
    `Terminal` when PostgreSQL cannot be made or started, `Transient` when another process does not finish.
    """
    server = Server(folder=home.resolve() / "postgres", durable=durable)
    holders = _holders(server.folder)
    holders.mkdir(parents=True, exist_ok=True)
    with _only_one(server.folder):
        _living_holders(server.folder)
        holder = holders / new_id()
        descriptor = os.open(holder, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            running = servers.ensure_running(server)
        except BaseException:
            holder.unlink(missing_ok=True)
            os.close(descriptor)
            raise
        return Lease(server, holder, descriptor, running.socket_folder)


def _holders(folder: Path) -> Path:
    return folder / "holders"


@contextmanager
def _only_one(folder: Path) -> Iterator[None]:
    """Be the only process that starts, stops or counts; wait for the others."""
    descriptor = os.open(folder / "lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        _wait_for(descriptor)
        yield
    finally:
        os.close(descriptor)


def _wait_for(descriptor: int) -> None:
    deadline = time.monotonic() + SECONDS_TO_WAIT
    while not _lock(descriptor):
        if time.monotonic() > deadline:
            raise Transient(
                say(
                    "Another process has been starting or stopping the database for {seconds} seconds.",
                    seconds=SECONDS_TO_WAIT,
                )
            )
        time.sleep(0.02)


def _lock(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _living_holders(folder: Path) -> int:
    """Return how many holders live; the files of dead ones are removed. Call under the exclusive lock."""
    return sum(_lives(holder) for holder in _holders(folder).iterdir())


def _lives(holder: Path) -> bool:
    descriptor = os.open(holder, os.O_RDWR)
    try:
        if not _lock(descriptor):
            return True
        holder.unlink()
        return False
    finally:
        os.close(descriptor)
