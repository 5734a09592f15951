"""Several values out of a list of choices."""

import re
from collections.abc import Iterable, Sequence
from typing import Any, ClassVar

from guanxi.kernel.errors import Problem
from guanxi.metadata.field_types.base import FieldType, Part, is_blank
from guanxi.metadata.field_types.reading import text_of
from guanxi.metadata.field_types.single_select import EXAMPLE_CHOICES, check_choices, choose, name_of
from guanxi.metadata.labels import Label
from guanxi.metadata.objects import Field

_SEPARATOR = re.compile(r"[,，、;；|\n\r\t]+")


class MultiSelect(FieldType):
    """A tuple of choice values, in the order of the choices, each once."""

    name = "multi_select"
    label = Label(en="Choices", zh="多选")
    parts = (Part("", "text[]", "list"),)
    options = frozenset({"choices"})
    example_options: ClassVar[dict[str, Any]] = {"choices": EXAMPLE_CHOICES}
    examples: ClassVar[Sequence[tuple[Any, Any]]] = (
        ("个人客户、company", ("company", "person")),
        (["person", "person"], ("person",)),
        ("", None),
        ([], None),
    )
    refused: ClassVar[Sequence[Any]] = ("company, government", ["x"], 3)

    def parse(self, given: Any, field: Field) -> Any:
        """Return the values of the choices that *given*, a list or a separated text, names."""
        chosen = {choose(each, field) for each in listed(given)}
        return tuple(choice.value for choice in field.choices if choice.value in chosen) or None

    def to_columns(self, value: Any) -> tuple[Any, ...]:
        """Return the list to store."""
        return (None if value is None else list(value),)

    def from_columns(self, columns: Sequence[Any]) -> Any:
        """Return the stored list as a tuple; an empty one is None."""
        return tuple(columns[0] or ()) or None

    def show(self, value: Any, field: Field, language: str = "en") -> str:
        """Return the names of the choices, joined as the reader's language joins."""
        return joined([name_of(each, field, language) for each in value or ()], language)

    def search_texts(self, value: Any) -> Iterable[str]:
        """Yield each value."""
        return value or ()

    def check(self, field: Field) -> Iterable[Problem]:
        """There must be choices, each of them once."""
        return check_choices(field)


def listed(given: Any) -> tuple[str, ...]:
    """Return the texts in *given*: a list of texts, or one text separated by comma, semicolon, 、 or bar."""
    if is_blank(given):
        return ()
    if isinstance(given, list | tuple | set | frozenset):
        return tuple(text for each in given if not is_blank(each) for text in [text_of(each)])
    return tuple(part.strip() for part in _SEPARATOR.split(text_of(given)) if part.strip())


def joined(texts: Sequence[str], language: str) -> str:
    """Return *texts* as one enumeration."""
    return ("、" if language.startswith("zh") else ", ").join(texts)
