"""Every knob of Guanxi: typed, with its default, read from environment variables and nowhere else."""

import os
import re
import secrets
from collections.abc import Callable, Mapping
from dataclasses import MISSING, Field, dataclass, field, fields, replace
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from guanxi.kernel.errors import Invalid, Problem
from guanxi.kernel.text import Message, say

PREFIX = "GUANXI_"
SOURCE_PREFIX = "GUANXI_SOURCE_"
"""Variables that begin like this hold passwords and tokens of sources; no knob but the list of further ones."""
NOT_OURS = frozenset({"GUANXI_SHARED_DATA"})  # read by the tests alone
LANGUAGES = ("en", "zh_CN")
LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")
SCHEMES = ("postgresql", "postgresql+psycopg")
SHORTEST_SECRET = 32
_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


class _WrongError(ValueError):
    """A value that a knob does not take; carries what would be right."""

    def __init__(self, message: Message) -> None:
        super().__init__(str(message))
        self.message = message


def _default_home() -> Path:
    data = os.environ.get("XDG_DATA_HOME")
    return (Path(data) if data else Path.home() / ".local" / "share") / "guanxi"


def _text(value: str) -> str:
    return value


def _folder(value: str) -> Path:
    return Path(value).expanduser().absolute()


def _database_url(value: str) -> str:
    scheme, _, rest = value.partition("://")
    if scheme not in SCHEMES or not rest:
        raise _WrongError(say("must look like postgresql://user:password@host:5432/database"))
    return f"postgresql+psycopg://{rest}"


def _secret(value: str) -> str:
    if len(value) < SHORTEST_SECRET:
        raise _WrongError(say("must have at least {length} characters", length=SHORTEST_SECRET))
    return value


def _yes_or_no(value: str) -> bool:
    known = {
        "1": True,
        "true": True,
        "yes": True,
        "on": True,
        "0": False,
        "false": False,
        "no": False,
        "off": False,
    }
    if value.lower() not in known:
        raise _WrongError(say("must be one of: {known}", known=tuple(known)))
    return known[value.lower()]


def _time_zone(value: str) -> ZoneInfo:
    if value not in available_timezones():
        raise _WrongError(say("must be the name of a time zone such as Asia/Shanghai"))
    return ZoneInfo(value)


def _one_of(*known: str) -> Callable[[str], str]:
    def read(value: str) -> str:
        if value not in known:
            raise _WrongError(say("must be one of: {known}", known=known))
        return value

    return read


def _names(value: str) -> frozenset[str]:
    """Return the names of environment variables in a list with commas; the product's own are none of them."""
    names = frozenset(each.strip() for each in value.split(",") if each.strip())
    if not all(_VARIABLE.fullmatch(each) for each in names):
        raise _WrongError(say("must be names of environment variables with commas between them"))
    if any(each.upper().startswith(PREFIX) for each in names):
        raise _WrongError(say("cannot hold names that begin with {prefix}", prefix=PREFIX))
    return names


def _whole_number(least: int, most: int) -> Callable[[str], int]:
    def read(value: str) -> int:
        if not (value.isascii() and value.isdigit() and least <= int(value) <= most):
            raise _WrongError(say("must be a whole number from {least} to {most}", least=least, most=most))
        return int(value)

    return read


def _knob(description: str, read: Callable[[str], Any], default: Any = MISSING, *, shown: str = "") -> Any:
    """Declare one knob: what it does, how its text is read, its default (or how that is *shown*)."""
    metadata = {"description": description, "read": read, "shown": shown or str(default)}
    if callable(default):
        return field(default_factory=default, metadata=metadata)
    return field(default=default, metadata=metadata)


