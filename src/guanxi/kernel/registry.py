"""Families of one-file kinds: found in a package, checked by name, closed after the start."""

import importlib
import pkgutil
from collections.abc import Iterator, Mapping
from types import ModuleType
from typing import Generic, TypeVar

from guanxi.kernel.errors import UnknownName

Member = TypeVar("Member")


class Registry(Mapping[str, Member], Generic[Member]):
    """A read-only mapping from name to member of one family."""

    def __init__(self, kind: str, members: Mapping[str, Member]) -> None:
        self.kind = kind
        self._members = dict(members)

    def __getitem__(self, name: str) -> Member:
        """Return the member called *name*; raise `UnknownName` with the known names."""
        try:
            return self._members[name]
        except KeyError:
            raise UnknownName(self.kind, name, self._members) from None

    def __contains__(self, name: object) -> bool:
        """Tell whether a member has this name."""
        return name in self._members

    def __iter__(self) -> Iterator[str]:
        """Iterate over the names in the order they were found."""
        return iter(self._members)

    def __len__(self) -> int:
        """Return the number of members."""
        return len(self._members)


def collect(kind: str, package: ModuleType, family: type[Member]) -> Registry[Member]:
    """Import every module of *package* and return one instance of each concrete subclass of *family*.

    A member declares ``name``; a class without one is a step on the way, not a member.
    """
    for module in pkgutil.iter_modules(package.__path__, package.__name__ + "."):
        importlib.import_module(module.name)
    members: dict[str, Member] = {}
    for cls in _descendants(family):
        name = cls.__dict__.get("name")
        if not isinstance(name, str) or not cls.__module__.startswith(package.__name__):
            continue
        if name in members:
            raise TypeError(f"two members of the family {kind!r} are called {name!r}")
        members[name] = cls()
    return Registry(kind, dict(sorted(members.items())))


def _descendants(cls: type[Member]) -> Iterator[type[Member]]:
    for child in cls.__subclasses__():
        yield child
        yield from _descendants(child)
