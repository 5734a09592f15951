"""Duplicates: the steward's stack, one pair at a time beside the list of those that wait."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import get_args
from urllib.parse import urlencode

from guanxi.access.fields import weighing
from guanxi.expressions.conditions import all_of, any_of, differs, equals, starts_with
from guanxi.expressions.syntax import Expression
from guanxi.integration import stewardship
from guanxi.integration.loading import OURSELVES
from guanxi.integration.stewardship import Done
from guanxi.integration.stewardship.acting import Decision
from guanxi.integration.stewardship.pairs import FIELDS, from_record
from guanxi.kernel.errors import Refused
from guanxi.kernel.numbers import number_in
from guanxi.kernel.text import Message, say
from guanxi.metadata.labels import Label
from guanxi.records import reading
from guanxi.records.reading import Asked, Record
from guanxi.web.comparing.pairs import PairView, pair_view, percent
from guanxi.web.comparing.sight import names_of
from guanxi.web.narrowing import Narrowing, address_of, narrowing
from guanxi.web.navigation import Link, Place
from guanxi.web.places import read_place, write_place
from guanxi.web.visit import Answer, Page, Visit

PAGE_LENGTH = 40
CHOICE = "choice."
_FILTERS = ("run", "source", "department", "state", "order")


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """One pair in the list at the side."""

    id: int
    address: str
    left: str
    right: str
    sources: str
    percent: str
    state: str
    is_open: bool


@dataclass(frozen=True, kw_only=True)
class StackPage:
    """Everything the page shows."""

    pair: PairView | None
    waiting: tuple[Waiting, ...]
    more: str
    filters: tuple[Narrowing, ...]
    query: str
    left: str
    today: str
    is_filtered: bool
    shows_decided: bool


@dataclass(frozen=True, kw_only=True)
class ToldPage:
    """What a decision did, for the notice under the stack."""

    id: int
    text: str
    followed: str
    may_undo: bool


def show_stack(visit: Visit) -> Answer:
    """Show the list with its first pair, or the one whose number the address holds."""
    number = visit.incoming.parameters.get("review_id")
    if number is not None and visit.incoming.wants_part:
        pair = stewardship.pair_of(visit.tx, visit.actor, number)
        return visit.show("pages/duplicates_pair.html", pair_view(visit, pair))
    return visit.show("pages/duplicates.html", _list(visit, number))


def show_more(visit: Visit) -> Answer:
    """Show the next part of the list."""
    return visit.show("pages/duplicates.html", _list(visit, None), block="waiting")


def decide(visit: Visit) -> Answer:
    """Take a steward's word on a pair."""
    number, incoming = visit.incoming.parameters["review_id"], visit.incoming
    wanted = incoming.typed("decision")
    decision = next((each for each in get_args(Decision) if each == wanted), None)
    if decision is None:
        raise Refused(say("say whether the two are the same customer or different ones"))
    chosen = {
        name.removeprefix(CHOICE): values[0]
        for name, values in incoming.form.items()
        if name.startswith(CHOICE) and values and values[0] != "proposed"
    }
    done = stewardship.decide(
        visit.tx,
        visit.actor,
        visit.site.workshop,
        number,
        decision,
        chosen=chosen,
        comment=incoming.typed("comment"),
    )
    if not incoming.wants_part:
        group = incoming.asked("group")
        back = (
            f"/duplicates/{group}/group" if number_in(group) is not None else f"/duplicates?{_query(visit)}"
        )
        return visit.go(back.rstrip("?"))
    followed = " ".join(map(str, done.followed))
    told = ToldPage(id=number, text=_told(visit, done), followed=followed, may_undo=True)
    return visit.show("pages/duplicates_told.html", told)


def take_back(visit: Visit) -> Answer:
    """Take the word on a pair back."""
    number = visit.incoming.parameters["review_id"]
    stewardship.undo(visit.tx, visit.actor, visit.site.workshop, number)
    if not visit.incoming.wants_part:
        return visit.go(f"/duplicates/{number}")
    text = visit.say(say("Taken back; the pair is open again."))
    told = ToldPage(id=number, text=text, followed="", may_undo=False)
    return visit.show("pages/duplicates_told.html", told)


def _told(visit: Visit, done: Done) -> str:
    words: dict[str, Message] = {
        "merged": say("Joined: they are one customer now."),
        "split": say("Taken apart: the row is a customer of its own now."),
        "parted": say("Taken apart: the join before is undone."),
        "noted": say("Noted; it holds in every later run."),
    }
    text = visit.say(words[done.what])
    if done.followed:
        space = "" if visit.reader.language == "zh" else " "
        text += space + visit.say(say("Settled along with it: {count}", count=len(done.followed)))
    return text


