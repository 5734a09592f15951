"""People: who may sign in, with which roles, in which language."""

import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from zoneinfo import available_timezones

from guanxi.identity.actor import Actor
from guanxi.identity.passwords import hash_password, one_time_password, weaknesses
from guanxi.kernel.errors import Invalid, NotAllowed, NotFound, Problem
from guanxi.kernel.text import say
from guanxi.metadata.labels import LANGUAGES
from guanxi.store import journal, sessions
from guanxi.store import users as rows
from guanxi.store.transactions import Transaction
from guanxi.store.users import UserRow

THEMES = ("auto", "light", "dark")
DENSITIES = ("comfortable", "compact")
HABITS = ("language", "time_zone", "theme", "density")
"""What people choose for themselves."""

_OPEN = (
    "login",
    "name",
    "email",
    "department",
    "roles",
    "language",
    "time_zone",
    "theme",
    "density",
    "active",
)
_LONGEST = 200


@dataclass(frozen=True, kw_only=True)
class NewUser:
    """A person to be created; ``password`` None lets nobody sign in until one is set."""

    login: str
    name: str
    password: str | None = None
    password_is_temporary: bool = False
    email: str = ""
    department: str = ""
    roles: tuple[str, ...] = ()
    language: str = "zh"
    time_zone: str = "Asia/Shanghai"


def create(tx: Transaction, actor: Actor, person: NewUser) -> int:
    """Create a person; return their number. Raises `Invalid` with all problems, or `NotAllowed`."""
    _require_administrator(tx, actor)
    values = _tidy(
        {
            "login": person.login,
            "name": person.name,
            "email": person.email,
            "department": person.department,
            "roles": person.roles,
            "language": person.language,
            "time_zone": person.time_zone,
        }
    )
    problems = [*_wrong(tx, values), *_taken(tx, values["login"])]
    if person.password is not None:
        problems += _weak(person.password, values["login"], values["name"])
    if problems:
        raise Invalid(problems)
    hashed = None if person.password is None else hash_password(person.password)
    user_id = rows.insert(
        tx, {**values, "password_hash": hashed, "password_is_temporary": person.password_is_temporary}
    )
    _write_down(tx, actor, user_id, "create", before={}, after=values)
    return user_id


def change(tx: Transaction, actor: Actor, user_id: int, given: Mapping[str, Any]) -> None:
    """Change name, e-mail, department, roles, habits or whether the person may work here.

    A person changes their own habits; all else asks for an administrator. Somebody deactivated is signed out
    everywhere. Raises `Invalid`, `NotAllowed`, `NotFound`.
    """
    if actor.id != user_id or not set(given) <= set(HABITS):
        _require_administrator(tx, actor)
    person = _person(tx, user_id)
    values = _tidy(given)
    problems = list(_wrong(tx, values))
    if values.get("login", person.login) != person.login:
        problems += _taken(tx, values["login"])
    problems += _last_administrator(tx, person, values)
    if problems:
        raise Invalid(problems)
    before = {name: getattr(person, name) for name in values}
    changed = {name: value for name, value in values.items() if before[name] != value}
    if not changed:
        return
    rows.change(tx, user_id, changed)
    _write_down(tx, actor, user_id, "update", before={name: before[name] for name in changed}, after=changed)
    if changed.get("active") is False:
        sessions.remove_of(tx, user_id)


def deactivate(tx: Transaction, actor: Actor, user_id: int) -> None:
    """Let a person in no longer; what they did stays theirs. Raises what `change` raises."""
    change(tx, actor, user_id, {"active": False})


def set_password(tx: Transaction, actor: Actor, user_id: int, password: str) -> None:
    """Give a person a new password, end their pause and sign them out everywhere.

    Raises `Invalid` for a weak one, `NotAllowed` for somebody else's without the right to administer.
    """
    if actor.id != user_id:
        _require_administrator(tx, actor)
    person = _person(tx, user_id)
    problems = list(_weak(password, person.login, person.name))
    if problems:
        raise Invalid(problems)
    _set_password(tx, actor, person, password, temporary=False)


def reset_password(tx: Transaction, actor: Actor, user_id: int) -> str:
    """Give a person a password for one sign-in and return it; it is shown once and kept nowhere in the clear.

    Whoever signs in with it chooses a new one before anything else. Raises `NotAllowed`, `NotFound`.
    """
    _require_administrator(tx, actor)
    password = one_time_password()
    _set_password(tx, actor, _person(tx, user_id), password, temporary=True)
    return password


def _set_password(tx: Transaction, actor: Actor, person: UserRow, password: str, *, temporary: bool) -> None:
    values = {
        "password_hash": hash_password(password),
        "password_is_temporary": temporary,
        "failed_attempts": 0,
        "locked_until": None,
    }
    rows.change(tx, person.id, values)
    sessions.remove_of(tx, person.id)
    _write_down(tx, actor, person.id, "update", before={"password": None}, after={"password": "changed"})


