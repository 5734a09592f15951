"""Sentences for people: an English template with values, translated where a person reads it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any


@dataclass(frozen=True)
class Message:
    """An English sentence with ``{named}`` places; the reader's language is chosen at the edge."""

    template: str
    values: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))

    def __str__(self) -> str:
        """Return the sentence in English."""
        return fill(self.template, self.values)


def say(template: str, /, **values: Any) -> Message:
    """Return the sentence *template* with its values; the translation tools collect each call's text."""
    return Message(template, MappingProxyType(values))


def by_number(count: int, one: Message, several: Message) -> Message:
    """Return *one* where *count* is 1, else *several*: English writes them differently."""
    return one if count == 1 else several


def shortened(text: str, most: int) -> str:
    """Return *text*, cut with an ellipsis where it is longer than *most* characters."""
    return text if len(text) <= most else text[: most - 1] + "…"


def fill(template: str, values: Mapping[str, Any]) -> str:
    """Put *values* into *template*; a list of names is joined by commas."""
    return template.format(**{name: _readable(value) for name, value in values.items()})


def _readable(value: Any) -> Any:
    if isinstance(value, list | tuple | set | frozenset):
        return ", ".join(str(part) for part in value)
    return value
