"""Which fields: hidden, masked, readable or writable, the widest right of any role.

A field that repeats values of other fields is hidden from who may not read all of those: a copy tells what it copies.
"""

from collections.abc import Iterable
from dataclasses import replace

from guanxi.access.roles import grant_of, roles_of
from guanxi.identity.actor import Actor
from guanxi.metadata.catalog import Catalog
from guanxi.metadata.objects import SYSTEM_FIELDS, USER, ObjectType
from guanxi.metadata.roles import ANY_OBJECT, FieldRight

_WIDTH: dict[FieldRight, int] = {"hidden": 0, "masked": 1, "read": 2, "write": 3}


def right_to(actor: Actor, catalog: Catalog, object_type: ObjectType, field_name: str) -> FieldRight:
    """Return the actor's right to one field of an object.

    A role that does not name the field gives what its grant for the object gives.
    """
    field = object_type.field(field_name)
    if field.repeats and not actor.weighs_copies and not reads_all(actor, catalog, field.repeats):
        return "hidden"
    return _granted(actor, catalog, object_type, field_name)


def reads_all(actor: Actor, catalog: Catalog, names: Iterable[str]) -> bool:
    """Tell whether the actor reads every value of *names* in the clear: objects, fields (``object.field``).

    ``*`` stands for every object whose records sources bring. Who sees only some records of an object does not.
    """
    return all(_reads(actor, catalog, each) for name in names for each in _spelt_out(catalog, name))


def weighing(actor: Actor) -> Actor:
    """Return *actor* as asked for by code that shows a copied value only to who may read what it copies.

    Such code knows, record by record, which field a value was copied from; the rule of fields does not.
    """
    return replace(actor, weighs_copies=True)


def _spelt_out(catalog: Catalog, name: str) -> tuple[str, ...]:
    return tuple(each.name for each in catalog.from_sources) if name == ANY_OBJECT else (name,)


def _reads(actor: Actor, catalog: Catalog, name: str) -> bool:
    object_name, _, field_name = name.partition(".")
    if object_name not in catalog.objects or grant_of(actor, catalog, object_name).read != "all":
        return False
    object_type = catalog.object(object_name)
    # What no role names is read with the object. A retired field counts: the copies of its values stay.
    named = {each for role in roles_of(actor, catalog) for each in role.fields}
    fields = (field_name,) if field_name else (*object_type.fields, *SYSTEM_FIELDS)
    return all(
        _granted(actor, catalog, object_type, each) in ("read", "write")
        for each in fields
        if f"{object_name}.{each}" in named
    )


def _granted(actor: Actor, catalog: Catalog, object_type: ObjectType, field_name: str) -> FieldRight:
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
