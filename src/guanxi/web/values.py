"""Values on their way to a page: with field, name, origin and what may be done to them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from guanxi.access.fields import right_to
from guanxi.identity.actor import Actor
from guanxi.integration.standards import industry_labels
from guanxi.metadata.catalog import Catalog, target_of
from guanxi.metadata.field_types import type_of
from guanxi.metadata.field_types.auto_number import gives_numbers
from guanxi.metadata.field_types.money import DEFAULT_CURRENCY, Money
from guanxi.metadata.objects import USER, Choice, Field, ObjectType
from guanxi.records.reading import Record
from guanxi.web.origins import Origin
from guanxi.web.reader import Reader

_BY_HAND_NEVER = frozenset({"json"})
"""Types whose values come from elsewhere: a program writes structured data, a wrong sign in it breaks what reads it."""

_BROAD = 3  # signs of an industry's code: section and division


@dataclass(frozen=True, kw_only=True)
class Linked:
    """A record that a field with several links points to; ``address`` is '' where it has no page."""

    number: int
    title: str
    address: str


@dataclass(frozen=True, kw_only=True)
class Cell:
    """One value of one record.

    ``text`` is the value as read, ``typed`` what a form field holds, ``problem`` what is wrong with it.
    """

    field: Field
    value: Any
    text: str
    typed: Any
    label: str
    help: str
    reader: Reader
    link: str = ""
    masked: bool = False
    writable: bool = False
    origin: Origin | None = None
    problem: str = ""
    people: tuple[tuple[int, str], ...] = ()
    prefix: str = ""
    links: tuple[Linked, ...] = ()
    """The records a field with several links points to."""

    @property
    def is_empty(self) -> bool:
        """Tell whether there is nothing to show."""
        return not self.text

    @property
    def is_numbered(self) -> bool:
        """Tell whether the system gives a new record a number here when nobody does."""
        return gives_numbers(self.field)

    @property
    def id(self) -> str:
        """Return the name of its form field on the page."""
        return f"{self.prefix}field-{self.field.name}"

    @property
    def chosen(self) -> Choice | None:
        """Return the choice the value names."""
        return next((each for each in self.field.choices if each.value == self.value), None)

    def choice_label(self, choice: Choice) -> str:
        """Return the name of a choice."""
        return self.reader.label(choice.label) or choice.value

    @property
    def industries(self) -> tuple[tuple[str, str], ...]:
        """Return code and name of the sections and divisions of the standard of industries."""
        return tuple((code, name) for code, name in industry_labels().items() if len(code) <= _BROAD)

    @property
    def choices(self) -> tuple[Choice, ...]:
        """Return the choices on offer, and the value's own even when it is retired."""
        return tuple(each for each in self.field.choices if not each.retired or each.value == self.value)


def cell(
    record: Record,
    field: Field,
    reader: Reader,
    *,
    name: str = "",
    writable: bool = False,
    origin: Origin | None = None,
) -> Cell:
    """Return the value of *field* of *record*; *name* is its dotted path when it is not the field's name.

    *origin* tells where it comes from.
    """
    path = name or field.name
    value, masked = record.values.get(path), path in record.masked
    links = linked(field.target, record.linked.get(path, {}))
    title = reader.listing(each.title for each in links) if links else record.titles.get(path, "")
    return Cell(
        field=field,
        value=value,
        text=str(value) if masked and value is not None else written(value, field, reader, title),
        links=links,
        typed="" if masked else typed(value, field, reader),
        label=reader.label(field.label),
        help=reader.label(field.help),
        reader=reader,
        link=_link(field, value) if field.type != "file" or masked else _file_address(record, path, value),
        masked=masked,
        writable=writable and not masked,
        origin=origin,
    )


def blank(field: Field, reader: Reader, *, value: Any = None, text: str = "") -> Cell:
    """Return an empty (or preset) form field."""
    return Cell(
        field=field,
        value=value,
        text=text or ("" if value is None else written(value, field, reader, text)),
        typed=typed(value, field, reader),
        label=reader.label(field.label),
        help=reader.label(field.help),
        reader=reader,
        writable=True,
    )


def written(value: Any, field: Field, reader: Reader, title: str = "") -> str:
    """Return *value* as the reader reads it; a link is its record's *title*."""
    if value is None:
        return ""
    if target_of(field):
        return title or reader.listing(
            f"#{each}" for each in (value if isinstance(value, tuple) else (value,))
        )
    if isinstance(value, int | Decimal) and not isinstance(value, bool):
        number = reader.number(value)
        return f"{number}%" if field.type == "percent" else number
    if isinstance(value, Money | date):
        return str(reader.write(value))
    if field.type == "industry":
        return industry_labels().get(str(value), str(value))
    return type_of(field).show(value, field, reader.language)


def linked(target: str, titles: Mapping[int, str]) -> tuple[Linked, ...]:
    """Return records of the object *target* as a page shows them, by number with what they are called."""
    return tuple(
        Linked(number=number, title=title or f"#{number}", address=_address(target, number))
        for number, title in titles.items()
    )


def typed(value: Any, field: Field, reader: Reader) -> Any:
    """Return what a form field holds for *value*; of several links the box only searches."""
    if value is None or type_of(field).links_many:
        return ""
    if field.type in ("address", "multi_select"):
        return value
    if isinstance(value, Money):
        return typed_money(value, field)
    if isinstance(value, datetime):
        return reader.typed_moment(value)
    if isinstance(value, bool | int | Decimal | date):
        return format(value, "f") if isinstance(value, Decimal) else str(value)
    return type_of(field).show(value, field)


def typed_money(value: Money, field: Field) -> str:
    """Return an amount as a person would type it; its currency only where it is not the field's own."""
    amount = format(value.amount, "f")
    return amount if value.currency == (field.currency or DEFAULT_CURRENCY) else f"{value.currency} {amount}"


def may_write(actor: Actor, catalog: Catalog, object_type: ObjectType, field: Field) -> bool:
    """Tell whether the actor may give *field* a value by hand."""
    is_kept = field.kept or object_type.kept or field.type in _BY_HAND_NEVER
    return not is_kept and right_to(actor, catalog, object_type, field.name) == "write"


def _link(field: Field, value: Any) -> str:
    return _address(target_of(field), value) if target_of(field) and isinstance(value, int) else ""


def _file_address(record: Record, path: str, value: Any) -> str:
    """Return where the file is handed out: only on the page of the record that holds it."""
    return f"/o/{record.object}/{record.id}/file/{path}" if value is not None and "." not in path else ""


def _address(target: str, number: int) -> str:
    return "" if target == USER.name else f"/o/{target}/{number}"
