"""Whether a source is ready for a run: read, mapped, with a column that says who the customer is."""

from collections.abc import Iterable
from dataclasses import dataclass

from guanxi.integration import intake, study
from guanxi.integration.inventory import problem_of, source_plan
from guanxi.integration.mentions import CUSTOMER
from guanxi.integration.plans import SourcePlan
from guanxi.integration.staging import RunFolder
from guanxi.integration.workshop import Workshop
from guanxi.kernel.text import Message, say
from guanxi.records.reading import Record

NAMES = (f"{CUSTOMER}.name", f"{CUSTOMER}.contact_name")
"""Fields by which a row can say who the customer is."""


@dataclass(frozen=True, kw_only=True)
class Readiness:
    """How far a source is: its columns and how many are mapped, and what stands against using it (or only warns)."""

    columns: int = 0
    mapped: int = 0
    against: Message | None = None
    warning: Message | None = None


def look(shop: Workshop, record: Record) -> Readiness:
    """Return how ready the source of *record* (with all fields of the inventory) is."""
    source = source_plan(record)
    if record.values["health"] == "broken":
        return Readiness(against=problem_of(record) or say("the source could not be read"))
    if not study.has_files(shop, source.name):
        read = record.values["last_read_at"] is not None
        return Readiness(
            warning=None if read else say("not looked at yet: what its columns mean will be guessed")
        )
    folder = study.folder(shop, source.name)
    tables = intake.mappings_of(folder, source).values()
    columns = [column for table in tables for column in table.columns]
    mapped = sum(1 for each in columns if each.target)
    warning = problem_of(record)
    if not mapped:
        return Readiness(columns=len(columns), against=say("none of its columns is mapped to a field"))
    return Readiness(columns=len(columns), mapped=mapped, warning=warning)


def names_customers(folder: RunFolder, sources: Iterable[SourcePlan]) -> bool:
    """Tell whether a column of one of the *sources* says what a customer, or who speaks for it, is called."""
    return any(
        target in NAMES
        for source in sources
        for table in intake.mappings_of(folder, source).values()
        for target in table.targets
    )
