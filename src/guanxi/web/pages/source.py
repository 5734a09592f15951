"""One source: its first rows as the product understands them, how it is read, who answers for it, what to do next."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from typing import Any

from guanxi.access.roles import may, require
from guanxi.identity import users
from guanxi.integration import inventory, study, uploads
from guanxi.integration.beginning import beginning
from guanxi.integration.plans import SourcePlan
from guanxi.integration.seeing import UNSEEN, require_rows, sees_rows
from guanxi.kernel.errors import Invalid, Refused
from guanxi.kernel.text import Message, by_number, say
from guanxi.records.reading import Record
from guanxi.web.filling import by_field
from guanxi.web.pages.sources import HEALTH_COLOURS, KIND_ICONS, choice_name, health_of
from guanxi.web.reader import Reader
from guanxi.web.sourcing.looking import (
    FirstRows,
    ReadingForm,
    chosen_reading,
    first_rows,
    look_at,
    reading_form,
)
from guanxi.web.visit import Answer, Page, Visit

FACTS = ("title", "department", "contact", "trust", "refresh", "description")
FILES = ("excel", "delimited")
_DIGEST = re.compile(r"-[0-9a-f]{8}(\.\w+)$")
"""What a stored file's name carries where it had to differ from the name given."""
LARGE_BYTES = 4 * 1024 * 1024
"""A larger file is looked at after its page is there, so that nobody waits for the page."""


@dataclass(frozen=True, kw_only=True)
class StudyLine:
    """How far the study is: a sentence, how much of it in percent, whether it goes on."""

    text: str
    percent: int
    is_going: bool
    problem: str = ""


@dataclass(frozen=True, kw_only=True)
class SourcePage:
    """Everything the page of a source shows."""

    id: int
    address: str
    title: str
    kind: str
    kind_label: str
    icon: str
    health: str
    colour: str
    location: str
    line: StudyLine
    reading: ReadingForm
    seen: FirstRows | None
    typed: Mapping[str, str]
    people: tuple[tuple[int, str], ...]
    problems: Mapping[str, str]
    may_change: bool
    is_new: bool
    is_file: bool
    is_retired: bool
    connection: str
    limit_megabytes: int
    facts: tuple[tuple[str, str], ...] = ()
    is_part: bool = False
    file_problem: str = ""


def show_source(visit: Visit) -> Answer:
    """Show the source with its first rows."""
    return visit.show("pages/source.html", _page(visit, _record(visit)))


def show_state(visit: Visit) -> Answer:
    """Show how far the study is; when it has ended, the whole page is loaded anew."""
    record = _record(visit)
    line = _line(visit, inventory.source_plan(record))
    page = _page(visit, record, look=False)
    return visit.show(
        "pages/source_study.html", page, headers={} if line.is_going else {"HX-Refresh": "true"}
    )


def show_first_rows(visit: Visit) -> Answer:
    """Show the first rows, read as the form says at this moment; nothing is saved."""
    require_rows(visit.actor, visit.catalog)
    record = _record(visit)
    plan = inventory.source_plan(record)
    if plan.kind not in FILES:
        require(visit.actor, visit.catalog, "integrate")  # it asks another system
    options = chosen_reading(visit.incoming, plan.options)
    page = _page(visit, record, options=options, seen=look_at(visit.reader, plan.kind, options))
    if visit.incoming.wants_part:
        return visit.show("pages/source_first.html", replace(page, is_part=True))
    return visit.show("pages/source.html", page)


def save(visit: Visit) -> Answer:
    """Keep what was typed; when the source is to be read differently and was read before, read it again."""
    record = _record(visit)
    wrong = _save(visit, record)
    if wrong is not None:
        return wrong
    if _is_read_differently(visit, record) and record.values["studied_at"]:
        study.begin(visit.site.workshop, visit.actor, record.id)
    return visit.go(f"/sources/{record.id}")


def use(visit: Visit) -> Answer:
    """Keep what was typed, begin the study, and go on to the mapping."""
    record = _record(visit)
    wrong = _save(visit, record)
    if wrong is not None:
        return wrong
    study.begin(visit.site.workshop, visit.actor, record.id)
    return visit.go(f"/sources/{record.id}/mapping")


def read_again(visit: Visit) -> Answer:
    """Read, profile and map the source once more."""
    source_id = _record(visit).id
    study.begin(visit.site.workshop, visit.actor, source_id)
    return visit.go(f"/sources/{source_id}")


