"""What an actor's roles add up to: the widest grant of any of them counts."""

from dataclasses import replace

from guanxi.identity.actor import Actor
from guanxi.kernel.errors import NotAllowed
from guanxi.kernel.text import Message, say
from guanxi.metadata.catalog import Catalog
from guanxi.metadata.objects import ObjectType
from guanxi.metadata.roles import Ability, Grant, Role, Scope

_ABILITIES: dict[Ability, Message] = {
    "administer": say("manage people, settings and the system"),
    "customise": say("shape objects, fields and layouts"),
    "integrate": say("bring data in"),
    "answer": say("answer for a department"),
}
_WIDTH: dict[Scope, int] = {"none": 0, "own": 1, "all": 2}


def roles_of(actor: Actor, catalog: Catalog) -> tuple[Role, ...]:
    """Return the actor's roles; a name without a role grants nothing."""
    return tuple(catalog.roles[name] for name in actor.roles if name in catalog.roles)


def grant_of(actor: Actor, catalog: Catalog, object_name: str) -> Grant:
    """Return what the actor may do with the records of one object."""
    grants = [role.grant(object_name) for role in roles_of(actor, catalog)] or [Grant()]
    return Grant(
        read=_widest(each.read for each in grants),
        create=any(each.create for each in grants),
        write=_widest(each.write for each in grants),
        delete=_widest(each.delete for each in grants),
    )


def grant_by_hand(actor: Actor, catalog: Catalog, object_type: ObjectType) -> Grant:
    """Return what the actor may do with records on forms and lists, where those the product keeps are only read."""
    grant = grant_of(actor, catalog, object_type.name)
    if object_type.kept:
        return Grant(read=grant.read)
    is_nameable = not any(each.required and each.kept for each in object_type.live_fields)
    return replace(grant, create=grant.create and is_nameable)


def may(actor: Actor, catalog: Catalog, ability: Ability) -> bool:
    """Tell whether one of the actor's roles has *ability*."""
    return any(ability in role.abilities for role in roles_of(actor, catalog))


def require(actor: Actor, catalog: Catalog, ability: Ability) -> None:
    """Raise `NotAllowed` unless one of the actor's roles has *ability*."""
    if not may(actor, catalog, ability):
        raise NotAllowed(say("your roles do not let you {ability}", ability=_ABILITIES[ability]))


def _widest(scopes: object) -> Scope:
    return max(scopes, key=_WIDTH.__getitem__)  # type: ignore[call-overload,no-any-return]
