"""A department answers what it was asked: the value goes into the record and, where a source was wrong, is remembered.

The answer stands in the name of the person who gave it; it counts as written by hand, so no later run takes it back.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from guanxi.access.fields import weighing
from guanxi.identity.actor import Actor
from guanxi.integration import correcting
from guanxi.integration.cells import Place, RunFiles, open_run
from guanxi.integration.departments import speaker_for
from guanxi.integration.mapping.suggesting import possible_rows
from guanxi.integration.mentions import CUSTOMER
from guanxi.integration.settling import Settled, settle
from guanxi.integration.workshop import Workshop
from guanxi.kernel.errors import Conflict, NotFound, Refused
from guanxi.kernel.text import say
from guanxi.metadata.catalog import Catalog
from guanxi.metadata.field_types import type_of
from guanxi.metadata.objects import Field
from guanxi.records import reading, writing
from guanxi.records.reading import Record
from guanxi.store.transactions import Transaction

FIELDS = (
    *("customer", "object", "record", "run", "field", "department", "contact", "kind", "found", "reason"),
    *("given", "state", "due_on", "source", "cells", "title"),
)


@dataclass(frozen=True, kw_only=True)
class Question:
    """A gap with the field it asks for; ``record`` is the record that lacks it, None where there is none (yet)."""

    id: int
    version: int
    object: str
    field: Field
    record: int | None
    department: str
    values: Mapping[str, Any]
    titles: Mapping[str, str]

    @property
    def places(self) -> tuple[tuple[str, int], ...]:
        """Return the cells (table, row) of the source that the gap speaks of."""
        cells = self.values["cells"] or {}
        return tuple((str(table), int(row)) for table, row in cells.get("places") or ())

    @property
    def understood(self) -> str:
        """Return the value a doubtful wording was understood as, as the standard writes it; '' where it was not."""
        cells = self.values["cells"] or {}
        return str(cells.get("understood") or "") if self.values["kind"] == "suspect" else ""

    @property
    def can_be_filled(self) -> bool:
        """Tell whether one value answers it: a fact that nobody is known to have needs a whole column."""
        return self.record is not None or bool(self.places)


def question(catalog: Catalog, gap: Record) -> Question:
    """Return what the gap *gap* (read with `FIELDS`) asks."""
    object_name = gap.values["object"] or CUSTOMER
    return Question(
        id=gap.id,
        version=gap.version,
        object=object_name,
        field=catalog.object(object_name).field(gap.values["field"]),
        record=gap.values["record"] or (gap.values["customer"] if object_name == CUSTOMER else None),
        department=gap.values["department"] or "",
        values=gap.values,
        titles=gap.titles,
    )


def fill(tx: Transaction, actor: Actor, shop: Workshop, gap_id: int, given: Any) -> Settled:
    """Answer a gap with *given* (as a form gives it); return what became of it.

    Raises `NotAllowed` unless *actor* may speak for the gap's department, `Invalid` for a value that is wrong.
    """
    asked, speaker = _asked(tx, actor, gap_id)
    # The answer is written with more rights than its giver's: into what comes from sources, never into how they work.
    if asked.object not in {each.name for each in possible_rows(tx.catalog)}:
        raise Refused(say("a gap asks for customer data, not for {object}", object=asked.object))
    if not asked.can_be_filled:
        raise Refused(
            say("no single value answers this: nobody is known to have it; add a column to the source")
        )
    settled = settle(asked.field, given)
    if asked.places and (files := _files(tx, speaker, shop, asked)) is not None:
        correcting.correct(tx, speaker, files, _places(asked), settled.text)
    if asked.record is not None:
        writing.update(tx, speaker, asked.object, asked.record, {asked.field.name: settled.value})
    shown = type_of(asked.field).show(settled.value, asked.field)
    writing.update(tx, speaker, "gap", gap_id, {"state": "given", "given": str(shown)})
    return settled


def confirm(tx: Transaction, actor: Actor, shop: Workshop, gap_id: int) -> None:
    """Answer that a doubtful value is right as it is."""
    asked, speaker = _asked(tx, actor, gap_id)
    files = _files(tx, speaker, shop, asked)
    if asked.values["kind"] != "suspect" or not asked.places or files is None:
        raise Refused(say("there is no doubtful value here that could be confirmed"))
    correcting.accept(tx, speaker, files, _places(asked))
    writing.update(tx, speaker, "gap", gap_id, {"state": "given", "given": asked.values["found"]})


def give_up(tx: Transaction, actor: Actor, gap_id: int) -> None:
    """Answer that the value cannot be found out."""
    _, speaker = _asked(tx, actor, gap_id)
    writing.update(tx, speaker, "gap", gap_id, {"state": "unknown", "given": None})


def ask_again(tx: Transaction, actor: Actor, gap_id: int) -> None:
    """Open an answered gap again, so that it can be answered otherwise; the record keeps what it holds."""
    _, speaker = _asked(tx, actor, gap_id, answered=True)
    writing.update(tx, speaker, "gap", gap_id, {"state": "open"})


def _asked(tx: Transaction, actor: Actor, gap_id: int, *, answered: bool = False) -> tuple[Question, Actor]:
    """Return the gap and its answerer; somebody who answers it at the same moment waits here."""
    gap = reading.get(tx, weighing(actor), "gap", gap_id, FIELDS)
    speaker = speaker_for(actor, tx.catalog, gap.values["department"] or "")
    writing.stored_for(tx, speaker, tx.catalog.object("gap"), gap_id, "write")
    gap = reading.get(tx, weighing(actor), "gap", gap_id, FIELDS)
    if (gap.values["state"] != "open") != answered:
        raise Conflict(say("somebody else has answered this already; load the page again"))
    return question(tx.catalog, gap), speaker


def _files(tx: Transaction, speaker: Actor, shop: Workshop, asked: Question) -> RunFiles | None:
    try:
        return open_run(tx, speaker, shop, asked.values["run"]) if asked.values["run"] else None
    except NotFound:
        return None


def _places(asked: Question) -> list[Place]:
    target = (asked.values["cells"] or {}).get("target") or f"{asked.object}.{asked.field.name}"
    return [
        Place(source=asked.values["source"] or "", table=table, row=row, target=target)
        for table, row in asked.places
    ]
