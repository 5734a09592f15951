"""Where the values of a record come from, in the reader's words: source, file, sheet, row, rule, and when."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from guanxi.integration import recall
from guanxi.integration.inventory import MOST_SOURCES
from guanxi.integration.merging import EXISTING, RULES
from guanxi.integration.recall import Readings
from guanxi.records import reading
from guanxi.records.reading import Asked, Record
from guanxi.web.reader import Reader
from guanxi.web.visit import Visit

_AS_WRITTEN = ZoneInfo("UTC")
_WORKBOOKS = (".xlsx", ".xls", ".xlsm")


@dataclass(frozen=True, kw_only=True)
class Origin:
    """Where a value came from, line by line in the reader's words."""

    lines: tuple[tuple[str, str], ...]


@dataclass(frozen=True, kw_only=True)
class Origins:
    """What is known of the origins of a record: what people call the sources, and what the runs have read."""

    told: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    titles: Mapping[str, str] = field(default_factory=dict)
    readings: Mapping[int, Readings] = field(default_factory=dict)

    def of(self, name: str, reader: Reader) -> Origin | None:
        """Return where the value of the field *name* came from, None where nothing is known."""
        stored = self.told.get(name)
        lines = tuple(self._lines(stored, reader)) if stored else ()
        return Origin(lines=lines) if lines else None

    def _lines(self, stored: Mapping[str, Any], reader: Reader) -> Iterator[tuple[str, str]]:
        _ = reader.translate
        source, table = str(stored.get("source") or ""), str(stored.get("table") or "")
        read = self.readings.get(stored.get("run") or 0, {}).get(source)
        file = read.file if read else ""
        if source:
            yield _("Source"), self.titles.get(source, source)
        if file:
            yield _("File"), file
        if table and table != file.rpartition(".")[0]:
            yield (_("Sheet") if file.lower().endswith(_WORKBOOKS) else _("Table")), table
        if stored.get("row"):
            yield _("Row"), reader.number(stored["row"])
        if stored.get("rule"):
            rule = RULES.get(stored["rule"])
            yield _("Rule"), reader.label(rule.label) if rule else str(stored["rule"])
        if others := _others(stored):
            yield _("Also from"), reader.listing(self.titles.get(each, each) for each in others)
        if stored.get("at"):
            yield (
                (_("Time") if source == EXISTING else _("Changed there")),
                _moment(stored["at"], source, reader),
            )
        if read:
            yield _("Read on"), reader.moment(read.at)


def _others(stored: Mapping[str, Any]) -> list[str]:
    """Return the names of the other sources that the value was made of."""
    found = dict.fromkeys(str(each.get("source")) for each in stored.get("others") or ())
    return [each for each in found if each != stored.get("source")]


def _moment(at: Any, source: str, reader: Reader) -> str:
    """Return a moment of ours in the reader's zone; a source's as its own clock showed it, a day without an hour."""
    try:
        moment = datetime.fromisoformat(str(at))
    except ValueError:
        return str(at)
    if source == EXISTING:
        return reader.moment(moment)
    return (
        reader.day(moment.date())
        if moment.time() == time()
        else replace(reader, zone=_AS_WRITTEN).moment(moment)
    )


def origins_of(visit: Visit, record: Record) -> Origins:
    """Return where the values of *record* come from, as far as it was read with its origins."""
    if not record.origins:
        return Origins()
    runs = (each.get("run") for each in record.origins.values())
    numbers: Iterable[int] = {each for each in runs if isinstance(each, int)}
    return Origins(
        told=record.origins, titles=source_titles(visit), readings=recall.readings_of(visit.tx, numbers)
    )


def source_titles(visit: Visit) -> dict[str, str]:
    """Return what the sources are called, by name."""
    asked = Asked(object="source", fields=("name", "title"), limit=MOST_SOURCES)
    found = reading.find(visit.tx, visit.actor, asked).records
    return {str(each.values["name"]): str(each.values["title"]) for each in found}
