"""Which fields a person can filter by, show and sort by: the object's own and those one link away."""

from collections.abc import Iterator
from dataclasses import dataclass

from guanxi.access.fields import right_to
from guanxi.access.roles import grant_of
from guanxi.identity.actor import Actor
from guanxi.metadata.catalog import Catalog, target_of
from guanxi.metadata.labels import Label
from guanxi.metadata.objects import SYSTEM_FIELDS, USER, Field, ObjectType
from guanxi.web.reader import Reader

_PARTS = {
    "province": Label(en="Province", zh="省份"),
    "city": Label(en="City", zh="城市"),
    "district": Label(en="District", zh="区县"),
}
_OF_PEOPLE = ("department",)
_NEVER = frozenset({"json", "file"})


@dataclass(frozen=True, kw_only=True)
class Reached:
    """A field at the end of a dotted path: ``customer.industry``, or a part of one: ``address.city``."""

    path: str
    field: Field
    object: ObjectType
    labels: tuple[Label, ...]
    part: str = ""
    is_clear: bool = True
    """Whether its values may be read in the clear: only then can be filtered and sorted by it."""
    has_clear_title: bool = True
    """Whether what a linked record is called may be read in the clear: a link is sorted by it."""

    @property
    def is_own(self) -> bool:
        """Tell whether it is a field of the list's own object, whole."""
        return "." not in self.path

    def name(self, reader: Reader) -> str:
        """Return what it is called in the reader's language: ``Customer · Industry``."""
        return " · ".join(reader.label(each) for each in self.labels)


def reach(actor: Actor, catalog: Catalog, object_type: ObjectType) -> dict[str, Reached]:
    """Return every field the actor sees from *object_type*, by path: own ones, the system's, those behind links."""
    found = {each.path: each for each in _own(actor, catalog, object_type)}
    for lookup in [
        each.field for each in found.values() if each.is_own and each.field.type in ("lookup", "user")
    ]:
        found |= {each.path: each for each in _behind(actor, catalog, object_type, lookup)}
    return found


def _own(actor: Actor, catalog: Catalog, object_type: ObjectType) -> Iterator[Reached]:
    for field in (*object_type.live_fields, *SYSTEM_FIELDS.values()):
        right = right_to(actor, catalog, object_type, field.name)
        if right == "hidden" or field.type in _NEVER:
            continue
        clear = right in ("read", "write")
        yield Reached(
            path=field.name,
            field=field,
            object=object_type,
            labels=(field.label,),
            is_clear=clear,
            has_clear_title=_has_clear_title(actor, catalog, field),
        )
        for part, label in _PARTS.items() if field.type == "address" and clear else ():
            yield Reached(
                path=f"{field.name}.{part}",
                field=field,
                object=object_type,
                labels=(field.label, label),
                part=part,
            )


def _behind(actor: Actor, catalog: Catalog, object_type: ObjectType, lookup: Field) -> Iterator[Reached]:
    target = catalog.object(target_of(lookup))
    clear = right_to(actor, catalog, object_type, lookup.name) in ("read", "write")
    readable = target.name == USER.name or grant_of(actor, catalog, target.name).read != "none"
    if not (clear and readable):
        return
    for field in target.live_fields:
        right = right_to(actor, catalog, target, field.name)
        if right == "hidden" or field.type in (*_NEVER, "many_to_many") or not _is_worth(target, field):
            continue
        yield Reached(
            path=f"{lookup.name}.{field.name}",
            field=field,
            object=target,
            labels=(lookup.label, field.label),
            is_clear=right in ("read", "write"),
            has_clear_title=_has_clear_title(actor, catalog, field),
        )


def _has_clear_title(actor: Actor, catalog: Catalog, link: Field) -> bool:
    if not target_of(link):
        return True
    target = catalog.object(target_of(link))
    return right_to(actor, catalog, target, target.title) in ("read", "write")


def _is_worth(target: ObjectType, field: Field) -> bool:
    """The title of a linked record is what the link itself shows; of people only the department says more."""
    return field.name in _OF_PEOPLE if target.name == USER.name else field.name != target.title
