"""The name of a company, or of whoever is the customer."""

from collections.abc import Sequence
from typing import Any, ClassVar

from guanxi.kernel.text import say
from guanxi.metadata.field_types.base import unacceptable
from guanxi.metadata.field_types.text import Text
from guanxi.metadata.labels import Label


class CompanyName(Text):
    """A name as it is registered; runs of spaces become one. A person's name is accepted too."""

    name = "company_name"
    options = frozenset({"length"})
    label = Label(en="Name of a company", zh="单位名称")
    examples: ClassVar[Sequence[tuple[Any, Any]]] = (
        (" 杭州 示例（中国）有限公司", "杭州 示例（中国）有限公司"),
        ("Acme   Ltd.", "Acme Ltd."),
        ("3M", "3M"),
        ("", None),
    )
    refused: ClassVar[Sequence[Any]] = ("——", "x" * 256, True)

    def tidy(self, text: str) -> str:
        """Return the name with single spaces."""
        if not any(sign.isalnum() for sign in text):
            raise unacceptable(say("a name holds at least one letter or digit"))
        return " ".join(text.split())
