"""The tree every expression is: values, field paths and calls, and its form in JSON."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from guanxi.expressions.kinds import Kind
from guanxi.expressions.values import normal, refused, value_from_json, value_to_json
from guanxi.kernel.text import say

DEEPEST = 50
MOST_NODES = 2_000


@dataclass(frozen=True)
class Literal:
    """A value written down; whole numbers become Decimal, lists become tuples.

    Raises `Invalid` for a value no database column could hold (NUL in text, an endless number, a time
    without zone).
    """

    value: Any
    kind: Kind = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Bring the value to its one form and learn its kind."""
        value, kind = normal(self.value)
        object.__setattr__(self, "value", value)
        object.__setattr__(self, "kind", kind)


@dataclass(frozen=True)
class Path:
    """A field, reached over links: ``Path(("customer", "owner", "name"))``."""

    parts: tuple[str, ...]

    def __str__(self) -> str:
        """Return the path as people write it, with dots."""
        return ".".join(self.parts)


@dataclass(frozen=True)
class Call:
    """A function (operators are functions too: ``=``, ``+``, ``AND``) and what it is given."""

    function: str
    arguments: tuple["Expression", ...] = ()


Expression = Literal | Path | Call
EVERYTHING = Literal(True)


def walk(expression: Expression) -> Iterator[Expression]:
    """Yield *expression* and every expression inside it, outer ones first."""
    waiting: list[Expression] = [expression]
    while waiting:
        node = waiting.pop()
        yield node
        if isinstance(node, Call):
            waiting.extend(reversed(node.arguments))


def paths(expression: Expression) -> tuple[Path, ...]:
    """Return every field path *expression* reads, each once, in the order of writing."""
    return tuple(dict.fromkeys(node for node in walk(expression) if isinstance(node, Path)))


def to_json(expression: Expression) -> dict[str, Any]:
    """Return *expression* as JSON values; numbers, dates and times are texts beside their kind."""
    match expression:
        case Literal(value=value, kind=kind):
            return {"kind": str(kind), "value": value_to_json(value)}
        case Path(parts=parts):
            return {"path": list(parts)}
        case Call(function=function, arguments=arguments):
            return {"call": function, "arguments": [to_json(each) for each in arguments]}


def from_json(document: object) -> Expression:
    """Return the expression *document* stands for; raise `Invalid` for anything `to_json` does not write."""
    return _Reader().read(document, 1)


class _Reader:
    """Reads one document and counts its nodes, so that hostile ones end early."""

    def __init__(self) -> None:
        self.nodes = 0

    def read(self, document: object, depth: int) -> Expression:
        self.nodes += 1
        if depth > DEEPEST or self.nodes > MOST_NODES:
            raise refused(
                say(
                    "the expression is too large: at most {nodes} parts, {depth} deep",
                    nodes=MOST_NODES,
                    depth=DEEPEST,
                )
            )
        match document:
            case {"kind": str(kind), "value": value, **rest} if not rest:
                return Literal(value_from_json(kind, value))
            case {"path": [_, *_] as parts, **rest} if not rest and all(_is_name(part) for part in parts):
                return Path(tuple(parts))
            case {"call": str(function), "arguments": [*arguments], **rest} if not rest:
                return Call(function, tuple(self.read(each, depth + 1) for each in arguments))
            case _:
                raise refused(
                    say(
                        "{found} is not an expression; right: a value with its kind, a path, or a call",
                        found=repr(document)[:80],
                    )
                )


def _is_name(part: object) -> bool:
    return isinstance(part, str) and part != ""
