"""Who took part in what is noted about a record: the people that belong to it, and anybody found by typing."""

from dataclasses import dataclass, replace

from guanxi.access.fields import right_to
from guanxi.access.roles import grant_of
from guanxi.expressions.conditions import equals
from guanxi.kernel.numbers import number_in
from guanxi.metadata.field_types import type_of
from guanxi.metadata.objects import Field, ObjectType
from guanxi.records import reading
from guanxi.records.reading import Asked
from guanxi.web.linking import Form
from guanxi.web.lists.picking import titles_of
from guanxi.web.past.timeline import COMPOSED, has_composer
from guanxi.web.values import Linked, linked
from guanxi.web.visit import Visit

MOST_NEAR = 6


@dataclass(frozen=True, kw_only=True)
class Company:
    """The field that holds who took part, the people offered at once, and those chosen."""

    field: Field
    label: str
    near: tuple[Linked, ...]
    chosen: frozenset[int] = frozenset()
    typed: str = ""


def company(visit: Visit, object_type: ObjectType, record_id: int) -> Company | None:
    """Return who may have taken part in what is noted about the record; None where activities do not hold that."""
    field = company_field(visit, object_type)
    if field is None:
        return None
    people = visit.catalog.object(field.target)
    asked = Asked(
        object=people.name,
        fields=(people.title,),
        where=equals(people.parent, record_id),
        order=(("id", False),),
        limit=MOST_NEAR,
    )
    found = reading.find(visit.tx, visit.actor, asked).records
    # A name stands for one person here: nobody could tell two of a name apart, and all are found by typing.
    named: dict[str, int] = {}
    for each in found:
        named.setdefault(str(each.values.get(people.title) or f"#{each.id}"), each.id)
    titles = {number: name for name, number in named.items()}
    return Company(field=field, label=visit.reader.label(field.label), near=linked(people.name, titles))


def refilled(visit: Visit, offered: Company | None, form: Form) -> Company | None:
    """Return *offered* with what a form chose and typed, people from elsewhere included."""
    if offered is None:
        return None
    name = offered.field.name
    chosen = {number for each in form.get(name, ()) if (number := number_in(each)) is not None}
    others = sorted(chosen - {each.number for each in offered.near})
    titles = titles_of(visit.tx, visit.actor, offered.field.target, others) if others else {}
    near = (*offered.near, *linked(offered.field.target, titles))
    return replace(
        offered, near=near, chosen=frozenset(chosen), typed=next(iter(form.get(f"{name}.title", ())), "")
    )


def company_field(visit: Visit, object_type: ObjectType) -> Field | None:
    """Return the field of activities that holds who took part, when the actor may fill it for such a record."""
    if not has_composer(visit, object_type):
        return None
    activity = visit.catalog.object(COMPOSED)
    for field in activity.live_fields:
        if not type_of(field).links_many or field.target not in visit.catalog.objects:
            continue
        people = visit.catalog.object(field.target)
        belongs = bool(people.parent) and people.field(people.parent).target == object_type.name
        may_fill = right_to(visit.actor, visit.catalog, activity, field.name) == "write"
        if belongs and may_fill and grant_of(visit.actor, visit.catalog, people.name).read != "none":
            return field
    return None
