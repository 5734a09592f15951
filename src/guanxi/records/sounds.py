"""How characters are read: the commonest pinyin of each, without tones, and its first letter."""

import unicodedata
from functools import cache
from string import ascii_lowercase

from pypinyin import Style, pinyin
from pypinyin.constants import PINYIN_DICT

UNKNOWN = "?"
"""The sound of a character nobody knows."""


class _Syllables(dict[int, str]):
    """The commonest reading of each Han character met."""

    def __missing__(self, sign: int) -> str:
        found = pinyin(chr(sign), style=Style.NORMAL, errors=lambda _: UNKNOWN)[0][0]
        return self.setdefault(sign, found.replace("ü", "v") or UNKNOWN)


class _Initials(dict[int, str]):
    """The first letter of each character's reading."""

    def __missing__(self, sign: int) -> str:
        letter = SYLLABLES[sign][0]
        return self.setdefault(sign, letter if letter in ascii_lowercase else UNKNOWN)


# What characters become, once they were met: a look-up each, where millions of names are read.
SYLLABLES, INITIALS = _Syllables(), _Initials()
for between in " \n":  # between runs of characters, and between texts
    SYLLABLES[ord(between)] = INITIALS[ord(between)] = between


@cache
def known_syllables() -> frozenset[str]:
    """Return every syllable a character may be read as."""
    spelt = unicodedata.normalize("NFD", ",".join(PINYIN_DICT.values())).replace("u\u0308", "v")
    return frozenset("".join(each for each in spelt if each == "," or "a" <= each <= "z").split(",")) - {""}
