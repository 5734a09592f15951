"""Reasons why a row is set aside instead of being read, and the test every row takes."""

from collections.abc import Sequence
from types import MappingProxyType

from guanxi.kernel.text import say

TOO_MANY_FIELDS = "too_many_fields"
UNDECODABLE = "undecodable"
DAMAGED_TEXT = "damaged_text"
NUL_CHARACTER = "nul_character"
UNTERMINATED_QUOTE = "unterminated_quote"
UNREADABLE_LINE = "unreadable_line"
NOT_AN_OBJECT = "not_an_object"
BINARY_VALUE = "binary_value"

REASONS = MappingProxyType(
    {
        TOO_MANY_FIELDS: say("the row has more values than there are columns"),
        UNDECODABLE: say("the row holds bytes that are no text in the encoding of the file"),
        DAMAGED_TEXT: say("the row holds text that was already destroyed when the file was written (�)"),
        NUL_CHARACTER: say("the row holds a zero character, which no database stores as text"),
        UNTERMINATED_QUOTE: say("a quotation mark opens in this row and never closes"),
        UNREADABLE_LINE: say("the line breaks or quotation marks of the row contradict each other"),
        NOT_AN_OBJECT: say("the record is not a set of named values"),
        BINARY_VALUE: say("the row holds binary content where text was expected"),
    }
)

REPLACEMENT = "\N{REPLACEMENT CHARACTER}"


def reason_against(values: Sequence[str | None]) -> str | None:
    """Return the reason why *values* cannot be kept as they are, or None."""
    # The row as one text: a third of the time of one look per value, and almost every row is good.
    if _reason("".join([value for value in values if value])) is None:
        return None
    return next(reason for value in values if value and (reason := _reason(value)))


def _reason(text: str) -> str | None:
    if "\0" in text:
        return NUL_CHARACTER
    if REPLACEMENT in text or _has_half_character(text):
        return DAMAGED_TEXT
    return None


def _has_half_character(value: str) -> bool:
    if value.isascii():
        return False
    try:
        value.encode()
    except UnicodeEncodeError:
        return True
    return False
