"""How long a foreign database is waited for: one that never answers ends in an error, not in a run that never ends."""

import time
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Engine, event

_STEPS = 10_000
"""Steps of SQLite's machine between two looks at the clock: some tenths of a millisecond."""
_WATCH = "watch"
_MILLISECONDS = 1_000


@dataclass(frozen=True, kw_only=True)
class Patience:
    """How many seconds to wait: for a connection, for the next rows, for a lock, for one statement as a whole."""

    connect: int
    answer: int
    lock: int
    whole: int


class Watch:
    """A clock that is set anew whenever rows have come; SQLite has none of its own."""

    def __init__(self, seconds: int) -> None:
        self._seconds = seconds
        self._until = 0.0
        self.begin()

    def begin(self, *_: object) -> None:
        """Set the clock anew."""
        self._until = time.monotonic() + self._seconds

    def is_over(self) -> bool:
        """Tell whether nothing came for too long."""
        return time.monotonic() > self._until


def arguments_of(kind: str, patience: Patience) -> dict[str, Any]:
    """Return what the driver of *kind* is told when it connects."""
    if kind == "sqlite":
        return {"timeout": patience.lock}
    if kind in ("mysql", "mariadb"):
        return {"connect_timeout": patience.connect, "read_timeout": patience.answer}
    return {"connect_timeout": patience.connect}


def bound(engine: Engine, kind: str, patience: Patience) -> None:
    """Make every connection of *engine* give up by itself, so that the foreign server does, too.

    PostgreSQL counts the time of each portion of rows, MySQL and MariaDB that of the whole statement; there the
    driver stops waiting for a portion.
    """
    if kind == "sqlite":
        _bound_by_us(engine, Watch(patience.answer))
        return
    tell = _tell_postgresql if kind == "postgresql" else _tell_mysql

    def tell_limits(connection: Any, _record: object) -> None:
        with connection.cursor() as cursor:
            tell(cursor, patience)
        connection.commit()

    event.listen(engine, "connect", tell_limits)


def rows_came(connection: Connection) -> None:
    """Say that rows have come: the wait begins anew."""
    watch = connection.info.get(_WATCH)
    if watch is not None:
        watch.begin()


def _tell_postgresql(cursor: Any, patience: Patience) -> None:
    for name, seconds in (("statement_timeout", patience.answer), ("lock_timeout", patience.lock)):
        cursor.execute("SELECT set_config(%s, %s, false)", (name, str(seconds * _MILLISECONDS)))


def _tell_mysql(cursor: Any, patience: Patience) -> None:
    limits = {
        "max_statement_time": patience.whole,  # MariaDB, in seconds
        "max_execution_time": patience.whole * _MILLISECONDS,  # MySQL, SELECT alone
        "lock_wait_timeout": patience.lock,
        "innodb_lock_wait_timeout": patience.lock,
    }
    cursor.execute("SHOW VARIABLES WHERE Variable_name IN %s", (tuple(limits),))
    known = {row[0] for row in cursor.fetchall()}
    for name in known & limits.keys():
        cursor.execute(f"SET SESSION {name} = %s", (limits[name],))


def _bound_by_us(engine: Engine, watch: Watch) -> None:
    def look_at_the_clock(connection: Any, record: Any) -> None:
        connection.set_progress_handler(watch.is_over, _STEPS)
        record.info[_WATCH] = watch

    event.listen(engine, "connect", look_at_the_clock)
    event.listen(engine, "before_cursor_execute", watch.begin)
