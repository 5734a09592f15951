"""How people find records: by a fragment of a name in characters, by pinyin, initials, words or phone digits.

A record's *haystack* holds the text of each searchable field, with its pinyin and initials, in small letters.
Its *tokens* are short pieces an index can hold, each kind with a sign of its own so that kinds do not meet, and each
written as a number: an index of numbers costs half as much as one of texts.

====================  ==========================  ======================================
text                  tokens                      typed
====================  ==========================  ======================================
云帆机械, yunfanjixie ^yun ^fan ^ji ^xie          a character; three letters, from where a syllable begins
yfjx                  ~yfj ~fjx                   three initials or more
文三路 (a place)      文三 三路                   two characters or more
acme                  acm cme                     three letters or more
13800138000           138 380 001 …               four digits or more
====================  ==========================  ======================================

A search asks the index for the pieces of what was typed (of letters also for the syllables they can be read as),
then looks for it as it was typed in the haystacks found; so pieces may be coarse, and two pieces may share a number.
What is in very many haystacks (two letters, three digits, 有限公司, 市 or 区 in a place) asks the index for nothing: a
page of them is found soon. Every token costs about half a microsecond when a record is saved, so there are few: a name
in characters is looked for by its sounds, and of two neighbouring triples of digits only the lesser is kept. Places and
notes are found by two characters or more, not by their sound, which nobody types and which would double the index.
"""

import re
import unicodedata
import zlib
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any

from pypinyin import Style, pinyin
from pypinyin.constants import PINYIN_DICT

from guanxi.metadata.field_types import type_of
from guanxi.metadata.objects import Field, ObjectType
from guanxi.store.search import SearchEntry, Words, kind_of

LONGEST_TEXT = 2000  # characters; a long note is found by its beginning
_HAN = "\u3400-\u9fff\U00020000-\U0003ffff"
_RUNS = re.compile(rf"[{_HAN}]+|[0-9]+|[^\W\d_{_HAN}]+")
_PAGE_RUNS = re.compile(rf"\n|[{_HAN}]+|[0-9]{{4,}}|[^\W\d_{_HAN}]{{3,}}")
_APART = re.compile(r"(?<=\d)[ \-](?=\d)")
_DIGITS = frozenset("0123456789")
_BETWEEN = (
    "\n"  # between a text, its sound and its initials: no fragment reaches across, none has white space
)
_BESIDE = " / "  # between the texts of one value
_NOT_SPELT = frozenset({"address", "long_text", "url"})
_ENDING = "有限公司"
"""Every company has it: the index need not, the haystack does."""
_COMMON = frozenset({"有限", "限公", "公司", "yxg", "xgs", "com"})
_DIVISIONS = frozenset("省市区县")
_ENDING_SOUNDS = ("youxiangongsi", "xiangongsi", "gongsi", "si")
_ENDING_HEADS = frozenset({"you", "xia", "gon", "si"})
_NOTHING = "0"
"""The number of a piece that is in so many haystacks that no index need hold it."""
_SYLLABLES_ASKED = 3
_LONGEST_SYLLABLE = 6
_SURE = 3
"""Letters of a syllable by which the index knows it."""
_MOST_REMEMBERED = 200_000  # pieces; some 20 MB

Tokens = tuple[str, ...]
Found = tuple[str, list[str]]
"""The haystack of a text and its tokens."""


def entry(object_type: ObjectType, record_id: int, values: Mapping[str, Any]) -> SearchEntry | None:
    """Return what a record with *values* is found by; None for an object without searchable fields."""
    columns = {name: [value] for name, value in values.items()}
    return next(iter(entries(object_type, [record_id], columns, [0])), None)


def entries(
    object_type: ObjectType, ids: Sequence[int], values: Mapping[str, Sequence[Any]], places: Sequence[int]
) -> list[SearchEntry]:
    """Return what the records at *places* are found by; *ids* and the columns of *values* have one per place."""
    fields = [each for each in object_type.live_fields if each.searchable]
    names = [each.name for each in fields if each.name in values]
    columns = [
        _read(each, [values[each.name][place] for place in places]) for each in fields if each.name in names
    ]
    found = zip(*columns, strict=True) if columns else [()] * (len(places) if fields else 0)
    return [
        _entry(object_type.name, ids[place], names, row)
        for place, row in zip(places, found, strict=bool(fields))
    ]


