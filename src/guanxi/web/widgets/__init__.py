"""How each kind of value is shown and asked for: one template with two macros, ``show`` and ``edit``."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from guanxi.metadata.field_types import columns_of
from guanxi.metadata.objects import Field
from guanxi.web.reader import Reader

_LIKE = {"whole_number": "number", "decimal": "number", "mobile": "phone", "credit_code": "code"}
_TEMPLATES = frozenset(file.stem for file in Path(__file__).parent.glob("*.html"))


def widget_of(field: Field) -> str:
    """Return the name of the widget for *field*: that of its type, of a like type, else plain text."""
    name = _LIKE.get(field.type, field.type)
    return name if name in _TEMPLATES else "text"


def given(field: Field, form: Mapping[str, Sequence[str]], reader: Reader) -> Any:
    """Return what a form says about *field*, as the doors read it."""
    typed = form.get(field.name, [])
    match field.type:
        case "address":
            return {
                part.suffix[1:]: " ".join(form.get(f"{field.name}.{part.suffix[1:]}", []))
                for _, part in columns_of(field)
            }
        case "multi_select" | "many_to_many":
            return [each for each in typed if each]
        case "date_time":
            return reader.moment_typed(typed[0]) if typed else None
        case _:
            return typed[0] if typed else None


def is_given(field: Field, form: Mapping[str, Sequence[str]]) -> bool:
    """Tell whether a form holds anything about *field*, be it empty."""
    return any(name == field.name or name.startswith(f"{field.name}.") for name in form)
