"""Why a value was changed, doubted or refused: a stable code for each sentence."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import ClassVar, Protocol

from guanxi.kernel.text import Message, say

SHARED: Mapping[str, Message] = MappingProxyType(
    {
        "says_nothing": say("the cell holds a word for nothing, such as 无, - or N/A"),
        "not_understood": say("the text cannot be read as this kind of value"),
        "spelling": say(
            "spaces, dashes, letter case or full-width characters brought to the standard spelling"
        ),
        "text_around": say("the value was found inside other text; the rest is: {note}"),
    }
)


class Reasoned(Protocol):
    """Whoever declares sentences of its own."""

    name: ClassVar[str]
    reasons: ClassVar[Mapping[str, Message]]


def all_reasons(standards: Iterable[Reasoned]) -> Mapping[str, Message]:
    """Return every code with its sentence; raise TypeError when two standards give one code two meanings."""
    known = dict(SHARED)
    for standard in standards:
        for code, sentence in standard.reasons.items():
            if known.setdefault(code, sentence).template != sentence.template:
                raise TypeError(
                    f"the reason {code!r} of the standard {standard.name!r} has another meaning too"
                )
    return MappingProxyType(known)
