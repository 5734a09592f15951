"""How given things are read as text and as numbers, the same way for every field type."""

import re
from datetime import date
from decimal import Decimal
from typing import Any, Self

from guanxi.kernel.text import say, shortened
from guanxi.metadata.field_types.base import unacceptable

_NARROW = {0x3000: " "} | {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_NUMBER = re.compile(r"[+-]?(?:\d{1,3}(?:,\d{3})+|\d+)?(?:\.\d*)?(?:[eE][+-]?\d{1,3})?", re.ASCII)
_LARGEST_EXPONENT = 30
_SMALLEST_EXPONENT = -20
_LONGEST_QUOTED = 60


def narrow(text: str) -> str:
    """Return *text* with full-width letters, digits and signs in their usual width."""
    return text if text.isascii() else text.translate(_NARROW)


def text_of(given: Any) -> str:
    """Return *given* as text without white space at its ends; raise `Unacceptable` for what is not text-like.

    A number without fraction loses its ``.0``: spreadsheets hand telephone numbers on that way.
    """
    if isinstance(given, str):
        return _storable(given.strip())
    if isinstance(given, bool) or not isinstance(given, int | float | Decimal | date):
        raise unacceptable(say("{given} is not a text", given=quoted(given)))
    if isinstance(given, date):
        return given.isoformat()
    return plain_number(number_of(given))


def number_of(given: Any) -> Decimal:
    """Return *given* as an exact number; raise `Unacceptable`.

    Read are numbers and texts such as ``1,234.50``, ``１２`` or ``1.5e3``, of at most 31 digits before the
    point and 20 behind it.
    """
    number = _finite(given)
    if number is None:
        raise unacceptable(say("{given} is not a number", given=quoted(given)))
    exponent = number.as_tuple().exponent
    if number.adjusted() > _LARGEST_EXPONENT or int(exponent) < _SMALLEST_EXPONENT:
        raise unacceptable(
            say(
                "a number has at most {before} digits before and {behind} behind the point",
                before=31,
                behind=20,
            )
        )
    return number


def plain_number(number: Decimal) -> str:
    """Return *number* without exponent and without zeros behind its last digit: ``1500``, ``0.5``."""
    text = format(number, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def _finite(given: Any) -> Decimal | None:
    if isinstance(given, bool):
        return None
    if isinstance(given, int):
        # 10**40 is far beyond every limit, and Python refuses to print integers of more than 4,300 digits.
        return Decimal(given) if abs(given) < 10**40 else Decimal("1e40")
    if isinstance(given, float):
        given = Decimal(repr(given))
    if isinstance(given, Decimal):
        return given if given.is_finite() else None
    if not isinstance(given, str):
        return None
    text = narrow(given).strip()
    if not _NUMBER.fullmatch(text) or not any(sign.isdigit() for sign in re.split("[eE]", text)[0]):
        return None
    return Decimal(text.replace(",", ""))


def _storable(text: str) -> str:
    """Return *text*, unless it holds characters a database cannot keep."""
    if "\x00" in text:
        raise unacceptable(say("a text cannot hold the character NUL"))
    if text.isascii():
        return text
    try:
        text.encode()
    except UnicodeEncodeError:
        raise unacceptable(say("a text cannot hold half a character")) from None
    return text


class Quoted(str):
    """A refused value inside a message: marked as Python marks it; ``bare`` for readers who mark it otherwise."""

    bare: str

    def __new__(cls, marked: str, bare: str) -> Self:
        """Return *marked*, which remembers how it reads without its marks."""
        text = super().__new__(cls, marked)
        text.bare = bare
        return text

    def __reduce__(self) -> tuple[Any, ...]:
        """Return what makes it again in another process."""
        return Quoted, (str(self), self.bare)


def quoted(given: Any) -> str:
    """Name a refused value in a message: as it was given, cut after 60 characters."""
    if isinstance(given, int) and abs(given) >= 10**40:
        return "…"
    marked = shortened(repr(given), _LONGEST_QUOTED)
    return Quoted(marked, shortened(given, _LONGEST_QUOTED)) if isinstance(given, str) else marked
