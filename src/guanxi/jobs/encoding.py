"""How arguments, results and errors of durable work are written down: as JSON, never as pickled code.

What comes back equals what went in, tuples, dates, decimals and errors of our tree included, so a step that
is replayed after a crash gives its workflow the very value (or raises the very error) it gave the first
time.
"""

import json
from collections.abc import Callable, Iterator
from datetime import date, datetime
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from dbos import Serializer

from guanxi.kernel.errors import GuanxiError, Problem, Terminal
from guanxi.kernel.text import Message, say

TAG = "$"
PLAIN = (type(None), bool, int, float, str)


class Json(Serializer):
    """The serializer given to DBOS."""

    def name(self) -> str:
        """Return the name kept beside every value."""
        return "guanxi_json"

    def serialize(self, data: Any) -> str:
        """Return *data* as JSON; raise `TypeError` for a value that would not come back equal."""
        return json.dumps(encode(data), separators=(",", ":"))

    def deserialize(self, serialized_data: str) -> Any:
        """Return the value that `serialize` wrote."""
        return decode(json.loads(serialized_data))


def encode(value: Any) -> Any:
    """Return *value* in the words of JSON; types of ours become ``{"$": type, "v": text or list}``."""
    if type(value) in PLAIN:
        return value
    if type(value) is list:
        return [encode(part) for part in value]
    if type(value) is dict and TAG not in value and all(type(key) is str for key in value):
        return {key: encode(part) for key, part in value.items()}
    if isinstance(value, BaseException):
        return _tagged("error", _error_parts(value))
    for kind, (family, write, _) in _KINDS.items():
        if type(value) is family:
            return _tagged(kind, write(value))
    raise TypeError(
        f"durable work cannot keep a {type(value).__name__}; known: JSON's types and {', '.join(_KINDS)}"
    )


def decode(value: Any) -> Any:
    """Return what `encode` was given."""
    if isinstance(value, list):
        return [decode(part) for part in value]
    if not isinstance(value, dict):
        return value
    if TAG not in value:
        return {key: decode(part) for key, part in value.items()}
    if value[TAG] == "error":
        return _error(*value["v"])
    _, _, read = _KINDS[value[TAG]]
    return read(value["v"])


def _tagged(kind: str, written: Any) -> dict[str, Any]:
    return {TAG: kind, "v": written}


def _pairs(mapping: Any) -> list[Any]:
    return [[encode(key), encode(part)] for key, part in mapping.items()]


def _mapping(pairs: list[Any]) -> dict[Any, Any]:
    return {decode(key): decode(part) for key, part in pairs}


_KINDS: dict[str, tuple[type[Any], Callable[[Any], Any], Callable[[Any], Any]]] = {
    "tuple": (tuple, lambda value: [encode(part) for part in value], lambda v: tuple(map(decode, v))),
    "dict": (dict, _pairs, _mapping),
    "view": (MappingProxyType, _pairs, lambda v: MappingProxyType(_mapping(v))),
    "datetime": (datetime, datetime.isoformat, datetime.fromisoformat),
    "date": (date, date.isoformat, date.fromisoformat),
    "decimal": (Decimal, str, Decimal),
    "message": (
        Message,
        lambda value: [value.template, _pairs(value.values)],
        lambda v: Message(v[0], MappingProxyType(_mapping(v[1]))),
    ),
    "problem": (
        Problem,
        lambda value: [value.field, encode(value.message)],
        lambda v: Problem(v[0], decode(v[1])),
    ),
}


def _error_parts(error: BaseException) -> list[Any]:
    if not isinstance(error, GuanxiError):
        error = Terminal(say("{kind}: {text}", kind=type(error).__name__, text=str(error)))
    ancestry = [cls.__name__ for cls in type(error).__mro__ if issubclass(cls, GuanxiError)]
    state = {name: _lenient(part) for name, part in vars(error).items() if not name.startswith("_")}
    return [ancestry, state]


def _lenient(value: Any) -> Any:
    """Encode what an error carries; a value we cannot keep becomes its text: no error may get lost."""
    try:
        return encode(value)
    except TypeError:
        if isinstance(value, Message):
            return encode(
                Message(value.template, MappingProxyType({k: str(v) for k, v in value.values.items()}))
            )
        return str(value)


def _error(ancestry: list[str], state: dict[str, Any]) -> GuanxiError:
    """Return an error of the nearest class known in this process, with everything it carried."""
    known = {cls.__name__: cls for cls in _tree(GuanxiError)}
    cls = next(known[name] for name in ancestry if name in known)
    error = cls.__new__(cls)
    error.__dict__.update({name: decode(part) for name, part in state.items()})
    error.args = (str(error.message),)
    return error


def _tree(cls: type[GuanxiError]) -> Iterator[type[GuanxiError]]:
    yield cls
    for child in cls.__subclasses__():
        yield from _tree(child)
