"""What a person types for a field, judged by the field's standard: the text to keep, or what is wrong with it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from guanxi.integration.standardise import standard_of, standard_values
from guanxi.kernel.errors import Invalid, Problem, Refused
from guanxi.kernel.text import Message
from guanxi.metadata.field_types import type_of
from guanxi.metadata.objects import Field
from guanxi.records.validation import NEEDED, accept

_CHOSEN = ("single_select", "user", "checkbox")


@dataclass(frozen=True, kw_only=True)
class Settled:
    """A value as the standard writes it (``text``), as the field holds it, and a doubt a person should know of."""

    text: str
    value: Any
    doubt: Message | None = None


def settle(field: Field, given: Any, standard: str = "") -> Settled:
    """Return what *given* (as a form gives it) becomes; raise `Invalid` with what would be right."""
    try:
        value = accept(field, given)
    except Refused as refused:
        value, problem = None, refused.message
    else:
        problem = NEEDED
        if value is not None and field.type in _CHOSEN:
            return Settled(
                text=type_of(field).show(value, field) if field.type == "checkbox" else str(value),
                value=value,
            )
    rule = standard_of(field, standard)
    judged = rule.one(_as_text(given))
    if judged.value is None:
        raise Invalid([Problem(field.name, rule.explain(judged) or problem)])
    text = str(rule.written(pl.Series([judged.value], dtype=rule.value_type))[0])
    doubt = rule.explain(judged) if judged.verdict == "suspect" else None
    return Settled(text=text, value=value_of(field, text, standard), doubt=doubt)


def value_of(field: Field, text: str, standard: str = "") -> Any:
    """Return the value of *text* (in the standard of *field*) as the field holds it; raise `Invalid`."""
    raw = standard_values(pl.Series([text], dtype=pl.String), field, standard)[0]
    try:
        return accept(field, raw)
    except Refused as refused:
        raise Invalid([Problem(field.name, refused.message)]) from refused


def _as_text(given: Any) -> str:
    if isinstance(given, Mapping):
        return "".join(str(part) for part in given.values() if part)
    if isinstance(given, list | tuple):
        return "、".join(str(part) for part in given)
    return "" if given is None else str(given)
