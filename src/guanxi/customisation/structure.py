"""The structure door: what is wanted is planned, shown, then applied whole in one transaction or not at all."""

from collections.abc import Iterable
from dataclasses import replace
from types import MappingProxyType

from guanxi.access.roles import require
from guanxi.identity.actor import Actor
from guanxi.metadata.objects import ObjectType
from guanxi.metadata.planning import Step, apply_steps, overlay, plan
from guanxi.metadata.roles import Role
from guanxi.store import ddl, definitions
from guanxi.store.transactions import Transaction


def preview(tx: Transaction, objects: Iterable[ObjectType]) -> tuple[Step, ...]:
    """Return the steps that installing *objects* over today's structure would take; none when it is there."""
    return plan(tx.catalog, overlay(tx.catalog, objects))


def apply(
    tx: Transaction, actor: Actor, objects: Iterable[ObjectType], roles: Iterable[Role] = ()
) -> Transaction:
    """Install *objects* and *roles* over today's structure; return the transaction with the new catalog.

    What others added stays. Doing it twice changes nothing, and of two processes that do it at once the second
    finds it done. Raises `Invalid` for a structure that cannot be, `NotAllowed` without the right to customise.
    """
    if tx.catalog.roles:
        require(actor, tx.catalog, "customise")
    current = definitions.lock(tx.connection)
    wanted_roles = MappingProxyType({**current.roles, **{each.name: each for each in roles}})
    steps = plan(current, overlay(current, objects))
    after = replace(apply_steps(current, steps), roles=wanted_roles)
    if not steps and wanted_roles == current.roles:
        return tx.with_catalog(current)
    for step in steps:
        ddl.execute(tx.connection, after, step)
    return tx.with_catalog(definitions.save(tx.connection, after))
