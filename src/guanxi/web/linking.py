"""Links in forms: what was typed into their boxes becomes records, and records get their names back."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from guanxi.identity import users
from guanxi.kernel.text import Message, say
from guanxi.metadata.field_types import type_of
from guanxi.metadata.field_types.multi_select import listed
from guanxi.metadata.objects import USER, Field, ObjectType
from guanxi.records import reading
from guanxi.records.reading import Asked
from guanxi.records.search import fold
from guanxi.web.lists.picking import titles_of
from guanxi.web.values import Cell, linked
from guanxi.web.visit import Visit

MOST_OFFERED = 8
Form = Mapping[str, Sequence[str]]


@dataclass(frozen=True, kw_only=True)
class Settled:
    """A form whose typed names have become numbers of records; by field, what is wrong with those that did not."""

    form: Form
    problems: Mapping[str, Message]


@dataclass(frozen=True, kw_only=True)
class Offer:
    """A record that a link may lead to."""

    id: int
    title: str
    number: str


def offers(
    visit: Visit, object_type: ObjectType, words: str, *, limit: int = MOST_OFFERED
) -> tuple[Offer, ...]:
    """Return the records of one object that the words find; of people those whose name holds the words."""
    if object_type.name == USER.name:
        names = [each for each in users.colleagues(visit.tx) if fold(words) in fold(each[1])]
        return tuple(Offer(id=number, title=name, number="") for number, name in names[:limit])
    names_of = tuple(dict.fromkeys(each for each in (object_type.title, object_type.number) if each))
    asked = Asked(object=object_type.name, fields=names_of, words=words, limit=limit)
    return tuple(
        Offer(
            id=each.id,
            title=str(each.values.get(object_type.title) or f"#{each.id}"),
            number=str(each.values.get(object_type.number) or ""),
        )
        for each in reading.find(visit.tx, visit.actor, asked).records
    )


def settle(visit: Visit, fields: Iterable[Field], form: Form) -> Settled:
    """Return *form* with a number for every name that was typed and not chosen, where it can mean one record only."""
    settled: dict[str, Sequence[str]] = dict(form)
    problems: dict[str, Message] = {}
    for field in fields:
        typed = next(iter(form.get(f"{field.name}.title", ())), "").strip()
        many = type_of(field).links_many
        chosen = [each for each in form.get(field.name, ()) if each]
        if not typed or not (many or (field.type == "lookup" and not chosen)):
            continue
        left = []
        for name in listed(typed) if many else [typed]:
            found = _meant(visit, field, name)
            if isinstance(found, Message):
                problems.setdefault(field.name, found)
                left.append(name)
            else:
                chosen.append(str(found.id))
        # What names no record stays as a value too, so that the field is judged and not taken for empty.
        settled[field.name] = ["", *dict.fromkeys(chosen), *left]
        settled[f"{field.name}.title"] = [", ".join(left)] if many or left else [typed]
        if not many:
            settled[field.name] = [*chosen, *left]
    return Settled(form=settled, problems=problems)


def named(visit: Visit, cell: Cell) -> Cell:
    """Return a form field of several links with the names of the records its value holds."""
    if not type_of(cell.field).links_many or not cell.value:
        return cell
    titles = titles_of(visit.tx, visit.actor, cell.field.target, cell.value)
    ordered = {number: titles[number] for number in cell.value if number in titles}
    return replace(cell, links=linked(cell.field.target, ordered))


def _meant(visit: Visit, field: Field, name: str) -> Offer | Message:
    """Return the record a typed name means, or what to do when that is not clear."""
    target = visit.catalog.object(field.target)
    found = offers(visit, target, name)
    same = [each for each in found if fold(name) in (fold(each.title), fold(each.number))]
    if len(same or found) == 1:
        return (same or found)[0]
    if not found:
        return say("there is no {label} called “{name}”", label=target.label, name=name)
    return say("several are called “{name}”; type on and choose one from the list", name=name)
