"""Passwords: the rules a new one must meet, and how one is kept and compared."""

import secrets
import unicodedata
from collections.abc import Iterable, Iterator

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from guanxi.kernel.text import Message, say

SHORTEST, LONGEST = 10, 200
FEWEST_DIFFERENT = 5

# RFC 9106, section 4, second recommended option (64 MiB, three passes): 60 ms on one core of a small server.
_HASHER = PasswordHasher(time_cost=3, memory_cost=64 * 1024, parallelism=1)
# Compared against when there is no such person, so that both answers take the same time. No password has this
# hash of zeros; making a real one would cost every start of the program a sign-in's time.
_NOBODY = (
    f"$argon2id$v=19$m={_HASHER.memory_cost},t={_HASHER.time_cost},p={_HASHER.parallelism}"
    f"${'A' * 22}${'A' * 43}"
)
_CLEAR = "abcdefghjkmnpqrstuvwxyz23456789"  # without signs that look alike: i l o 0 1
_ORDINARY = ("password", "passw0rd", "123456", "qwerty", "abc123", "111111", "admin", "letmein", "iloveyou")
_ROWS = ("01234567890", "abcdefghijklmnopqrstuvwxyz", "qwertyuiop", "asdfghjkl", "zxcvbnm")


def hash_password(password: str) -> str:
    """Return what to store for *password* (argon2id, its parameters and salt included)."""
    return _HASHER.hash(_one_form(password))


def one_time_password() -> str:
    """Return a random password that can be read aloud: four groups of letters and digits, about 80 bits."""
    return "-".join("".join(secrets.choice(_CLEAR) for _ in range(4)) for _ in range(4))


def is_right(password: str, stored: str | None) -> bool:
    """Tell whether *password* is the one behind *stored*; without one it takes as long and is wrong."""
    if len(password) > LONGEST:
        password = ""
    try:
        return _HASHER.verify(stored or _NOBODY, _one_form(password)) and stored is not None
    except (VerificationError, InvalidHashError):
        return False


def is_outdated(stored: str) -> bool:
    """Tell whether *stored* was made with weaker parameters than today's."""
    return _HASHER.check_needs_rehash(stored)


def weaknesses(password: str, *, about: Iterable[str] = ()) -> Iterator[Message]:
    """Yield what is wrong with a new password; *about* are words a stranger would try (login, name)."""
    folded = _one_form(password).casefold()
    if len(folded) < SHORTEST:
        yield say("a password needs at least {length} characters", length=SHORTEST)
    if len(folded) > LONGEST:
        yield say("a password has at most {length} characters", length=LONGEST)
    if len(set(folded)) < FEWEST_DIFFERENT or _is_ordinary(folded):
        yield say("this password is too easy to guess; several unrelated words make a good one")
    if any(word and len(word) > 2 and word.casefold() in folded for word in about):
        yield say("a password must not hold the person's own name or login")


def _one_form(password: str) -> str:
    """Return the password as every keyboard would send it (RFC 8265: Unicode normal form C)."""
    return unicodedata.normalize("NFC", password)


def _is_ordinary(folded: str) -> bool:
    rest = folded
    for word in (*_ORDINARY, *_ROWS, *(row[::-1] for row in _ROWS)):
        rest = rest.replace(word, "")
    return len(rest) < FEWEST_DIFFERENT
