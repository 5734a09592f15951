"""Which changes of a field keep every stored value valid."""

from dataclasses import replace

from guanxi.metadata.objects import Choice, Field

_ONE_LINE = ("person_name", "mobile", "phone", "industry", "credit_code", "auto_number", "single_select")

WIDENINGS: dict[str, frozenset[str]] = {
    **{name: frozenset({"text", "long_text"}) for name in _ONE_LINE},
    "text": frozenset({"long_text"}),
    "company_name": frozenset({"text", "long_text"}),
    "email": frozenset({"text", "long_text"}),
    "url": frozenset({"long_text"}),
    "mobile": frozenset({"phone", "text", "long_text"}),
    "whole_number": frozenset({"decimal", "text", "long_text"}),
    "percent": frozenset({"decimal"}),
    "multi_select": frozenset({"tags"}),
}
"""From each type, the types whose values include all of its own and whose column is a plain cast away."""


def is_widening(before: Field, after: Field) -> bool:
    """Tell whether every stored value of *before* can be read as *after*.

    Options such as a smaller length may tighten: they judge what is written from now on.
    """
    if before.target != after.target and before.target:
        return False
    return before.type == after.type or after.type in WIDENINGS.get(before.type, ())


def kept_choices(before: Field, after: Field) -> tuple[Choice, ...]:
    """Return the choices of *after*, then those of *before* that stored values may have, retired."""
    if not after.choices:
        return ()
    named = {choice.value for choice in after.choices}
    left = (replace(choice, retired=True) for choice in before.choices if choice.value not in named)
    return (*after.choices, *left)
