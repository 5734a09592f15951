"""A new field for a column that none of ours fits: proposed from its profile, shown as steps, then made."""

import re
from dataclasses import dataclass, replace
from types import MappingProxyType

from guanxi.access.roles import require
from guanxi.customisation import structure
from guanxi.identity.actor import Actor
from guanxi.integration.mapping.headers import has_han, normal, romanised
from guanxi.integration.profiling import ColumnProfile
from guanxi.integration.standards import STANDARDS
from guanxi.kernel.errors import Invalid, Problem
from guanxi.kernel.text import say
from guanxi.metadata.catalog import Catalog
from guanxi.metadata.checking import RESERVED_FIELDS
from guanxi.metadata.labels import Label
from guanxi.metadata.objects import Choice, Field, ObjectType
from guanxi.metadata.planning import Step
from guanxi.store.transactions import Transaction

TYPES = (
    *("text", "long_text", "whole_number", "decimal", "money", "percent", "date", "date_time", "checkbox"),
    *("single_select", "mobile", "phone", "email", "url", "address", "company_name", "person_name"),
)
"""Types a column can become; links and the like are made in the settings."""

MOST_CHOICES = 40
_LONGEST_CHOICE, _LONGEST_TEXT = 60, 200
_FITTING = {
    "email": "email",
    "url": "url",
    "credit_code": "text",
    "mobile": "mobile",
    "phone": "phone",
    "date": "date",
    "money": "money",
    "whole_number": "whole_number",
    "decimal": "decimal",
    "address": "address",
    "company": "company_name",
    "person": "person_name",
    "yes_no": "checkbox",
    "category": "single_select",
}
_STANDARDS = {"checkbox": "yes_no", "long_text": "text"}
_DECIMALS = 4


@dataclass(frozen=True, kw_only=True)
class Proposal:
    """A field as it could be; the choices are the values of the column, one per value, for a select field."""

    object: str
    name: str
    type: str
    label: Label
    choices: tuple[str, ...]


def propose(column: ColumnProfile, object_name: str, catalog: Catalog) -> Proposal:
    """Return the field that *column* could become on an object, from its header and its profile."""
    type_ = _FITTING.get(column.kind, "text")
    if type_ == "text" and (column.longest or 0) > _LONGEST_TEXT:
        type_ = "long_text"
    choices = tuple(dict.fromkeys(each.value.strip() for each in column.top))
    return Proposal(
        object=object_name,
        name=free_name(column.name, catalog.object(object_name)),
        type=type_,
        label=_label(column.name),
        choices=tuple(each for each in choices if 0 < len(each) <= _LONGEST_CHOICE),
    )


def free_name(text: str, object_type: ObjectType) -> str:
    """Return a name for a field called *text*, made of small letters, that no field of the object has."""
    plain = romanised(text)[0] if has_han(text) else normal(text)
    word = re.sub(r"[^a-z0-9]+", "_", plain.lower()).strip("_")[:34]
    word = word if re.match(r"[a-z]", word) else f"field_{word}".rstrip("_")
    taken = {*object_type.fields, *RESERVED_FIELDS}
    names = (word, *(f"{word}_{number}" for number in range(2, len(taken) + 3)))
    return next(each for each in names if each not in taken)


def field_of(proposal: Proposal, catalog: Catalog) -> Field:
    """Return the field that *proposal* describes; raise `Invalid` with everything that is wrong."""
    problems = []
    if not (proposal.label.en or proposal.label.zh):
        problems.append(Problem("label", say("a field needs a name")))
    if proposal.type not in TYPES:
        problems.append(Problem("type", say("choose a type")))
    if proposal.name in catalog.object(proposal.object).fields:
        problems.append(Problem("name", say("there is a field of this name already")))
    if proposal.type == "single_select" and not proposal.choices:
        problems.append(Problem("choices", say("a selection needs choices; write one in each line")))
    if len(proposal.choices) > MOST_CHOICES:
        problems.append(Problem("choices", say("at most {most} choices", most=MOST_CHOICES)))
    if problems:
        raise Invalid(problems)
    select = proposal.type == "single_select"
    standard = _STANDARDS.get(proposal.type, proposal.type)
    return Field(
        name=proposal.name,
        type=proposal.type,
        label=proposal.label,
        standard=standard if standard in STANDARDS else "",
        choices=tuple(Choice(value=each, label=Label(en=each, zh=each)) for each in proposal.choices)
        if select
        else (),
        currency="CNY" if proposal.type == "money" else "",
        scale=_DECIMALS if proposal.type == "decimal" else None,
        searchable=proposal.type in ("text", "mobile", "phone", "email", "company_name", "person_name"),
    )


def preview(tx: Transaction, proposal: Proposal) -> tuple[Step, ...]:
    """Return the steps that making the field would take; raise `Invalid`."""
    return structure.preview(tx, [_with(tx.catalog, proposal)])


def make(tx: Transaction, actor: Actor, proposal: Proposal) -> Transaction:
    """Make the field; return the transaction with the new catalog. Raises `Invalid`, `NotAllowed`."""
    require(actor, tx.catalog, "customise")
    return structure.apply(tx, actor, [_with(tx.catalog, proposal)])


def _with(catalog: Catalog, proposal: Proposal) -> ObjectType:
    here = catalog.object(proposal.object)
    field = field_of(proposal, catalog)
    live = {each.name: each for each in here.live_fields}
    return replace(here, fields=MappingProxyType({**live, field.name: field}))


def _label(header: str) -> Label:
    text = header.strip().strip("*:：")[:60]
    return Label(zh=text) if has_han(text) else Label(en=text)
