"""The ways a source can be added."""

from dataclasses import dataclass

from guanxi.access.roles import require
from guanxi.kernel.text import say
from guanxi.web.visit import Answer, Page, Visit


@dataclass(frozen=True, kw_only=True)
class Way:
    """One way to add a source."""

    address: str
    icon: str
    name: str
    about: str


@dataclass(frozen=True, kw_only=True)
class NewSourcePage:
    """All ways."""

    ways: tuple[Way, ...]


_WAYS = (
    (
        "/sources",
        "cloud-upload",
        say("Files"),
        say("Excel, text (.csv) or SQLite from your computer. Drop them on the page of the sources."),
    ),
    (
        "/sources/new/database",
        "database",
        say("Database"),
        say("Tables of another system: PostgreSQL, MySQL or MariaDB. It is only read, never written."),
    ),
    (
        "/sources/new/rest",
        "api",
        say("Web interface"),
        say("An ERP, a web shop or a marketing tool that answers with JSON over HTTP."),
    ),
    (
        "/sources/new/folder",
        "folder-open",
        say("Watched folder"),
        say("A folder on the server that departments put their files into, again and again."),
    ),
)


def show_ways(visit: Visit) -> Answer:
    """Show the ways to add a source."""
    require(visit.actor, visit.catalog, "integrate")
    ways = tuple(
        Way(address=address, icon=icon, name=visit.say(name), about=visit.say(about))
        for address, icon, name, about in _WAYS
    )
    return visit.show("pages/source_new.html", NewSourcePage(ways=ways))


PAGES = (Page(path="/sources/new", answer=show_ways),)
