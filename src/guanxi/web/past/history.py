"""The history of a record in a reader's words."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from guanxi.access.roles import grant_by_hand
from guanxi.kernel.numbers import number_in
from guanxi.kernel.text import Message, say, shortened
from guanxi.metadata.catalog import target_of
from guanxi.metadata.objects import OWNER, ObjectType
from guanxi.records import changes
from guanxi.records.changes import Event
from guanxi.web.lists.picking import titles_of
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
_AT_ONCE = 50
Names = Mapping[str, Mapping[int, str]]
"""Object -> what its records are called, by number."""
_CHANGES_VALUES = frozenset({"update", "return"})


@dataclass(frozen=True, kw_only=True)
class HistoryLine:
    """One change: who, what, when, through which door; ``undo`` is its number when it can be taken back."""

    who: str
    action: str
    door: str
    when: str
    moment: str
    values: tuple[tuple[str, str, str, str], ...]
    """(name of the field, what it is called, before, after); empty values are ''."""
    undo: int | None


@dataclass(frozen=True, kw_only=True)
class History:
    """Changes of a record, newest first; of one field only when one is named; where earlier ones are."""

    lines: tuple[HistoryLine, ...]
    field: str
    field_label: str
    earlier_address: str


def history_of(visit: Visit, object_type: ObjectType, record_id: int, *, deleted: bool = False) -> History:
    """Return the changes of a record that the address asks for. Raises `NotFound`.

    A change without a value the reader may see is left out: another source said the same, say.
    """
    asked, before = visit.incoming.asked("field"), number_in(visit.incoming.asked("before"))
    field = {**object_type.fields, OWNER: object_type.field(OWNER)}.get(asked)
    name = field.name if field else None
    may_write = grant_by_hand(visit.actor, visit.catalog, object_type).write != "none" and not deleted
    events = changes.history(
        visit.tx,
        visit.actor,
        object_type.name,
        record_id,
        deleted=deleted,
        field=name,
        before=before,
        limit=_AT_ONCE,
    )
    told = [each for each in events if each.changes or (each.action not in _CHANGES_VALUES and not name)]
    names = _names(visit, told)
    further = (
        {"tab": "history", **({"field": name} if name else {}), "before": events[-1].id} if events else {}
    )
    return History(
        lines=tuple(_line(visit, each, names, may_write=may_write) for each in told),
        field=name or "",
        field_label=visit.reader.label(field.label) if field else "",
        earlier_address=f"?{urlencode(further)}" if len(events) == _AT_ONCE else "",
    )


def _names(visit: Visit, events: Iterable[Event]) -> Names:
    """Return what the records are called that the changed links led to, as far as the reader may see them."""
    wanted: dict[str, set[int]] = {}
    for each in (change for event in events for change in event.changes):
        if target_of(each.field):
            numbers = (*_numbers(each.before), *_numbers(each.after))
            wanted.setdefault(target_of(each.field), set()).update(numbers)
    return {
        target: titles_of(visit.tx, visit.actor, target, sorted(numbers))
        for target, numbers in wanted.items()
        if numbers
    }


def _numbers(value: object) -> tuple[int, ...]:
    if isinstance(value, tuple):
        return value
    return (value,) if isinstance(value, int) else ()


def _line(visit: Visit, event: Event, names: Names, *, may_write: bool) -> HistoryLine:
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
                each.field.name,
                reader.label(each.field.label),
                _short(visit, each, each.before, names),
                _short(visit, each, each.after, names),
            )
            for each in event.changes
            if each.before is not None or each.after is not None
        ),
        undo=event.id if event.undoable and may_write else None,
    )


def _short(visit: Visit, change: changes.FieldChange, value: object, names: Names) -> str:
    known = names.get(target_of(change.field), {})
    title = visit.reader.listing(known.get(each) or f"#{each}" for each in _numbers(value))
    text = written(value, change.field, visit.reader, title if target_of(change.field) else "")
    return shortened(text, _LONGEST)
