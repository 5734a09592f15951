"""Merged records: joins, rows taken apart, customers made of several rows; each with its way back."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from guanxi.access.roles import may
from guanxi.integration import stewardship
from guanxi.integration.mentions import CUSTOMER
from guanxi.integration.stewardship import Parting, Several, Union
from guanxi.kernel.numbers import number_in
from guanxi.metadata.labels import Label
from guanxi.web.navigation import Link, Place
from guanxi.web.origins import source_titles
from guanxi.web.visit import Answer, Page, Visit

LENGTH = 50
MOST_SEARCHED = 1000
"""How far back a search looks among the rows that were taken apart."""


@dataclass(frozen=True, kw_only=True)
class Joined:
    """A join that stands, and which fields it changed."""

    union: Union
    fields: str
    when: str


@dataclass(frozen=True, kw_only=True)
class Apart:
    """Rows that were taken out of a customer."""

    parting: Parting
    when: str


@dataclass(frozen=True, kw_only=True)
class MergedPage:
    """Everything the page shows."""

    joined: tuple[Joined, ...]
    more_joined: str
    apart: tuple[Apart, ...]
    several: tuple[Several, ...]
    sources: Mapping[str, str]
    more_several: str
    words: str
    """What was searched for."""
    may_act: bool


def show_merged(visit: Visit) -> Answer:
    """Show what was joined, what was taken apart, and who is made of several rows."""
    tx, actor, words = visit.tx, visit.actor, visit.incoming.asked("q").strip()
    before, after = (number_in(visit.incoming.asked(each)) for each in ("before", "after"))
    among = stewardship.called(tx, actor, words) if words else None
    unions: tuple[Union, ...] = ()
    several: tuple[Several, ...] = ()
    if after is None:
        unions = stewardship.unions(tx, actor, before=before, among=among, limit=LENGTH)
    if before is None:
        several = stewardship.made_of_several(tx, actor, after=after, among=among, limit=LENGTH)
    first = before is None and after is None
    apart = stewardship.partings(tx, actor, limit=MOST_SEARCHED if words else LENGTH) if first else ()
    if among is not None:
        apart = tuple(each for each in apart if {each.customer_id, each.new_id} & set(among))
    page = MergedPage(
        joined=tuple(
            Joined(union=each, fields=_fields(visit, each), when=visit.reader.ago(each.at)) for each in unions
        ),
        more_joined=_more("before", unions[-1].id, words) if len(unions) == LENGTH else "",
        apart=tuple(Apart(parting=each, when=visit.reader.ago(each.at)) for each in apart),
        several=several,
        sources=source_titles(visit) if several else {},
        more_several=_more("after", several[-1].customer_id, words) if len(several) == LENGTH else "",
        words=words,
        may_act=may(visit.actor, visit.catalog, "integrate"),
    )
    return visit.show("pages/merged.html", page)


def take_apart(visit: Visit) -> Answer:
    """Take a join apart."""
    number = visit.incoming.parameters["merge_id"]
    stewardship.take_apart(visit.tx, visit.actor, visit.site.workshop, number)
    return visit.go("/merged")


def put_back(visit: Visit) -> Answer:
    """Put rows back that were taken out of a customer."""
    done = stewardship.put_back(visit.tx, visit.actor, visit.incoming.parameters["batch"])
    return visit.go(f"/o/{CUSTOMER}/{done.customer_id}/rows")


def _fields(visit: Visit, union: Union) -> str:
    """Return the names of the fields a join changed."""
    object_type = visit.catalog.object(CUSTOMER)
    named = {}
    for column in union.fields:
        name = next((each for each in object_type.fields if column in (each, f"{each}_id")), None)
        name = name or next((each for each in object_type.fields if column.startswith(f"{each}_")), "")
        if name:
            named[name] = visit.reader.label(object_type.field(name).label)
    return visit.reader.listing(named.values())


def _more(name: str, number: int, words: str) -> str:
    return f"/merged?{urlencode({**({'q': words} if words else {}), name: number})}"


PLACES = (
    Place(
        application="data",
        order=55,
        link=Link(address="/merged", label=Label(en="Merged records", zh="合并记录"), icon="link"),
        object="review",
    ),
)

PAGES = (
    Page(path="/merged", answer=show_merged),
    Page(path="/merged/{merge_id:int}/take-apart", answer=take_apart, method="POST"),
    Page(path="/merged/{batch:str}/put-back", answer=put_back, method="POST"),
)
