"""Roles of the tests' own: what a company may invent beside the shipped ones."""

from types import MappingProxyType

from guanxi.customisation import structure
from guanxi.identity.actor import Actor
from guanxi.metadata.labels import Label
from guanxi.metadata.roles import Grant, Role

OWN = Grant(read="own", create=True, write="own", delete="own")
ALL = Grant(read="all", create=True, write="all", delete="all")


def actor_with(store, administrator, person, grants, fields=None) -> Actor:
    """Return an actor with the id of *person* whose only role has these grants and field rights."""
    name = f"custom{abs(hash((str(sorted(grants.items())), str(fields))))}"
    role = Role(
        name=name,
        label=Label(en=name),
        grants=MappingProxyType(grants),
        fields=MappingProxyType(fields or {}),
    )
    with store.transaction("test") as tx:
        structure.apply(tx, administrator, tx.catalog.live_objects, [role])
    return Actor(id=person.id, name=person.name, roles=(name,))
