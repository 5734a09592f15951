"""The tokens of texts: which pieces of them the index holds, and the number of each.

Pieces are read off whole pages, a line for each text, by arithmetic over all signs of a page at once: to cut each
piece out and to look up its number took three times as long as everything else that is done for a search entry.
"""

import re
import sys
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from string import ascii_lowercase

import numpy as np
import numpy.typing as npt

from guanxi.records.sounds import INITIALS, SYLLABLES, UNKNOWN

Numbers = npt.NDArray[np.int32]
Signs = npt.NDArray[np.uint32]
Places = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]
Pieces = tuple[Places, Numbers]
"""Where pieces begin in a page, and the number of each."""

HAN = "\u3400-\u9fff\U00020000-\U0003ffff"
RUNS = re.compile(rf"[{HAN}]+|[0-9]+|[^\W\d_{HAN}]+")
DIGITS = frozenset("0123456789")
ENDING = "有限公司"
"""Every company has it: the index need not, the haystack does."""
USUAL = frozenset(
    "公司市有限业中工国州海县任责南股销贸份发电建上北山安分集江团京支程西合东阳设技大天品化社华区科新省金供行"
    "产开银商机务资广通服农物装制信部城石兴实门营厂河作达房料地理宁油易经店车龙保源福站材械备展政成连川加售水"
    "筑运庆林四邮津长汽都饰丰器湖家管德重食泰联生路三子利平药明力术第武云鑫造昌永气青汉人塑局厦康济盛顺五乐用"
    "口文宝深尔恒宏吉险和所件方园苏高台村圳太杭光万动输自贵印特常总岛嘉一春镇瑞港陕浙环医民富王李张刘陈杨"
)
"""Characters that are in more than one of a hundred names of companies, and the commonest names of families.

Any other has a token of its own: its sound may be that of a tenth of all names. A name has some three of them, which
cost one in a hundred when it is saved; all characters would cost five.
"""
NOTHING = 0
"""The number of a piece that is in so many haystacks that no index need hold it."""
_COMMON = frozenset({"有限", "限公", "公司", "yxg", "xgs", "com"})
_DIVISIONS = frozenset("省市区县")
_OTHER, _LINE, _HAN, _DIGIT, _LETTER = range(5)
_LETTERS = UNKNOWN + ascii_lowercase
_LEAST = -(2**31)
"""The least `integer` of PostgreSQL."""
_MOST_REMEMBERED = 200_000  # pieces; some 20 MB


def is_han(sign: str) -> bool:
    """Tell whether *sign* is a Chinese character."""
    return "\u3400" <= sign <= "\u9fff" or "\U00020000" <= sign <= "\U0003ffff"


def number_of(piece: str) -> int:
    """Return the number of a piece of two characters or three letters."""
    return _PIECES[piece]


def number_of_syllable(syllable: str) -> int:
    """Return the number of a syllable, of which the first three letters count."""
    return _number("^" + syllable[:3])


def number_of_sound(character: str) -> int:
    """Return the number of the sound of a character."""
    return number_of_syllable(SYLLABLES[ord(character)])


def number_of_character(character: str) -> int:
    """Return the number of a character that is not a usual one."""
    return NOTHING if character in USUAL else _number(character)


def number_of_initials(letters: str) -> int:
    """Return the number of three initials."""
    return NOTHING if letters in _COMMON else _number("~" + letters)


def number_of_digits(digits: str) -> int:
    """Return the number of the lesser triple of four digits: any four digits of a longer run have one of them."""
    return _number(min(digits[:3], digits[1:]))


def read(page: str, *, spelt: int, rows: int, also: int) -> tuple[Numbers, list[int]]:
    """Return the numbers of each row, row after row and each once, and how many every row has.

    The lines of *page* are the texts of *rows* rows, field by field; those within its first *spelt* signs are found
    by their sound, the others by pairs of characters. *also* is a number that every row has.
    """
    found = _Page.of(page + "\n", spelt)
    places, numbers = map(np.concatenate, zip(*found.pieces(), strict=True))
    held = numbers != NOTHING
    row = np.concatenate((found.lines[places[held]] % rows, np.arange(rows)))
    number = np.concatenate((numbers[held], np.full(rows, also)))
    keys = (row.astype(np.int64) << 32) + number.astype(np.int64) - _LEAST
    keys.sort()
    keys = keys[np.flatnonzero(np.diff(keys, prepend=-1))]
    counts = np.bincount(keys >> 32, minlength=rows)
    return ((keys & 0xFFFFFFFF) + _LEAST).astype(np.int32), counts.tolist()


