"""What a value written in an expression may be, and its form in JSON."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from guanxi.expressions.kinds import Kind, Value
from guanxi.kernel.errors import Invalid, Problem
from guanxi.kernel.text import Message, say

LONGEST_TEXT = 10_000
MOST_WHOLE_DIGITS = 30
MOST_DECIMALS = 20
_TIGHTEST_TIMES = (datetime(1, 1, 2), datetime(9999, 12, 30))  # noqa: DTZ001 (compared without zone)


def normal(value: Any) -> tuple[Value, Kind]:
    """Return *value* in its one form, and its kind; raise `Invalid` for what no column could hold."""
    match value:
        case None | bool():
            return value, Kind.NOTHING if value is None else Kind.BOOLEAN
        case int() | float() | Decimal():
            return _normal_number(value), Kind.NUMBER
        case str():
            return _normal_text(value), Kind.TEXT
        case date():
            return (_normal_time(value), Kind.DATETIME) if isinstance(value, datetime) else (value, Kind.DATE)
        case list() | tuple() if all(isinstance(each, str) for each in value):
            return tuple(_normal_text(each) for each in value), Kind.LIST
        case _:
            raise refused(say("{value} is not a value an expression can hold", value=repr(value)[:80]))


def _normal_number(value: int | float | Decimal) -> Decimal:
    # repr of a float is the shortest decimal that means it: 0.1 stays 0.1
    if isinstance(value, int) and abs(value) >= 10**MOST_WHOLE_DIGITS:
        raise _out_of_range()
    number = Decimal(repr(value)) if isinstance(value, float) else Decimal(value)
    _, _, exponent = number.as_tuple()
    if not isinstance(exponent, int) or -exponent > MOST_DECIMALS or number.adjusted() >= MOST_WHOLE_DIGITS:
        raise _out_of_range()
    return number


def _out_of_range() -> Invalid:
    return refused(
        say(
            "the number is out of range: at most {whole} digits before and {decimals} after the point",
            whole=MOST_WHOLE_DIGITS,
            decimals=MOST_DECIMALS,
        )
    )


def _normal_text(value: str) -> str:
    if len(value) > LONGEST_TEXT:
        raise refused(say("the text is too long: at most {longest} characters", longest=LONGEST_TEXT))
    if any(character == "\0" or "\ud800" <= character <= "\udfff" for character in value):
        raise refused(say("the text holds a character that cannot be stored (NUL or half a character)"))
    return value


def _normal_time(value: datetime) -> datetime:
    if value.tzinfo is None:
        raise refused(say("the time {time} has no time zone", time=value.isoformat()))
    earliest, latest = _TIGHTEST_TIMES
    if not earliest <= value.replace(tzinfo=None) <= latest:
        raise refused(say("the time {time} lies outside the calendar", time=value.isoformat()))
    return value


def value_to_json(value: Value) -> object:
    """Return *value* as JSON knows it; numbers, dates and times are texts."""
    match value:
        case Decimal():
            return str(value)
        case date():
            return value.isoformat()
        case tuple():
            return list(value)
        case _:
            return value


_FROM_TEXT: Mapping[str, Callable[[str], object]] = {
    Kind.NUMBER: Decimal,
    Kind.DATE: date.fromisoformat,
    Kind.DATETIME: datetime.fromisoformat,
    Kind.TEXT: str,
}


def value_from_json(kind: str, value: object) -> object:
    """Return the value of *kind* that `value_to_json` wrote; raise `Invalid` for anything else."""
    match kind, value:
        case (Kind.NOTHING, None) | (Kind.BOOLEAN, bool()):
            return value
        case Kind.LIST, list():
            return value
        case ((Kind.TEXT | Kind.NUMBER | Kind.DATE | Kind.DATETIME), str(text)):
            try:
                return _FROM_TEXT[kind](text)
            except (ValueError, InvalidOperation):
                pass
    raise refused(say("{value} is not a value of kind {kind}", value=repr(value)[:80], kind=kind))


def refused(message: Message) -> Invalid:
    """Return the error that says *message*."""
    return Invalid([Problem(None, message)])
