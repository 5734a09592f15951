"""Roles as data: what the people of a role may do with each object and field."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal

from guanxi.metadata.labels import Label

Scope = Literal["none", "own", "all"]
"""Which records: none, the actor's own, all. Teams come between the last two."""

FieldRight = Literal["hidden", "masked", "read", "write"]

Ability = Literal["administer", "customise", "integrate", "answer"]
"""What is not about one object: people and settings, structure, the data area, speaking for the own department."""

ANY_OBJECT = "*"


@dataclass(frozen=True, kw_only=True)
class Grant:
    """What a role may do with the records of one object."""

    read: Scope = "none"
    create: bool = False
    write: Scope = "none"
    delete: Scope = "none"


@dataclass(frozen=True, kw_only=True)
class Role:
    """A named set of grants; ``*`` speaks for every object not named, fields are named ``object.field``."""

    name: str
    label: Label
    grants: Mapping[str, Grant] = field(default_factory=lambda: MappingProxyType({}))
    fields: Mapping[str, FieldRight] = field(default_factory=lambda: MappingProxyType({}))
    abilities: tuple[Ability, ...] = ()
    pack: str = ""

    def grant(self, object_name: str) -> Grant:
        """Return what the role may do with records of *object_name*."""
        return self.grants.get(object_name) or self.grants.get(ANY_OBJECT) or Grant()
