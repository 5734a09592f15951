"""The fields a column can become, in the reader's words: listed, named in sentences, read back from what was typed."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from guanxi.integration.mapping.assigning import chain_of, field_at
from guanxi.integration.mapping.suggesting import possible_rows
from guanxi.kernel.errors import UnknownName
from guanxi.kernel.text import Message, say
from guanxi.metadata.catalog import Catalog
from guanxi.metadata.field_types import type_of
from guanxi.metadata.objects import Field, ObjectType
from guanxi.web.reader import Reader

PARTS: dict[str, Message] = {
    "province": say("province"),
    "city": say("city"),
    "district": say("district"),
    "detail": say("street and house"),
    "number": say("house number"),
    "more": say("further address line"),
    "family": say("family name"),
    "given": say("given name"),
}
_OFFERED = {"address": ("province", "city", "district", "detail"), "person_name": ("family", "given")}
_NOT_FROM_COLUMNS = ("file", "json", "many_to_many")


@dataclass(frozen=True, kw_only=True)
class Target:
    """One field (or a part of one) a column can become; *text* is unique and what people type."""

    path: str
    text: str
    kind: str
    help: str


@dataclass(frozen=True, kw_only=True)
class TargetGroup:
    """The fields of one object."""

    object: str
    label: str
    targets: tuple[Target, ...]


def target_groups(catalog: Catalog, reader: Reader, main: str) -> tuple[TargetGroup, ...]:
    """Return all fields by object: the rows' own object and those it belongs to first."""
    chain = tuple(chain_of(catalog, catalog.object(main)))
    others = [each.name for each in possible_rows(catalog) if each.name not in chain]
    objects = [catalog.object(name) for name in (*chain, *others)]
    return tuple(
        TargetGroup(
            object=each.name,
            label=reader.label(each.label),
            targets=tuple(_target(each, field, part, reader) for field, part in _fields(each)),
        )
        for each in objects
    )


def path_typed(groups: Sequence[TargetGroup], typed: str) -> str | None:
    """Return the path that *typed* names, by its text or as a path; None when it names none."""
    wanted = typed.strip().casefold()
    known = [each for group in groups for each in group.targets]
    return next((each.path for each in known if wanted in (each.text.casefold(), each.path)), None)


def path_text(catalog: Catalog, reader: Reader, path: str) -> str:
    """Return a path in words: ``customer.address:city`` is “Customer · Address (city)”; an unknown one as it is."""
    try:
        field, part = field_at(catalog, path)
    except UnknownName:
        return path
    return _text(catalog.object(path.partition(".")[0]), field, part, reader)


def told(catalog: Catalog, reader: Reader, message: Message) -> str:
    """Return a sentence about columns and fields, its fields by their names."""
    values = dict(message.values)
    if isinstance(values.get("field"), str):
        values["field"] = path_text(catalog, reader, values["field"])
    return reader.say(Message(message.template, values))


def _fields(object_type: ObjectType) -> Iterator[tuple[Field, str]]:
    for field in object_type.open_fields:
        if field.type in _NOT_FROM_COLUMNS:
            continue
        yield field, ""
        yield from ((field, part) for part in _OFFERED.get(field.type, ()))


def _target(object_type: ObjectType, field: Field, part: str, reader: Reader) -> Target:
    path = f"{object_type.name}.{field.name}"
    return Target(
        path=f"{path}:{part}" if part else path,
        text=_text(object_type, field, part, reader),
        kind=reader.label(type_of(field).label),
        help="" if part else reader.label(field.help),
    )


def _text(object_type: ObjectType, field: Field, part: str, reader: Reader) -> str:
    label = reader.label(field.label)
    same = [each.name for each in object_type.live_fields if reader.label(each.label) == label]
    if len(same) > 1:
        label = f"{label} [{field.name}]"
    if part:
        name = reader.say(PARTS[part]) if part in PARTS else part
        label = f"{label}（{name}）" if reader.language == "zh" else f"{label} ({name})"
    return f"{reader.label(object_type.label)} · {label}"
