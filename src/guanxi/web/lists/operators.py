"""What can be asked of each kind of field, in words, and what each question needs to know."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from guanxi.kernel.text import Message, say
from guanxi.web.lists.reach import Reached

Asks = Literal[
    "nothing",
    "text",
    "words",
    "number",
    "two numbers",
    "day",
    "two days",
    "period",
    "days",
    "choices",
    "people",
    "record",
    "records",
    "industry",
]
"""What stands in the value of a rule: nothing, a text, several words, a number, a day, a named period …"""

Family = Literal[
    "text", "industry", "choice", "choices", "words", "number", "days", "flag", "person", "link", "links"
]


@dataclass(frozen=True, kw_only=True)
class Operator:
    """One question: its name in an address, its words between field and value, what it asks for."""

    name: str
    words: Message
    asks: Asks = "nothing"


def _named(*operators: Operator) -> Mapping[str, Operator]:
    return {each.name: each for each in operators}


_BLANKS = (
    Operator(name="empty", words=say("is empty")),
    Operator(name="filled", words=say("is filled")),
)

OPERATORS: Mapping[Family, Mapping[str, Operator]] = {
    "text": _named(
        Operator(name="contains", words=say("contains"), asks="text"),
        Operator(name="lacks", words=say("does not contain"), asks="text"),
        Operator(name="is", words=say("is"), asks="text"),
        Operator(name="is_not", words=say("is not"), asks="text"),
        Operator(name="starts", words=say("begins with"), asks="text"),
        Operator(name="ends", words=say("ends with"), asks="text"),
        *_BLANKS,
    ),
    "industry": _named(
        Operator(name="within", words=say("belongs to"), asks="industry"),
        Operator(name="contains", words=say("contains"), asks="text"),
        *_BLANKS,
    ),
    "choice": _named(
        Operator(name="any_of", words=say("is"), asks="choices"),
        Operator(name="none_of", words=say("is not"), asks="choices"),
        *_BLANKS,
    ),
    "choices": _named(
        Operator(name="has_any", words=say("has one of"), asks="choices"),
        Operator(name="has_all", words=say("has all of"), asks="choices"),
        Operator(name="has_none", words=say("has none of"), asks="choices"),
        *_BLANKS,
    ),
    "words": _named(
        Operator(name="has_any", words=say("has one of"), asks="words"),
        Operator(name="has_all", words=say("has all of"), asks="words"),
        Operator(name="has_none", words=say("has none of"), asks="words"),
        *_BLANKS,
    ),
    "number": _named(
        Operator(name="equals", words=say("="), asks="number"),
        Operator(name="differs", words=say("≠"), asks="number"),
        Operator(name="above", words=say(">"), asks="number"),
        Operator(name="at_least", words=say("≥"), asks="number"),
        Operator(name="below", words=say("<"), asks="number"),
        Operator(name="at_most", words=say("≤"), asks="number"),
        Operator(name="between", words=say("is between"), asks="two numbers"),
        *_BLANKS,
    ),
    "days": _named(
        Operator(name="in", words=say("is in"), asks="period"),
        Operator(name="last", words=say("is in the last days"), asks="days"),
        Operator(name="next", words=say("is in the next days"), asks="days"),
        Operator(name="older", words=say("is longer ago than days"), asks="days"),
        Operator(name="on", words=say("is on"), asks="day"),
        Operator(name="before", words=say("is before"), asks="day"),
        Operator(name="after", words=say("is after"), asks="day"),
        Operator(name="between", words=say("is between"), asks="two days"),
        *_BLANKS,
    ),
    "flag": _named(
        Operator(name="yes", words=say("is yes")),
        Operator(name="no", words=say("is no")),
        Operator(name="empty", words=say("is empty")),
    ),
    "person": _named(
        Operator(name="any_of", words=say("is"), asks="people"),
        Operator(name="none_of", words=say("is not"), asks="people"),
        *_BLANKS,
    ),
    "link": _named(
        Operator(name="is", words=say("is"), asks="record"),
        Operator(name="is_not", words=say("is not"), asks="record"),
        *_BLANKS,
    ),
    "links": _named(
        Operator(name="has_any", words=say("has one of"), asks="records"),
        Operator(name="has_all", words=say("has all of"), asks="records"),
        Operator(name="has_none", words=say("has none of"), asks="records"),
        *_BLANKS,
    ),
}
"""Operators by family of fields and name; the first one is offered first."""

_FAMILIES: Mapping[str, Family] = {
    "industry": "industry",
    "single_select": "choice",
    "multi_select": "choices",
    "tags": "words",
    "whole_number": "number",
    "decimal": "number",
    "percent": "number",
    "money": "number",
    "date": "days",
    "date_time": "days",
    "checkbox": "flag",
    "user": "person",
    "lookup": "link",
    "many_to_many": "links",
}


def family_of(reached: Reached) -> Family:
    """Return the family of a field: which questions it can be asked."""
    return "text" if reached.part else _FAMILIES.get(reached.field.type, "text")


def operators_of(reached: Reached) -> Mapping[str, Operator]:
    """Return the operators of a field, by name."""
    return OPERATORS[family_of(reached)]


def can_be_filtered(reached: Reached) -> bool:
    """Tell whether a filter may ask this field; an address is asked part by part."""
    return reached.is_clear and (reached.field.type != "address" or bool(reached.part))
