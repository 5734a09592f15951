"""What people choose for themselves: language, light or dark, how dense, time zone, password."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from guanxi.identity import sessions, users
from guanxi.identity.signing_in import confirm
from guanxi.kernel.errors import Invalid, Problem
from guanxi.kernel.text import say
from guanxi.web import security
from guanxi.web.filling import by_field
from guanxi.web.pages.entrance import session_cookie
from guanxi.web.visit import Answer, Page, Visit
from guanxi.web.zones import Zone, zones


@dataclass(frozen=True, kw_only=True)
class HabitsPage:
    """A person's own settings."""

    login: str
    name: str
    department: str
    language: str
    theme: str
    density: str
    time_zone: str
    time_zones: tuple[Zone, ...]
    problems: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class PasswordPage:
    """The form for a new password; ``must_change`` after signing in with one for a single time."""

    login: str
    must_change: bool
    problems: Mapping[str, str] = field(default_factory=dict)


def show_habits(visit: Visit) -> Answer:
    """Show a person's own settings."""
    return _show(visit, {})


def save_habits(visit: Visit) -> Answer:
    """Keep language, appearance and time zone."""
    typed = {name: visit.incoming.typed(name) for name in users.HABITS if visit.incoming.typed(name)}
    try:
        users.change(visit.tx, visit.actor, visit.actor.id or 0, typed)
    except Invalid as invalid:
        return _show(visit, by_field(visit.reader, invalid), status=422)
    return visit.go(security.safe_next(visit.incoming.typed("next", "/habits"), "/habits"))


def save_language(visit: Visit) -> Answer:
    """Switch the language and stay on the page."""
    return _keep(visit, "language")


def save_theme(visit: Visit) -> Answer:
    """Switch between light and dark and stay on the page."""
    return _keep(visit, "theme")


def save_density(visit: Visit) -> Answer:
    """Switch between comfortable and compact and stay on the page."""
    return _keep(visit, "density")


def show_password(visit: Visit) -> Answer:
    """Show the form for a new password."""
    return _show_password(visit, {})


def save_password(visit: Visit) -> Answer:
    """Change the password; every other browser of the person is signed out."""
    session = visit.session
    try:
        if session is None or not confirm(visit.tx, session.user.login, visit.incoming.typed("old")):
            raise Invalid([Problem("old", say("this is not your current password"))])
        if visit.incoming.typed("password") == visit.incoming.typed("old"):
            raise Invalid(
                [Problem("password", say("the new password is the same as the current one; choose another"))]
            )
        users.set_password(visit.tx, visit.actor, session.user.id, visit.incoming.typed("password"))
    except Invalid as invalid:
        return _show_password(visit, by_field(visit.reader, invalid), status=422)
    token = sessions.begin(visit.tx, session.user.id)
    onwards = "/" if session.user.password_is_temporary else "/habits"
    return visit.go(onwards, cookies=[session_cookie(visit, token)])


def _show_password(visit: Visit, problems: Mapping[str, str], *, status: int = 200) -> Answer:
    if visit.session is None:
        return visit.go("/sign-in")
    person = visit.session.user
    page = PasswordPage(login=person.login, must_change=person.password_is_temporary, problems=problems)
    return visit.show("pages/password.html", page, status=status)


def _keep(visit: Visit, name: str) -> Answer:
    users.change(visit.tx, visit.actor, visit.actor.id or 0, {name: visit.incoming.typed(name)})
    return visit.go(security.safe_next(visit.incoming.typed("next", "/")))


def _show(visit: Visit, problems: Mapping[str, str], *, status: int = 200) -> Answer:
    if visit.session is None:
        return visit.go("/sign-in")
    person = visit.session.user
    page = HabitsPage(
        login=person.login,
        name=person.name,
        department=person.department or "",
        language=person.language,
        theme=person.theme,
        density=person.density,
        time_zone=person.time_zone,
        time_zones=zones(visit.reader, person.time_zone),
        problems=problems,
    )
    return visit.show("pages/habits.html", page, status=status)


PAGES = (
    Page(path="/habits", answer=show_habits),
    Page(path="/habits", answer=save_habits, method="POST"),
    Page(path="/habits/language", answer=save_language, method="POST"),
    Page(path="/habits/theme", answer=save_theme, method="POST"),
    Page(path="/habits/density", answer=save_density, method="POST"),
    Page(path="/habits/password", answer=show_password, ends_waiting=True),
    Page(path="/habits/password", answer=save_password, method="POST", ends_waiting=True),
)
