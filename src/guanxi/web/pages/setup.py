"""The very first page: company, administrator, language; open only while nobody exists."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from guanxi.identity import sessions, users
from guanxi.identity.actor import SYSTEM
from guanxi.kernel.errors import Invalid, NotFound
from guanxi.kernel.text import say
from guanxi.web.pages.entrance import as_visitor, session_cookie
from guanxi.web.reader import language_of
from guanxi.web.visit import Answer, Page, Visit

ROLE = "administrator"


@dataclass(frozen=True, kw_only=True)
class SetupPage:
    """The form: what was typed and what is wrong, by field."""

    language: str
    typed: Mapping[str, str] = field(default_factory=dict)
    problems: Mapping[str, str] = field(default_factory=dict)


def show_setup(visit: Visit) -> Answer:
    """Show the form, in the language the address asks for."""
    _require_nobody(visit)
    language = language_of(visit.incoming.asked("language", visit.reader.language))
    visit = replace(visit, reader=replace(visit.reader, language=language))
    return as_visitor(visit, "pages/setup.html", SetupPage(language=language))


def set_up(visit: Visit) -> Answer:
    """Create the administrator and sign them in."""
    _require_nobody(visit)
    typed = {name: visit.incoming.typed(name) for name in ("name", "login", "department", "language")}
    language = language_of(typed["language"])
    password = visit.incoming.typed("password")
    person = users.NewUser(
        login=typed["login"],
        name=typed["name"],
        department=typed["department"],
        password=password,
        roles=(ROLE,),
        language=language,
        time_zone=visit.site.settings.time_zone.key,
    )
    try:
        user_id = users.create(visit.tx, SYSTEM, person)
    except Invalid as invalid:
        visit = replace(visit, reader=replace(visit.reader, language=language))
        problems = {each.field or "": visit.reader.problem(each) for each in invalid.problems}
        page = SetupPage(language=language, typed=typed, problems=problems)
        return as_visitor(visit, "pages/setup.html", page, status=422)
    token = sessions.begin(visit.tx, user_id)
    return visit.go("/", cookies=[session_cookie(visit, token)])


def _require_nobody(visit: Visit) -> None:
    if not users.nobody_yet(visit.tx):
        raise NotFound(say("Guanxi is set up already; sign in instead"))


PAGES = (
    Page(path="/set-up", answer=show_setup, is_open=True),
    Page(path="/set-up", answer=set_up, method="POST", is_open=True),
)
