"""Settings: the people who work here, their roles, departments and passwords."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from guanxi.access.roles import require
from guanxi.identity import users
from guanxi.kernel.errors import Invalid
from guanxi.metadata.labels import Label
from guanxi.store.users import UserRow
from guanxi.web.navigation import Link, Place
from guanxi.web.visit import Answer, Page, Visit

_HIDDEN_ROLES = frozenset({"system"})


@dataclass(frozen=True, kw_only=True)
class Person:
    """One line of the list."""

    id: int
    name: str
    login: str
    department: str
    roles: str
    role_names: tuple[str, ...]
    is_active: bool
    is_me: bool


@dataclass(frozen=True, kw_only=True)
class PeoplePage:
    """Everybody, and the form for a new person."""

    people: tuple[Person, ...]
    roles: tuple[tuple[str, str], ...]
    typed: Mapping[str, str] = field(default_factory=dict)
    problems: Mapping[str, str] = field(default_factory=dict)


def show_people(visit: Visit) -> Answer:
    """Show everybody."""
    return _show(visit, {}, {})


def add_person(visit: Visit) -> Answer:
    """Create a person with a first password."""
    typed = {name: visit.incoming.typed(name) for name in ("name", "login", "department", "email", "role")}
    person = users.NewUser(
        login=typed["login"],
        name=typed["name"],
        department=typed["department"],
        email=typed["email"],
        password=visit.incoming.typed("password"),
        roles=(typed["role"],) if typed["role"] else (),
        language=visit.reader.language,
        time_zone=visit.reader.zone.key,
    )
    try:
        users.create(visit.tx, visit.actor, person)
    except Invalid as invalid:
        problems = {each.field or "": visit.reader.problem(each) for each in invalid.problems}
        return _show(visit, typed, problems, status=422)
    return visit.go("/settings/people")


def change_person(visit: Visit) -> Answer:
    """Change a person's role or department, let them in or keep them out, or give them a new password."""
    user_id, incoming = visit.incoming.parameters["user_id"], visit.incoming
    if incoming.typed("password"):
        users.set_password(visit.tx, visit.actor, user_id, incoming.typed("password"))
    given: dict[str, object] = {}
    if "role" in incoming.form:
        given["roles"] = tuple(each for each in incoming.form["role"] if each)
    if "department" in incoming.form:
        given["department"] = incoming.typed("department")
    if "active" in incoming.form:
        given["active"] = incoming.typed("active") == "yes"
    users.change(visit.tx, visit.actor, user_id, given)
    return visit.go("/settings/people")


def _show(
    visit: Visit, typed: Mapping[str, str], problems: Mapping[str, str], *, status: int = 200
) -> Answer:
    require(visit.actor, visit.catalog, "administer")
    roles = {
        each.name: visit.reader.label(each.label)
        for each in visit.catalog.roles.values()
        if each.name not in _HIDDEN_ROLES
    }
    people = tuple(_person(visit, each, roles) for each in users.everybody(visit.tx, visit.actor))
    page = PeoplePage(people=people, roles=tuple(roles.items()), typed=typed, problems=problems)
    return visit.show("pages/people.html", page, status=status)


def _person(visit: Visit, row: UserRow, roles: Mapping[str, str]) -> Person:
    return Person(
        id=row.id,
        name=row.name,
        login=row.login,
        department=row.department or "",
        roles=visit.reader.listing(roles.get(each, each) for each in row.roles),
        role_names=row.roles,
        is_active=row.active,
        is_me=row.id == visit.actor.id,
    )


PAGES = (
    Page(path="/settings/people", answer=show_people),
    Page(path="/settings/people", answer=add_person, method="POST"),
    Page(path="/settings/people/{user_id:int}", answer=change_person, method="POST"),
)

PLACES = (
    Place(
        application="settings",
        order=10,
        link=Link(address="/settings/people", label=Label(en="People", zh="人员"), icon="users"),
        ability="administer",
    ),
)
