"""A value of a source is given to a department: one gap with everything it takes to answer it."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from guanxi.access.fields import weighing
from guanxi.access.roles import require
from guanxi.identity.actor import Actor
from guanxi.integration import tidings
from guanxi.integration.cells import Place, RunFiles, records_at
from guanxi.integration.cleaning import Line
from guanxi.integration.mentions import CUSTOMER
from guanxi.integration.people import people
from guanxi.kernel.errors import Invalid, Problem
from guanxi.kernel.text import say
from guanxi.records import writing
from guanxi.store.transactions import Transaction

_LONGEST_TITLE = 500


def give(
    tx: Transaction,
    actor: Actor,
    files: RunFiles,
    line: Line,
    places: Sequence[Place],
    *,
    department: str,
    due_on: date | None,
    comment: str = "",
) -> int:
    """Ask *department* for the value of *line* (and all *places* with the same words); return the gap's number."""
    require(actor, tx.catalog, "integrate")
    if not department:
        raise Invalid([Problem("department", say("choose the department that can answer this"))])
    object_name, _, field_name = line.place.target.partition(".")
    field = tx.catalog.object(object_name).field(field_name)
    found = records_at(tx, files, object_name, [line.place.of_row]) if len(places) == 1 else {}
    record = found.get(line.place.of_row)
    source = files.plan.source(line.place.source)
    contact = people(tx).get(source.contact) if source.department == department else None
    given = {
        "title": f"{field.label.zh or field.label.en}：{line.before}"[:_LONGEST_TITLE],
        "customer": record if object_name == CUSTOMER else None,
        "object": object_name,
        "record": record,
        "run": files.id,
        "field": field_name,
        "department": department,
        "contact": contact,
        "kind": "suspect" if line.kind == "suspect" else "wrong",
        "found": line.before,
        "reason": comment,
        "source": line.place.source,
        "cells": cells_of(
            line.place.target, places, reason=line.reason, note=line.note, understood=line.after
        ),
        "due_on": due_on,
    }
    made = writing.create(tx, weighing(actor), "gap", given)
    tidings.tell_gaps(tx, [given])
    return made


def cells_of(
    target: str, places: Sequence[Place], *, reason: str, note: str, understood: str
) -> dict[str, Any]:
    """Return where the words of a gap stand in its source, why they were doubted and how understood, as JSON values."""
    return {
        "target": target,
        "places": [[each.table, each.row] for each in places],
        "reason": reason,
        "note": note,
        "understood": understood,
    }
