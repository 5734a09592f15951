"""Identifiers that sort by the time they were made."""

import secrets
import time

_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"


def new_id() -> str:
    """Return 20 letters and digits: 9 of the millisecond, 11 random; sorts by time, safe in file names."""
    return _encode(int(time.time() * 1000), 9) + _encode(secrets.randbits(55), 11)


def _encode(number: int, length: int) -> str:
    digits = []
    for _ in range(length):
        number, digit = divmod(number, 32)
        digits.append(_ALPHABET[digit])
    return "".join(reversed(digits))
