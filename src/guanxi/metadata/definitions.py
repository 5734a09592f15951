"""Definitions as readable data: the same words in a pack's TOML and in the database."""

import dataclasses
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, TypeVar

import msgspec

from guanxi.kernel.errors import Invalid, Problem
from guanxi.kernel.text import say
from guanxi.metadata.objects import Field, ObjectType
from guanxi.metadata.roles import Role

Shape = TypeVar("Shape", ObjectType, Field, Role)


def object_from(name: str, body: Mapping[str, Any], *, pack: str = "") -> ObjectType:
    """Return the object that *body* describes; its table ``field`` holds the fields by name.

    Raises `Invalid` with what is wrong where.
    """
    own = {key: given for key, given in body.items() if key != "field"}
    fields = {each: field_from(each, given, pack=pack) for each, given in body.get("field", {}).items()}
    shell = _convert({"pack": pack, **own, "name": name}, ObjectType, name)
    return dataclasses.replace(shell, fields=MappingProxyType(fields))


def field_from(name: str, body: Mapping[str, Any], *, pack: str = "") -> Field:
    """Return the field that *body* describes; raises `Invalid`."""
    return _convert({"pack": pack, **body, "name": name}, Field, name)


def role_from(name: str, body: Mapping[str, Any], *, pack: str = "") -> Role:
    """Return the role that *body* describes; raises `Invalid`."""
    return _convert({"pack": pack, **body, "name": name}, Role, name)


def to_data(value: ObjectType | Field | Role) -> dict[str, Any]:
    """Return what differs from the defaults, ready for TOML or JSON; an object's fields are left out."""
    left_out = ("name", "fields") if isinstance(value, ObjectType) else ("name",)
    changed = {
        each.name: getattr(value, each.name)
        for each in dataclasses.fields(value)
        if each.name not in left_out and getattr(value, each.name) != each.default
    }
    plain: dict[str, Any] = msgspec.to_builtins(changed, enc_hook=dict)
    return plain


def _convert(data: Mapping[str, Any], shape: type[Shape], where: str) -> Shape:
    known = sorted(
        each.name for each in dataclasses.fields(shape) if (shape, each.name) != (ObjectType, "fields")
    )
    unknown = [key for key in data if key not in known]
    if unknown:
        raise Invalid(
            Problem(where, say("unknown key {key}; known: {known}", key=key, known=known)) for key in unknown
        )
    try:
        return msgspec.convert(data, shape, strict=False)
    except msgspec.ValidationError as error:
        raise Invalid([Problem(where, say("{detail}", detail=str(error)))]) from error
