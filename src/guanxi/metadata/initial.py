"""What a record entered by hand begins with: values its fields name, and words that mean today, now or oneself."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from guanxi.kernel.errors import Problem
from guanxi.kernel.text import say
from guanxi.metadata.field_types import type_of
from guanxi.metadata.field_types.base import Unacceptable
from guanxi.metadata.objects import Field, ObjectType

WORDS = {"date": "today", "date_time": "now", "user": "me"}
"""The word that a field of each type may begin with."""


def initial_values(object_type: ObjectType, *, me: int | None, now: datetime) -> dict[str, Any]:
    """Return, by field, what a new record begins with when *me* enters it; *now* is in the zone of that person."""
    found = {each.name: initial_of(each, me=me, now=now) for each in object_type.live_fields}
    return {name: value for name, value in found.items() if value is not None}


def initial_of(field: Field, *, me: int | None, now: datetime) -> Any:
    """Return what *field* begins with, as it may be given to a door; None for nothing."""
    if not _is_word(field):
        return field.initial
    return {"today": now.date(), "now": now, "me": me}[field.initial]


def initial_problems(field: Field) -> Iterator[Problem]:
    """Yield what is wrong with what *field* begins with."""
    if field.initial is None or _is_word(field):
        return
    try:
        type_of(field).parse(field.initial, field)
    except Unacceptable as unacceptable:
        told = say("it cannot begin with {value}: {reason}", value=field.initial, reason=unacceptable.message)
        yield Problem(field.name, told)


def _is_word(field: Field) -> bool:
    return field.initial is not None and field.initial == WORDS.get(field.type)
