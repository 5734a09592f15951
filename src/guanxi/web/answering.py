"""From request to answer: who asks, may they, what do they get; one transaction from beginning to end."""

import traceback
from datetime import timedelta
from zoneinfo import ZoneInfo

from guanxi.access.roles import may, require
from guanxi.identity import sessions, users
from guanxi.identity.sessions import Session
from guanxi.kernel.errors import Conflict, GuanxiError, Invalid, NotAllowed, NotFound, Refused, UnknownName
from guanxi.kernel.ids import new_id
from guanxi.kernel.log import logger
from guanxi.kernel.text import say
from guanxi.store.transactions import Transaction
from guanxi.web import security
from guanxi.web.pages import wrong
from guanxi.web.pages.entrance import sign_in_address
from guanxi.web.reader import Reader, language_of
from guanxi.web.visit import Answer, Incoming, Page, Site, Visit

_STATUS: tuple[tuple[type[GuanxiError], int], ...] = (
    (NotFound, 404),
    (UnknownName, 404),
    (NotAllowed, 403),
    (Conflict, 409),
    (Invalid, 422),
    (Refused, 400),
)


def answer(site: Site, page: Page, incoming: Incoming) -> Answer:
    """Answer one request; whatever goes wrong becomes a page that helps."""
    try:
        with site.store.transaction("web") as tx:
            visit = _visit(site, tx, incoming, touches=not page.is_unasked)
            try:
                return _admitted(visit, page)
            except Refused as refused:
                # The page of the error is made inside the transaction, which must not be committed.
                raise _RefusedError(wrong.show(visit, refused, status_of(refused))) from refused
    except _RefusedError as refused:
        return refused.answer
    except Exception:  # noqa: BLE001 (the edge: whatever happens, a person gets a page and a reference)
        reference = new_id()
        # Plain text: the pretty traceback prints every local value, passwords among them, and takes seconds.
        trace = traceback.format_exc()
        logger(__name__).error("a page failed", reference=reference, path=incoming.path, trace=trace)
        return wrong.show_fault(language_of_visitor(site, incoming), reference)


def may_send_files(site: Site, page: Page, incoming: Incoming) -> bool:
    """Tell whether whoever asks may send files to *page*, judged before any of them is taken in."""
    with site.store.transaction("web") as tx:
        session = _session(site, tx, incoming, touches=False)
        wanted = page.takes_files
        if session is None or wanted is None:
            return False
        if callable(wanted):
            return wanted(session.actor, tx.catalog, incoming.parameters)
        return may(session.actor, tx.catalog, wanted)


def status_of(error: GuanxiError) -> int:
    """Return the HTTP status that says what *error* says."""
    return next((status for kind, status in _STATUS if isinstance(error, kind)), 500)


def language_of_visitor(site: Site, incoming: Incoming) -> str:
    """Return the language of somebody unknown: what their browser prefers, else the company's."""
    preferred = incoming.headers.get("accept-language", "").split(",")[0].strip()
    return language_of(preferred or site.settings.language)


class _RefusedError(Exception):
    """Carries the page of an error out of the transaction, which is rolled back."""

    def __init__(self, answer: Answer) -> None:
        super().__init__()
        self.answer = answer


def _visit(site: Site, tx: Transaction, incoming: Incoming, *, touches: bool) -> Visit:
    session = _session(site, tx, incoming, touches=touches)
    if session is None:
        visitor = incoming.cookies.get(security.VISITOR_COOKIE, "")
        csrf = security.visitor_csrf(site.settings.secret, visitor) if visitor else ""
        language, zone = language_of_visitor(site, incoming), site.settings.time_zone
    else:
        csrf, language = session.csrf_token, language_of(session.user.language)
        zone = ZoneInfo(session.user.time_zone)
    reader = Reader(language=language, zone=zone, now=tx.now)
    return Visit(site=site, incoming=incoming, tx=tx, session=session, reader=reader, csrf=csrf)


def _session(site: Site, tx: Transaction, incoming: Incoming, *, touches: bool) -> Session | None:
    token = incoming.cookies.get(security.SESSION_COOKIE)
    idle = timedelta(hours=site.settings.session_hours)
    return sessions.find(tx, token, idle=idle, touches=touches) if token else None


def _admitted(visit: Visit, page: Page) -> Answer:
    if visit.session is None and not page.is_open:
        return _to_the_entrance(visit)
    if isinstance(page.takes_files, str):
        require(visit.actor, visit.catalog, page.takes_files)
    if visit.incoming.refusal is not None:
        raise visit.incoming.refusal
    if page.method == "POST":
        _require_own_form(visit)
    if visit.session and visit.session.user.password_is_temporary and not page.ends_waiting:
        return visit.go("/habits/password")
    return page.answer(visit)


def _to_the_entrance(visit: Visit) -> Answer:
    if users.nobody_yet(visit.tx):
        return visit.go("/set-up")
    whole_page = visit.incoming.method == "GET" and not visit.incoming.wants_part
    return visit.go(sign_in_address(visit.incoming.path if whole_page else "/"))


def _require_own_form(visit: Visit) -> None:
    """A form counts only when it carries the token this site gave to this browser."""
    incoming = visit.incoming
    given = incoming.headers.get(security.CSRF_HEADER) or incoming.typed(security.CSRF_FIELD)
    here = security.comes_from_here(incoming.headers.get("origin", ""), incoming.headers.get("host", ""))
    if not here or not security.is_same(visit.csrf, given):
        raise NotAllowed(say("this form is too old; load the page again and repeat what you did"))
