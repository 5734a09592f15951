"""Finding anything: the palette over all objects and pages, and the picker of a link."""

from dataclasses import dataclass

from guanxi.kernel.text import say
from guanxi.metadata.labels import Label
from guanxi.records import reading
from guanxi.records.search import fold
from guanxi.store.queries import Titled
from guanxi.web.linking import Offer, offers
from guanxi.web.navigation import Link, applications, creations
from guanxi.web.visit import Answer, Page, Visit

EACH = 6
MOST_PAGES = 6
_OWN = (
    Link(address="/", label=Label(en="Home", zh="首页"), icon="home"),
    Link(address="/notices", label=Label(en="Notices", zh="通知"), icon="bell"),
    Link(address="/habits", label=Label(en="My settings", zh="个人设置"), icon="user-circle"),
    Link(address="/habits/password", label=Label(en="Change password", zh="修改密码"), icon="key"),
    Link(address="/help", label=Label(en="Help", zh="帮助"), icon="help-circle"),
)
"""Pages that are everybody's and stand in no application."""


@dataclass(frozen=True, kw_only=True)
class Hit:
    """One thing found."""

    id: str
    address: str
    title: str
    detail: str
    icon: str
    kind: str


@dataclass(frozen=True, kw_only=True)
class PalettePart:
    """What was found for the words typed."""

    words: str
    hits: tuple[Hit, ...]


@dataclass(frozen=True, kw_only=True)
class PickerPart:
    """Records a link may point to."""

    options: tuple[Offer, ...]


def search(visit: Visit) -> Answer:
    """Return pages and records that the words find; without words the pages."""
    words = visit.incoming.asked("q").strip()
    records = reading.search_everywhere(visit.tx, visit.actor, words, limit=EACH) if words else ()
    hits = (*(_record(visit, each) for each in records), *_pages(visit, words))
    return visit.show("pages/palette.html", PalettePart(words=words, hits=hits), block="palette")


def pick(visit: Visit) -> Answer:
    """Return the records of one object that the words find, for a link."""
    object_type = visit.catalog.object(visit.incoming.parameters["object_name"])
    options = offers(visit, object_type, visit.incoming.asked("q"))
    return visit.show("pages/palette.html", PickerPart(options=options), block="picker")


def _record(visit: Visit, found: Titled) -> Hit:
    object_type = visit.catalog.object(found.object)
    return Hit(
        id=f"hit-{found.id}",
        address=f"/o/{found.object}/{found.id}",
        title=found.title or found.number or f"#{found.id}",
        detail=found.number if found.number != found.title else "",
        icon=object_type.icon,
        kind=visit.reader.label(object_type.label),
    )


def _pages(visit: Visit, words: str) -> tuple[Hit, ...]:
    """Return the pages and actions whose names the words begin or stand in, in either language."""
    wanted = fold(words)
    places = [link for each in applications(visit.actor, visit.catalog) for link in each.links]
    fitting = [
        each for each in (*places, *_OWN) if wanted in fold(each.label.en) or wanted in fold(each.label.zh)
    ]
    pages = [_page(visit, each) for each in fitting[:MOST_PAGES]]
    return (
        *pages,
        *(_creation(visit, each) for each in creations(visit.actor, visit.catalog) if _makes(each, wanted)),
    )


def _makes(link: Link, wanted: str) -> bool:
    """Tell whether somebody who types *wanted* may mean to create what *link* creates."""
    names = (f"create new {link.label.en}", f"新建{link.label.zh}")
    return bool(wanted) and any(wanted in fold(name) for name in names)


def _creation(visit: Visit, link: Link) -> Hit:
    return Hit(
        id="hit" + link.address.replace("/", "-"),
        address=link.address,
        title=visit.say(say("Create {object}", object=link.label)),
        detail="",
        icon="plus",
        kind=visit.reader.translate("Action"),
    )


def _page(visit: Visit, link: Link) -> Hit:
    return Hit(
        id="hit" + link.address.replace("/", "-"),
        address=link.address,
        title=visit.reader.label(link.label),
        detail="",
        icon=link.icon,
        kind=visit.reader.translate("Page"),
    )


PAGES = (
    Page(path="/search", answer=search),
    Page(path="/pick/{object_name:str}", answer=pick),
)
