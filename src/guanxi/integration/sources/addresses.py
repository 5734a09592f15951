"""The address of a foreign database in parts a person fills in, and as the URL its kind reads."""

import re
from dataclasses import dataclass, replace
from urllib.parse import quote, unquote, urlsplit

from guanxi.integration.sources.options import not_for_sources
from guanxi.kernel.errors import Invalid, Problem
from guanxi.kernel.numbers import number_in
from guanxi.kernel.text import Message, say
from guanxi.settings import is_for_sources

DIALECTS = {"postgresql": ("PostgreSQL", 5432), "mysql": ("MySQL", 3306), "mariadb": ("MariaDB", 3306)}
"""Scheme -> what people call it, its usual port."""

_HOST = re.compile(r"[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?|\[?[0-9A-Fa-f:.]+\]?")
_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_PLACEHOLDER = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")


@dataclass(frozen=True, kw_only=True)
class DatabaseAddress:
    """Where a database is and who asks; ``password`` is the name of an environment variable, never the word."""

    dialect: str = "postgresql"
    host: str = ""
    port: str = ""
    database: str = ""
    user: str = ""
    password: str = ""

    def url(self) -> str:
        """Return the address as a URL with ``${NAME}`` for the password; raise `Invalid` with every problem."""
        if problems := list(self._problems()):
            raise Invalid(problems)
        word = f":${{{self.password}}}" if self.password else ""
        who = f"{quote(self.user, safe='')}{word}@" if self.user else ""
        host = f"[{self.host.strip('[]')}]" if ":" in self.host else self.host
        port = f":{self.port}" if self.port else ""
        return f"{self.dialect}://{who}{host}{port}/{quote(self.database, safe='')}"

    def _problems(self) -> list[Problem]:
        problems = []
        if self.dialect not in DIALECTS:
            problems.append(Problem("dialect", say("choose one of: {known}", known=tuple(DIALECTS))))
        if not self.host:
            problems.append(Problem("host", say("write the name or the address of the computer")))
        elif not _HOST.fullmatch(self.host):
            problems.append(
                Problem("host", say("this is no name of a computer; write one such as db.example.com"))
            )
        if self.port and not 0 < (number_in(self.port) or 0) < 65536:
            problems.append(Problem("port", say("write a whole number from 1 to 65535")))
        if not self.database:
            problems.append(Problem("database", say("write the name of the database")))
        if not self.user:
            problems.append(Problem("user", say("write the name of a user who may read")))
        if problem := variable_problem(self.password):
            problems.append(Problem("password", problem))
        return problems


def variable_problem(name: str) -> Message | None:
    """Return what is wrong with *name* as the name of an environment variable for a secret; '' is right."""
    if name and not _VARIABLE.fullmatch(name):
        return say(
            "write the name of an environment variable, such as GUANXI_SOURCE_ERP, not the secret itself"
        )
    if name and not is_for_sources(name):
        return not_for_sources([name])
    return None


def address_from(url: str) -> DatabaseAddress:
    """Return the parts of *url*; a password written out in it is left behind."""
    try:
        parts = urlsplit(url.strip())
        port = str(parts.port or "")
    except ValueError:
        return DatabaseAddress()
    dialect = parts.scheme.partition("+")[0].lower()
    known = "postgresql" if dialect == "postgres" else dialect
    named = _PLACEHOLDER.fullmatch(parts.password or "")
    return DatabaseAddress(
        dialect=known,
        host=_host_of(parts.netloc),
        port=port,
        database=unquote(parts.path.removeprefix("/")),
        user=unquote(parts.username or ""),
        password=named[1] if named else "",
    )


def typed_address(typed: DatabaseAddress) -> tuple[DatabaseAddress, bool]:
    """Return the address with its parts apart where a whole one was pasted as the host, and whether a password was.

    The pasted password is dropped: it is neither kept nor shown.
    """
    if "://" not in typed.host:
        return typed, False
    found = address_from(typed.host)
    if found.dialect not in DIALECTS:
        found = replace(found, dialect=typed.dialect)
    return replace(found, password=found.password or typed.password), writes_a_password(typed.host)


def writes_a_password(url: str) -> bool:
    """Tell whether *url* holds a password (or another secret) written out instead of ``${NAME}``."""
    try:
        parts = urlsplit(url)
        password = parts.password
    except ValueError:
        return False
    if password and not _PLACEHOLDER.fullmatch(unquote(password)):
        return True
    return any(
        _SECRET.search(name) and value and not _PLACEHOLDER.fullmatch(unquote(value))
        for name, _, value in (each.partition("=") for each in parts.query.split("&"))
    )


_SECRET = re.compile(r"pass(word|wd)?$|^pwd$|secret|token|api_?key|^key$", re.IGNORECASE)


def _host_of(netloc: str) -> str:
    host = netloc.rpartition("@")[2]
    if host.startswith("["):
        return host.partition("]")[0].strip("[")
    return host.partition(":")[0]
