"""Links to any number of records of another object."""

from collections.abc import Sequence
from typing import Any, ClassVar

from guanxi.metadata.field_types.base import Part, is_blank
from guanxi.metadata.field_types.lookup import Lookup, record_number
from guanxi.metadata.field_types.multi_select import joined, listed
from guanxi.metadata.labels import Label
from guanxi.metadata.objects import Field


class ManyToMany(Lookup):
    """A tuple of record numbers, ascending, each once; it lives in a link table instead of a column."""

    name = "many_to_many"
    label = Label(en="Links", zh="多对多关联")
    parts = (Part("", "bigint[]", "list"),)
    links_many = True
    examples: ClassVar[Sequence[tuple[Any, Any]]] = (
        ([3, "1", 3], (1, 3)),
        ("7, 5", (5, 7)),
        (4, (4,)),
        ("", None),
    )
    refused: ClassVar[Sequence[Any]] = ("one", [0], [1.5], True, [[1]])

    def parse(self, given: Any, field: Field) -> Any:
        """Return the records' numbers from a list, a separated text or a single number."""
        if is_blank(given):
            return None
        several = listed(given) if isinstance(given, str) else given
        each = several if isinstance(several, list | tuple | set | frozenset) else (several,)
        return tuple(sorted({record_number(number) for number in each if not is_blank(number)})) or None

    def to_columns(self, value: Any) -> tuple[Any, ...]:
        """Return the list of numbers."""
        return (None if value is None else list(value),)

    def from_columns(self, columns: Sequence[Any]) -> Any:
        """Return the numbers as a tuple; none at all is None."""
        return tuple(sorted(columns[0] or ())) or None

    def show(self, value: Any, field: Field, language: str = "en") -> str:
        """Return the numbers, joined as the reader's language joins."""
        return joined([str(number) for number in value or ()], language)