def _list(visit: Visit, number: int | None) -> StackPage:
    sources = _sources(visit)
    where, order = _where(visit, sources), visit.incoming.asked("order", "probability")
    decided = visit.incoming.asked("state") == "decided"
    ways: dict[str, tuple[tuple[str, bool], ...]] = {"probability": (("probability", True),)}
    if _sees_worth(visit):
        ways["worth"] = (("worth", True), ("probability", True))
    by = (("decided_at", True),) if decided else ways.get(order, ways["probability"])
    after = read_place(visit.incoming.asked("after"), visit.site.settings.secret)
    asked = Asked(
        object="review",
        fields=FIELDS,
        where=where,
        order=(*by, ("id", False)),
        after=after,
        limit=PAGE_LENGTH,
    )
    weigher = weighing(visit.actor)
    found = reading.find(visit.tx, weigher, asked)
    shown = _shown(visit, number, found.records)
    mine = all_of(equals("decided_by", visit.actor.id), equals("decided_at", visit.reader.today))
    left, today = reading.count_each(
        visit.tx,
        weigher,
        [Asked(object="review", where=where), Asked(object="review", where=mine)],
    )
    query = _query(visit)
    titles = {str(each.values["name"]): str(each.values["title"]) for each in sources}
    place = write_place(found.next, visit.site.settings.secret) if found.next else ""
    return StackPage(
        pair=pair_view(visit, from_record(visit.tx, shown), titles) if shown else None,
        waiting=tuple(_waiting(visit, each, shown, titles) for each in found.records),
        more=address_of("/duplicates/more", {**_asked(visit), "after": place}) if place else "",
        filters=tuple(_filters(visit, sources)),
        query=query,
        left=f"{visit.reader.number(left.number)}{'+' if left.more else ''}",
        today=f"{visit.reader.number(today.number)}{'+' if today.more else ''}",
        is_filtered=any(visit.incoming.asked(each) for each in ("run", "source", "department")),
        shows_decided=decided,
    )


def _sees_worth(visit: Visit) -> bool:
    return reading.may_ask_by(visit.tx, visit.actor, "review", "worth")


def _shown(visit: Visit, number: int | None, found: tuple[Record, ...]) -> Record | None:
    if visit.incoming.asked("after"):
        return None
    if number is None:
        return found[0] if found else None
    here = next((each for each in found if each.id == number), None)
    return here or reading.get(visit.tx, weighing(visit.actor), "review", number, FIELDS)


def _where(visit: Visit, sources: tuple[Record, ...]) -> Expression:
    asked = visit.incoming.asked
    parts: list[Expression] = []
    if asked("state") == "decided":
        parts.append(differs("decision", "undecided"))
    else:
        parts.append(equals("decision", "undecided"))
    if (run := number_in(asked("run"))) is not None:
        parts.append(equals("run", run))
    if asked("source"):
        parts.append(_from(asked("source")))
    if asked("department"):
        owned = [each for each in sources if each.values["department"] == asked("department")]
        parts.append(any_of(*(_from(str(each.values["name"])) for each in owned)))
    return all_of(*parts)


def _from(source: str) -> Expression:
    return any_of(*(starts_with(key, f"{source}|") for key in ("left_key", "right_key")))


def _sources(visit: Visit) -> tuple[Record, ...]:
    asked = Asked(object="source", fields=("name", "title", "department"), limit=200)
    return reading.find(visit.tx, visit.actor, asked).records


def _filters(visit: Visit, sources: tuple[Record, ...]) -> Iterator[Narrowing]:
    chosen, _ = visit.incoming.asked, visit.reader.translate
    states = (("", _("To decide")), ("decided", _("Decided")))
    orders = [("", _("Most likely first"))]
    if _sees_worth(visit):
        orders.append(("worth", _("Largest turnover first")))
    runs = Asked(object="run", fields=("name",), order=(("id", True),), limit=50)
    named = [
        (str(each.id), str(each.values["name"])) for each in reading.find(visit.tx, visit.actor, runs).records
    ]
    departments = sorted({str(each.values["department"]) for each in sources if each.values["department"]})
    for name, label, options in (
        ("state", _("State"), states),
        ("order", _("Order"), orders),
        (
            "source",
            _("Source"),
            [(str(each.values["name"]), str(each.values["title"])) for each in sources],
        ),
        ("department", _("Department"), [(each, each) for each in departments]),
        ("run", _("Run"), named),
    ):
        if options:
            yield narrowing(name, label, options, chosen(name))


def _waiting(visit: Visit, record: Record, shown: Record | None, titles: Mapping[str, str]) -> Waiting:
    left, right = names_of(visit, record)
    keys = [str(record.values[each]).partition("|")[0] for each in ("left_key", "right_key")]
    return Waiting(
        id=record.id,
        address=address_of(f"/duplicates/{record.id}", _asked(visit)),
        left=left,
        right=right,
        sources=" · ".join(
            visit.say(say("already here")) if each == OURSELVES else titles.get(each, each)
            for each in dict.fromkeys(keys)
        ),
        percent=percent(visit, record),
        state=str(record.values["decision"]),
        is_open=shown is not None and shown.id == record.id,
    )


def _asked(visit: Visit) -> dict[str, str]:
    return {each: visit.incoming.asked(each) for each in _FILTERS if visit.incoming.asked(each)}


def _query(visit: Visit) -> str:
    return urlencode(_asked(visit))


PLACES = (
    Place(
        application="data",
        order=50,
        link=Link(address="/duplicates", label=Label(en="Duplicates", zh="疑似重复"), icon="git-compare"),
        object="review",
    ),
)

PAGES = (
    Page(path="/duplicates", answer=show_stack),
    Page(path="/duplicates/more", answer=show_more),
    Page(path="/duplicates/{review_id:int}", answer=show_stack),
    Page(path="/duplicates/{review_id:int}/decide", answer=decide, method="POST"),
    Page(path="/duplicates/{review_id:int}/undo", answer=take_back, method="POST"),
)