def everybody(tx: Transaction, actor: Actor) -> list[UserRow]:
    """Return all people, the active first. Raises `NotAllowed`."""
    _require_administrator(tx, actor)
    return rows.listed(tx)


def colleagues(tx: Transaction) -> list[tuple[int, str]]:
    """Return number and name of everybody who works here now, by name: whom a record can be given to."""
    return [(each.id, each.name) for each in rows.listed(tx) if each.active]


def nobody_yet(tx: Transaction) -> bool:
    """Tell whether the first person is still to be created; then nobody else can create one meanwhile."""
    if rows.anybody(tx):
        return False
    rows.lock_everybody(tx)
    return not rows.anybody(tx)


def actor_of(person: UserRow) -> Actor:
    """Return the person as the one who acts."""
    return Actor(
        id=person.id,
        name=person.name,
        roles=person.roles,
        language=person.language,
        time_zone=person.time_zone,
        department=person.department or "",
    )


def folded_login(login: str) -> str:
    """Return *login* as it is compared: without regard to case, width and white space at its ends."""
    return unicodedata.normalize("NFKC", login).strip().casefold()


def _person(tx: Transaction, user_id: int) -> UserRow:
    person = rows.by_id(tx, user_id, lock=True)
    if person is None:
        raise NotFound(say("there is no person number {id}", id=user_id))
    return person


def _require_administrator(tx: Transaction, actor: Actor) -> None:
    if not _administers(tx, actor.roles):
        raise NotAllowed(say("only an administrator may change people"))


def _administers(tx: Transaction, roles: Iterable[str]) -> bool:
    known = tx.catalog.roles
    return any("administer" in known[name].abilities for name in roles if name in known)


def _tidy(given: Mapping[str, Any]) -> dict[str, Any]:
    values = {name: given[name] for name in _OPEN if name in given}
    for name in ("login", "name", "email", "department"):
        if name in values:
            values[name] = str(values[name] or "").strip()
    if "login" in values:
        values["login"] = folded_login(values["login"])
    if "roles" in values:
        values["roles"] = tuple(dict.fromkeys(values["roles"]))
    return values


def _wrong(tx: Transaction, values: Mapping[str, Any]) -> Iterator[Problem]:
    for name in ("login", "name"):
        if name in values and not values[name]:
            yield Problem(name, say("a value is needed here"))
    for name in ("login", "name", "email", "department"):
        if len(values.get(name, "")) > _LONGEST:
            yield Problem(name, say("at most {longest} characters fit", longest=_LONGEST))
    if any(sign.isspace() for sign in values.get("login", "")):
        yield Problem("login", say("a login cannot contain spaces"))
    unknown = [name for name in values.get("roles", ()) if name not in tx.catalog.roles]
    if unknown:
        yield Problem("roles", say("there is no role {names}", names=unknown))
    for name, known in (("language", LANGUAGES), ("theme", THEMES), ("density", DENSITIES)):
        if name in values and values[name] not in known:
            yield Problem(name, say("must be one of: {known}", known=known))
    if "time_zone" in values and values["time_zone"] not in available_timezones():
        yield Problem("time_zone", say("must be the name of a time zone such as Asia/Shanghai"))


def _taken(tx: Transaction, login: str) -> Iterator[Problem]:
    if login and rows.by_login(tx, login) is not None:
        yield Problem("login", say("somebody else has this login already"))


def _weak(password: str, *about: str) -> Iterator[Problem]:
    for message in weaknesses(password, about=about):
        yield Problem("password", message)


def _last_administrator(tx: Transaction, person: UserRow, values: Mapping[str, Any]) -> Iterator[Problem]:
    """Somebody must be left who can administer."""
    if not (person.active and _administers(tx, person.roles)):
        return
    stays = values.get("active", True) and _administers(tx, values.get("roles", person.roles))
    others = any(
        each.active and each.id != person.id and _administers(tx, each.roles) for each in rows.listed(tx)
    )
    if not stays and not others:
        yield Problem("roles", say("somebody must be left who may administer"))


def _write_down(
    tx: Transaction,
    actor: Actor,
    user_id: int,
    action: journal.Action,
    *,
    before: Mapping[str, Any],
    after: Mapping[str, Any],
) -> None:
    entry = journal.Change(
        object="user", record_id=user_id, action=action, version=1, before=_plain(before), after=_plain(after)
    )
    journal.write(tx, actor.id, [entry])


def _plain(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: list(value) if isinstance(value, tuple) else value for name, value in values.items()}
