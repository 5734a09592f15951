"""Databases of a server: made, copied and dropped."""

from sqlalchemy import URL, create_engine, text
from sqlalchemy.exc import IntegrityError, ProgrammingError
from sqlalchemy.pool import NullPool

from guanxi.kernel.errors import Terminal
from guanxi.kernel.text import say

ALREADY_THERE = ("42P04", "23505")  # duplicate_database; unique_violation when two make it at the same moment


def create_database(url: str | URL, name: str, *, template: str | None = None) -> bool:
    """Make the database *name* on the server at *url*; return False when it was there already.

    With *template* it starts as a copy of that database, to which nobody may be connected. Raises `Terminal`
    with the server's words when it refuses.
    """
    # A template of 60 tables, server without fsync, in memory: 16 ms by FILE_COPY, 25 ms by WAL_LOG.
    source = f"{quoted(template)} STRATEGY FILE_COPY" if template else "template0"
    statement = f"CREATE DATABASE {quoted(name)} TEMPLATE {source}"
    try:
        _execute(url, statement)
    except (ProgrammingError, IntegrityError) as error:
        if getattr(error.orig, "sqlstate", None) in ALREADY_THERE:
            return False
        raise Terminal(
            say("The database {name} could not be made: {reason}", name=name, reason=str(error.orig))
        ) from error
    return True


def drop_database(url: str | URL, name: str) -> None:
    """Drop the database *name* and end its connections; one that is not there is no error."""
    _execute(url, f"DROP DATABASE IF EXISTS {quoted(name)} WITH (FORCE)")


def quoted(name: str) -> str:
    """Return *name* as an SQL identifier that nothing can break out of."""
    return '"' + name.replace('"', '""') + '"'


def _execute(url: str | URL, statement: str) -> None:
    engine = create_engine(url, isolation_level="AUTOCOMMIT", poolclass=NullPool)
    try:
        with engine.connect() as connection:
            connection.execute(text(statement.replace(":", r"\:")))
    finally:
        engine.dispose()
