"""What the forms of databases, web services and folders have in common: whose source it is, and keeping it."""

from collections.abc import Mapping
from typing import Any

from guanxi.access.roles import require
from guanxi.integration import inventory, study
from guanxi.integration.plans import SourcePlan
from guanxi.kernel.errors import NotFound
from guanxi.kernel.text import say
from guanxi.metadata.labels import Label
from guanxi.records.reading import Record
from guanxi.web.visit import Answer, Visit


def asked_source(visit: Visit, kind: str) -> Record | None:
    """Return the source whose connection is changed, None for a new one; raise `NotAllowed`, `NotFound`.

    A form of one kind changes no source of another: what it does not speak of would stay behind.
    """
    require(visit.actor, visit.catalog, "integrate")
    number = visit.incoming.parameters.get("source_id")
    if number is None:
        return None
    record = inventory.load_source(visit.tx, visit.actor, number)
    if record.values["kind"] != kind:
        raise NotFound(say("this source is connected in another way"))
    return record


def options_of(record: Record | None) -> dict[str, Any]:
    """Return the options of a source, none of a new one."""
    return dict(inventory.source_plan(record).options) if record else {}


def keep_connection(
    visit: Visit, record: Record | None, *, kind: str, title: str, options: Mapping[str, Any]
) -> Answer:
    """Make a source with these *options*, or change the one whose connection it is; go to its page."""
    if record is None:
        source = SourcePlan(
            name=title,
            kind=kind,
            label=Label(en=title, zh=title),
            department=visit.actor.department,
            contact=visit.actor.name,
            options=options,
        )
        return visit.go(f"/sources/{inventory.add(visit.tx, visit.actor, source)}")
    # In a transaction of its own: the study, in another process, must find it saved.
    with visit.site.store.transaction("web") as tx:
        inventory.change(tx, visit.actor, record.id, {"title": title, "options": options})
    if record.values["studied_at"]:
        study.begin(visit.site.workshop, visit.actor, record.id)
    return visit.go(f"/sources/{record.id}")


def title_problem(visit: Visit, title: str) -> dict[str, str]:
    """Return what is wrong with the name of a source."""
    return {} if title else {"title": visit.say(say("give the source a name people know it by"))}