@dataclass(frozen=True, kw_only=True)
class _Page:
    """The signs of a page, of which kind each is, which line it is in, and where two and three of a kind begin."""

    text: str
    spelt: int
    signs: Signs
    kinds: npt.NDArray[np.uint8]
    lines: npt.NDArray[np.int64]
    two: Mask
    three: Mask

    @classmethod
    def of(cls, text: str, spelt: int) -> "_Page":
        signs = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)
        kinds = _kinds()[signs]
        two = kinds[1:] == kinds[:-1]
        lines = np.cumsum(kinds == _LINE)
        return cls(
            text=text, spelt=spelt, signs=signs, kinds=kinds, lines=lines, two=two, three=two[1:] & two[:-1]
        )

    def pieces(self) -> Iterator[Pieces]:
        """Yield where the pieces of each kind are, and their numbers."""
        named = (self.kinds == _HAN) & ~self._endings()
        named[self.spelt :] = False
        yield from self._characters(np.flatnonzero(named))
        yield self._initials(np.flatnonzero(named[:-2] & self.three))
        yield self._digits()
        yield self._cut(np.flatnonzero((self.kinds[:-2] == _LETTER) & self.three), 3)
        noted = (self.kinds[self.spelt : -1] == _HAN) & self.two[self.spelt :]
        yield self._cut(self.spelt + np.flatnonzero(noted), 2)

    def _characters(self, places: Places) -> Iterator[Pieces]:
        signs = self.signs[places]
        for new in np.unique(signs[_SOUNDS[signs] == NOTHING]).tolist():
            _learn(new)
        yield places, _SOUNDS[signs]
        yield places, _CHARACTERS[signs]

    def _initials(self, places: Places) -> Pieces:
        first, second, third = (_INITIALS[self.signs[places + by]] for by in range(3))
        return places, _initials()[first, second, third]

    def _digits(self) -> Pieces:
        places = np.flatnonzero((self.kinds[:-3] == _DIGIT) & self.three[:-1] & self.two[2:])
        digits = (self.signs[places + by] - ord("0") for by in range(4))
        return places, _digits()[tuple(digits)]

    def _cut(self, places: Places, length: int) -> Pieces:
        numbers = [_PIECES[self.text[at : at + length]] for at in places.tolist()]
        return places, np.array(numbers, np.int32)

    def _endings(self) -> Mask:
        """Tell of each sign whether it is of an ending, behind which a run of characters is over."""
        places = np.flatnonzero(self.signs[: -len(ENDING)] == ord(ENDING[0]))
        for by, sign in enumerate(ENDING):
            places = places[self.signs[places + by] == ord(sign)]
        places = places[self.kinds[places + len(ENDING)] != _HAN]
        endings = np.zeros(len(self.signs), np.bool_)
        for by in range(len(ENDING)):
            endings[places + by] = True
        return endings


def _number(piece: str) -> int:
    """Return the number of a piece: an `integer` of PostgreSQL."""
    return zlib.crc32(piece.encode()) + _LEAST or 1


class _Numbers(dict[str, int]):
    """The number of each piece met."""

    def __missing__(self, piece: str) -> int:
        common = piece in _COMMON or not _DIVISIONS.isdisjoint(piece)
        number = NOTHING if common else _number(piece)
        if len(self) < _MOST_REMEMBERED:
            self[piece] = number
        return number


@cache
def _kinds() -> npt.NDArray[np.uint8]:
    """Return the kind of every sign there is."""
    signs = np.arange(sys.maxunicode + 1, dtype=np.uint32).tobytes().decode("utf-32-le", "surrogatepass")
    kinds = np.full(len(signs), _OTHER, np.uint8)
    for run in RUNS.finditer(signs):
        kind = _DIGIT if run[0][0] in DIGITS else _HAN if is_han(run[0][0]) else _LETTER
        kinds[run.start() : run.end()] = kind
    kinds[ord("\n")] = _LINE
    return kinds


@cache
def _initials() -> Numbers:
    """Return the numbers of any three initials."""
    return np.array(
        [[[number_of_initials(a + b + c) for c in _LETTERS] for b in _LETTERS] for a in _LETTERS], np.int32
    )


@cache
def _digits() -> Numbers:
    """Return the numbers of any four digits."""
    numbers = [number_of_digits(f"{digits:04}") for digits in range(10_000)]
    return np.array(numbers, np.int32).reshape(10, 10, 10, 10)


# What characters and pieces become, once they were met: a look-up each, where millions of names are read.
_PIECES = _Numbers()
_SOUNDS, _CHARACTERS = np.zeros(0x40000, np.int32), np.zeros(0x40000, np.int32)
_INITIALS = np.zeros(0x40000, np.uint8)


def _learn(sign: int) -> None:
    """Write down what a character becomes."""
    _INITIALS[sign] = _LETTERS.find(INITIALS[sign])
    _CHARACTERS[sign] = number_of_character(chr(sign))
    _SOUNDS[sign] = number_of_sound(chr(sign))  # last: by this one it is known


for sign in map(ord, ENDING):  # no piece begins there, but initials reach into it
    _learn(sign)
