"""Notices: the panel behind the bell, the page of all, and the way to what each is about."""

from collections.abc import Mapping
from dataclasses import dataclass

from guanxi.identity import notices
from guanxi.identity.notices import Notice
from guanxi.kernel.numbers import number_in
from guanxi.web import security
from guanxi.web.visit import Answer, Page, Visit

IN_PANEL, ON_PAGE = 8, 50
_LOOKS: Mapping[str, tuple[str, str]] = {
    "run_finished": ("circle-check", "good"),
    "run_failed": ("alert-triangle", "bad"),
    "run_waits": ("player-pause", "wait"),
    "gaps": ("puzzle", "wait"),
    "sign_off": ("signature", "wait"),
    "review": ("git-compare", "wait"),
    "bulk": ("checks", "good"),
}
"""kind -> (icon, tone)"""


@dataclass(frozen=True, kw_only=True)
class News:
    """One notice in the reader's words."""

    address: str
    text: str
    when: str
    moment: str
    icon: str
    tone: str
    is_unread: bool


@dataclass(frozen=True, kw_only=True)
class NoticesPage:
    """Some notices, newest first; ``more`` is the address of the older ones ('' at the end)."""

    news: tuple[News, ...]
    more: str


def show_notices(visit: Visit) -> Answer:
    """Show what the person was told: a few for the panel, all on the page."""
    before = visit.incoming.asked("before")
    limit = IN_PANEL if visit.incoming.wants_part else ON_PAGE
    found = notices.latest(visit.tx, visit.actor, limit=limit + 1, before=number_in(before))
    shown = found[:limit]
    more = f"/notices?before={shown[-1].id}" if len(found) > limit else ""
    page = NoticesPage(news=tuple(_news(visit, each) for each in shown), more=more)
    return visit.show("pages/notices.html", page, block="panel" if visit.incoming.wants_part else None)


def show_count(visit: Visit) -> Answer:
    """Return how many notices wait, for the bell."""
    return visit.show("frame/unread.html", None)


def follow_notice(visit: Visit) -> Answer:
    """Lead to what a notice is about; it counts as read."""
    address = notices.open_notice(visit.tx, visit.actor, visit.incoming.parameters["notice_id"])
    return visit.go(security.safe_next(address))


def read_all(visit: Visit) -> Answer:
    """Count everything as read and stay on the page."""
    notices.read_all(visit.tx, visit.actor)
    return visit.go(security.safe_next(visit.incoming.typed("next", "/notices")))


def _news(visit: Visit, notice: Notice) -> News:
    icon, tone = _LOOKS.get(notice.kind, ("bell", ""))
    return News(
        address=f"/notices/{notice.id}",
        text=visit.say(notice.message),
        when=visit.reader.ago(notice.at),
        moment=visit.reader.moment(notice.at),
        icon=icon,
        tone=tone,
        is_unread=notice.is_unread,
    )


PAGES = (
    Page(path="/notices", answer=show_notices),
    Page(path="/notices/count", answer=show_count, is_unasked=True),
    Page(path="/notices/{notice_id:int}", answer=follow_notice),
    Page(path="/notices/read", answer=read_all, method="POST"),
)
