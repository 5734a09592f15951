"""Whole numbers as they come in addresses and forms."""

BIGGEST = 2**63 - 1
"""The biggest whole number the database holds."""
_MOST_DIGITS = 19


def number_in(text: str) -> int | None:
    """Return the whole number from 0 to `BIGGEST` that *text* is, None for anything else.

    Other scripts' digits are none: ``²`` is a digit to Python and no number, and 5,000 nines are no number either.
    """
    if not (text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS):
        return None
    number = int(text)
    return number if number <= BIGGEST else None
