"""Everything that can go wrong, as one tree.

::

    GuanxiError
    ├── Refused            a person can act: shown as it is, with what would be right
    │   ├── Invalid        input with problems, all of them at once
    │   ├── UnknownName    a name that is not in a list of known names
    │   ├── NotFound       a record or a page that is not there (or may not be seen)
    │   ├── NotAllowed     the actor lacks a permission
    │   └── Conflict       somebody was quicker; both values are attached
    └── Failed             ours or the machine's
        ├── Transient      may work when tried again
        └── Terminal       will not; somebody must be told
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from guanxi.kernel.text import Message, say


class GuanxiError(Exception):
    """The root of the tree; carries one message for people."""

    def __init__(self, message: Message) -> None:
        super().__init__(str(message))
        self.message = message


class Refused(GuanxiError):
    """The person can act: the message says what was wrong and what would be right."""


@dataclass(frozen=True)
class Problem:
    """One thing wrong with one field (or with the whole record, when *field* is None)."""

    field: str | None
    message: Message

    def __str__(self) -> str:
        """Return the problem in English, after the name of its field."""
        return f"{self.field}: {self.message}" if self.field else str(self.message)


class Invalid(Refused):
    """Input was judged completely; every problem is listed."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__(say("{problems}", problems="; ".join(map(str, self.problems))))


class UnknownName(Refused):
    """A name is not known; the known ones are listed."""

    def __init__(self, kind: str, name: object, known: Iterable[str]) -> None:
        self.kind, self.name, self.known = kind, name, tuple(sorted(known))
        super().__init__(
            say("unknown {kind} {name}; known: {known}", kind=kind, name=repr(name), known=self.known)
        )


class NotFound(Refused):
    """A record or page is not there, or may not be seen by this person: the two look alike on purpose."""


class NotAllowed(Refused):
    """The actor lacks a permission; the message names it."""


class Conflict(Refused):
    """Somebody else changed the same thing first.

    ``differences`` maps each field to ``(theirs, yours)``.
    """

    def __init__(self, message: Message, differences: Mapping[str, tuple[Any, Any]] | None = None) -> None:
        super().__init__(message)
        self.differences = MappingProxyType(dict(differences or {}))


class Failed(GuanxiError):
    """Not the person's doing."""


class Transient(Failed):
    """May work when tried again: a network that hiccups, a server that is restarting."""


class Terminal(Failed):
    """Will not work however often it is tried; the work is parked and somebody is told."""
