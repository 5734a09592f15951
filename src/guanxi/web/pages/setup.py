"""The very first page: company, administrator, language; open only while nobody exists."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from guanxi.identity import sessions, users
from guanxi.identity.actor import SYSTEM
from guanxi.identity.company import name_company
from guanxi.kernel.errors import Invalid, NotFound
from guanxi.kernel.text import say
from guanxi.web.filling import by_field
from guanxi.web.pages.entrance import as_visitor, session_cookie
from guanxi.web.reader import language_of
from guanxi.web.visit import Answer, Page, Visit
from guanxi.web.zones import Zone, zones

ROLE = "administrator"


@dataclass(frozen=True, kw_only=True)
class SetupPage:
    """The form: what was typed and what is wrong, by field."""

    language: str
    time_zone: str
    time_zones: tuple[Zone, ...]
    typed: Mapping[str, str] = field(default_factory=dict)
    problems: Mapping[str, str] = field(default_factory=dict)


def show_setup(visit: Visit) -> Answer:
    """Show the form, in the language the address asks for; once somebody exists, the way in is signing in."""
    if not users.nobody_yet(visit.tx):
        return visit.go("/sign-in")
    language = language_of(visit.incoming.asked("language", visit.reader.language))
    return _show(visit, language, {}, {})


def set_up(visit: Visit) -> Answer:
    """Name the company, create the administrator and sign them in."""
    _require_nobody(visit)
    names = ("company", "name", "login", "department", "language", "time_zone")
    typed = {name: visit.incoming.typed(name) for name in names}
    language = language_of(typed["language"])
    person = users.NewUser(
        login=typed["login"],
        name=typed["name"],
        department=typed["department"],
        password=visit.incoming.typed("password"),
        roles=(ROLE,),
        language=language,
        time_zone=typed["time_zone"] or visit.site.settings.time_zone.key,
    )
    try:
        name_company(visit.tx, SYSTEM, typed["company"])
        user_id = users.create(visit.tx, SYSTEM, person)
    except Invalid as invalid:
        return _show(visit, language, typed, invalid, status=422)
    token = sessions.begin(visit.tx, user_id)
    return visit.go("/", cookies=[session_cookie(visit, token)])


def _show(
    visit: Visit,
    language: str,
    typed: Mapping[str, str],
    wrong: Invalid | Mapping[str, str],
    *,
    status: int = 200,
) -> Answer:
    visit = replace(visit, reader=replace(visit.reader, language=language))
    problems = wrong if not isinstance(wrong, Invalid) else by_field(visit.reader, wrong)
    chosen = typed.get("time_zone") or visit.site.settings.time_zone.key
    page = SetupPage(
        language=language,
        time_zone=chosen,
        time_zones=zones(visit.reader, chosen),
        typed=typed,
        problems=problems,
    )
    return as_visitor(visit, "pages/setup.html", page, status=status)


def _require_nobody(visit: Visit) -> None:
    if not users.nobody_yet(visit.tx):
        raise NotFound(say("Guanxi is set up already; sign in instead"))


PAGES = (
    Page(path="/set-up", answer=show_setup, is_open=True),
    Page(path="/set-up", answer=set_up, method="POST", is_open=True),
)
