"""The history of a record in a reader's words."""

from dataclasses import dataclass

from guanxi.access.roles import grant_of
from guanxi.kernel.text import Message, say
from guanxi.metadata.catalog import target_of
from guanxi.records import changes
from guanxi.records.changes import Event
from guanxi.web.values import written
from guanxi.web.visit import Visit

_ACTIONS: dict[str, Message] = {
    "create": say("created"),
    "update": say("changed"),
    "delete": say("put into the recycle bin"),
    "restore": say("restored"),
    "erase": say("erased"),
}
_DOORS: dict[str, Message] = {
    "web": say("by hand"),
    "api": say("through the interface"),
    "cli": say("from the command line"),
    "integration": say("by data integration"),
}
_LONGEST = 80


@dataclass(frozen=True, kw_only=True)
class HistoryLine:
    """One change: who, what, when, through which door; ``undo`` is its number when it can be taken back."""

    who: str
    action: str
    door: str
    when: str
    moment: str
    values: tuple[tuple[str, str, str], ...]
    """(field, before, after); empty values are ''."""
    undo: int | None


def history_lines(
    visit: Visit, object_name: str, record_id: int, *, deleted: bool = False
) -> tuple[HistoryLine, ...]:
    """Return the latest changes of a record, newest first. Raises `NotFound`."""
    may_write = grant_of(visit.actor, visit.catalog, object_name).write != "none" and not deleted
    events = changes.history(visit.tx, visit.actor, object_name, record_id, deleted=deleted)
    return tuple(_line(visit, each, may_write=may_write) for each in events)


def _line(visit: Visit, event: Event, *, may_write: bool) -> HistoryLine:
    reader = visit.reader
    door = _DOORS.get(event.door)
    return HistoryLine(
        who=event.actor_name or reader.translate("Guanxi"),
        action=reader.say(_ACTIONS[event.action]),
        door=reader.say(door) if door else event.door,
        when=reader.ago(event.at),
        moment=reader.moment(event.at),
        values=tuple(
            (
                reader.label(each.field.label),
                _short(visit, each, each.before),
                _short(visit, each, each.after),
            )
            for each in event.changes
            if each.before is not None or each.after is not None
        ),
        undo=event.id if event.undoable and may_write else None,
    )


def _short(visit: Visit, change: changes.FieldChange, value: object) -> str:
    text = written(value, change.field, visit.reader)
    if target_of(change.field) == "user" and value is not None:
        text = f"#{value}"
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
