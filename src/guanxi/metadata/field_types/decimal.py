"""An exact number with a fraction."""

from collections.abc import Iterable, Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, ClassVar

from guanxi.kernel.errors import Problem
from guanxi.kernel.text import say
from guanxi.metadata.field_types.base import FieldType, Part, is_blank, unacceptable
from guanxi.metadata.field_types.reading import number_of, plain_number
from guanxi.metadata.labels import Label
from guanxi.metadata.objects import Field


class DecimalNumber(FieldType):
    """Kept exactly; rounded half away from zero to the field's ``scale`` (digits behind the point)."""

    name = "decimal"
    label = Label(en="Number", zh="数字")
    parts = (Part("", "numeric", "number"),)
    options = frozenset({"minimum", "maximum", "scale"})
    examples: ClassVar[Sequence[tuple[Any, Any]]] = (
        ("1,234.5", Decimal("1234.5")),
        ("１２", Decimal(12)),
        (0.1, Decimal("0.1")),
        (2.345, Decimal("2.345")),
        (" ", None),
    )
    refused: ClassVar[Sequence[Any]] = ("twelve", "1,2,3", float("nan"), True, "1e99", [1])

    def parse(self, given: Any, field: Field) -> Any:
        """Return the number as `Decimal`."""
        if is_blank(given):
            return None
        return within(rounded(number_of(given), field.scale), field)

    def show(self, value: Any, field: Field, language: str = "en") -> str:
        """Return the number with thousands separators."""
        return "" if value is None else grouped(value, field.scale)

    def search_texts(self, value: Any) -> Iterable[str]:
        """Numbers are filtered by, not searched for."""
        return ()

    def check(self, field: Field) -> Iterable[Problem]:
        """The limits must leave room between them."""
        if field.minimum is not None and field.maximum is not None and field.minimum > field.maximum:
            yield Problem(field.name, say("the minimum lies above the maximum"))
        if field.scale is not None and not 0 <= field.scale <= 10:
            yield Problem(field.name, say("digits behind the point: 0 to 10"))


def within(number: Decimal, field: Field) -> Decimal:
    """Return *number*, unless it lies outside the limits of *field*."""
    if field.minimum is not None and number < field.minimum:
        raise unacceptable(say("at least {minimum} is expected", minimum=plain_number(field.minimum)))
    if field.maximum is not None and number > field.maximum:
        raise unacceptable(say("at most {maximum} is expected", maximum=plain_number(field.maximum)))
    return number


def rounded(number: Decimal, scale: int | None) -> Decimal:
    """Return *number* with *scale* digits behind the point, as PostgreSQL rounds; unchanged for None.

    Built from the digits: the default precision of 28 would be too narrow for `number_of`'s 51.
    """
    sign, digits, exponent = number.as_tuple()
    if scale is None or -int(exponent) <= scale:
        return abs(number) if number.is_zero() else number
    shifted = Decimal((sign, digits, int(exponent) + scale)).to_integral_value(ROUND_HALF_UP)
    whole = shifted.as_tuple()
    return Decimal((whole.sign if shifted else 0, whole.digits, -scale))


def grouped(number: Decimal, scale: int | None) -> str:
    """Return *number* with thousands separators and *scale* digits (as many as it has for None)."""
    return f"{number:,.{scale}f}" if scale is not None else f"{Decimal(plain_number(number)):,f}"
