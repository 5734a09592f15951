"""Reads packs: folders of TOML files that describe objects."""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import msgspec

from guanxi.kernel.errors import Invalid, Problem, Refused
from guanxi.kernel.text import say
from guanxi.metadata.definitions import object_from, role_from
from guanxi.metadata.labels import Label
from guanxi.metadata.objects import ObjectType
from guanxi.metadata.roles import Role

SHIPPED = Path(__file__).parent
"""The folder of the packs that come with the product."""

BASE = SHIPPED / "base"
INTEGRATION = SHIPPED / "integration"
_HEAD = "pack.toml"


@dataclass(frozen=True, kw_only=True)
class Pack:
    """A named set of object definitions, in the order the pack lists them."""

    name: str
    label: Label
    version: str
    objects: tuple[ObjectType, ...]
    roles: tuple[Role, ...] = ()


class _Head(msgspec.Struct, forbid_unknown_fields=True):
    """What ``pack.toml`` says; each object lives in a file of its own name."""

    name: str
    label: Label
    version: str
    objects: list[str] = []
    roles: str = ""


def load_pack(folder: Path) -> tuple[ObjectType, ...]:
    """Return the objects of the pack in *folder*; raises what `read_pack` raises."""
    return read_pack(folder).objects


def load_shipped() -> tuple[ObjectType, ...]:
    """Return the objects of every pack that comes with the product, the base pack first."""
    return tuple(each for pack in shipped_packs() for each in pack.objects)


@cache
def shipped_packs() -> tuple[Pack, ...]:
    """Return every pack that comes with the product, the base pack first."""
    folders = sorted(
        (head.parent for head in SHIPPED.glob(f"*/{_HEAD}")), key=lambda each: (each != BASE, each)
    )
    return tuple(read_pack(folder) for folder in folders)


def read_pack(folder: Path) -> Pack:
    """Return the pack in *folder*.

    Raises `Refused` for a file that is not there or not TOML, `Invalid` for what is wrong inside.
    """
    try:
        head = msgspec.convert(_toml(folder / _HEAD), _Head)
    except msgspec.ValidationError as error:
        raise Invalid([Problem(_HEAD, say("{detail}", detail=str(error)))]) from error
    objects = tuple(each for name in head.objects for each in _objects(folder / f"{name}.toml", head.name))
    roles = tuple(_roles(folder / head.roles, head.name)) if head.roles else ()
    return Pack(name=head.name, label=head.label, version=head.version, objects=objects, roles=roles)


def _roles(file: Path, pack: str) -> Iterator[Role]:
    for name, body in _toml(file).get("role", {}).items():
        yield role_from(name, body, pack=pack)


def _objects(file: Path, pack: str) -> Iterator[ObjectType]:
    content = _toml(file)
    unknown = sorted(set(content) - {"object"})
    if unknown or not content:
        raise Invalid(
            [
                Problem(
                    file.name, say("a pack's file holds tables [object.name]; found: {found}", found=unknown)
                )
            ]
        )
    for name, body in content["object"].items():
        yield object_from(name, body, pack=pack)


def _toml(file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise Refused(say("the file {name} of a pack cannot be read", name=file.name)) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise Refused(
            say("the file {name} is not TOML: {detail}", name=file.name, detail=str(error))
        ) from error