def _entry(object_name: str, record_id: int, names: Sequence[str], found: Iterable[Found]) -> SearchEntry:
    haystack: dict[str, str] = {}
    tokens: set[str] = set()
    for name, (text, pieces) in zip(names, found, strict=True):
        if text:
            haystack[name] = text
            tokens.update(pieces)
    tokens.discard(_NOTHING)
    tokens.add(kind_of(object_name))
    return SearchEntry(record_id, object_name, haystack, tuple(tokens))


def _read(field: Field, values: Iterable[Any]) -> list[Found]:
    """Return the haystack and the tokens of each value of one field."""
    texts_of = type_of(field).search_texts
    texts = ["" if value is None else _BESIDE.join(texts_of(value)) for value in values]
    return index(texts, spelt=field.type not in _NOT_SPELT)


def index(texts: Sequence[str], *, spelt: bool = True) -> list[Found]:
    """Return the haystack and the tokens of each text; *spelt* adds pinyin and initials.

    All are read as one text with a line each: the steps of one by one cost more than their work.
    """
    page = fold("\n".join(text[:LONGEST_TEXT].replace("\n", " ").strip() for text in texts))
    haystacks, tokens = iter(page.split("\n")), list[str]()
    found, spelt_beside = list[Found](), list[str]()
    for run in _PAGE_RUNS.findall(page + "\n"):
        sign = run[0]
        if sign == "\n":
            found.append((_BETWEEN.join((next(haystacks), *spelt_beside)), tokens))
            tokens, spelt_beside = [], []
        elif sign in _DIGITS:
            tokens += _digit_pieces(run)
        elif not _is_han(sign):
            tokens += _triples(run)
        elif spelt:
            sound, initials, pieces = _spelt_run(run)
            spelt_beside += (sound, initials)
            tokens += pieces
        else:
            tokens += _pairs(run)
    return found


def words(typed: str) -> Words | None:
    """Return what to look for when a person typed *typed*; None when that is nothing."""
    fragments = fold(typed.replace("\0", " ")).split()  # no text of the database holds a zero
    if not fragments:
        return None
    asked = (_asked(run) for fragment in fragments for run in _RUNS.findall(fragment))
    return Words(runs=tuple(each for each in asked if each), fragments=tuple(fragments))


def fold(text: str) -> str:
    """Return *text* as it is compared: half width, lower case, without separators between digits."""
    plain = (text if text.isascii() else unicodedata.normalize("NFKC", text)).lower()
    return _APART.sub("", plain) if " " in plain or "-" in plain else plain


def _asked(run: str) -> tuple[Tokens, ...]:
    """Return sets of tokens, one of which a record must have; none where the index cannot help."""
    if run[0] in _DIGITS:
        ways = [_asked_for(_digit_pieces(run))]
    elif _is_han(run[0]):
        sounds = _asked_for(_SOUNDS[character] for character in run if character not in _ENDING)
        ways = [sounds] if len(run) == 1 else [sounds, _asked_for(_pairs(run))]
    elif len(run) < 3 or any(ending.startswith(run) for ending in _ENDING_SOUNDS):
        return ()
    else:
        ways = [_asked_for(_triples(run)), *map(_asked_sounds, sorted(_sounds_of(run)))]
        ways.append(_asked_for(_initial_triples(run, len(run) - 2)))
    return tuple(ways) if all(ways) else ()


def _asked_sounds(syllables: Tokens) -> Tokens:
    """Return the tokens of *syllables*, without those that may be of the ending, which the index does not hold."""
    first, *others = syllables
    return tuple(
        _number("^" + each) for each in (first, *others) if each is first or each not in _ENDING_HEADS
    )


