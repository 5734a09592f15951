"""Which fields stand where on lists and record pages, until somebody designs a layout of their own."""

from collections.abc import Iterator

from guanxi.access.fields import right_to
from guanxi.access.roles import grant_of
from guanxi.identity.actor import Actor
from guanxi.metadata.catalog import Catalog
from guanxi.metadata.field_types import type_of
from guanxi.metadata.objects import SYSTEM_FIELDS, Field, ObjectType

MOST_COLUMNS = 7
MOST_FILTERS = 4
_NOT_IN_LISTS = frozenset({"long_text", "json", "file", "many_to_many", "address"})
SYSTEM_FACTS = tuple(
    SYSTEM_FIELDS[name] for name in ("owner", "created_at", "created_by", "updated_at", "updated_by")
)


def list_fields(actor: Actor, catalog: Catalog, object_type: ObjectType) -> tuple[Field, ...]:
    """Return the columns of a list: title, number, key fields, then the first others; at most seven."""
    fields = [each for each in seen_fields(actor, catalog, object_type) if each.type not in _NOT_IN_LISTS]
    fields.sort(key=lambda each: _rank(object_type, each))
    return tuple(fields[:MOST_COLUMNS])


def seen_fields(actor: Actor, catalog: Catalog, object_type: ObjectType) -> tuple[Field, ...]:
    """Return the fields the actor sees, masked ones too."""
    return tuple(
        each
        for each in object_type.live_fields
        if right_to(actor, catalog, object_type, each.name) != "hidden"
    )


def filter_fields(actor: Actor, catalog: Catalog, object_type: ObjectType) -> tuple[Field, ...]:
    """Return the selections a list is narrowed by: those of key fields first, at most four."""
    found = [
        each
        for each in object_type.live_fields
        if each.type == "single_select" and _is_clear(actor, catalog, object_type, each)
    ]
    return tuple(sorted(found, key=lambda each: not each.key)[:MOST_FILTERS])


def fact_groups(
    actor: Actor, catalog: Catalog, object_type: ObjectType
) -> tuple[tuple[Field, ...], tuple[Field, ...]]:
    """Return the fields of the record page: what matters first, then the rest."""
    fields = seen_fields(actor, catalog, object_type)
    first = {object_type.title, object_type.number}
    key = tuple(each for each in fields if each.key or each.required or each.name in first)
    return key, tuple(each for each in fields if each not in key)


def head_fields(actor: Actor, catalog: Catalog, object_type: ObjectType) -> tuple[Field, ...]:
    """Return the selections shown as marks beside a record's name."""
    fields = seen_fields(actor, catalog, object_type)
    chosen = [each for each in fields if each.type == "single_select"]
    return tuple(sorted(chosen, key=lambda each: not each.key)[:MOST_FILTERS])


def related(actor: Actor, catalog: Catalog, object_type: ObjectType) -> Iterator[tuple[ObjectType, Field]]:
    """Yield every (object, link) that points to *object_type* and may be read: parts first, several links last."""
    found = [
        (other, lookup)
        for other, lookup in (*catalog.pointing_to(object_type.name), *_joined(catalog, object_type.name))
        if grant_of(actor, catalog, other.name).read != "none" and _is_clear(actor, catalog, other, lookup)
    ]
    yield from sorted(found, key=lambda pair: pair[0].parent != pair[1].name)


def _joined(catalog: Catalog, target: str) -> Iterator[tuple[ObjectType, Field]]:
    for each in catalog.live_objects:
        for field in each.live_fields:
            if type_of(field).links_many and field.target == target:
                yield each, field


def moment_field(object_type: ObjectType) -> Field | None:
    """Return the field that places a record in time: its first indexed date; None when it has none."""
    dated = (each for each in object_type.live_fields if each.type in ("date", "date_time") and each.indexed)
    return next(dated, None)


def _rank(object_type: ObjectType, field: Field) -> int:
    if field.name == object_type.title:
        return 0
    if field.name == object_type.number:
        return 1
    return 2 if field.key or field.required else 3


def _is_clear(actor: Actor, catalog: Catalog, object_type: ObjectType, field: Field) -> bool:
    return right_to(actor, catalog, object_type, field.name) in ("read", "write")
