"""A share of a hundred."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any, ClassVar

from guanxi.metadata.field_types.base import is_blank
from guanxi.metadata.field_types.decimal import DecimalNumber
from guanxi.metadata.field_types.reading import narrow
from guanxi.metadata.labels import Label
from guanxi.metadata.objects import Field


class Percent(DecimalNumber):
    """Kept in percent: 15 % is the number 15, whether ``15`` or ``15%`` was given."""

    name = "percent"
    label = Label(en="Percent", zh="百分比")
    examples: ClassVar[Sequence[tuple[Any, Any]]] = (
        ("15%", Decimal(15)),
        ("12.5 ％", Decimal("12.5")),
        (15, Decimal(15)),
        ("", None),
    )
    refused: ClassVar[Sequence[Any]] = ("%", "half", "15%%", True)

    def parse(self, given: Any, field: Field) -> Any:
        """Return the number of percent."""
        if is_blank(given):
            return None
        if isinstance(given, str):
            given = narrow(given).strip().removesuffix("%").strip() or given
        return super().parse(given, field)

    def show(self, value: Any, field: Field, language: str = "en") -> str:
        """Return the number with its sign: ``12.5%``."""
        return "" if value is None else super().show(value, field, language) + "%"
