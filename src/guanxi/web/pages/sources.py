"""Data · Sources: every place customer data comes from as a card, and files dropped anywhere become new ones."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from guanxi.access.roles import may
from guanxi.integration import inventory, uploads
from guanxi.integration.plans import SourcePlan
from guanxi.kernel.errors import Refused
from guanxi.kernel.text import Message, say
from guanxi.metadata.labels import Label
from guanxi.records import reading
from guanxi.records.reading import Asked, Record
from guanxi.web.navigation import Link, Place
from guanxi.web.visit import Answer, Page, SentFile, Visit

MOST_SOURCES = 500
MOST_RUNS = 200
KIND_ICONS: Mapping[str, str] = {
    "excel": "file-spreadsheet",
    "delimited": "file-text",
    "folder": "folder-open",
    "database": "database",
    "rest": "api",
}
HEALTH_COLOURS: Mapping[str, str] = {"good": "green", "warning": "yellow", "broken": "red"}


@dataclass(frozen=True, kw_only=True)
class Step:
    """What to do next with a source: the words, where that happens, whether it waits for somebody."""

    label: str
    address: str
    waits: bool = True


@dataclass(frozen=True, kw_only=True)
class Card:
    """One source."""

    id: int
    address: str
    title: str
    kind: str
    icon: str
    owner: str
    rows: str
    read: str
    trust: str
    health: str
    colour: str
    problem: str
    step: Step | None


@dataclass(frozen=True, kw_only=True)
class SourcesPage:
    """All sources, those taken out of use apart, and what was wrong with files just brought."""

    cards: tuple[Card, ...]
    retired: tuple[Card, ...]
    may_add: bool
    limit_megabytes: int
    problems: tuple[tuple[str, str], ...] = ()
    added: int = 0


def show_sources(visit: Visit) -> Answer:
    """Show all sources."""
    return visit.show("pages/sources.html", _page(visit))


def upload(visit: Visit) -> Answer:
    """Make a source of every file that was brought; say of each other file why not."""
    added: list[int] = []
    problems: list[tuple[str, str]] = []
    for sent in visit.incoming.files:
        try:
            added.append(take_in(visit, sent))
        except Refused as refused:
            problems.append((sent.name, visit.say(refused.message)))
    if not visit.incoming.files:
        problems.append(("", visit.say(say("choose a file first"))))
    if problems:
        page = _page(visit, problems, len(added))
        return visit.show("pages/sources.html", page, status=200 if added else 422)
    return visit.go(f"/sources/{added[0]}" if len(added) == 1 else "/sources")


def take_in(visit: Visit, sent: SentFile) -> int:
    """Keep one file and make a source of it; return the number of its record."""
    kept = uploads.keep(visit.site.workshop, sent.name, sent.save)
    source = SourcePlan(
        name=kept.stem,
        kind=kept.kind,
        label=Label(en=kept.stem, zh=kept.stem),
        department=visit.actor.department,
        contact=visit.actor.name,
        options=kept.options,
    )
    return inventory.add(visit.tx, visit.actor, source)


def _page(visit: Visit, problems: Iterable[tuple[str, str]] = (), added: int = 0) -> SourcesPage:
    asked = Asked(
        object="source",
        fields=inventory.FIELDS,
        order=(("title", False),),
        limit=MOST_SOURCES,
    )
    records = reading.find(visit.tx, visit.actor, asked).records
    runs = _latest_runs(visit)
    cards = [(each, _card(visit, each, runs.get(each.id))) for each in records]
    cards.sort(
        key=lambda each: not (each[1].step and each[1].step.waits)
    )  # what waits for somebody stands first
    return SourcesPage(
        cards=tuple(card for each, card in cards if not each.values["retired"]),
        retired=tuple(card for each, card in cards if each.values["retired"]),
        may_add=may(visit.actor, visit.catalog, "integrate"),
        limit_megabytes=visit.site.settings.upload_megabytes,
        problems=tuple(problems),
        added=added,
    )


def _latest_runs(visit: Visit) -> dict[int, int]:
    """Return the latest run of each source that was in one."""
    asked = Asked(object="run", fields=("sources",), order=(("id", False),), limit=MOST_RUNS)
    found: dict[int, int] = {}
    for run in reading.find(visit.tx, visit.actor, asked).records:
        found |= dict.fromkeys(run.values.get("sources") or (), run.id)
    return found


def _card(visit: Visit, record: Record, run: int | None) -> Card:
    values, reader = record.values, visit.reader
    kind, health = choice_name(visit, "kind", values["kind"]), health_of(record)
    problem = inventory.problem_of(record)
    contact = record.titles.get("contact") or ""
    return Card(
        id=record.id,
        address=f"/sources/{record.id}",
        title=str(values["title"]),
        kind=kind,
        icon=KIND_ICONS.get(values["kind"], "table"),
        owner=" · ".join(each for each in (values["department"], contact) if each),
        rows="" if values["rows"] is None else reader.number(values["rows"]),
        read=reader.ago(values["last_read_at"]) if values["last_read_at"] else "",
        trust="" if values["trust"] is None else str(values["trust"]),
        health=choice_name(visit, "health", health) if health else visit.say(say("Not read yet")),
        colour=HEALTH_COLOURS.get(health, "secondary"),
        problem=visit.say(problem) if problem else "",
        step=None if values["retired"] else _next_step(visit, record, run),
    )


def health_of(record: Record) -> str:
    """Return how well the last reading went; one from before this was written down went well."""
    return str(record.values["health"] or ("good" if record.values["last_read_at"] else ""))


def _next_step(visit: Visit, record: Record, run: int | None) -> Step:
    label, address, waits = next_step(record, run)
    return Step(label=visit.say(label), address=address, waits=waits)


def next_step(record: Record, run: int | None) -> tuple[Message, str, bool]:
    """Return what to do next with a source, where, and whether it waits for somebody; *run* is its latest run."""
    values, address = record.values, f"/sources/{record.id}"
    if values["health"] == "broken":
        return say("See what is wrong"), address, True
    if run is not None:
        return say("Used in a run"), f"/runs/{run}", False
    if not values["studied_at"]:
        return say("Look at the first rows"), address, True
    if not values["mapping"]:
        return say("Look at the mapping"), f"{address}/mapping", True
    return say("Use it in a run"), f"/runs/new?source={record.id}", True


def choice_name(visit: Visit, field: str, value: str) -> str:
    """Return what a choice of a field of sources is called."""
    choices = visit.catalog.object("source").field(field).choices
    label = next((each.label for each in choices if each.value == value), None)
    return visit.reader.label(label) if label else str(value)


PAGES = (
    Page(path="/sources", answer=show_sources),
    Page(path="/sources/upload", answer=upload, method="POST", takes_files="integrate"),
)

PLACES = (
    Place(
        application="data",
        order=10,
        link=Link(address="/sources", label=Label(en="Sources", zh="数据来源"), icon="database-import"),
        object="source",
    ),
)
