"""A mobile number."""

from collections.abc import Sequence
from typing import Any, ClassVar

from guanxi.kernel.text import say
from guanxi.metadata.field_types.base import is_blank, unacceptable
from guanxi.metadata.field_types.phone import Phone, mobile_in
from guanxi.metadata.field_types.reading import quoted, text_of
from guanxi.metadata.labels import Label
from guanxi.metadata.objects import Field


class Mobile(Phone):
    """A mainland mobile number: 11 digits, beginning with 13 to 19."""

    name = "mobile"
    label = Label(en="Mobile", zh="手机号码")
    examples: ClassVar[Sequence[tuple[Any, Any]]] = (
        ("138 0013 8000", "13800138000"),
        ("+86-13800138000", "13800138000"),
        ("１３８００１３８０００", "13800138000"),
        (13800138000.0, "13800138000"),
        ("", None),
    )
    refused: ClassVar[Sequence[Any]] = ("1380013800", "12800138000", "0571-88888888", "phone", True)

    def parse(self, given: Any, field: Field) -> Any:
        """Return the 11 digits."""
        if is_blank(given):
            return None
        number = mobile_in(text_of(given))
        if number is None:
            raise unacceptable(say("{given} is not a mobile number; it has 11 digits", given=quoted(given)))
        return number
