"""A group of possible duplicates: all rows that hang together, side by side, with the pairs between them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from guanxi.access.roles import may
from guanxi.integration import stewardship
from guanxi.integration.loading import OURSELVES
from guanxi.integration.mentions import CUSTOMER
from guanxi.integration.stewardship.pairs import customers_of, name_of
from guanxi.kernel.text import say
from guanxi.records.reading import Record
from guanxi.web.comparing.differences import Pieces, differences
from guanxi.web.comparing.pairs import percent, said
from guanxi.web.comparing.sight import clear_fields, names_of
from guanxi.web.origins import source_titles
from guanxi.web.visit import Answer, Page, Visit


@dataclass(frozen=True, kw_only=True)
class Member:
    """One row of the group, and the customer it belongs to."""

    source: str
    place: str
    customer: int | None


@dataclass(frozen=True, kw_only=True)
class GroupLine:
    """One field with what each row says; what differs from the first row is marked."""

    label: str
    cells: tuple[Pieces, ...]


@dataclass(frozen=True, kw_only=True)
class GroupPair:
    """One pair of the group and what was said about it."""

    id: int
    title: str
    percent: str
    state: str
    decided_by: str


@dataclass(frozen=True, kw_only=True)
class GroupPage:
    """Everything the page shows."""

    id: int
    members: tuple[Member, ...]
    lines: tuple[GroupLine, ...]
    pairs: tuple[GroupPair, ...]
    may_decide: bool


def show_group(visit: Visit) -> Answer:
    """Show the group a pair belongs to."""
    number = visit.incoming.parameters["review_id"]
    reviews = stewardship.group_of(visit.tx, visit.actor, number)
    rows: dict[str, Mapping[str, Any]] = {}
    for each in reviews:
        for side in ("left", "right"):
            rows.setdefault(str(each.values[f"{side}_key"]), each.values.get(side) or {})
    page = GroupPage(
        id=number,
        members=_members(visit, rows),
        lines=tuple(_lines(visit, rows)),
        pairs=tuple(_pair(visit, each) for each in reviews),
        may_decide=may(visit.actor, visit.catalog, "integrate"),
    )
    return visit.show("pages/group.html", page)


def _members(visit: Visit, rows: Mapping[str, Mapping[str, Any]]) -> tuple[Member, ...]:
    names = [name_of(each) for each in rows]
    numbers, titles = customers_of(visit.tx, names), source_titles(visit)
    return tuple(
        Member(
            source=visit.say(say("already here")) if name[0] == OURSELVES else titles.get(name[0], name[0]),
            place=""
            if name[0] == OURSELVES
            else " · ".join(str(row[each]) for each in ("table", "row") if row.get(each)),
            customer=numbers[name],
        )
        for name, row in zip(names, rows.values(), strict=True)
    )


def _lines(visit: Visit, rows: Mapping[str, Mapping[str, Any]]) -> list[GroupLine]:
    object_type = visit.catalog.object(CUSTOMER)
    clear = clear_fields(visit)
    found = []
    for field in object_type.live_fields:
        texts = [said(visit, row, field) for row in rows.values()] if field.name in clear else []
        if any(texts):
            first = next(each for each in texts if each)
            cells = tuple(differences(first, each)[1] for each in texts)
            found.append(GroupLine(label=visit.reader.label(field.label), cells=cells))
    return found


def _pair(visit: Visit, review: Record) -> GroupPair:
    return GroupPair(
        id=review.id,
        title=" ↔ ".join(names_of(visit, review)),
        percent=percent(visit, review),
        state=str(review.values["decision"]),
        decided_by=review.titles.get("decided_by", ""),
    )


PAGES = (Page(path="/duplicates/{review_id:int}/group", answer=show_group),)
