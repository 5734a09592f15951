"""A link to one record of another object."""

from collections.abc import Iterable, Sequence
from typing import Any, ClassVar

from guanxi.kernel.errors import Problem
from guanxi.kernel.text import say
from guanxi.metadata.field_types.base import FieldType, Part, is_blank, unacceptable
from guanxi.metadata.labels import Label
from guanxi.metadata.objects import Field


class Lookup(FieldType):
    """Holds the number (id) of a record of the object that ``target`` names."""

    name = "lookup"
    label = Label(en="Link", zh="关联")
    parts = (Part("_id", "bigint", "link"),)
    options = frozenset({"target"})
    examples: ClassVar[Sequence[tuple[Any, Any]]] = ((12, 12), ("12", 12), ("", None))
    refused: ClassVar[Sequence[Any]] = ("twelve", -1, 1.5, True)
    example_options: ClassVar[dict[str, Any]] = {"target": "customer"}

    def parse(self, given: Any, field: Field) -> Any:
        """Return the record's number."""
        if is_blank(given):
            return None
        text = str(given).strip()
        if isinstance(given, bool) or not text.isascii() or not text.isdigit() or int(text) < 1:
            raise unacceptable(say("{given} is not the number of a record", given=repr(given)))
        return int(text)

    def check(self, field: Field) -> Iterable[Problem]:
        """A link needs an object to point to."""
        if not field.target:
            yield Problem(field.name, say("a link needs the name of the object it points to"))
