"""The kinds of values a field can hold: one file each."""

import sys

from guanxi.kernel.registry import Registry, collect
from guanxi.metadata.field_types.base import FieldType, Part
from guanxi.metadata.objects import Field, ObjectType

FIELD_TYPES: Registry[FieldType] = collect("field type", sys.modules[__name__], FieldType)


def type_of(field: Field) -> FieldType:
    """Return the type of *field*; raise `UnknownName` when there is none of that name."""
    return FIELD_TYPES[field.type]


def columns_of(field: Field) -> tuple[tuple[str, Part], ...]:
    """Return the real columns of *field*: (column name, part)."""
    kind = type_of(field)
    return () if kind.links_many else tuple((field.name + part.suffix, part) for part in kind.parts)


def column_names(object_type: ObjectType) -> tuple[str, ...]:
    """Return the names of all columns that hold the object's live fields."""
    return tuple(name for field in object_type.live_fields for name, _ in columns_of(field))


__all__ = ["FIELD_TYPES", "FieldType", "Part", "column_names", "columns_of", "type_of"]