def replace_file(visit: Visit) -> Answer:
    """Take a newer file in the place of the old one; how it is read and the mapping stay."""
    record = _record(visit)
    plan = inventory.source_plan(record)
    try:
        newer = _newer_file(visit, plan)
    except Refused as refused:
        page = replace(_page(visit, record), file_problem=visit.say(refused.message))
        return visit.show("pages/source.html", page, status=422)
    with visit.site.store.transaction("web") as tx:
        inventory.change(tx, visit.actor, record.id, {"options": uploads.replaced(plan.options, newer)})
    uploads.forget(visit.site.workshop, plan.options)
    if record.values["studied_at"]:
        study.begin(visit.site.workshop, visit.actor, record.id)
    return visit.go(f"/sources/{record.id}")


def _newer_file(visit: Visit, plan: SourcePlan) -> uploads.Upload:
    """Keep the one file that was sent; raise `Refused` for none, several, or one that cannot take the place."""
    if len(visit.incoming.files) != 1:
        raise Refused(say("choose the one file that takes the place of the old one"))
    (sent,) = visit.incoming.files
    newer = uploads.keep(visit.site.workshop, sent.name, sent.save)
    if newer.kind != plan.kind:
        uploads.forget(visit.site.workshop, newer.options)
        raise Refused(
            say("{name} is a file of another kind; add it as a source of its own instead", name=newer.name)
        )
    return newer


def retire(visit: Visit) -> Answer:
    """Take the source out of use; nothing that came from it changes."""
    source_id = _record(visit).id
    inventory.change(visit.tx, visit.actor, source_id, {"retired": True})
    return visit.go("/sources")


def revive(visit: Visit) -> Answer:
    """Take the source into use again."""
    source_id = _record(visit).id
    inventory.change(visit.tx, visit.actor, source_id, {"retired": False})
    return visit.go(f"/sources/{source_id}")


def _record(visit: Visit) -> Record:
    return inventory.load_source(visit.tx, visit.actor, visit.incoming.parameters["source_id"])


def _save(visit: Visit, record: Record) -> Answer | None:
    """Save what was typed; return the form with what is wrong, None when everything is saved."""
    options = inventory.source_plan(record).options
    chosen = chosen_reading(visit.incoming, options)
    typed = _typed(visit)
    try:
        # In a transaction of its own: the study, in another process, must find it saved.
        with visit.site.store.transaction("web") as tx:
            inventory.change(tx, visit.actor, record.id, {**typed, "options": chosen})
    except Invalid as invalid:
        problems = by_field(visit.reader, invalid)
        page = _page(visit, record, options=chosen, typed=typed, problems=problems)
        return visit.show("pages/source.html", page, status=422)
    return None


def _is_read_differently(visit: Visit, record: Record) -> bool:
    options = inventory.source_plan(record).options
    return chosen_reading(visit.incoming, options) != dict(options)


def _typed(visit: Visit) -> dict[str, str]:
    return {name: visit.incoming.typed(name).strip() for name in FACTS if name in visit.incoming.form}


def _page(
    visit: Visit,
    record: Record,
    *,
    options: Mapping[str, Any] | None = None,
    seen: FirstRows | None = None,
    typed: Mapping[str, str] | None = None,
    problems: Mapping[str, str] | None = None,
    look: bool = True,
) -> SourcePage:
    plan, values, reader = inventory.source_plan(record), record.values, visit.reader
    chosen = plan.options if options is None else options
    if seen is None and look:
        seen = _first_look(visit, plan, chosen)
    stored = {name: "" if values[name] is None else str(values[name]) for name in FACTS}
    health = health_of(record)
    is_file = uploads.is_upload(visit.site.workshop, plan.options)
    return SourcePage(
        id=record.id,
        address=f"/sources/{record.id}",
        title=str(values["title"]),
        kind=plan.kind,
        kind_label=choice_name(visit, "kind", plan.kind),
        icon=KIND_ICONS.get(plan.kind, "table"),
        health=choice_name(visit, "health", health) if health else reader.say(say("Not read yet")),
        colour=HEALTH_COLOURS.get(health, "secondary"),
        location=_location(visit, plan, is_upload=is_file),
        line=_line(visit, plan),
        reading=reading_form(reader, plan.kind, chosen),
        seen=seen,
        typed={**stored, **(typed or {})},
        people=tuple(users.colleagues(visit.tx)),
        problems=problems or {},
        may_change=may(visit.actor, visit.catalog, "integrate"),
        is_new=not values["studied_at"],
        is_file=is_file,
        is_retired=bool(values["retired"]),
        connection=f"/sources/{record.id}/{plan.kind}" if plan.kind in ("database", "rest", "folder") else "",
        limit_megabytes=visit.site.settings.upload_megabytes,
        facts=_facts(visit, record),
    )


