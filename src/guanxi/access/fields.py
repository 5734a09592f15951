"""Which fields: hidden, masked, readable or writable, the widest right of any role."""

from guanxi.access.roles import grant_of, roles_of
from guanxi.identity.actor import Actor
from guanxi.metadata.catalog import Catalog
from guanxi.metadata.objects import USER, ObjectType
from guanxi.metadata.roles import FieldRight

_WIDTH: dict[FieldRight, int] = {"hidden": 0, "masked": 1, "read": 2, "write": 3}


def right_to(actor: Actor, catalog: Catalog, object_type: ObjectType, field_name: str) -> FieldRight:
    """Return the actor's right to one field of an object.

    A role that does not name the field gives what its grant for the object gives.
    """
    object_type.field(field_name)
    if object_type.name == USER.name:
        return "read"
    path = f"{object_type.name}.{field_name}"
    rights: list[FieldRight] = ["hidden"]
    for role in roles_of(actor, catalog):
        grant = role.grant(object_type.name)
        if grant.read == "none" and not grant.create:
            continue
        rights.append(role.fields.get(path) or ("write" if grant.create or grant.write != "none" else "read"))
    return max(rights, key=_WIDTH.__getitem__)


def readable(actor: Actor, catalog: Catalog, object_type: ObjectType) -> tuple[str, ...]:
    """Return the names of the fields whose values the actor may read in the clear."""
    if grant_of(actor, catalog, object_type.name).read == "none" and object_type.name != USER.name:
        return ()
    return tuple(
        each.name
        for each in object_type.live_fields
        if right_to(actor, catalog, object_type, each.name) in ("read", "write")
    )


def mask(text: str) -> str:
    """Return *text* with its middle hidden: ``138****1234``; a short one is hidden whole."""
    if len(text) < 5:
        return "*" * len(text)
    third = len(text) // 3
    end = 4 if len(text) > 10 else third
    return f"{text[: min(3, third)]}****{text[-end:]}"
