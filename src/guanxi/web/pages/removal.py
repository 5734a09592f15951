"""Into the recycle bin and out of it."""

from guanxi.access.roles import grant_by_hand
from guanxi.kernel.errors import NotAllowed
from guanxi.kernel.text import say
from guanxi.records import writing
from guanxi.web.visit import Answer, Page, Visit


def delete(visit: Visit) -> Answer:
    """Put the record into the recycle bin; its page offers to restore it."""
    object_name, number = _place(visit)
    writing.delete(visit.tx, visit.actor, object_name, [number])
    return visit.go(f"/o/{object_name}/{number}")


def restore(visit: Visit) -> Answer:
    """Take the record out of the recycle bin."""
    object_name, number = _place(visit)
    writing.restore(visit.tx, visit.actor, object_name, [number])
    return visit.go(f"/o/{object_name}/{number}")


def _place(visit: Visit) -> tuple[str, int]:
    object_type = visit.object_type
    if grant_by_hand(visit.actor, visit.catalog, object_type).delete == "none":
        raise NotAllowed(say("your roles do not let you change this {label}", label=object_type.label))
    return object_type.name, int(visit.incoming.parameters["record_id"])


PAGES = (
    Page(path="/o/{object_name:str}/{record_id:int}/delete", answer=delete, method="POST"),
    Page(path="/o/{object_name:str}/{record_id:int}/restore", answer=restore, method="POST"),
)
