"""Input becomes values: every field is read, ranges are checked, what is missing is named; all problems at once."""

from collections.abc import Mapping
from typing import Any

from guanxi.kernel.errors import Problem, Refused, UnknownName
from guanxi.kernel.text import say
from guanxi.metadata.field_types import columns_of, type_of
from guanxi.metadata.objects import Field, ObjectType


def accept(field: Field, given: Any) -> Any:
    """Return the value of *given* for *field*; raise `Unacceptable` with what would be right."""
    return type_of(field).parse(given, field)


def writable_field(object_type: ObjectType, name: str) -> Field:
    """Return the field called *name* that values may be given for; raise `UnknownName`, also for a retired one."""
    field = object_type.field(name)
    if field.retired:
        raise UnknownName(
            f"field of {object_type.name}", name, (each.name for each in object_type.live_fields)
        )
    return field


def read(object_type: ObjectType, given: Mapping[str, Any]) -> tuple[dict[str, Any], list[Problem]]:
    """Return the values of *given* by field, and what is wrong with the others (unknown fields included)."""
    values: dict[str, Any] = {}
    problems: list[Problem] = []
    for name, raw in given.items():
        try:
            values[name] = accept(writable_field(object_type, name), raw)
        except Refused as refused:
            problems.append(Problem(name, refused.message))
    return values, problems


def is_needed(field: Field) -> bool:
    """Tell whether a record must have a value here; numbers the system gives are never missing."""
    return field.required and field.type != "auto_number"


NEEDED = say("a value is needed here")


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
