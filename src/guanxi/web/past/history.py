"""The history of a record in a reader's words."""

from collections.abc import Mapping
from dataclasses import dataclass

from guanxi.access.roles import grant_of
from guanxi.kernel.text import Message, say
from guanxi.metadata.catalog import target_of
from guanxi.records import changes
from guanxi.records.changes import Event
from guanxi.web.values import written
from guanxi.web.visit import Visit

_ACTIONS: Mapping[str, Message] = {
    "create": say("created"),
    "update": say("changed"),
    "delete": say("put into the recycle bin"),
    "restore": say("restored"),
    "erase": say("taken out by a rollback"),
    "return": say("given back by a rollback"),
}
_DOORS: Mapping[str, Message] = {
    "web": say("by hand"),
    "api": say("through the interface"),
    "cli": say("from the command line"),
    "integration": say("by data integration"),
}
_LONGEST = 80
_CHANGES_VALUES = frozenset({"update", "return"})


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
    """Return the latest changes of a record, newest first. Raises `NotFound`.

    A change without a value the reader may see is left out: another source said the same, say.
    """
    may_write = grant_of(visit.actor, visit.catalog, object_name).write != "none" and not deleted
    events = changes.history(visit.tx, visit.actor, object_name, record_id, deleted=deleted)
    told = [each for each in events if each.changes or each.action not in _CHANGES_VALUES]
    return tuple(_line(visit, each, may_write=may_write) for each in told)


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
