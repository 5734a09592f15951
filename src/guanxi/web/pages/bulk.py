"""What is done to several picked records at once: asked first, then done, and told what was refused and why."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from guanxi.access.roles import grant_by_hand
from guanxi.identity import notices
from guanxi.kernel.errors import Invalid, NotAllowed, Problem, Refused
from guanxi.kernel.numbers import number_in
from guanxi.kernel.text import by_number, say
from guanxi.metadata.field_types import type_of
from guanxi.metadata.objects import Field
from guanxi.records.validation import accept
from guanxi.web.filling import refill
from guanxi.web.linking import named, settle
from guanxi.web.lists import picking
from guanxi.web.lists.desk import Desk, desk_of
from guanxi.web.lists.lines import changeable_fields
from guanxi.web.lists.picking import MOST_CHANGED, MOST_MOVED, Outcome
from guanxi.web.lists.state import Looking
from guanxi.web.values import Cell, blank
from guanxi.web.visit import Answer, Page, Visit
from guanxi.web.widgets import given


@dataclass(frozen=True, kw_only=True)
class Stopped:
    """One reason, how many records it stopped, and some of them by (address, title)."""

    reason: str
    count: str
    records: tuple[tuple[str, str], ...]


@dataclass(frozen=True, kw_only=True)
class BulkPage:
    """The question, or what became of it."""

    state: str
    """``ask`` or ``told``."""
    act: str
    title: str
    looking: Looking
    ids: tuple[int, ...]
    everything: bool
    count: int
    fields: tuple[tuple[str, str], ...] = ()
    cell: Cell | None = None
    lines: tuple[str, ...] = ()
    stopped: tuple[Stopped, ...] = ()


def act_on_picked(visit: Visit) -> Answer:
    """Ask what exactly is to be done with the picked records, or do it."""
    desk = desk_of(visit)
    act = visit.incoming.typed("act")
    if act not in ("change", "owner", "delete", "restore"):
        raise Refused(say("this cannot be done with several records"))
    _require(desk, act)
    ids = picked(desk, most=_most(desk, act))
    if not ids:
        raise Refused(say("select at least one record"))
    if not visit.incoming.typed("sure"):
        return _ask(desk, act, ids)
    if act in ("delete", "restore"):
        move = picking.delete if act == "delete" else picking.restore
        return _tell(desk, act, ids, move(visit.tx, visit.actor, desk.object_type.name, ids))
    return _change(desk, act, ids)


def picked(desk: Desk, *, most: int) -> tuple[int, ...]:
    """Return the numbers of the picked records: those ticked, or everything that fits. Raises `Refused`."""
    visit = desk.visit
    if visit.incoming.typed("all"):
        return picking.all_that_fit(visit.tx, visit.actor, desk.asked(), most=most)
    typed = (number_in(each) for each in visit.incoming.form.get("id", ()))
    return tuple(dict.fromkeys(each for each in typed if each is not None))[:most]


def _most(desk: Desk, act: str) -> int:
    """Return how many records may be acted on at once: several links of a record are changed one by one."""
    field = _field(desk, act) if act in ("change", "owner") else None
    one_by_one = act in ("delete", "restore") or (field is not None and type_of(field).links_many)
    return MOST_MOVED if one_by_one else MOST_CHANGED


def _require(desk: Desk, act: str) -> None:
    grant = grant_by_hand(desk.visit.actor, desk.visit.catalog, desk.object_type)
    allowed = grant.write if act in ("change", "owner") else grant.delete
    if allowed == "none":
        plural = desk.object_type.plural
        raise NotAllowed(say("your roles do not let you change {plural}", plural=plural))


def _change(desk: Desk, act: str, ids: tuple[int, ...]) -> Answer:
    visit, field = desk.visit, _field(desk, act)
    if field is None:
        return _ask(desk, act, ids)
    settled = settle(visit, [field], visit.incoming.form)
    visit = replace(visit, incoming=replace(visit.incoming, form=settled.form))
    desk = replace(desk, visit=visit)
    if settled.problems:
        return _ask(desk, act, ids, problem=visit.say(settled.problems[field.name]))
    value = given(field, visit.incoming.form, visit.reader)
    try:
        if accept(field, value) is None and field.required:
            raise Invalid([Problem(field.name, say("a value is needed here"))])
    except Refused as refused:
        problem = (
            visit.reader.problems(refused) if isinstance(refused, Invalid) else visit.say(refused.message)
        )
        return _ask(desk, act, ids, problem=problem)
    name = desk.object_type.name
    outcome = picking.change(visit.tx, visit.actor, name, ids, field.name, value)
    if field.name == "owner":
        _tell_owner(visit, name, accept(field, value), outcome.done)
    return _tell(desk, act, ids, outcome)


def _tell_owner(visit: Visit, object_name: str, owner: object, number: int) -> None:
    """Tell somebody who is now responsible for records; who took them over themselves knows."""
    if not isinstance(owner, int) or owner == visit.actor.id or not number:
        return
    person = visit.actor.name
    message = by_number(
        number,
        say("{person} has handed 1 record over to you", person=person),
        say("{person} has handed {number} records over to you", person=person, number=number),
    )
    notices.notify(visit.tx, [owner], message, f"/o/{object_name}?mine=1", kind="bulk")


def _field(desk: Desk, act: str) -> Field | None:
    """Return the field to change, when one that may be changed is named."""
    wanted = "owner" if act == "owner" else desk.visit.incoming.typed("field")
    return desk.object_type.field(wanted) if wanted in _changeable(desk) else None


def _changeable(desk: Desk) -> dict[str, str]:
    """Return the fields that may be changed at once, with their names; unique ones are not for several records."""
    found = changeable_fields(desk.visit, desk.object_type, desk.fields.values())
    return {
        path: desk.fields[path].name(desk.visit.reader)
        for path in desk.fields
        if path in found
        and not desk.fields[path].field.unique
        and desk.fields[path].field.type != "auto_number"
    }


def _ask(desk: Desk, act: str, ids: tuple[int, ...], *, problem: str = "") -> Answer:
    visit, field = desk.visit, _field(desk, act)
    cell = None
    if field is not None:
        cell = replace(blank(field, visit.reader), prefix="bulk-", problem=problem)
        cell = named(visit, refill(cell, visit.incoming.form)) if problem else cell
        cell = replace(cell, people=tuple(desk.people.items())) if field.type == "user" else cell
    page = BulkPage(
        state="ask",
        act=act,
        title=visit.reader.label(desk.object_type.plural),
        looking=desk.looking,
        ids=() if visit.incoming.typed("all") else ids,
        everything=bool(visit.incoming.typed("all")),
        count=len(ids),
        fields=tuple(_changeable(desk).items()) if act == "change" else (),
        cell=cell,
    )
    return _show(visit, page, status=422 if problem else 200)


def _tell(desk: Desk, act: str, ids: tuple[int, ...], outcome: Outcome) -> Answer:
    visit = desk.visit
    told = {
        "delete": say("{count} went into the recycle bin.", count=visit.reader.number(outcome.done)),
        "restore": say("{count} came back.", count=visit.reader.number(outcome.done)),
    }
    changed = say("{count} changed.", count=visit.reader.number(outcome.done))
    lines = [visit.say(told.get(act, changed))]
    if outcome.unchanged:
        unchanged = visit.reader.number(outcome.unchanged)
        lines.append(visit.say(say("{count} had this value already.", count=unchanged)))
    if outcome.refused:
        refused = visit.reader.number(outcome.refused)
        lines.append(visit.say(say("{count} refused:", count=refused)))
    page = BulkPage(
        state="told",
        act=act,
        title=visit.reader.label(desk.object_type.plural),
        looking=desk.looking,
        ids=(),
        everything=False,
        count=len(ids),
        lines=tuple(lines),
        stopped=tuple(_stopped(desk, outcome)),
    )
    return _show(visit, page)


def _stopped(desk: Desk, outcome: Outcome) -> Sequence[Stopped]:
    visit, name = desk.visit, desk.object_type.name
    ids = [number for each in outcome.refusals for number in each.ids]
    titles: Mapping[int, str] = picking.titles_of(visit.tx, visit.actor, name, ids) if ids else {}
    return [
        Stopped(
            reason=visit.say(each.reason),
            count=visit.reader.number(each.count),
            records=tuple((f"/o/{name}/{number}", titles.get(number, f"#{number}")) for number in each.ids),
        )
        for each in outcome.refusals
    ]


def _show(visit: Visit, page: BulkPage, *, status: int = 200) -> Answer:
    return visit.show(
        "pages/bulk.html", page, block="part" if visit.incoming.wants_part else None, status=status
    )


PAGES = (Page(path="/o/{object_name:str}/bulk", answer=act_on_picked, method="POST"),)
