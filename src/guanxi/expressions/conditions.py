"""Building conditions by hand, in the words of a list filter."""

from collections.abc import Iterable
from typing import Any

from guanxi.expressions.functions.letters import Lower, small
from guanxi.expressions.syntax import EVERYTHING, Call, Expression, Literal, Path

NOTHING = Literal(False)
"""The condition no record meets."""

Field = str | Path


def field(path: Field) -> Path:
    """Return the field written as ``customer.owner.name``."""
    return path if isinstance(path, Path) else Path(tuple(path.split(".")))


def equals(path: Field, value: Any) -> Expression:
    """The field has the value; None asks for a blank field, a date for that whole day."""
    return is_empty(path) if value is None else Call("=", (field(path), Literal(value)))


def differs(path: Field, value: Any) -> Expression:
    """The field has another value, or none; None asks for a field that is filled."""
    if value is None:
        return not_(is_empty(path))
    return any_of(Call("<>", (field(path), Literal(value))), is_empty(path))


def all_of(*conditions: Expression) -> Expression:
    """Every condition holds; none at all is `EVERYTHING`."""
    return _joined("AND", conditions, EVERYTHING, NOTHING)


def any_of(*conditions: Expression) -> Expression:
    """At least one condition holds; none at all is `NOTHING`."""
    return _joined("OR", conditions, NOTHING, EVERYTHING)


def not_(condition: Expression) -> Expression:
    """The condition does not hold; where it is null, neither does this."""
    return Call("NOT", (condition,))


def contains(path: Field, text: str) -> Expression:
    """The text is somewhere in the field; A–Z and a–z are alike."""
    return _found("CONTAINS", path, text)


def starts_with(path: Field, text: str) -> Expression:
    """The field begins with the text; A–Z and a–z are alike."""
    return _found("STARTSWITH", path, text)


def ends_with(path: Field, text: str) -> Expression:
    """The field ends with the text; A–Z and a–z are alike."""
    return _found("ENDSWITH", path, text)


def is_empty(path: Field) -> Expression:
    """The field holds nothing, an empty text or an empty list."""
    return Call("ISBLANK", (field(path),))


def is_one_of(path: Field, values: Iterable[Any]) -> Expression:
    """The field has one of the values; none at all is `NOTHING`."""
    choices = tuple(Literal(value) for value in values)
    return Call("IN", (field(path), *choices)) if choices else NOTHING


def has_any(path: Field, texts: Iterable[str]) -> Expression:
    """The list holds at least one of the texts."""
    return Call("HASANY", (field(path), Literal(tuple(texts))))


def has_all(path: Field, texts: Iterable[str]) -> Expression:
    """The list holds every one of the texts."""
    return Call("HASALL", (field(path), Literal(tuple(texts))))


def before(path: Field, value: Any) -> Expression:
    """The field is smaller than, or earlier than, the value (an expression such as ``Call("TODAY")`` too)."""
    return Call("<", (field(path), _operand(value)))


def after(path: Field, value: Any) -> Expression:
    """The field is greater than, or later than, the value; later than a date is from the next day on."""
    return Call(">", (field(path), _operand(value)))


def between(path: Field, first: Any, last: Any) -> Expression:
    """The field lies between the two, both included; a last date is included to its end."""
    return all_of(
        Call(">=", (field(path), _operand(first))),
        Call("<=", (field(path), _operand(last))),
    )


def within_last_days(path: Field, days: int) -> Expression:
    """The day of the field is today or one of the *days* - 1 before."""
    return between(path, _days_from_today(1 - days), Call("TODAY"))


def within_next_days(path: Field, days: int) -> Expression:
    """The day of the field is today or one of the *days* - 1 after."""
    return between(path, Call("TODAY"), _days_from_today(days - 1))


def _days_from_today(days: int) -> Expression:
    return Call("ADDDAYS", (Call("TODAY"), Literal(days)))


def _operand(value: Any) -> Expression:
    return value if isinstance(value, Literal | Path | Call) else Literal(value)


def _found(function: str, path: Field, text: str) -> Expression:
    return Call(function, (Call(Lower.name, (field(path),)), Literal(small(text))))


def _joined(word: str, conditions: Iterable[Expression], idle: Literal, settling: Literal) -> Expression:
    """Join *conditions*, leaving out idle ones and levelling those that are joined by the same word."""
    level = [part for condition in conditions for part in _parts(word, condition) if part != idle]
    if settling in level:
        return settling
    if len(level) < 2:
        return level[0] if level else idle
    return Call(word, tuple(level))


def _parts(word: str, condition: Expression) -> tuple[Expression, ...]:
    if isinstance(condition, Call) and condition.function == word:
        return condition.arguments
    return (condition,)
