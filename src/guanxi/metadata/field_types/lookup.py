"""A link to one record of another object."""

import re
from collections.abc import Iterable, Sequence
from typing import Any, ClassVar

from guanxi.kernel.errors import Problem
from guanxi.kernel.text import say
from guanxi.metadata.field_types.base import FieldType, Part, is_blank, unacceptable
from guanxi.metadata.field_types.reading import quoted
from guanxi.metadata.labels import Label
from guanxi.metadata.objects import Field

_NUMBER = re.compile(r"0*[1-9]\d{0,18}", re.ASCII)
_LARGEST = 2**63 - 1


class Lookup(FieldType):
    """Holds the number (id) of a record of the object that ``target`` names."""

    name = "lookup"
    label = Label(en="Link", zh="关联")
    parts = (Part("_id", "bigint", "link"),)
    options = frozenset({"target"})
    examples: ClassVar[Sequence[tuple[Any, Any]]] = ((12, 12), ("12", 12), ("", None))
    refused: ClassVar[Sequence[Any]] = ("twelve", -1, 1.5, True, 2**63, "١٢")
    example_options: ClassVar[dict[str, Any]] = {"target": "customer"}

    def parse(self, given: Any, field: Field) -> Any:
        """Return the record's number."""
        return None if is_blank(given) else record_number(given)

    def search_texts(self, value: Any) -> Iterable[str]:
        """A record's number says nothing to a searcher."""
        return ()

    def check(self, field: Field) -> Iterable[Problem]:
        """A link needs an object to point to."""
        if not field.target:
            yield Problem(field.name, say("a link needs the name of the object it points to"))


def record_number(given: Any) -> int:
    """Return *given* as the number of a record; raise `Unacceptable`."""
    if isinstance(given, int) and not isinstance(given, bool):
        number = given
    else:
        number = (
            int(given.strip().lstrip("0"))
            if isinstance(given, str) and _NUMBER.fullmatch(given.strip())
            else 0
        )
    if not 1 <= number <= _LARGEST:
        raise unacceptable(say("{given} is not the number of a record", given=quoted(given)))
    return number
