"""Which records: a scope becomes one condition, with SQL for many records and Python for one."""

from collections.abc import Callable

from guanxi.access.roles import grant_of
from guanxi.expressions.conditions import equals
from guanxi.expressions.syntax import EVERYTHING, Expression, Literal
from guanxi.identity.actor import Actor
from guanxi.metadata.catalog import Catalog
from guanxi.metadata.objects import USER
from guanxi.metadata.roles import Scope

NO_RECORD = Literal(False)


def visible_to(actor: Actor, catalog: Catalog) -> Callable[[str], Expression]:
    """Return the function from an object's name to the condition its visible records meet."""

    def condition(object_name: str) -> Expression:
        if object_name == USER.name:
            return EVERYTHING
        return within(grant_of(actor, catalog, object_name).read, actor)

    return condition


def within(scope: Scope, actor: Actor) -> Expression:
    """Return the condition that *scope* means for *actor*."""
    if scope == "all":
        return EVERYTHING
    if scope == "own" and actor.id is not None:
        return equals("owner", actor.id)
    return NO_RECORD