@dataclass(frozen=True, kw_only=True)
class Settings:
    """The values of all knobs; field ``session_hours`` is set by ``GUANXI_SESSION_HOURS``."""

    home: Path = _knob(  # noqa: RUF009 (gives a dataclass field)
        "Folder of everything Guanxi keeps on this machine: built-in database, folders of runs.",
        _folder,
        _default_home,
        shown="~/.local/share/guanxi",
    )
    database_url: str | None = _knob(
        "Address of a PostgreSQL 15 or newer; without it the built-in one below GUANXI_HOME is used.",
        _database_url,
        None,
        shown="the built-in PostgreSQL",
    )
    host: str = _knob("Network address the web server listens on.", _text, "127.0.0.1")
    port: int = _knob("Port the web server listens on.", _whole_number(1, 65535), 8000)
    https: bool = _knob(
        "Whether people reach the pages by https, through a web server in front: cookies then travel in no other way.",
        _yes_or_no,
        False,
    )
    web_processes: int = _knob("Processes that answer web requests.", _whole_number(1, 256), 2)
    worker_processes: int = _knob("Processes that do durable work.", _whole_number(1, 256), 1)
    work_at_once: int = _knob("Pieces of durable work one process does at once.", _whole_number(1, 256), 4)
    secret: str = _knob(
        "Key that signs sessions; without it one is made once and kept in GUANXI_HOME/secret.",
        _secret,
        "",
        shown="made once, kept in GUANXI_HOME/secret",
    )
    language: str = _knob("Language of people who have not chosen one.", _one_of(*LANGUAGES), "zh_CN")
    time_zone: ZoneInfo = _knob(  # noqa: RUF009 (gives a dataclass field)
        "Time zone of people who have not chosen one.",
        _time_zone,
        lambda: ZoneInfo("Asia/Shanghai"),
        shown="Asia/Shanghai",
    )
    log_level: str = _knob("Least weight of a log line that is written.", _one_of(*LOG_LEVELS), "INFO")
    log_json: bool = _knob("Whether log lines are JSON for machines instead of text.", _yes_or_no, False)
    session_hours: int = _knob(
        "Hours without a click after which a session ends.", _whole_number(1, 8760), 12
    )

    upload_megabytes: int = _knob(
        "Largest upload the web server takes, in megabytes.", _whole_number(1, 100_000), 200
    )
    inbox: Path | None = _knob(  # noqa: RUF009 (gives a dataclass field)
        "Folder below which watched folders lie that are added on a page.",
        _folder,
        None,
        shown="inbox below GUANXI_HOME",
    )

    source_tokens: frozenset[str] = _knob(
        "Environment variables, with commas, that sources may be given as password or token, besides all that begin "
        "with `GUANXI_SOURCE_`.",
        _names,
        frozenset(),
        shown="none",
    )

    @property
    def watched(self) -> Path:
        """Return the folder below which watched folders lie that are added on a page."""
        return self.inbox or self.home / "inbox"

    @property
    def runs(self) -> Path:
        """Return the folder of the integration runs' files."""
        return self.home / "runs"


def load_settings(environment: Mapping[str, str] = os.environ) -> Settings:
    """Return the settings that *environment* asks for; make GUANXI_HOME and its secret when they are missing.

    An empty variable counts as absent. Raises `Invalid` with all problems at once: values a knob does not
    take, and names that begin with ``GUANXI_`` but are not known.
    """
    settings = _settings(environment)
    return settings if settings.secret else replace(settings, secret=_kept_secret(settings.home))


def is_for_sources(name: str, environment: Mapping[str, str] = os.environ) -> bool:
    """Tell whether the environment variable *name* may be given to a source.

    Who adds a source names the variable and chooses where it is sent: any other one could hold a secret of the
    machine. Raises what `load_settings` raises.
    """
    settings = _settings(environment)
    if name.upper() in {variable(knob) for knob in fields(settings)}:
        return False
    return name.upper().startswith(SOURCE_PREFIX) or name in settings.source_tokens


def variable(knob: Field[Any]) -> str:
    """Return the name of the environment variable that sets *knob*."""
    return PREFIX + knob.name.upper()


def describe_settings() -> str:
    """Return the reference page of all settings as Markdown; ``docs/reference/settings.md`` is this text."""
    lines = [
        "# Settings",
        "",
        "Every setting is an environment variable. An unknown name that begins with `GUANXI_` is an error, except",
        "`GUANXI_SOURCE_…`: those hold passwords and tokens of sources.",
        "This page is made from the code by `guanxi.settings.describe_settings`.",
        "",
        "| variable | what it does | default |",
        "|---|---|---|",
    ]
    for knob in fields(Settings):
        meta = knob.metadata
        lines.append(f"| `{variable(knob)}` | {meta['description']} | {meta['shown']} |")
    return "\n".join(lines) + "\n"


def _settings(environment: Mapping[str, str]) -> Settings:
    """Return the settings without the secret that is made where none is given."""
    given = {name: value for name, value in environment.items() if name.startswith(PREFIX) and value.strip()}
    problems = list(_unknown(given))
    values: dict[str, Any] = {}
    for knob in fields(Settings):
        if variable(knob) in given:
            try:
                values[knob.name] = knob.metadata["read"](given[variable(knob)].strip())
            except _WrongError as wrong:
                problems.append(Problem(variable(knob), wrong.message))
    if problems:
        raise Invalid(problems)
    return Settings(**values)


def _unknown(given: Mapping[str, str]) -> list[Problem]:
    known = [variable(knob) for knob in fields(Settings)]
    return [
        Problem(name, say("is not a setting; known: {known}", known=sorted(known)))
        for name in sorted(given)
        if name not in known and name not in NOT_OURS and not name.startswith(SOURCE_PREFIX)
    ]


def _kept_secret(home: Path) -> str:
    """Return the secret of this home, made once; two processes that begin at once agree on one."""
    home.mkdir(parents=True, exist_ok=True)
    place = home / "secret"
    if not place.exists():
        _write_once(place, secrets.token_urlsafe(48))
    return place.read_text().strip()


def _write_once(place: Path, text: str) -> None:
    # Written beside and linked: the file is never there half written, and the first of two processes wins.
    draft = place.with_name(f"secret.{secrets.token_hex(8)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(text)
    try:
        os.link(draft, place)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
