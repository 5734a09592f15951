"""A source as its latest study left it, for the pages that show its profile and its mapping."""

from dataclasses import dataclass, replace

from guanxi.integration import intake, inventory, study
from guanxi.integration.plans import SourcePlan
from guanxi.integration.seeing import require_rows
from guanxi.integration.sources.base import TableReceipt
from guanxi.integration.staging import RunFolder
from guanxi.integration.study import Study
from guanxi.kernel.errors import NotFound
from guanxi.kernel.text import say
from guanxi.records.reading import Record
from guanxi.web.visit import Visit


@dataclass(frozen=True, kw_only=True)
class Studied:
    """The record, the plan it is, the files of its latest study, and the table that is looked at."""

    record: Record
    source: SourcePlan
    folder: RunFolder
    tables: tuple[TableReceipt, ...]
    place: int
    quarantined: int

    @property
    def table(self) -> TableReceipt:
        """Return the table that is looked at."""
        return self.tables[self.place]

    @property
    def address(self) -> str:
        """Return the address of the source."""
        return f"/sources/{self.record.id}"


@dataclass(frozen=True, kw_only=True)
class TableTab:
    """One table of the source, as a tab: where it leads, its name, a number beside it."""

    address: str
    name: str
    count: str
    is_open: bool


@dataclass(frozen=True, kw_only=True)
class UnstudiedPage:
    """What is shown of a source that was not studied to the end yet."""

    id: int
    title: str
    is_going: bool
    problem: str


def studied(visit: Visit, *, mapped: bool = False) -> Studied | UnstudiedPage:
    """Return the source that the address names with its files; the query or the form names the table by its place.

    With *mapped* the study must hold suggestions too, which those of an earlier version do not. Raises
    `NotFound` for a source or a table that is not there, `NotAllowed` for people who may not see raw rows.
    """
    require_rows(visit.actor, visit.catalog)
    number = visit.incoming.parameters["source_id"]
    record = inventory.load_source(visit.tx, visit.actor, number)
    source = inventory.source_plan(record)
    if not study.has_files(visit.site.workshop, source.name):
        return _unstudied(visit, record, study.standing(visit.site.workshop, source))
    folder = study.folder(visit.site.workshop, source.name)
    if mapped and not intake.has_suggestions(folder, source):
        older = say("An earlier version read this source. Read it again, and its mapping can be worked on.")
        return replace(
            _unstudied(visit, record, study.standing(visit.site.workshop, source)), problem=visit.say(older)
        )
    receipt = intake.receipt_of(folder, source)
    asked = visit.incoming.asked("table") or visit.incoming.typed("table", "0")
    place = int(asked) if asked.isdecimal() and len(asked) < 6 else -1
    if not receipt.tables:
        return _unstudied(visit, record, None)
    if not 0 <= place < len(receipt.tables):
        raise NotFound(say("this source has no such table"))
    return Studied(
        record=record,
        source=source,
        folder=folder,
        tables=receipt.tables,
        place=place,
        quarantined=receipt.quarantined,
    )


def table_tabs(here: Studied, page: str, counts: tuple[str, ...]) -> tuple[TableTab, ...]:
    """Return the tables of the source as tabs of *page*; none where there is but one."""
    if len(here.tables) < 2:
        return ()
    return tuple(
        TableTab(
            address=f"{here.address}/{page}?table={place}",
            name=each.name,
            count=count,
            is_open=place == here.place,
        )
        for place, (each, count) in enumerate(zip(here.tables, counts, strict=True))
    )


def _unstudied(visit: Visit, record: Record, going: Study | None) -> UnstudiedPage:
    problem = going.problem if going else None
    return UnstudiedPage(
        id=record.id,
        title=str(record.values["title"]),
        is_going=going is not None and not going.ended,
        problem=visit.say(problem) if problem else "",
    )
