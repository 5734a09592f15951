"""Cutting the text of a formula into tokens that know their column, in half-width and full-width writing."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

from guanxi.kernel.errors import Invalid, Problem
from guanxi.kernel.text import Message, say

LONGEST_FORMULA = 10_000
_CLOSING = {'"': '"', "'": "'", "“": "”", "”": "”", "‘": "’", "’": "’", "＂": "＂", "「": "」"}
_HALF_WIDTH = {chr(code + 0xFEE0): chr(code) for code in range(0x21, 0x7F)} | {
    "，": ",",
    "、": ",",
    "。": ".",
    "×": "*",
    "÷": "/",
    "≠": "<>",
    "≤": "<=",
    "≥": ">=",
    "【": "[",
    "】": "]",
}
_TWO = ("<>", "<=", ">=", "!=", "==")
_ONE = "+-*/%&=<>(),"
_SIGNS = "+ - * / % & = <> < <= > >= ( ) ,"


@dataclass(frozen=True, kw_only=True)
class Token:
    """One word of a formula, with its column from 1; a field is a name in square brackets."""

    sort: Literal["name", "field", "text", "number", "sign"]
    value: Any
    column: int


def tokens(text: str) -> tuple[Token, ...]:
    """Return the tokens of *text*; raise `Invalid`, with the column, for what cannot be one."""
    if len(text) > LONGEST_FORMULA:
        raise Invalid(
            [
                Problem(
                    None,
                    say("the formula is too long: at most {longest} characters", longest=LONGEST_FORMULA),
                )
            ]
        )
    return tuple(_cut(text))


def refused(column: int, message: Message) -> Invalid:
    """Return the error for the place *column* of a formula."""
    return Invalid([Problem(None, say("column {column}: {message}", column=column, message=message))])


def _cut(text: str) -> Iterator[Token]:
    at = 0
    while at < len(text):
        character = _HALF_WIDTH.get(text[at], text[at])
        if character.isspace():
            at += 1
        elif text[at] in _CLOSING:
            value, end = _quoted(text, at)
            yield Token(sort="text", value=value, column=at + 1)
            at = end
        elif "0" <= character <= "9":
            digits, end = _run(text, at, _is_digit)
            yield Token(sort="number", value=_number(digits, at + 1), column=at + 1)
            at = end
        elif character == "[" or _begins_name(character):
            parts, end = _name(text, at)
            yield Token(sort="field" if character == "[" else "name", value=parts, column=at + 1)
            at = end
        else:
            sign, end = _sign(text, at)
            yield Token(sort="sign", value=sign, column=at + 1)
            at = end


def _quoted(text: str, at: int) -> tuple[str, int]:
    """Read a text in quotes; a doubled closing quote stands for itself."""
    closing, value, place = _CLOSING[text[at]], "", at + 1
    while place < len(text):
        if text[place] != closing:
            value, place = value + text[place], place + 1
        elif text[place + 1 : place + 2] == closing:
            value, place = value + closing, place + 2
        else:
            return value, place + 1
    raise refused(at + 1, say("the text that begins here has no closing {quote}", quote=closing))


def _run(text: str, at: int, belongs: Any) -> tuple[str, int]:
    end = at
    while end < len(text) and belongs(_HALF_WIDTH.get(text[end], text[end])):
        end += 1
    return "".join(_HALF_WIDTH.get(character, character) for character in text[at:end]), end


def _is_digit(character: str) -> bool:
    return "0" <= character <= "9" or character == "."


def _number(digits: str, column: int) -> Decimal:
    if digits.count(".") > 1 or digits.endswith("."):
        raise refused(column, say("{digits} is not a number; right would be 1234.56", digits=digits))
    return Decimal(digits)


def _begins_name(character: str) -> bool:
    return character == "_" or character.isalpha()


def _in_name(character: str) -> bool:
    return character == "_" or character.isalnum()


def _name(text: str, at: int) -> tuple[tuple[str, ...], int]:
    """Read a field path or a function's name; a part in square brackets may hold any character."""
    parts: list[str] = []
    end = at
    while True:
        part, end = _part(text, end)
        parts.append(part)
        if _HALF_WIDTH.get(text[end : end + 1], text[end : end + 1]) != ".":
            return tuple(parts), end
        end += 1


def _part(text: str, at: int) -> tuple[str, int]:
    character = _HALF_WIDTH.get(text[at : at + 1], text[at : at + 1])
    if character == "[":
        closing = next((end for end in range(at, len(text)) if text[end] in "]］】"), None)
        if closing is None or closing == at + 1:
            raise refused(at + 1, say("a field name in brackets must read [name]"))
        return text[at + 1 : closing], closing + 1
    if not character or not _begins_name(character):
        raise refused(at + 1, say("a field name is missing after the point"))
    return _run(text, at, _in_name)


def _sign(text: str, at: int) -> tuple[str, int]:
    first = _HALF_WIDTH.get(text[at], text[at])
    second = _HALF_WIDTH.get(text[at + 1 : at + 2], text[at + 1 : at + 2])
    if first in _TWO:
        return first, at + 1
    if first + second in _TWO:
        return first + second, at + 2
    if first not in _ONE:
        raise refused(
            at + 1, say("{sign} has no meaning here; known signs: {known}", sign=first, known=_SIGNS)
        )
    return first, at + 1
