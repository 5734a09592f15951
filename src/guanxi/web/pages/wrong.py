"""What is shown when something is wrong: not there, not allowed, refused, or our fault."""

from dataclasses import dataclass

from litestar import Response

from guanxi.kernel.errors import Invalid, NotAllowed, NotFound, Refused, UnknownName
from guanxi.kernel.ids import new_id
from guanxi.kernel.log import logger
from guanxi.kernel.text import Message, say
from guanxi.web.templates import render
from guanxi.web.visit import Answer, Page, Visit


@dataclass(frozen=True, kw_only=True)
class WrongPage:
    """A headline, what happened, what to do now, and a reference for whoever helps: it stands in the log."""

    title: str
    text: str
    advice: str
    reference: str


def show(visit: Visit, refused: Refused, status: int) -> Answer:
    """Return the page about something refused, inside the workplace when somebody has signed in."""
    title, advice = _words(refused)
    text = visit.reader.problems(refused) if isinstance(refused, Invalid) else visit.say(refused.message)
    reference = new_id()
    logger(__name__).info("refused", reference=reference, status=status, path=visit.incoming.path)
    page = WrongPage(
        title=visit.say(title),
        text=text[:1].upper() + text[1:],
        advice=visit.say(advice),
        reference=reference,
    )
    template = "pages/wrong.html" if visit.session else "pages/wrong_outside.html"
    return visit.show(template, page, status=status)


def show_fault(language: str, reference: str) -> Answer:
    """Return the page about a fault of ours; it needs nothing that could be at fault."""
    body = render(language, "pages/fault.html", {"reference": reference, "language": language})
    return Response(body, media_type="text/html; charset=utf-8", status_code=500)


def missing(visit: Visit) -> Answer:
    """Answer an address that leads nowhere."""
    raise NotFound(say("there is nothing at the address {path}", path=visit.incoming.path))


def _words(refused: Refused) -> tuple[Message, Message]:
    if isinstance(refused, NotFound | UnknownName):
        return say("Not found"), say(
            "It may have been deleted, or you may not see it. Search for it by name."
        )
    if isinstance(refused, NotAllowed):
        return say("Not allowed"), say("Ask an administrator if you need this for your work.")
    return say("That cannot be done"), say("Go back, change what is named above, and try again.")


PAGES = (
    Page(path="/{address:path}", answer=missing),
    Page(path="/{address:path}", answer=missing, method="POST"),
)
