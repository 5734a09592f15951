"""Free words a record is marked with."""

from collections.abc import Iterable, Sequence
from typing import Any, ClassVar

from guanxi.kernel.text import say
from guanxi.metadata.field_types.base import FieldType, Part, unacceptable
from guanxi.metadata.field_types.multi_select import joined, listed
from guanxi.metadata.labels import Label
from guanxi.metadata.objects import Field

_LONGEST = 60
_MOST = 200


class Tags(FieldType):
    """A tuple of words in the order they were given; a word that differs only in case is the same word."""

    name = "tags"
    label = Label(en="Tags", zh="标签")
    parts = (Part("", "text[]", "list"),)
    examples: ClassVar[Sequence[tuple[Any, Any]]] = (
        ("重点, VIP，vip", ("重点", "VIP")),
        (["a", " b "], ("a", "b")),
        ("", None),
    )
    refused: ClassVar[Sequence[Any]] = ("x" * 61, [True], [["a"]])

    def parse(self, given: Any, field: Field) -> Any:
        """Return the words of *given*: a list, or a text separated by comma, semicolon, 、 or bar."""
        words: dict[str, str] = {}
        for word in (part for each in listed(given) for part in listed(each)):
            words.setdefault(word.casefold(), word)
        if any(len(word) > _LONGEST for word in words.values()) or len(words) > _MOST:
            raise unacceptable(
                say("at most {most} tags of at most {longest} characters fit", most=_MOST, longest=_LONGEST)
            )
        return tuple(words.values()) or None

    def to_columns(self, value: Any) -> tuple[Any, ...]:
        """Return the list to store."""
        return (None if value is None else list(value),)

    def from_columns(self, columns: Sequence[Any]) -> Any:
        """Return the stored list as a tuple; an empty one is None."""
        return tuple(columns[0] or ()) or None

    def show(self, value: Any, field: Field, language: str = "en") -> str:
        """Return the words, joined as the reader's language joins."""
        return joined(value or (), language)

    def search_texts(self, value: Any) -> Iterable[str]:
        """Yield each word."""
        return value or ()
