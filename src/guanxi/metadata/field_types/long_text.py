"""Text of any length, with line breaks."""

from collections.abc import Sequence
from typing import Any, ClassVar

from guanxi.metadata.field_types.text import Text
from guanxi.metadata.labels import Label


class LongText(Text):
    """Several lines, such as a description; line breaks are kept as one sign each."""

    name = "long_text"
    options = frozenset({"length"})
    label = Label(en="Long text", zh="长文本")
    examples: ClassVar[Sequence[tuple[Any, Any]]] = (
        ("一\r\n二 ", "一\n二"),
        ("", None),
        ("x" * 300, "x" * 300),
    )
    refused: ClassVar[Sequence[Any]] = ("a\x00b", "x" * 100_001)
    default_length = 100_000

    def tidy(self, text: str) -> str:
        """Return *text* with every line break written as one line feed."""
        return text.replace("\r\n", "\n").replace("\r", "\n").strip()