def _sounds_of(letters: str, most: int = _SYLLABLES_ASKED) -> set[Tokens]:
    """Return the ways to read *letters* as syllables, by what is sure of each of the first *most*.

    The last one may be typed in part: of fewer than three letters nothing is sure, of three or more the first three.
    """
    ways = set[Tokens]()
    if most == 0 or any(each.startswith(letters) for each in _known_syllables()):
        ways.add((letters[:3],) if most and len(letters) >= _SURE else ())
    for length in range(1, min(len(letters), _LONGEST_SYLLABLE + 1)) if most else ():
        if letters[:length] in _known_syllables():
            ways |= {(letters[: min(length, 3)], *rest) for rest in _sounds_of(letters[length:], most - 1)}
    return ways


@cache
def _known_syllables() -> frozenset[str]:
    """Return every syllable a character may be read as, without tones."""
    spelt = unicodedata.normalize("NFD", ",".join(PINYIN_DICT.values())).replace("u\u0308", "v")
    return frozenset("".join(each for each in spelt if each == "," or "a" <= each <= "z").split(",")) - {""}


def _asked_for(tokens: Iterable[str]) -> Tokens:
    return tuple(each for each in dict.fromkeys(tokens) if each != _NOTHING)


def _is_han(sign: str) -> bool:
    return "\u3400" <= sign <= "\u9fff" or "\U00020000" <= sign <= "\U0003ffff"


def _triples(run: str) -> list[str]:
    """Return every piece of three signs; a shorter run has none."""
    return [_PIECES[run[at : at + 3]] for at in range(len(run) - 2)]


def _digit_pieces(run: str) -> list[str]:
    """Return the lesser of any two neighbouring triples: any four digits of *run* have one of them."""
    return [_LESSER[run[at : at + 4]] for at in range(len(run) - 3)]


def _pairs(run: str) -> list[str]:
    return [_PIECES[run[at : at + 2]] for at in range(len(run) - 1)]


def _initial_triples(letters: str, count: int) -> list[str]:
    return [_INITIAL_PIECES[letters[at : at + 3]] for at in range(count)]


def _spelt_run(run: str) -> tuple[str, str, list[str]]:
    """Return the pinyin and the initials of a run of characters, and the tokens of both."""
    letters = run.translate(_INITIALS)
    named = len(run) - len(_ENDING) if run.endswith(_ENDING) else len(run)
    pieces = [_SOUNDS[character] for character in run[:named]]
    pieces += _initial_triples(letters, min(named, len(run) - 2))
    return run.translate(_SYLLABLES), letters, pieces


def _number(piece: str) -> str:
    """Return the number of a piece: an ``integer`` of PostgreSQL, written in digits as it will be copied."""
    return str(zlib.crc32(piece.encode()) - 2**31 or 1)


class _Numbers(dict[str, str]):
    """The number of each piece of one kind; *sign* keeps kinds apart."""

    def __init__(self, sign: str = "") -> None:
        self.sign = sign

    def __missing__(self, piece: str) -> str:
        common = piece in _COMMON or not _DIVISIONS.isdisjoint(piece)
        number = _NOTHING if common else _number(self.sign + piece)
        if len(self) < _MOST_REMEMBERED:
            self[piece] = number
        return number


class _Lesser(dict[str, str]):
    """Of each four digits met, the number of the lesser of their two triples."""

    def __missing__(self, digits: str) -> str:
        return self.setdefault(digits, _number(min(digits[:3], digits[1:])))


class _Syllables(dict[int, str]):
    """The commonest reading of each Han character met, without its tone ('?' for one nobody knows)."""

    def __missing__(self, sign: int) -> str:
        found = pinyin(chr(sign), style=Style.NORMAL, errors=lambda _: "?")[0][0]
        return self.setdefault(sign, found.replace("ü", "v") or "?")


class _Initials(dict[int, str]):
    """The first letter of each character's reading."""

    def __missing__(self, sign: int) -> str:
        return self.setdefault(sign, _SYLLABLES[sign][0])


class _Sounds(dict[str, str]):
    """The number of each character's sound."""

    def __missing__(self, character: str) -> str:
        return self.setdefault(character, _number("^" + _SYLLABLES[ord(character)][:3]))


# What characters and pieces become, once they were met: a look-up each, where millions of names are read.
_SYLLABLES, _INITIALS, _SOUNDS = _Syllables(), _Initials(), _Sounds()
_PIECES, _INITIAL_PIECES, _LESSER = _Numbers(), _Numbers("~"), _Lesser()
