"""Help: a short text for each page, and the keys that work everywhere."""

import re
from dataclasses import dataclass

from guanxi.web.visit import Answer, Page, Visit

TOPICS: tuple[tuple[str, str], ...] = (
    (r"/runs/[^/]+/proof|/o/sign_off.*", "proof"),
    (r"(/runs/[^/]+)?/cleaning.*", "cleaning"),
    (r"/(runs|o/run)(/.*)?", "runs"),
    (r"/sources/[^/]+/mapping.*", "mapping"),
    (r"/(sources|o/source)(/.*)?", "sources"),
    (r"/(duplicates|merged|o/review)(/.*)?", "duplicates"),
    (r"/(gaps|o/gap)(/.*)?", "gaps"),
    (r"/settings/people.*", "people"),
    (r"/settings/roles", "roles"),
    (r"/settings/(objects|packs)", "objects"),
    (r"/settings/system", "system"),
    (r"/habits.*", "habits"),
    (r"/o/[^/]+", "lists"),
    (r"/o/[^/]+/.+", "record"),
    (r"/", "home"),
)
"""(what an address looks like, its text under ``help/``); the first that fits counts."""

OTHERWISE = "anything"


@dataclass(frozen=True, kw_only=True)
class HelpPage:
    """The file that holds the text, in the reader's language."""

    text: str


def show_help(visit: Visit) -> Answer:
    """Show the help of the page whose address is asked for (``?of=/o/customer``)."""
    topic = topic_of(visit.incoming.asked("of", "/"))
    page = HelpPage(text=f"help/{topic}.{visit.reader.language}.html")
    return visit.show("pages/help.html", page, block="text" if visit.incoming.wants_part else None)


def topic_of(address: str) -> str:
    """Return which text helps on the page at *address*."""
    return next((topic for pattern, topic in TOPICS if re.fullmatch(pattern, address)), OTHERWISE)


PAGES = (Page(path="/help", answer=show_help),)
