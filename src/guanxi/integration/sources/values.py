"""Values of a database as text, one form for each kind whatever the dialect."""

import uuid
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from types import MappingProxyType
from typing import Any

import msgspec

from guanxi.integration.sources.cells import duration_text, number_text, truth_text

_ENCODE = msgspec.json.Encoder(decimal_format="number", order="deterministic", enc_hook=str).encode


class Binary(bytes):
    """Content that is no text."""


def value_text(value: Any) -> str | Binary | None:
    """Return *value* as canonical text: ISO dates, plain numbers, JSON for structures; bytes stay bytes.

    Bytes that are UTF-8 text (as MySQL gives them for some text columns) are text. A moment keeps its zone
    and the parts of a second it has.
    """
    if value is None or type(value) is str:
        return value
    for kind in type(value).__mro__:
        if kind in _WRITERS:
            return _WRITERS[kind](value)
    return _ENCODE(value).decode()


def _bytes_text(value: bytes) -> str | Binary:
    try:
        text = value.decode()
    except UnicodeDecodeError:
        return Binary(value)
    return text if text.isprintable() else Binary(value)


_WRITERS: MappingProxyType[type[Any], Callable[[Any], str | Binary]] = MappingProxyType(
    {
        str: str,
        bool: truth_text,
        int: number_text,
        float: number_text,
        Decimal: lambda value: format(value, "f"),
        datetime: lambda value: value.isoformat(sep=" "),
        date: date.isoformat,
        time: time.isoformat,
        timedelta: duration_text,  # this is how MySQL gives a time of day
        bytes: _bytes_text,
        bytearray: lambda value: _bytes_text(bytes(value)),
        memoryview: lambda value: _bytes_text(bytes(value)),
        uuid.UUID: str,
    }
)
