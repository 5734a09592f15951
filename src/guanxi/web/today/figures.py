"""A few true figures, each with its period and what it is held against."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from guanxi.expressions.conditions import after, all_of, before, differs, equals
from guanxi.kernel.text import say
from guanxi.records import reading, totals
from guanxi.records.fullness import completeness
from guanxi.records.reading import Asked
from guanxi.web.navigation import reachable
from guanxi.web.today.waiting import may_read
from guanxi.web.visit import Visit

MOST = 100_000
"""Counted exactly up to here; above that PostgreSQL's own estimate, and no weekly figures, which would wait."""


@dataclass(frozen=True, kw_only=True)
class Figure:
    """A number, what it counts, its period or what it is held against, and where its records are."""

    label: str
    number: str
    note: str
    address: str


def figures_of(visit: Visit) -> tuple[Figure, ...]:
    """Return the figures the person may know; none while there is no customer."""
    if not may_read(visit, "customer"):
        return ()
    everybody = reading.count(visit.tx, visit.actor, Asked(object="customer"), cap=MOST)
    if not everybody.number:
        return ()
    return (*_customers(visit, everybody), *_complete(visit), *_decided(visit))


def _customers(visit: Visit, everybody: reading.Count) -> Iterator[Figure]:
    label = visit.reader.label(visit.catalog.object("customer").plural)
    if everybody.more:
        about = totals.about_how_many(visit.tx, "customer")
        number = visit.say(say("about {number}", number=visit.reader.number(round(about, -3))))
        yield Figure(label=label, number=number, note=visit.say(say("now")), address="/o/customer")
        return
    this, last = _weekly(visit, "customer", "created_at")
    yield Figure(
        label=label,
        number=visit.reader.number(everybody.number),
        note=visit.say(say("{this} new this week, {last} last week", this=this, last=last)),
        address="/o/customer?sort=-created_at",
    )


def _complete(visit: Visit) -> Iterator[Figure]:
    found = completeness(visit.tx, visit.actor, "customer")
    if found is None:
        return
    if found.is_everything:
        note = say("of {fields} key facts per customer, now", fields=found.fields)
    else:
        note = say(
            "of {fields} key facts, the newest {records} customers",
            fields=found.fields,
            records=visit.reader.number(found.records),
        )
    yield Figure(
        label=visit.say(say("Key facts filled in")),
        number=f"{visit.reader.number(round(100 * found.share, 1))}%",
        note=visit.say(note),
        address="/gaps" if reachable(visit.actor, visit.catalog, "/gaps") else "/o/gap",
    )


def _decided(visit: Visit) -> Iterator[Figure]:
    if not may_read(visit, "review"):
        return
    this, last = _weekly(visit, "review", "decided_at")
    there = reachable(visit.actor, visit.catalog, "/duplicates")
    yield Figure(
        label=visit.say(say("Duplicates decided")),
        number=this,
        note=visit.say(say("this week, {last} last week", last=last)),
        address="/duplicates" if there else "/o/review",
    )
    if may_read(visit, "ticket"):
        open_ticket = all_of(differs("status", "solved"), differs("status", "closed"))
        waiting = all_of(equals("status", "new"))
        asked = [Asked(object="ticket", where=each) for each in (open_ticket, waiting)]
        opened, new = reading.count_each(visit.tx, visit.actor, asked)
        yield Figure(
            label=visit.say(say("Open tickets")),
            number=_number(visit, opened),
            note=visit.say(say("{number} of them new", number=_number(visit, new))),
            address="/o/ticket",
        )


def _weekly(visit: Visit, name: str, field: str) -> tuple[str, str]:
    """Return how many records have their moment in this week (since Monday) and in the week before."""
    today = visit.reader.today
    monday = datetime.combine(today - timedelta(days=today.weekday()), time(), visit.reader.zone)
    earlier = monday - timedelta(days=7)
    this = Asked(object=name, where=all_of(after(field, monday - timedelta(microseconds=1))))
    last = Asked(
        object=name, where=all_of(after(field, earlier - timedelta(microseconds=1)), before(field, monday))
    )
    counts = reading.count_each(visit.tx, visit.actor, (this, last), cap=MOST)
    return _number(visit, counts[0]), _number(visit, counts[1])


def _number(visit: Visit, count: reading.Count) -> str:
    return visit.reader.number(count.number) + ("+" if count.more else "")
