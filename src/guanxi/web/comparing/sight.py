"""What of a pair a reader sees: each copied value only where its field may be read, of all customers."""

from collections.abc import Mapping
from typing import Any

from guanxi.access.fields import reads_all, right_to
from guanxi.integration.loading import OURSELVES
from guanxi.integration.mentions import CUSTOMER
from guanxi.integration.stewardship.pairs import REVIEW, name_of
from guanxi.kernel.text import say
from guanxi.records.reading import Record
from guanxi.web.visit import Visit

_CALLED = ("name", "contact_name", "mobile")
"""What a row is called by, the first it says."""
_TOLD_BY: Mapping[str, tuple[str, ...]] = {
    "name": ("name", "also_called", "contact_name"),
    "mobile": ("mobile",),
    "phone": ("phone", "mobile"),
    "email": ("email",),
    "credit_code": ("credit_code",),
    "registration_number": ("registration_number",),
    "person": ("contact_name",),
    "address": ("address",),
    "place": ("address",),
}
"""The fields a comparison may quote."""


def clear_fields(visit: Visit) -> frozenset[str]:
    """Return the fields of customers whose copies the reader may see."""
    fields = visit.catalog.object(CUSTOMER).live_fields
    return frozenset(
        each.name for each in fields if reads_all(visit.actor, visit.catalog, (f"{CUSTOMER}.{each.name}",))
    )


def sees_evidence(visit: Visit, comparison: str) -> bool:
    """Tell whether the reader may see what a comparison found; one nobody knows may quote anything."""
    told = _TOLD_BY.get(comparison)
    names = tuple(f"{CUSTOMER}.{each}" for each in told) if told else (CUSTOMER,)
    return reads_all(visit.actor, visit.catalog, names)


def names_of(visit: Visit, review: Record) -> tuple[str, str]:
    """Return what the two rows of a review are called, in words the reader may see: at least their place."""
    if right_to(visit.actor, visit.catalog, visit.catalog.object(REVIEW), "title") != "hidden":
        left, _, right = str(review.values["title"]).partition(" ↔ ")
        return left, right
    return _name_of(visit, review, "left"), _name_of(visit, review, "right")


def _name_of(visit: Visit, review: Record, side: str) -> str:
    row: Mapping[str, Any] = review.values.get(side) or {}
    told = (
        str(row[each])
        for each in _CALLED
        if row.get(each) and reads_all(visit.actor, visit.catalog, (f"{CUSTOMER}.{each}",))
    )
    source = name_of(str(review.values[f"{side}_key"] or ""))[0]
    here = visit.say(say("already here")) if source == OURSELVES else source
    place = " · ".join([here, *(str(row[each]) for each in ("table", "row") if row.get(each))])
    return next(told, place)
