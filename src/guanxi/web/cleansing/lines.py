"""The values of sources on their way to a page: fields, reasons and texts in a reader's words."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from typing import Any

from guanxi.integration.cleaning import Line
from guanxi.integration.settling import value_of
from guanxi.integration.standards import industry_labels
from guanxi.integration.trying import SPARED
from guanxi.kernel.errors import Refused
from guanxi.kernel.text import Message, say
from guanxi.metadata.catalog import Catalog
from guanxi.metadata.field_types.money import Money
from guanxi.metadata.objects import Field
from guanxi.web.reader import Reader
from guanxi.web.values import Cell, blank

_NO_WORD = r"\W+"
VERDICTS: Mapping[str, tuple[Message, str]] = {
    "changed": (say("changed"), "blue"),
    "suspect": (say("doubtful"), "yellow"),
    "rejected": (say("not usable"), "red"),
    "aside": (say("set aside"), "plain"),
    SPARED: (say("kept in another field"), "plain"),
}
WORDS: Mapping[str, Message] = {
    "accept": say("found to be right"),
    "correct": say("corrected"),
    "out": say("left out"),
}


@dataclass(frozen=True, kw_only=True)
class Told:
    """What a person said about a value, in words."""

    id: int
    what: str
    value: str
    person: str
    when: str
    comment: str


@dataclass(frozen=True, kw_only=True)
class Shown:
    """One line of the cleaning table."""

    key: str
    where: str
    source: str
    department: str
    column: str
    field: str
    before: str
    after: str
    kind: str
    verdict: str
    colour: str
    sentence: str
    alike: int
    same: int
    told: Told | None
    can_accept: bool
    can_correct: bool
    hidden: tuple[tuple[str, str], ...]
    asked: str = ""
    """The department that was just asked."""


def field_at(catalog: Catalog, target: str) -> Field | None:
    """Return the field called ``object.field``, None for a row as a whole."""
    object_name, _, name = target.partition(".")
    return catalog.object(object_name).field(name) if name else None


def field_label(catalog: Catalog, target: str, reader: Reader) -> str:
    """Return object and field in the reader's language."""
    field = field_at(catalog, target)
    if field is None:
        return ""
    object_type = catalog.object(target.partition(".")[0])
    return f"{reader.label(object_type.label)} · {reader.label(field.label)}"


def text_of(field: Field | None, text: str, reader: Reader, people: Mapping[str, str]) -> str:
    """Return a value of the files as the reader reads it; what cannot be read stays as it is."""
    if field is None or not text:
        return text
    if field.type == "industry":
        return f"{industry_labels()[text]} {text}" if text in industry_labels() else text
    if field.type == "user":
        return people.get(text, text)
    if field.type == "single_select":
        chosen = next((each for each in field.choices if each.value == text), None)
        return reader.label(chosen.label) if chosen else text
    if field.type == "money":
        return _money(text, reader)
    return text


def shown(
    line: Line,
    catalog: Catalog,
    reader: Reader,
    *,
    labels: Mapping[str, str],
    departments: Mapping[str, str],
    people: Mapping[str, str],
) -> Shown:
    """Return *line* in words; *labels* and *departments* speak of sources by name."""
    field = field_at(catalog, line.place.target)
    verdict, colour = VERDICTS[SPARED if line.kept_as else line.kind]
    sentence, place = line.sentence, line.place
    if line.kept_as:
        sentence = say("kept as {field}", field=field_label(catalog, line.kept_as, reader))
    hidden = tuple((name, str(getattr(place, name))) for name in ("source", "table", "row", "target"))
    return Shown(
        key=f"{place.source}-{place.table}-{place.row}-{place.target}",
        where=f"{place.table} · {reader.number(place.row)}",
        source=labels.get(place.source, place.source),
        department=departments.get(place.source, ""),
        column=line.column,
        field=field_label(catalog, place.target, reader),
        before=text_of(field, line.before, reader, {})
        if field and field.type == "single_select"
        else line.before,
        after=line.before if line.kept_as else text_of(field, line.after, reader, people),
        kind=line.kind,
        verdict=reader.say(verdict),
        colour=colour,
        sentence=reader.say(sentence),
        alike=line.alike,
        same=line.same,
        told=_told(line, field, reader, people),
        can_accept=field is not None
        and line.said is None
        and not line.kept_as
        and line.kind in ("suspect", "rejected"),
        can_correct=field is not None and line.said is None,
        hidden=hidden,
    )


def form_cell(line: Line, field: Field, reader: Reader, people: tuple[tuple[int, str], ...]) -> Cell:
    """Return the form field in which a person corrects *line*: what the standard made of it, else what was there."""
    text = line.after or line.before
    value: Any = None
    try:
        value = value_of(field, text, line.standard) if line.after else None
    except Refused:
        value = None
    cell = blank(field, reader, value=value)
    typed = (
        cell.typed
        if value is not None
        else ("" if field.type in ("address", "single_select", "user") else text)
    )
    return replace(
        cell,
        typed=typed,
        people=people,
        prefix=f"{re.sub(_NO_WORD, '-', line.place.table)}-{line.place.row}-",
    )


def _told(line: Line, field: Field | None, reader: Reader, people: Mapping[str, str]) -> Told | None:
    said = line.said
    if said is None:
        return None
    out = (said.kind == "correct" and not said.value) or (said.kind == "accept" and line.kind == "rejected")
    return Told(
        id=said.id,
        what=reader.say(WORDS["out" if out else said.kind]),
        value=text_of(
            field,
            said.value.replace(" ", "-") if field and field.type == "money" else said.value,
            reader,
            people,
        ),
        person=said.person,
        when=reader.ago(said.at),
        comment=said.comment,
    )


def _money(text: str, reader: Reader) -> str:
    amount, _, currency = text.rpartition("-")
    try:
        return reader.money(Money(Decimal(amount), currency))
    except (InvalidOperation, ValueError):
        return text
