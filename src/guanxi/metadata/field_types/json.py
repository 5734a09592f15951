"""Structured data that has no field of its own."""

import json
from collections.abc import Iterable, Sequence
from typing import Any, ClassVar

from guanxi.kernel.text import say
from guanxi.metadata.field_types.base import FieldType, Part, is_blank, unacceptable
from guanxi.metadata.labels import Label
from guanxi.metadata.objects import Field


class Json(FieldType):
    """A JSON object or list; single values are refused, they belong into a field of their own type."""

    name = "json"
    label = Label(en="Structured data", zh="结构化数据")
    parts = (Part("", "jsonb", "other"),)
    examples: ClassVar[Sequence[tuple[Any, Any]]] = (
        ('{"a": [1, null]}', {"a": [1, None]}),
        ([1, "二"], [1, "二"]),
        ("{}", None),
        ("", None),
    )
    refused: ClassVar[Sequence[Any]] = (
        "{",
        '"text"',
        12,
        {"a": object()},
        [float("nan")],
        ["a\x00"],
        "[" * 100_000,
    )

    def parse(self, given: Any, field: Field) -> Any:
        """Return the object or list, read from its text where a text was given."""
        if is_blank(given):
            return None
        try:
            value = json.loads(given) if isinstance(given, str) else given
            text = json.dumps(value, ensure_ascii=False, allow_nan=False)
            text.encode()
        except (ValueError, TypeError, RecursionError):
            raise unacceptable(say("this is not a JSON object or list")) from None
        if not isinstance(value, dict | list | tuple) or "\\u0000" in text:
            raise unacceptable(say("this is not a JSON object or list"))
        return json.loads(text) or None

    def show(self, value: Any, field: Field, language: str = "en") -> str:
        """Return the JSON text on one line."""
        return "" if value is None else json.dumps(value, ensure_ascii=False)

    def search_texts(self, value: Any) -> Iterable[str]:
        """Structured data is not searched."""
        return ()
