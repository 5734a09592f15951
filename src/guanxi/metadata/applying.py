"""What a catalog is after steps: the same outcome the database reaches, without a database."""

from collections.abc import Iterable
from dataclasses import replace
from types import MappingProxyType
from typing import assert_never

from guanxi.metadata.catalog import Catalog
from guanxi.metadata.objects import Field, ObjectType
from guanxi.metadata.steps import (
    AddField,
    AddIndex,
    AddObject,
    ChangeField,
    ChangeObject,
    RemoveIndex,
    RetireField,
    RetireObject,
    Step,
)


def apply_steps(catalog: Catalog, steps: Iterable[Step]) -> Catalog:
    """Return the catalog after *steps*, one version on (the same catalog when there are none)."""
    todo = tuple(steps)
    if not todo:
        return catalog
    objects = dict(catalog.objects)
    for step in todo:
        changed = _after(objects, step)
        objects[changed.name] = changed
    return replace(catalog, version=catalog.version + 1, objects=MappingProxyType(objects))


def _after(objects: dict[str, ObjectType], step: Step) -> ObjectType:
    """Return the object that *step* leaves behind."""
    match step:
        case AddObject(added):
            return added
        case ChangeObject(_, after, order):
            return replace(after, fields=_reordered(objects[after.name], order))
        case RetireObject(retired):
            return replace(objects[retired.name], retired=True)
        case AddField(name, field) | ChangeField(name, _, field):
            return _with_field(objects[name], field)
        case RetireField(name, field):
            return _with_field(objects[name], replace(field, retired=True))
        case AddIndex(name, _, _) | RemoveIndex(name, _, _):
            return objects[name]
        case _:
            assert_never(step)


def _with_field(here: ObjectType, field: Field) -> ObjectType:
    return replace(here, fields=MappingProxyType({**here.fields, field.name: field}))


def _reordered(here: ObjectType, order: tuple[str, ...]) -> MappingProxyType[str, Field]:
    rest = {name: field for name, field in here.fields.items() if name not in order}
    return MappingProxyType({**{name: here.fields[name] for name in order}, **rest})
