"""Who may see rows as sources wrote them: a raw row tells whatever the fields tell that it becomes."""

from guanxi.access.fields import readable
from guanxi.access.roles import grant_of, may
from guanxi.identity.actor import Actor
from guanxi.integration.mapping.suggesting import possible_rows
from guanxi.kernel.errors import NotAllowed
from guanxi.kernel.text import say
from guanxi.metadata.catalog import Catalog

UNSEEN = say(
    "rows as a source wrote them are shown to people who bring data together, or who may read every field they become"
)


def sees_rows(actor: Actor, catalog: Catalog) -> bool:
    """Tell whether *actor* brings data together, or reads every record and field that a row can become."""
    return may(actor, catalog, "integrate") or all(
        grant_of(actor, catalog, each.name).read == "all"
        and len(readable(actor, catalog, each)) == len(each.live_fields)
        for each in possible_rows(catalog)
    )


def require_rows(actor: Actor, catalog: Catalog) -> None:
    """Raise `NotAllowed` unless *actor* may see rows as sources wrote them."""
    if not sees_rows(actor, catalog):
        raise NotAllowed(UNSEEN)
