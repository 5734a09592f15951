"""Who may speak for a department: its own contacts, and those who bring data together."""

from guanxi.access.roles import may
from guanxi.identity.actor import Actor, as_product
from guanxi.kernel.errors import NotAllowed
from guanxi.kernel.text import say
from guanxi.metadata.catalog import Catalog


def speaks_for(actor: Actor, catalog: Catalog, department: str) -> bool:
    """Tell whether *actor* may answer in the name of *department*."""
    if may(actor, catalog, "integrate"):
        return True
    return may(actor, catalog, "answer") and bool(department) and actor.department == department


def speaker_for(actor: Actor, catalog: Catalog, department: str) -> Actor:
    """Return *actor* with the right to write this one answer down, in their own name; raise `NotAllowed`.

    What people answer stands in records that their roles let them read only. Whoever holds the result writes
    the answer, and nothing else, with it.
    """
    if not speaks_for(actor, catalog, department):
        raise NotAllowed(
            say(
                "only {department} itself, or who brings data together, can answer this",
                department=department or "–",
            )
        )
    return as_product(actor)
