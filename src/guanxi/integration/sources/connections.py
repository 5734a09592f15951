"""Connections to foreign databases: read only, with a time limit, and with errors that help."""

import re
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any
from urllib.parse import quote, quote_plus

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError, OperationalError, SQLAlchemyError
from sqlalchemy.pool import NullPool

from guanxi.integration.sources.diagnosis import diagnose
from guanxi.integration.sources.options import fill_from_environment
from guanxi.integration.sources.patience import Patience, arguments_of, bound
from guanxi.kernel.errors import GuanxiError, Refused, Transient
from guanxi.kernel.text import say

_DRIVERS = {
    "postgresql": "postgresql+psycopg",
    "postgres": "postgresql+psycopg",
    "mysql": "mysql+pymysql",
    "mariadb": "mariadb+pymysql",
}
_READABLE = ("postgresql", "mysql", "mariadb", "sqlite")
_BUSY = re.compile(
    r"timeout|timed out|refused|gone away|lost connection|too many|terminat|locked|reset", re.I
)


@contextmanager
def connected(url: str, patience: Patience) -> Iterator[Connection]:
    """Open a connection that can only read, in one transaction, and close it; none waits longer than *patience*.

    ``${NAME}`` in *url* is filled from the environment. PostgreSQL reads one snapshot (repeatable read, read
    only); MySQL and MariaDB the same; SQLite opens the file as read only.
    """
    engine = _engine(_address(url), patience)
    try:
        with engine.connect() as connection:
            yield connection
    except SQLAlchemyError as error:
        raise explain(url, error) from error
    finally:
        engine.dispose()


def explain(url: str, error: SQLAlchemyError) -> GuanxiError:
    """Return *error* as one that tells a person what to do; *url* is shown without its password."""
    problem = str(getattr(error, "orig", None) or error).strip().split("\n")[0]
    shown = _without_password(url)
    with suppress(Refused, ArgumentError):
        password = _address(url).password
        if password and len(password) > 2:
            problem = problem.replace(password, "***")
    if known := diagnose(shown, problem):
        return known
    if isinstance(error, OperationalError) and _BUSY.search(problem):
        return Transient(
            say(
                "the database {url} does not answer ({problem}); check that it runs",
                url=shown,
                problem=problem,
            )
        )
    return Refused(
        say(
            "the database {url} refused ({problem}); check the query, name, user, password and rights",
            url=shown,
            problem=problem,
        )
    )


def _without_password(url: str) -> str:
    return re.sub(r"(?<=://)([^:/@]*):[^@]*@", r"\1:***@", url)


def _address(url: str) -> URL:
    try:
        address = make_url(fill_from_environment(url, quote_plus))
    except ArgumentError:
        raise Refused(
            say("write the address of the database like postgresql://user:${{PASSWORD}}@host/name")
        ) from None
    address = address.set(drivername=_DRIVERS.get(address.drivername, address.drivername))
    if address.get_backend_name() not in _READABLE:
        raise Refused(
            say(
                "databases of the kind {kind} are not read; known: {known}",
                kind=address.get_backend_name(),
                known=_READABLE,
            )
        )
    return address


def _engine(address: URL, patience: Patience) -> Engine:
    kind = address.get_backend_name()
    if kind == "sqlite":
        address = _read_only_file(address)
    arguments = arguments_of(kind, patience)
    try:
        engine = create_engine(address, poolclass=NullPool, connect_args=arguments)
    except (NoSuchModuleError, ModuleNotFoundError) as error:
        raise Refused(
            say("the driver for this database is not installed ({problem})", problem=str(error))
        ) from None
    if kind == "sqlite":
        event.listen(engine, "connect", _reading_alone)
    if kind in ("mysql", "mariadb"):
        event.listen(engine, "connect", _read_only_session)
    bound(engine, kind, patience)
    if kind == "postgresql":
        return engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
    return engine


def _read_only_file(address: URL) -> URL:
    """Return the address of an existing SQLite file, opened so that nothing can be written."""
    database = address.database or ""
    path = Path(database.removeprefix("file:").split("?")[0])
    if not path.is_file():
        raise Refused(say("there is no SQLite file {name}", name=path.name or ":memory:"))
    return URL.create(
        "sqlite", database=f"file:{quote(str(path.absolute()))}", query={"mode": "ro", "uri": "true"}
    )


def _read_only_session(connection: Any, _record: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")


_READING = frozenset(
    {sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ, sqlite3.SQLITE_FUNCTION, sqlite3.SQLITE_RECURSIVE}
)
_LOOKING = ("table_", "index_", "foreign_key_", "database_list", "read_uncommitted")
"""Pragmas that tell what a file holds begin like this; SQLAlchemy asks them."""


def _reading_alone(connection: Any, _record: object) -> None:
    """Let SQLite read and do nothing else: even over a read-only file, ATTACH and VACUUM INTO write other files."""
    connection.set_authorizer(_judge)


def _judge(action: int, what: str | None, *_: str | None) -> int:
    is_look = action == sqlite3.SQLITE_PRAGMA and (what or "").lower().startswith(_LOOKING)
    is_fine = action in _READING or action == sqlite3.SQLITE_TRANSACTION or is_look
    return sqlite3.SQLITE_OK if is_fine else sqlite3.SQLITE_DENY
