"""The inventory of sources: a source's record is its plan, whether a file, a page or a person wrote it."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import chain, count
from pathlib import Path
from types import MappingProxyType
from typing import Any

from guanxi.access.roles import require
from guanxi.expressions.conditions import equals, is_one_of
from guanxi.identity.actor import SYSTEM, Actor, as_product
from guanxi.integration.people import people
from guanxi.integration.plans import Plan, SourcePlan, options_to_data
from guanxi.integration.sources.base import ReadReceipt
from guanxi.integration.sources.filenames import safe_file_name
from guanxi.kernel.errors import GuanxiError, NotFound, Refused
from guanxi.kernel.text import Message, by_number, say
from guanxi.metadata.labels import Label
from guanxi.records import reading, writing
from guanxi.records.reading import Asked, Record
from guanxi.store.transactions import Transaction

SOURCE = "source"
LONGEST_NAME = 50
MOST_SOURCES = 10_000
USUAL_TRUST = 50
FIELDS = (
    *("name", "title", "kind", "department", "contact", "trust", "refresh", "location", "description"),
    *("options", "mapping", "value_maps", "rows_are", "columns", "rows", "last_read_at", "studied_at"),
    *("health", "problem", "retired"),
)


def load_source(tx: Transaction, actor: Actor, source_id: int) -> Record:
    """Return the record of one source with all its fields; raise `NotFound`."""
    return reading.get(tx, actor, SOURCE, source_id, FIELDS)


def source_plan(record: Record) -> SourcePlan:
    """Return the plan that the record of a source is."""
    values = record.values
    title = values["title"]
    return SourcePlan(
        name=safe_file_name(values["name"]).stored,  # folders are called by it, whatever somebody wrote there
        kind=values["kind"],
        label=Label(en=title, zh=title),
        department=values["department"] or "",
        contact=record.titles.get("contact") or "",
        refresh=values["refresh"] or "",
        trust=_trust(record),
        options=MappingProxyType(dict(values["options"] or {})),
        mapping=MappingProxyType(dict(values["mapping"] or {})),
        value_maps=MappingProxyType(dict(values["value_maps"] or {})),
        rows_are=MappingProxyType(dict(values["rows_are"] or {})),
    )


def _trust(record: Record) -> int:
    given = record.values["trust"]
    return USUAL_TRUST if given is None else int(given)


def note_source(tx: Transaction, actor: Actor, source: SourcePlan) -> int:
    """Make or update the record of *source*; return its number. Raises `NotAllowed` or `Invalid`.

    A plan that says nothing of the refresh rule, the mapping or the contact leaves what a person wrote.
    """
    given: dict[str, Any] = {
        "name": source.name,
        "title": source.label.zh or source.label.en,
        "kind": source.kind,
        "department": source.department,
        "trust": source.trust,
        "location": location_of(source.options),
        "options": options_to_data(source.options),
    }
    contact = people(tx).get(source.contact) if source.contact else None
    spoken = {
        "contact": contact,
        "refresh": source.refresh,
        "mapping": {table: dict(columns) for table, columns in source.mapping.items()},
        "value_maps": {table: dict(columns) for table, columns in source.value_maps.items()},
        "rows_are": dict(source.rows_are),
    }
    given |= {name: value for name, value in spoken.items() if value}
    known = number_of(tx, actor, source.name)
    if known is None:
        return writing.create(tx, actor, SOURCE, given)
    writing.update(tx, actor, SOURCE, known, given)
    return known


def number_of(tx: Transaction, actor: Actor, name: str) -> int | None:
    """Return the number of the record of the source called *name*, None where there is none."""
    found = reading.find(tx, actor, Asked(object=SOURCE, where=equals("name", name), limit=1)).records
    return found[0].id if found else None


def trust(tx: Transaction) -> dict[str, int]:
    """Return how far each source is trusted, by its name."""
    found = reading.find(tx, SYSTEM, Asked(object=SOURCE, fields=("name", "trust"), limit=MOST_SOURCES))
    return {each.values["name"]: _trust(each) for each in found.records}


def add(tx: Transaction, actor: Actor, source: SourcePlan) -> int:
    """Make the record of a new source under a free name like its own; return its number.

    Raises `NotAllowed` without the ability integrate.
    """
    require(actor, tx.catalog, "integrate")
    return note_source(tx, as_product(actor), replace(source, name=_free_name(tx, source.name)))


def change(tx: Transaction, actor: Actor, source_id: int, given: Mapping[str, Any]) -> None:
    """Change the record of a source; raise `NotAllowed` without the ability integrate, `Invalid`, `NotFound`."""
    require(actor, tx.catalog, "integrate")
    load_source(tx, actor, source_id)
    told = dict(given)
    if "options" in told:
        told["options"] = options_to_data(told["options"])
        told["location"] = location_of(told["options"])
    writing.update(tx, as_product(actor), SOURCE, source_id, told)


def _free_name(tx: Transaction, wanted: str) -> str:
    """Return *wanted* as a name plans and folders can bear, with a number behind it where it is taken."""
    plain = re.sub(r"[^\w-]+", "-", unicodedata.normalize("NFC", wanted)).strip("-_")[:LONGEST_NAME].lower()
    plain = plain or SOURCE
    asked = Asked(object=SOURCE, fields=("name",), limit=MOST_SOURCES)
    taken = {
        each.values["name"]
        for deleted in (False, True)
        for each in reading.find(tx, SYSTEM, replace(asked, deleted=deleted)).records
    }
    tries = chain([plain], (f"{plain}-{number}" for number in count(2)))
    return next(each for each in tries if each not in taken)


def plan_from_sources(
    tx: Transaction,
    actor: Actor,
    name: str,
    source_ids: Sequence[int],
    *,
    pilot_share: float = 0.1,
    sample_share: float = 0.05,
) -> Plan:
    """Return the plan that brings these sources together, in the order given.

    Raises `NotAllowed` without the ability integrate, `NotFound` for an unknown source, `Refused` for a retired one.
    """
    require(actor, tx.catalog, "integrate")
    if not source_ids:
        raise Refused(say("choose at least one source"))
    asked = Asked(
        object=SOURCE, fields=FIELDS, where=is_one_of("id", tuple(source_ids)), limit=len(source_ids)
    )
    found = {each.id: each for each in reading.find(tx, actor, asked).records}
    if missing := [each for each in source_ids if each not in found]:
        raise NotFound(say("there is no source number {number}", number=missing[0]))
    if retired := [each.values["title"] for each in found.values() if each.values["retired"]]:
        raise Refused(say("these sources are retired: {names}", names=retired))
    sources = tuple(source_plan(found[each]) for each in dict.fromkeys(source_ids))
    return Plan(name=name, sources=sources, pilot_share=pilot_share, sample_share=sample_share)


def note_reading(
    tx: Transaction, actor: Actor, source_id: int, receipt: ReadReceipt, counts: Mapping[str, Any]
) -> None:
    """Write down that a source was just read: its columns, how many rows, and how well it went."""
    problem = _doubt(receipt)
    given = {
        "last_read_at": tx.now,
        "rows": counts["rows"],
        "columns": {each.name: list(each.columns) for each in receipt.tables},
        "health": "warning" if problem else "good",
        "problem": message_to_data(problem) if problem else None,
    }
    writing.update(tx, actor, SOURCE, source_id, given)


def note_study(tx: Transaction, actor: Actor, source_id: int) -> None:
    """Write down that a source was studied to the end."""
    writing.update(tx, actor, SOURCE, source_id, {"studied_at": tx.now})


def note_failure(tx: Transaction, actor: Actor, source_id: int, error: GuanxiError) -> None:
    """Write down that a source could not be read and why."""
    given = {"health": "broken", "problem": message_to_data(error.message)}
    writing.update(tx, actor, SOURCE, source_id, given)


def location_of(options: Mapping[str, Any]) -> str:
    """Return where a source lies: the path of its file or folder, or its address."""
    return str(options.get("path") or options.get("url") or "")


def message_to_data(message: Message) -> dict[str, Any]:
    """Return *message* as JSON values, so that it can be told later in the reader's language."""
    values = {
        name: list(map(str, value)) if isinstance(value, list | tuple) else _plain(value)
        for name, value in message.values.items()
    }
    return {"text": message.template, "values": values}


def message_from_data(data: Mapping[str, Any]) -> Message:
    """Return the message that `message_to_data` made *data* of."""
    return Message(data["text"], MappingProxyType(dict(data.get("values", {}))))


def problem_of(record: Record) -> Message | None:
    """Return what is wrong with a source, None when nothing is."""
    data = record.values["problem"]
    return message_from_data(data) if data else None


def _doubt(receipt: ReadReceipt) -> Message | None:
    if receipt.unread:
        return say("these files could not be read: {names}", names=receipt.unread)
    if not receipt.complete:
        return say("the source was not read to its end; read it again")
    if receipt.quarantined:
        return by_number(
            receipt.quarantined,
            say("1 row could not be understood and was set aside"),
            say("{count} rows could not be understood and were set aside", count=receipt.quarantined),
        )
    return None


def _plain(value: Any) -> Any:
    if isinstance(value, Path):
        return value.name
    return value if isinstance(value, str | int | float | bool | None) else str(value)
