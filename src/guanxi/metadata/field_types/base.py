"""What a field type declares: its columns, how a value is read, shown and found again."""

from abc import ABC
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Literal

from guanxi.kernel.errors import Problem, Refused
from guanxi.kernel.text import Message
from guanxi.metadata.labels import Label
from guanxi.metadata.objects import Field

ColumnType = Literal[
    "text", "bigint", "numeric", "boolean", "date", "timestamptz", "text[]", "bigint[]", "jsonb"
]
Kind = Literal["text", "number", "boolean", "date", "datetime", "list", "link", "other"]


@dataclass(frozen=True)
class Part:
    """One real column of a field; its name is the field's name with *suffix* behind it.

    ``kind`` is the kind of value that expressions see.
    """

    suffix: str
    column: ColumnType
    kind: Kind


class Unacceptable(Refused):
    """A given value cannot be this field's value; the message says what would be right."""


class FieldType(ABC):
    """One kind of value. A member lives in a file of its own and knows neither SQL nor HTML.

    A value travels in three shapes: *given* (what a person typed, or a source held), *value* (what
    `parse` returns; None when empty) and *columns* (one plain value per part, as stored).
    """

    name: ClassVar[str]
    label: ClassVar[Label]
    parts: ClassVar[tuple[Part, ...]] = (Part("", "text", "text"),)
    options: ClassVar[frozenset[str]] = frozenset()
    """Names of the `Field` options this type reads, besides those every type has."""
    links_many: ClassVar[bool] = False
    """True for a many-to-many field: its values live in a link table, it has no column."""
    examples: ClassVar[Sequence[tuple[Any, Any]]] = ()
    """Pairs of (given, value) the conformance suite tries."""
    refused: ClassVar[Sequence[Any]] = ()
    """Given values that must be refused."""
    example_options: ClassVar[dict[str, Any]] = {}
    """Options of the field the examples are tried on."""

    def parse(self, given: Any, field: Field) -> Any:
        """Return the value of *given*, None when it is empty; raise `Unacceptable`.

        Reading a value that `parse` returned gives the same value.
        """
        raise NotImplementedError

    def to_columns(self, value: Any) -> tuple[Any, ...]:
        """Return one stored value per part; all None for None."""
        return (value,)

    def from_columns(self, columns: Sequence[Any]) -> Any:
        """Return the value that `to_columns` made *columns* of."""
        return columns[0]

    def show(self, value: Any, field: Field, language: str = "en") -> str:
        """Return *value* as plain text for exports, search results and messages ('' for None)."""
        return "" if value is None else str(value)

    def search_texts(self, value: Any) -> Iterable[str]:
        """Return the texts by which a record with this value is found."""
        return (value,) if isinstance(value, str) else ()

    def check(self, field: Field) -> Iterable[Problem]:
        """Yield what is wrong with the options of *field*."""
        return ()


def unacceptable(message: Message) -> Unacceptable:
    """Return the error to raise for a value that is refused with *message*."""
    return Unacceptable(message)


def is_blank(given: Any) -> bool:
    """Tell whether *given* counts as empty: None, a text of white space, an empty list."""
    if isinstance(given, str):
        return not given or given.isspace()
    return given is None or given in ([], (), {})
