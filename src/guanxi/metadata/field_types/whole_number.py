"""A number without fraction."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any, ClassVar

from guanxi.kernel.text import say
from guanxi.metadata.field_types.base import Part, is_blank, unacceptable
from guanxi.metadata.field_types.decimal import DecimalNumber, within
from guanxi.metadata.field_types.reading import number_of, quoted
from guanxi.metadata.labels import Label
from guanxi.metadata.objects import Field

_LARGEST = 2**63 - 1


class WholeNumber(DecimalNumber):
    """Counts and years; a fraction of zero is dropped, any other is refused."""

    name = "whole_number"
    label = Label(en="Whole number", zh="整数")
    parts = (Part("", "bigint", "number"),)
    options = frozenset({"minimum", "maximum"})
    examples: ClassVar[Sequence[tuple[Any, Any]]] = (
        ("1,200", 1200),
        ("12.0", 12),
        (3.0, 3),
        ("-5", -5),
        ("", None),
    )
    refused: ClassVar[Sequence[Any]] = ("1.5", "many", True, 2**63, float("inf"))

    def parse(self, given: Any, field: Field) -> Any:
        """Return the number as `int`, within the 8 bytes a column has."""
        if is_blank(given):
            return None
        number = number_of(given)
        if number != number.to_integral_value():
            raise unacceptable(say("{given} has a fraction; a whole number is expected", given=quoted(given)))
        if abs(number) > _LARGEST:
            raise unacceptable(say("{given} is too large", given=quoted(given)))
        return int(within(number, field))

    def show(self, value: Any, field: Field, language: str = "en") -> str:
        """Return the number with thousands separators."""
        return "" if value is None else f"{Decimal(value):,f}"
