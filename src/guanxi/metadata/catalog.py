"""The catalog: everything the structure door has agreed on, as one immutable value with a version."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from guanxi.kernel.errors import UnknownName
from guanxi.metadata.objects import USER, Field, ObjectType
from guanxi.metadata.roles import Role

_ABOUT_WORK = ("integration", "workplace")
"""Packs whose objects describe how people work here: no source brings their records."""


@dataclass(frozen=True)
class Catalog:
    """All objects and roles by name; *version* grows with every applied change of structure."""

    version: int
    objects: Mapping[str, ObjectType]
    roles: Mapping[str, Role] = field(default_factory=lambda: MappingProxyType({}))

    def object(self, name: str) -> ObjectType:
        """Return the object called *name* (people are one, called ``user``); raise `UnknownName`."""
        if name == USER.name:
            return USER
        try:
            return self.objects[name]
        except KeyError:
            raise UnknownName("object", name, self.objects) from None

    @property
    def live_objects(self) -> tuple[ObjectType, ...]:
        """Return the objects in use, in their order."""
        return tuple(each for each in self.objects.values() if not each.retired)

    @property
    def from_sources(self) -> tuple[ObjectType, ...]:
        """Return the objects whose records sources bring, retired ones too."""
        return tuple(each for each in self.objects.values() if each.pack not in _ABOUT_WORK)

    @property
    def parents_first(self) -> tuple[str, ...]:
        """Return the names of the objects in use so that each follows those its links point to."""
        ordered: list[str] = []
        waiting = [each.name for each in self.live_objects]
        while waiting:
            done = {*ordered, "", USER.name}
            free = [name for name in waiting if self._targets(name) <= {*done, name}] or waiting[:1]
            ordered += free
            waiting = [name for name in waiting if name not in free]
        return tuple(ordered)

    def _targets(self, name: str) -> set[str]:
        return {target_of(each) for each in self.object(name).live_fields}

    def follow(self, object_name: str, path: Iterable[str]) -> tuple[ObjectType, Field]:
        """Walk a field path such as ``("customer", "owner")`` from an object; return its last object and field.

        Raises `UnknownName` where a step is not a field, or goes on behind a field that is not a lookup.
        """
        steps = list(path)
        here = self.object(object_name)
        for step in steps[:-1]:
            here = self.object(target_of(here.field(step)))
        return here, here.field(steps[-1])

    def pointing_to(self, target: str) -> Iterator[tuple[ObjectType, Field]]:
        """Yield every (object, lookup field) that points to the object *target*."""
        for each in self.live_objects:
            for lookup in each.lookups_to(target):
                yield each, lookup


EMPTY_CATALOG = Catalog(0, MappingProxyType({}))


def target_of(lookup: Field) -> str:
    """Return the name of the object a lookup or user field points to ('' for other types)."""
    return USER.name if lookup.type == "user" else lookup.target


def catalog_of(version: int, objects: Iterable[ObjectType], roles: Iterable[Role] = ()) -> Catalog:
    """Return the catalog of *objects* and *roles*, in the given order."""
    return Catalog(
        version,
        MappingProxyType({each.name: each for each in objects}),
        MappingProxyType({each.name: each for each in roles}),
    )
