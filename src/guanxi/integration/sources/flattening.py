"""Nested JSON as flat rows of text: names joined by dots, lists kept as JSON."""

import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from guanxi.kernel.errors import Refused
from guanxi.kernel.text import say

_DEEPEST = 20


def parse(text: str) -> Any:
    """Return JSON *text* as values, decimals exactly as written; refuse what is no JSON."""
    try:
        return json.loads(text, parse_float=Decimal, parse_constant=_no_number)
    except (ValueError, ArithmeticError, RecursionError) as error:
        raise Refused(
            say("the source answered with something that is no JSON ({problem})", problem=str(error))
        ) from None


def dig(body: Any, path: str) -> Any:
    """Return what stands at the dotted *path* in *body*, or None."""
    for name in path.split(".") if path else ():
        if not isinstance(body, Mapping):
            return None
        body = body.get(name)
    return body


def flatten(record: Mapping[str, Any]) -> dict[str, str | None]:
    """Return *record* with nested names joined by dots and every value as text; lists become JSON."""
    flat: dict[str, str | None] = {}
    _flatten(record, "", flat, _DEEPEST)
    return flat


def _flatten(record: Mapping[str, Any], prefix: str, flat: dict[str, str | None], levels: int) -> None:
    for name, value in record.items():
        if isinstance(value, Mapping) and value and levels:
            _flatten(value, f"{prefix}{name}.", flat, levels - 1)
        else:
            flat[f"{prefix}{name}"] = _text(value)


def _text(value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, Decimal):
        return format(value, "f") if abs(value.adjusted()) < 40 else str(value)
    if isinstance(value, list | Mapping):
        return json.dumps(value, ensure_ascii=False, default=float) if value else None
    return str(value)


def _no_number(name: str) -> Any:
    raise ValueError(name)
