"""Signing in and out."""

from dataclasses import dataclass, replace
from datetime import timedelta
from urllib.parse import urlencode

from litestar.datastructures import Cookie

from guanxi.identity import sessions, users
from guanxi.identity.company import company_name
from guanxi.identity.sessions import LONGEST
from guanxi.identity.signing_in import sign_in
from guanxi.web import security
from guanxi.web.reader import language_of
from guanxi.web.visit import Answer, Page, Visit


@dataclass(frozen=True, kw_only=True)
class SignInPage:
    """The sign-in form: what was typed, where to go afterwards, what was wrong."""

    login: str = ""
    next: str = "/"
    problem: str = ""
    company: str = ""


def show_sign_in(visit: Visit) -> Answer:
    """Show the form; somebody signed in goes on, and where nobody is yet the set-up begins."""
    wanted = security.safe_next(visit.incoming.asked("next", "/"))
    if visit.session:
        return visit.go(wanted)
    if users.nobody_yet(visit.tx):
        return visit.go("/set-up")
    visit = _read_in(visit, visit.incoming.asked("language"))
    return as_visitor(visit, "pages/entrance.html", SignInPage(next=wanted, company=company_name(visit.tx)))


def enter(visit: Visit) -> Answer:
    """Judge login and password; a wrong attempt is committed, so it counts."""
    typed = visit.incoming.typed
    wanted = security.safe_next(typed("next", "/"))
    entrance = sign_in(visit.tx, typed("login"), typed("password"))
    if entrance.token is None:
        visit = _read_in(visit, typed("language"))
        problem = visit.say(entrance.refusal) if entrance.refusal else ""
        page = SignInPage(login=typed("login"), next=wanted, problem=problem, company=company_name(visit.tx))
        return as_visitor(visit, "pages/entrance.html", page, status=422)
    sessions.forget_old(visit.tx, idle=timedelta(hours=visit.site.settings.session_hours))
    return visit.go(wanted, cookies=[session_cookie(visit, entrance.token)])


def leave(visit: Visit) -> Answer:
    """End this browser's session, or all sessions of the person."""
    if visit.incoming.typed("everywhere"):
        sessions.end_all(visit.tx, visit.actor.id or 0)
    else:
        sessions.end(visit.tx, visit.incoming.cookies.get(security.SESSION_COOKIE, ""))
    gone = security.cookie(security.SESSION_COOKIE, "", secure=visit.incoming.secure, seconds=0)
    return visit.go("/sign-in", cookies=[gone])


def session_cookie(visit: Visit, token: str) -> Cookie:
    """Return the cookie that keeps a browser signed in."""
    seconds = int(LONGEST.total_seconds())
    return security.cookie(security.SESSION_COOKIE, token, secure=visit.incoming.secure, seconds=seconds)


def as_visitor(visit: Visit, template: str, page: object, *, status: int = 200) -> Answer:
    """Show a form to somebody not signed in, with the cookie its token belongs to."""
    visitor = visit.incoming.cookies.get(security.VISITOR_COOKIE) or security.visitor_token()
    csrf = security.visitor_csrf(visit.site.settings.secret, visitor)
    cookie = security.cookie(security.VISITOR_COOKIE, visitor, secure=visit.incoming.secure)
    return replace(visit, csrf=csrf).show(template, page, status=status, cookies=[cookie])


def _read_in(visit: Visit, wanted: str) -> Visit:
    """Return the visit in the language asked for; without one, in the browser's."""
    language = language_of(wanted) if wanted else visit.reader.language
    return replace(visit, reader=replace(visit.reader, language=language))


def sign_in_address(wanted: str) -> str:
    """Return the address of the form that leads to *wanted* afterwards."""
    return "/sign-in" if wanted == "/" else "/sign-in?" + urlencode({"next": wanted})


PAGES = (
    Page(path="/sign-in", answer=show_sign_in, is_open=True),
    Page(path="/sign-in", answer=enter, method="POST", is_open=True),
    Page(path="/sign-out", answer=leave, method="POST", ends_waiting=True),
)