def _facts(visit: Visit, record: Record) -> tuple[tuple[str, str], ...]:
    """Return name and value of what is known about the source, for people who may not change it."""
    object_type, reader = visit.catalog.object("source"), visit.reader
    told = {**record.values, "contact": record.titles.get("contact")}
    return tuple(
        (reader.label(object_type.field(name).label), str(told[name])) for name in FACTS if told[name]
    )


def _first_look(visit: Visit, plan: SourcePlan, options: Mapping[str, Any]) -> FirstRows | None:
    """Return the first rows where they cost little; None where the page asks for them once it is there."""
    if not sees_rows(visit.actor, visit.catalog):
        return FirstRows(problem=visit.say(UNSEEN))
    if plan.kind in FILES:
        path = Path(str(options.get("path", "")))
        is_large = path.is_file() and path.stat().st_size > LARGE_BYTES
        return None if is_large else look_at(visit.reader, plan.kind, options)
    shop = visit.site.workshop
    if study.has_files(shop, plan.name):
        return first_rows(visit.reader, beginning(study.folder(shop, plan.name), plan))
    return None


def _line(visit: Visit, plan: SourcePlan) -> StudyLine:
    """Return how far the study is."""
    found, reader = study.standing(visit.site.workshop, plan), visit.reader
    if found is None:
        return StudyLine(text=reader.say(say("Not read yet")), percent=0, is_going=False)
    if found.state == "broken":
        problem = reader.say(found.problem) if found.problem else ""
        text = reader.say(say("Could not be read {when}", when=reader.ago(found.when)))
        return StudyLine(text=text, percent=0, is_going=False, problem=problem)
    if found.state == "done":
        return StudyLine(text=reader.say(_told(found, reader)), percent=100, is_going=False)
    doing, percent = _GOING[found.state]
    return StudyLine(text=reader.say(doing), percent=percent, is_going=True)


def _told(found: study.Study, reader: Reader) -> Message:
    rows = by_number(found.rows, say("1 row"), say("{count} rows", count=Decimal(found.rows)))
    tables = by_number(found.tables, say("1 table"), say("{count} tables", count=Decimal(found.tables)))
    return say("Read {when}: {rows} in {tables}", when=reader.ago(found.when), rows=rows, tables=tables)


_GOING = {
    "waiting": (say("Waiting for its turn …"), 5),
    "reading": (say("Reading every row …"), 20),
    "profiling": (say("Looking at every column …"), 60),
    "mapping": (say("Finding the fields for the columns …"), 85),
}


def _location(visit: Visit, plan: SourcePlan, *, is_upload: bool) -> str:
    """Return where the source lies: of a file its name and its folder, of another system its address."""
    file, reader = uploads.file_of(plan.options), visit.reader
    if file is None:
        return inventory.location_of(plan.options)
    if is_upload:
        return _DIGEST.sub(r"…\1", file.name)
    if plan.kind == "folder":
        return reader.say(say("folder {name}", name=file.name))
    return reader.say(say("{name} in the folder {folder}", name=file.name, folder=file.parent.name or "/"))


PAGES = (
    Page(path="/sources/{source_id:int}", answer=show_source),
    Page(path="/sources/{source_id:int}", answer=save, method="POST"),
    Page(path="/sources/{source_id:int}/state", answer=show_state, is_unasked=True),
    Page(path="/sources/{source_id:int}/preview", answer=show_first_rows),
    Page(path="/sources/{source_id:int}/preview", answer=show_first_rows, method="POST"),
    Page(path="/sources/{source_id:int}/use", answer=use, method="POST"),
    Page(path="/sources/{source_id:int}/read", answer=read_again, method="POST"),
    Page(path="/sources/{source_id:int}/file", answer=replace_file, method="POST", takes_files="integrate"),
    Page(path="/sources/{source_id:int}/retire", answer=retire, method="POST"),
    Page(path="/sources/{source_id:int}/revive", answer=revive, method="POST"),
)
