"""What a company does, by GB/T 4754."""

import re
from collections.abc import Sequence
from typing import Any, ClassVar

from guanxi.metadata.field_types.reading import narrow
from guanxi.metadata.field_types.text import Text
from guanxi.metadata.labels import Label

_CODE = re.compile(r"[A-Ta-t]\d{0,4}", re.ASCII)


class Industry(Text):
    """A code of GB/T 4754-2017 (section letter, then up to four digits) or, until it is known, a name."""

    name = "industry"
    label = Label(en="Industry", zh="行业")
    options = frozenset()
    examples: ClassVar[Sequence[tuple[Any, Any]]] = (
        ("c3011", "C3011"),
        ("ｆ52", "F52"),
        ("批发业", "批发业"),
        ("", None),
    )
    refused: ClassVar[Sequence[Any]] = ("x" * 101, True)
    default_length = 100

    def tidy(self, text: str) -> str:
        """Return a code in its one spelling, a name as it is."""
        code = narrow(text)
        return code.upper() if _CODE.fullmatch(code) else text
