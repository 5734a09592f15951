"""What is wrong with a connection, in words: which part of the address a person has to look at."""

import re
from collections.abc import Callable
from urllib.parse import urlsplit

from guanxi.kernel.errors import GuanxiError, Refused, Transient
from guanxi.kernel.text import Message, say


def diagnose(url: str, problem: str) -> GuanxiError | None:
    """Return what *problem*, as the driver words it, means for the address *url*; None for anything else.

    PostgreSQL (libpq) and MySQL (PyMySQL) word the same things differently; both are known here.
    """
    for pattern, kind, sentence in _KNOWN:
        if pattern.search(problem):
            return kind(sentence(_where(url)))
    return None


def _where(url: str) -> dict[str, str]:
    try:
        parts = urlsplit(url)
        port = str(
            parts.port or {"postgresql": 5432, "postgres": 5432}.get(parts.scheme.partition("+")[0], 3306)
        )
    except ValueError:
        return {"host": url, "port": "", "database": "", "user": ""}
    return {
        "host": parts.hostname or "",
        "port": port,
        "database": parts.path.removeprefix("/"),
        "user": parts.username or "",
    }


Sentence = Callable[[dict[str, str]], Message]


def _unknown_host(at: dict[str, str]) -> Message:
    return say("there is no computer called {host}; check the name", host=at["host"])


def _nobody_listens(at: dict[str, str]) -> Message:
    return say(
        "the computer {host} is there, but no database answers at port {port}; check the port, and check that it runs",
        host=at["host"],
        port=at["port"],
    )


def _silent(at: dict[str, str]) -> Message:
    return say(
        "the computer {host} does not answer at port {port} in time; check the address, and whether a firewall "
        "lets this server through",
        host=at["host"],
        port=at["port"],
    )


def _no_database(at: dict[str, str]) -> Message:
    return say("there is no database called {database} on {host}", database=at["database"], host=at["host"])


def _wrong_password(at: dict[str, str]) -> Message:
    return say(
        "{host} does not accept the user {user} with this password; check both",
        host=at["host"],
        user=at["user"],
    )


def _not_let_in(at: dict[str, str]) -> Message:
    return say(
        "{host} lets no one in from this server (pg_hba.conf); ask whoever runs that database",
        host=at["host"],
    )


def _no_right(at: dict[str, str]) -> Message:
    return say("the user {user} may not read there; ask for the right to SELECT", user=at["user"])


def _no_rows(_: dict[str, str]) -> Message:
    return say(
        "a table, view or query of this database gave nothing for longer than it is waited for, and reading was "
        "stopped; let whoever runs the database look at it, or allow it more time (answer_seconds)"
    )


def _too_long(_: dict[str, str]) -> Message:
    return say(
        "a table, view or query of this database took longer than one is given, and reading was stopped; read less "
        "of it with a query, or allow it more time (table_seconds)"
    )


def _locked(_: dict[str, str]) -> Message:
    return say("somebody else keeps a table of this database locked; read it again later")


_KNOWN: tuple[tuple[re.Pattern[str], type[GuanxiError], Sentence], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), kind, sentence)
    for pattern, kind, sentence in (
        (
            r"due to statement timeout|^interrupted$|during query \(.*timed out\)",
            Refused,
            _no_rows,
        ),
        (r"max_statement_time|maximum statement execution time", Refused, _too_long),
        (
            r"due to lock timeout|lock wait timeout exceeded|(database|table)( table)? is locked",
            Transient,
            _locked,
        ),
        (
            r"could not translate host|resolve host|name or service not known|name resolution|getaddrinfo",
            Refused,
            _unknown_host,
        ),
        (r"no pg_hba\.conf entry|is not allowed to connect", Refused, _not_let_in),
        (
            r"password authentication failed|no password supplied|access denied for user|role .* does not exist",
            Refused,
            _wrong_password,
        ),
        (r"database .* does not exist|unknown database", Refused, _no_database),
        (r"permission denied for|command denied to user", Refused, _no_right),
        (
            r"can't connect to .*timed out|timeout expired|connection timed out|connection timeout",
            Transient,
            _silent,
        ),
        (r"connection refused", Transient, _nobody_listens),
    )
)
