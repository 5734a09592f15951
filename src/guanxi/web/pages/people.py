"""Settings: the people who work here; a new one gets a password for one sign-in, shown once."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from guanxi.access.roles import require
from guanxi.identity import users
from guanxi.identity.passwords import one_time_password
from guanxi.kernel.errors import Invalid
from guanxi.metadata.labels import Label
from guanxi.store.users import UserRow
from guanxi.web.filling import by_field
from guanxi.web.navigation import Link, Place
from guanxi.web.visit import Answer, Page, Visit

_HIDDEN_ROLES = frozenset({"system"})
_TYPED = ("name", "login", "department", "email", "role")


@dataclass(frozen=True, kw_only=True)
class Person:
    """One line of the list."""

    id: int
    name: str
    login: str
    email: str
    department: str
    roles: str
    is_active: bool
    is_me: bool


@dataclass(frozen=True, kw_only=True)
class PeoplePage:
    """Everybody, and the form for a new person; ``password`` is shown once, behind their making."""

    people: tuple[Person, ...]
    roles: tuple[tuple[str, str], ...]
    departments: tuple[str, ...]
    typed: Mapping[str, str] = field(default_factory=dict)
    problems: Mapping[str, str] = field(default_factory=dict)
    made: str = ""
    password: str = ""


def show_people(visit: Visit) -> Answer:
    """Show everybody."""
    return _show(visit)


def add_person(visit: Visit) -> Answer:
    """Create a person; without a typed password one for a single sign-in is made and shown."""
    require(visit.actor, visit.catalog, "administer")
    typed = {name: visit.incoming.typed(name) for name in _TYPED}
    given = visit.incoming.typed("password")
    password = given or one_time_password()
    person = users.NewUser(
        login=typed["login"],
        name=typed["name"],
        department=typed["department"],
        email=typed["email"],
        password=password,
        password_is_temporary=not given,
        roles=tuple(each for each in visit.incoming.form.get("role", ()) if each),
        language=visit.reader.language,
        time_zone=visit.reader.zone.key,
    )
    try:
        users.create(visit.tx, visit.actor, person)
    except Invalid as invalid:
        problems = by_field(visit.reader, invalid)
        return _show(visit, typed, problems, status=422)
    if given:
        return visit.go("/settings/people")
    return _show(visit, made=typed["name"], password=password)


def role_choices(visit: Visit) -> dict[str, str]:
    """Return the roles a person can be given: name -> what it is called."""
    return {
        each.name: visit.reader.label(each.label)
        for each in visit.catalog.roles.values()
        if each.name not in _HIDDEN_ROLES
    }


def _show(
    visit: Visit,
    typed: Mapping[str, str] | None = None,
    problems: Mapping[str, str] | None = None,
    *,
    made: str = "",
    password: str = "",
    status: int = 200,
) -> Answer:
    require(visit.actor, visit.catalog, "administer")
    roles = role_choices(visit)
    rows = users.everybody(visit.tx, visit.actor)
    page = PeoplePage(
        people=tuple(_person(visit, each, roles) for each in rows),
        roles=tuple(roles.items()),
        departments=tuple(sorted({each.department for each in rows if each.department})),
        typed=typed or {},
        problems=problems or {},
        made=made,
        password=password,
    )
    # What is shown once must not come back with the browser's "back".
    headers = {"Cache-Control": "no-store"} if password else {}
    return visit.show("pages/people.html", page, status=status, headers=headers)


def _person(visit: Visit, row: UserRow, roles: Mapping[str, str]) -> Person:
    return Person(
        id=row.id,
        name=row.name,
        login=row.login,
        email=row.email or "",
        department=row.department or "",
        roles=visit.reader.listing(roles.get(each, each) for each in row.roles),
        is_active=row.active,
        is_me=row.id == visit.actor.id,
    )


PAGES = (
    Page(path="/settings/people", answer=show_people),
    Page(path="/settings/people", answer=add_person, method="POST"),
)

PLACES = (
    Place(
        application="settings",
        order=10,
        link=Link(address="/settings/people", label=Label(en="People", zh="人员"), icon="users"),
        ability="administer",
    ),
)
