"""Settings: one person: name, department, roles, whether they work here, a new password."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from guanxi.access.roles import require
from guanxi.identity import users
from guanxi.kernel.errors import Invalid, NotFound
from guanxi.kernel.text import say
from guanxi.store.users import UserRow
from guanxi.web.filling import by_field
from guanxi.web.pages.people import role_choices
from guanxi.web.visit import Answer, Page, Visit

_TEXTS = ("name", "login", "department", "email")


@dataclass(frozen=True, kw_only=True)
class PersonPage:
    """One person as stored or as typed, with what is wrong; ``password`` is shown once."""

    id: int
    made: str
    login: str
    typed: Mapping[str, str]
    held: tuple[str, ...]
    roles: tuple[tuple[str, str], ...]
    departments: tuple[str, ...]
    is_active: bool
    is_me: bool
    since: str
    problems: Mapping[str, str] = field(default_factory=dict)
    password: str = ""


def show_person(visit: Visit) -> Answer:
    """Show the form of one person."""
    return _show(visit, {})


def change_person(visit: Visit) -> Answer:
    """Change what the form holds, or let the person in or keep them out."""
    user_id, incoming = visit.incoming.parameters["user_id"], visit.incoming
    given: dict[str, object] = {each: incoming.typed(each) for each in _TEXTS if each in incoming.form}
    if "role" in incoming.form:
        given["roles"] = tuple(each for each in incoming.form["role"] if each)
    if "active" in incoming.form:
        given["active"] = incoming.typed("active") == "yes"
    try:
        users.change(visit.tx, visit.actor, user_id, given)
    except Invalid as invalid:
        problems = by_field(visit.reader, invalid)
        return _show(visit, problems, status=422)
    return visit.go("/settings/people")


def reset_password(visit: Visit) -> Answer:
    """Give the person a password for one sign-in and show it once."""
    password = users.reset_password(visit.tx, visit.actor, visit.incoming.parameters["user_id"])
    return _show(visit, {}, password=password)


def _show(visit: Visit, problems: Mapping[str, str], *, password: str = "", status: int = 200) -> Answer:
    require(visit.actor, visit.catalog, "administer")
    rows = users.everybody(visit.tx, visit.actor)
    row = _wanted(rows, visit.incoming.parameters["user_id"])
    incoming = visit.incoming
    stored = {"name": row.name, "login": row.login, "department": row.department, "email": row.email}
    page = PersonPage(
        id=row.id,
        made=row.name,
        login=row.login,
        typed={name: incoming.typed(name, value or "") for name, value in stored.items()},
        held=tuple(incoming.form["role"]) if "role" in incoming.form else row.roles,
        roles=tuple(role_choices(visit).items()),
        departments=tuple(sorted({each.department for each in rows if each.department})),
        is_active=row.active,
        is_me=row.id == visit.actor.id,
        since=visit.reader.day(row.created_at.astimezone(visit.reader.zone).date()),
        problems=problems,
        password=password,
    )
    headers = {"Cache-Control": "no-store"} if password else {}
    return visit.show("pages/person.html", page, status=status, headers=headers)


def _wanted(rows: list[UserRow], user_id: int) -> UserRow:
    found = next((each for each in rows if each.id == user_id), None)
    if found is None:
        raise NotFound(say("there is no person number {id}", id=user_id))
    return found


PAGES = (
    Page(path="/settings/people/{user_id:int}", answer=show_person),
    Page(path="/settings/people/{user_id:int}", answer=change_person, method="POST"),
    Page(path="/settings/people/{user_id:int}/password", answer=reset_password, method="POST"),
)
