"""Yes or no."""

from collections.abc import Iterable, Sequence
from typing import Any, ClassVar

from guanxi.kernel.text import say
from guanxi.metadata.field_types.base import FieldType, Part, is_blank, unacceptable
from guanxi.metadata.field_types.reading import narrow, quoted, text_of
from guanxi.metadata.labels import Label
from guanxi.metadata.objects import Field

_YES = frozenset({"yes", "y", "true", "t", "on", "1", "是", "对", "有", "√", "✓", "✔"})
_NO = frozenset({"no", "n", "false", "f", "off", "0", "否", "不是", "错", "无", "×", "✗", "✘"})


class Checkbox(FieldType):
    """True, False, or not known."""

    name = "checkbox"
    label = Label(en="Yes or no", zh="是否")
    parts = (Part("", "boolean", "boolean"),)
    examples: ClassVar[Sequence[tuple[Any, Any]]] = (
        ("是", True),
        ("No", False),
        (1, True),
        (False, False),
        ("", None),
    )
    refused: ClassVar[Sequence[Any]] = ("maybe", 2, 0.5, [True])

    def parse(self, given: Any, field: Field) -> Any:
        """Return True or False."""
        if is_blank(given):
            return None
        if isinstance(given, bool):
            return given
        word = narrow(text_of(given)).lower() if isinstance(given, str | int | float) else ""
        if word in _YES or word in _NO:
            return word in _YES
        raise unacceptable(say("{given} is neither yes nor no", given=quoted(given)))

    def show(self, value: Any, field: Field, language: str = "en") -> str:
        """Return yes or no in the reader's language."""
        if value is None:
            return ""
        return (YES if value else NO).in_language(language)

    def search_texts(self, value: Any) -> Iterable[str]:
        """Nobody searches for yes."""
        return ()


YES, NO = Label(en="Yes", zh="是"), Label(en="No", zh="否")
