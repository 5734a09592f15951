"""Input becomes values: every field is read, ranges are checked, what is missing is named; all problems at once."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from guanxi.kernel.errors import Problem, Refused
from guanxi.kernel.text import say
from guanxi.metadata.field_types import columns_of, type_of
from guanxi.metadata.field_types.base import Unacceptable
from guanxi.metadata.objects import Field, ObjectType


def accept(field: Field, given: Any) -> Any:
    """Return the value of *given* for *field*; raise `Unacceptable` with what would be right."""
    value = type_of(field).parse(given, field)
    number = getattr(value, "amount", value)
    if isinstance(number, int | Decimal) and not isinstance(number, bool):
        _check_range(field, number)
    return value


def read(object_type: ObjectType, given: Mapping[str, Any]) -> tuple[dict[str, Any], list[Problem]]:
    """Return the values of *given* by field, and what is wrong with the others (unknown fields included)."""
    values: dict[str, Any] = {}
    problems: list[Problem] = []
    for name, raw in given.items():
        try:
            values[name] = accept(object_type.field(name), raw)
        except Refused as refused:
            problems.append(Problem(name, refused.message))
    return values, problems


def missing(object_type: ObjectType, values: Mapping[str, Any]) -> Iterator[Problem]:
    """Yield a problem per required field without a value; numbers the system gives are never missing."""
    for field in object_type.live_fields:
        if field.required and field.type != "auto_number" and values.get(field.name) is None:
            yield Problem(field.name, say("a value is needed here"))


def columns(object_type: ObjectType, values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the stored columns of *values*; many-to-many fields have none."""
    stored: dict[str, Any] = {}
    for name, value in values.items():
        field = object_type.field(name)
        if not type_of(field).links_many:
            cells = type_of(field).to_columns(value)
            stored.update(zip((column for column, _ in columns_of(field)), cells, strict=True))
    return stored


def values_of(object_type: ObjectType, stored: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values by field that *stored* columns hold; fields without a column there are left out."""
    found: dict[str, Any] = {}
    for field in object_type.fields.values():
        names = [name for name, _ in columns_of(field)]
        if names and all(name in stored for name in names):
            found[field.name] = type_of(field).from_columns([stored[name] for name in names])
    return found


def _check_range(field: Field, number: int | Decimal) -> None:
    if field.minimum is not None and number < field.minimum:
        raise Unacceptable(say("at least {minimum} is needed", minimum=field.minimum))
    if field.maximum is not None and number > field.maximum:
        raise Unacceptable(say("at most {maximum} is allowed", maximum=field.maximum))
