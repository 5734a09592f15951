"""A line of text."""

from collections.abc import Iterable, Sequence
from typing import Any, ClassVar

from guanxi.kernel.errors import Problem
from guanxi.kernel.text import say
from guanxi.metadata.field_types.auto_number import pattern_problems
from guanxi.metadata.field_types.base import FieldType, is_blank, unacceptable
from guanxi.metadata.field_types.reading import text_of
from guanxi.metadata.labels import Label
from guanxi.metadata.objects import Field


class Text(FieldType):
    """One line; white space at the ends is dropped, inside it is left alone.

    With a ``pattern`` it is a number that comes from elsewhere or, left empty in a new record, from the system.
    """

    name = "text"
    label = Label(en="Text", zh="文本")
    options = frozenset({"length", "pattern"})
    examples: ClassVar[Sequence[tuple[Any, Any]]] = (
        (" 客户 A ", "客户 A"),
        ("", None),
        (12, "12"),
        (12.0, "12"),
    )
    refused: ClassVar[Sequence[Any]] = ("a\x00b", "x" * 300, True, ["a"], "\ud800")
    default_length: ClassVar[int] = 255
    """Longest text in characters where the field does not say."""

    def parse(self, given: Any, field: Field) -> Any:
        """Return the text without white space at its ends."""
        if is_blank(given):
            return None
        text = self.tidy(text_of(given))
        longest = field.length or self.default_length
        if len(text) > longest:
            raise unacceptable(
                say(
                    "{count} characters are too many; at most {longest} fit", count=len(text), longest=longest
                )
            )
        return text

    def check(self, field: Field) -> Iterable[Problem]:
        """A pattern needs exactly one place for the sequence."""
        return pattern_problems(field) if field.pattern else ()

    def tidy(self, text: str) -> str:
        """Return *text* in the form this type keeps it; doing so twice changes nothing."""
        return text
