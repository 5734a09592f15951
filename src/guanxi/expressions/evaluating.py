"""The meaning of an expression in Python: its value for one record."""

from collections.abc import Callable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from guanxi.expressions.function import Moment
from guanxi.expressions.functions import FUNCTIONS
from guanxi.expressions.syntax import Call, Expression, Literal, Path

Row = Callable[[Path], Any] | Mapping[str, Any]


def evaluate(expression: Expression, row: Row, *, now: datetime) -> Any:
    """Return the value of a checked *expression*: str, Decimal, bool, date, datetime, tuple or None.

    *row* gives a field's value by its `Path`, or maps names to values, with a mapping behind each link or the
    whole dotted path as the name; what is not there is None. *now* needs a zone: it says where midnight is.
    """
    return _value(expression, row if callable(row) else _reader(row), Moment(now))


def holds(expression: Expression, row: Row, *, now: datetime) -> bool:
    """Tell whether the condition is true for *row*; null is not true."""
    return evaluate(expression, row, now=now) is True


def _value(expression: Expression, read: Callable[[Path], Any], moment: Moment) -> Any:
    match expression:
        case Literal(value=value):
            return value
        case Path():
            return _normal(read(expression))
        case Call(function=name, arguments=given):
            function = FUNCTIONS[name]
            arguments = [_value(each, read, moment) for each in given]
            if function.strict and None in arguments:
                return None
            return function.value(moment, *arguments)


def _reader(row: Mapping[str, Any]) -> Callable[[Path], Any]:
    def read(path: Path) -> Any:
        if str(path) in row:
            return row[str(path)]
        value: Any = row
        for part in path.parts:
            value = value.get(part) if isinstance(value, Mapping) else None
        return value

    return read


def _normal(value: Any) -> Any:
    """Return a stored value as the language knows it: exact numbers, lists that cannot change."""
    match value:
        case bool():
            return value
        case int():
            return Decimal(value)
        case float():
            return Decimal(repr(value))
        case list() | set() | frozenset():
            return tuple(value)
        case datetime(tzinfo=None):
            raise ValueError(f"the time {value.isoformat()} has no time zone")
        case _:
            return value
