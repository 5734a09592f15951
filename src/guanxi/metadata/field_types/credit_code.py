"""The unified social credit code of an organisation."""

import re
from collections.abc import Sequence
from typing import Any, ClassVar

from guanxi.kernel.text import say
from guanxi.metadata.field_types.base import FieldType, is_blank, unacceptable
from guanxi.metadata.field_types.reading import narrow, quoted, text_of
from guanxi.metadata.labels import Label
from guanxi.metadata.objects import Field

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
"""The 31 signs of GB 32100-2015: no I, O, S, V, Z."""

_SHAPE = re.compile(rf"[{ALPHABET}]{{2}}\d{{6}}[{ALPHABET}]{{10}}", re.ASCII)


class CreditCode(FieldType):
    """18 signs, the last of which checks the others (GB 32100-2015)."""

    name = "credit_code"
    label = Label(en="Unified social credit code", zh="统一社会信用代码")
    examples: ClassVar[Sequence[tuple[Any, Any]]] = (
        ("91350100M000100Y43", "91350100M000100Y43"),
        ("91350100m000100y43", "91350100M000100Y43"),
        ("９1350100 M000100 Y43", "91350100M000100Y43"),
        ("", None),
    )
    refused: ClassVar[Sequence[Any]] = ("91350100M000100Y44", "110108000012345", "9135", True, "abc")

    def parse(self, given: Any, field: Field) -> Any:
        """Return the code in capital letters."""
        if is_blank(given):
            return None
        code = re.sub(r"[\s-]", "", narrow(text_of(given)))
        code = code.upper() if code.isascii() else code
        if not _SHAPE.fullmatch(code):
            raise unacceptable(
                say("{given} is not a credit code; it has 18 digits and letters", given=quoted(given))
            )
        if check_sign(code[:17]) != code[17]:
            raise unacceptable(
                say("the last sign of the credit code {given} does not fit the others", given=quoted(given))
            )
        return code


def check_sign(first_17: str) -> str:
    """Return the 18th sign for the first 17 (GB 32100-2015: weights 3^i mod 31)."""
    total = sum(ALPHABET.index(sign) * pow(3, place, 31) for place, sign in enumerate(first_17))
    return ALPHABET[-total % 31]
