"""The name of a person."""

import re
from collections.abc import Sequence
from typing import Any, ClassVar

from guanxi.kernel.text import say
from guanxi.metadata.field_types.base import unacceptable
from guanxi.metadata.field_types.text import Text
from guanxi.metadata.labels import Label

_BETWEEN_HAN = re.compile(r"(?<=[\u3400-\u9fff])\s+(?=[\u3400-\u9fff])")


class PersonName(Text):
    """A name in its usual order; spaces inside a Chinese name are dropped, in others one is kept."""

    name = "person_name"
    options = frozenset({"length"})
    label = Label(en="Name of a person", zh="人名")
    examples: ClassVar[Sequence[tuple[Any, Any]]] = (
        ("张　伟", "张伟"),
        ("  Mary  Ann Lee ", "Mary Ann Lee"),
        ("", None),
    )
    refused: ClassVar[Sequence[Any]] = ("12345", "——", "x" * 101, True)
    default_length = 100

    def tidy(self, text: str) -> str:
        """Return the name with its spaces put right."""
        if not any(sign.isalpha() for sign in text):
            raise unacceptable(say("a name holds at least one letter"))
        return " ".join(_BETWEEN_HAN.sub("", text).split())
