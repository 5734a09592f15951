"""One PostgreSQL for a whole test run, and a fresh copy of a template database for each test.

The server is the built-in one with crash safety off, its home in memory where there is /dev/shm. All
workers of one run (pytest-xdist) hold leases on the same home; the last one stops the server and removes the
home. A copy of a template with 60 tables takes 14–22 ms in memory, 100–600 ms on a disk that others use too.
"""

import fcntl
import itertools
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import create_engine, make_url, text
from sqlalchemy.pool import NullPool

from guanxi.store.databases import create_database, drop_database, quoted
from guanxi.store.embedded import Lease, acquire
from guanxi.store.server import look

MEMORY = Path("/dev/shm")
PREFIX = "guanxi-tests"
SECONDS_UNTIL_LEFT = 3600
MINIMUM_FREE_BYTES = 2 * 1024**3
_numbers = itertools.count()
_connections: dict[str, psycopg.Connection] = {}
"""What makes and drops the databases of a server this process holds; a new connection each time costs 7 ms."""
_templates: set[tuple[str, str]] = set()
"""The templates this process has seen finished, by the address of their server."""


@pytest.fixture(scope="session")
def database_server(testrun_uid: str) -> Iterator[Lease]:
    """Return a lease on the server that all workers of this run share."""
    with run_server(testrun_uid) as lease:
        yield lease


@pytest.fixture
def empty_database(database_server: Lease) -> Iterator[str]:
    """Return the URL of a new empty database, dropped afterwards."""
    with fresh_database(database_server) as url:
        yield url


@contextmanager
def run_server(run: str) -> Iterator[Lease]:
    """Hold a lease on the server of the test run called *run*; the last holder removes its home."""
    home = home_of_run(run)
    _remove_what_killed_runs_left(home.parent)
    lease = acquire(home, durable=False)
    try:
        with _kept_connection(lease.url()):
            yield lease
    finally:
        _leave(lease, home)


def home_of_run(run: str) -> Path:
    """Return the folder that every worker of *run* uses: in memory where there is room."""
    roomy = MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > MINIMUM_FREE_BYTES
    return (MEMORY if roomy else Path(tempfile.gettempdir())) / f"{PREFIX}-{os.getuid()}-{run[:12]}"


def template_database(lease: Lease, name: str, build: Callable[[str], None]) -> str:
    """Return the name of the template *name*, which *build* (it gets the URL) fills once per run.

    Workers that ask at the same time wait for the one that builds. *build* must close its connections.
    """
    if (lease.url(), name) in _templates:
        return name
    with _connection(lease.url()) as connection:
        connection.execute(text("SELECT pg_advisory_lock(hashtext(:name))"), {"name": name})
        found = connection.execute(text("SELECT 1 FROM pg_database WHERE datname = :name"), {"name": name})
        if found.first() is None:
            unfinished = f"{name}_unfinished"
            drop_database(lease.url(), unfinished)
            create_database(lease.url(), unfinished)
            build(lease.url(unfinished))
            connection.execute(text(f"ALTER DATABASE {quoted(unfinished)} RENAME TO {quoted(name)}"))
    _templates.add((lease.url(), name))
    return name


@contextmanager
def fresh_database(lease: Lease, *, template: str | None = None) -> Iterator[str]:
    """Yield the URL of a new database, a copy of *template* or empty; it is dropped afterwards."""
    name = f"test_{os.getpid()}_{next(_numbers)}"
    kept = _connections.get(lease.url())
    if kept is None:
        create_database(lease.url(), name, template=template)
    else:
        source = f"{quoted(template)} STRATEGY FILE_COPY" if template else "template0"
        kept.execute(f"CREATE DATABASE {quoted(name)} TEMPLATE {source}")
    try:
        yield lease.url(name)
    finally:
        if kept is None:
            drop_database(lease.url(), name)
        else:
            kept.execute(f"DROP DATABASE {quoted(name)} WITH (FORCE)")


@contextmanager
def _kept_connection(url: str) -> Iterator[None]:
    if url in _connections:  # every folder of tests has a lease of its own; they share one connection
        yield
        return
    address = make_url(url).set(drivername="postgresql").render_as_string()
    with psycopg.connect(address, autocommit=True) as _connections[url]:
        try:
            yield
        finally:
            del _connections[url]


def _leave(lease: Lease, home: Path) -> None:
    lease.release()
    if look(lease.server) is None:
        shutil.rmtree(home, ignore_errors=True)


def _remove_what_killed_runs_left(folder: Path) -> None:
    with (folder / f"{PREFIX}-{os.getuid()}.lock").open("a") as one_at_a_time:
        fcntl.flock(one_at_a_time, fcntl.LOCK_EX)
        for home in folder.glob(f"{PREFIX}-{os.getuid()}-*"):
            with suppress(FileNotFoundError):  # a run that ends removes its own
                if time.time() - home.stat().st_mtime > SECONDS_UNTIL_LEFT:
                    _leave(acquire(home, durable=False), home)


@contextmanager
def _connection(url: str) -> Iterator:
    engine = create_engine(make_url(url), isolation_level="AUTOCOMMIT", poolclass=NullPool)
    try:
        with engine.connect() as connection:
            yield connection
    finally:
        engine.dispose()
