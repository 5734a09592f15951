"""How people find records: by a fragment of a name in characters, by pinyin, initials, words or phone digits.

A record's *haystack* holds the text of each searchable field, with its pinyin and initials, in small letters.
Its *tokens* are short pieces an index can hold, each kind with a sign of its own so that kinds do not meet:

====================  ==========================  ======================================
text                  tokens                      typed
====================  ==========================  ======================================
云帆机械              云帆 帆机 机械              two characters or more
yunfanjixie           ^yun ^fan ^ji ^xie          a character; three letters, from where a syllable begins
yfjx                  ~yfj ~fjx                   three initials or more
acme                  acm cme                     three letters or more
13800138000           138 380 001 …               four digits or more
====================  ==========================  ======================================

A search asks the index for the pieces of what was typed, then looks for it as it was typed in the haystacks found;
so pieces may be coarse. What is in very many haystacks (two letters, three digits, 有限公司 in characters, sound or
initials) asks the index for nothing: a page of them is found soon. Every token costs about half a microsecond when
a record is saved, so there are few: a character is looked for by its sound, and of two neighbouring triples of
digits only the lesser is kept. Places and notes are found by two characters or more, not by their sound, which
nobody types and which would double the index.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from pypinyin import Style, pinyin

from guanxi.metadata.field_types import type_of
from guanxi.metadata.objects import Field, ObjectType
from guanxi.store.search import SearchEntry, Words

LONGEST_TEXT = 2000  # characters; a long note is found by its beginning
_HAN = "\u3400-\u9fff\U00020000-\U0003ffff"
_RUNS = re.compile(rf"[{_HAN}]+|[0-9]+|[^\W\d_{_HAN}]+")
_APART = re.compile(r"(?<=\d)[ \-](?=\d)")
_DIGITS = frozenset("0123456789")
_BETWEEN = "\n"  # between the texts of a haystack: no fragment reaches across
_NOT_SPELT = frozenset({"address", "long_text", "url"})
_ENDING = "有限公司"
"""Every company has it: the index need not, the haystack does."""
_COMMON = frozenset({"有限", "限公", "公司", "~yxg", "~xgs", *_ENDING})
_ENDING_SOUNDS = ("youxiangongsi", "xiangongsi", "gongsi", "si")

Tokens = tuple[str, ...]
Found = tuple[str, list[str]]
"""The haystack of a text and its tokens."""


def entry(object_type: ObjectType, record_id: int, values: Mapping[str, Any]) -> SearchEntry | None:
    """Return what a record with *values* is found by; None for an object without searchable fields."""
    fields = [each for each in object_type.live_fields if each.searchable]
    if not fields:
        return None
    found = [(each.name, read_field(each)(values.get(each.name))) for each in fields]
    return entry_of(object_type.name, record_id, found)


def entry_of(object_name: str, record_id: int, found: Iterable[tuple[str, Found]]) -> SearchEntry:
    """Return the entry of a record from what `read_field` found in each of its fields."""
    haystack: dict[str, str] = {}
    tokens: list[str] = []
    for name, (text, pieces) in found:
        if text:
            haystack[name] = text
            tokens += pieces
    return SearchEntry(record_id, object_name, haystack, tuple(dict.fromkeys(tokens)))


def entries(
    object_type: ObjectType, ids: Sequence[int], values: Mapping[str, Sequence[Any]], places: Iterable[int]
) -> list[SearchEntry]:
    """Return what the records at *places* are found by; *ids* and the columns of *values* have one per place."""
    fields = [each for each in object_type.live_fields if each.searchable]
    found_by = [(each.name, read_field(each), values[each.name]) for each in fields if each.name in values]
    return [
        entry_of(
            object_type.name, ids[place], [(name, read(column[place])) for name, read, column in found_by]
        )
        for place in (places if fields else ())
    ]


def read_field(field: Field) -> Callable[[Any], Found]:
    """Return the function from a value of *field* to its haystack and its tokens."""
    texts_of, spelt = type_of(field).search_texts, field.type not in _NOT_SPELT

    def read(value: Any) -> Found:
        if value is None:
            return "", []
        found = [index(text, spelt=spelt) for text in texts_of(value)]
        if len(found) == 1:
            return found[0]
        return _BETWEEN.join(text for text, _ in found), [token for _, each in found for token in each]

    return read


def index(text: str, *, spelt: bool = True) -> Found:
    """Return the haystack and the tokens of one text; *spelt* adds pinyin and initials."""
    folded = fold(text[:LONGEST_TEXT])
    if folded.isascii() and folded.isdigit():
        return folded, _digit_pieces(folded)
    haystack, tokens = [folded], list[str]()
    for run in _RUNS.findall(folded):
        if run[0] in _DIGITS:
            tokens += _digit_pieces(run)
        elif not _is_han(run[0]):
            tokens += _triples(run)
        elif spelt:
            sound, initials, pieces = _spelt_run(run)
            haystack += (sound, initials)
            tokens += pieces
        else:
            tokens += _pairs(run)
    return _BETWEEN.join(haystack), tokens


def words(typed: str) -> Words | None:
    """Return what to look for when a person typed *typed*; None when that is nothing."""
    fragments = fold(typed).split()
    if not fragments:
        return None
    asked = (_asked(run) for fragment in fragments for run in _RUNS.findall(fragment))
    return Words(runs=tuple(each for each in asked if each), fragments=tuple(fragments))


def fold(text: str) -> str:
    """Return *text* as it is compared: half width, lower case, without separators between digits."""
    plain = text if text.isascii() else unicodedata.normalize("NFKC", text)
    plain = plain.lower().strip()
    return _APART.sub("", plain) if " " in plain or "-" in plain else plain


def _asked(run: str) -> tuple[Tokens, ...]:
    """Return sets of tokens, one of which a record must have; none where the index cannot help."""
    if run[0] in _DIGITS:
        ways = [_asked_for(_digit_pieces(run))]
    elif _is_han(run[0]):
        ways = [_asked_for(_pairs(run) if len(run) > 1 else _character(run))]
    elif len(run) < 3 or any(ending.startswith(run) for ending in _ENDING_SOUNDS):
        return ()
    else:
        # A syllable that begins the run is its first letter, its first two, or begins with its first three.
        syllables = [("^" + run[:length],) for length in (1, 2, 3)]
        initials = _asked_for("~" + each for each in _triples(run))
        ways = [tuple(_triples(run)), *syllables, initials]
    return tuple(ways) if all(ways) else ()


def _is_han(sign: str) -> bool:
    return "\u3400" <= sign <= "\u9fff" or "\U00020000" <= sign <= "\U0003ffff"


def _character(character: str) -> list[str]:
    return [] if character in _COMMON else [_SOUNDS[character]]


def _triples(run: str) -> list[str]:
    """Return every piece of three signs; a shorter run has none."""
    return [run[at : at + 3] for at in range(len(run) - 2)]


def _digit_pieces(run: str) -> list[str]:
    """Return the lesser of any two neighbouring triples: any four digits of *run* have one of them."""
    return [_LESSER[run[at : at + 4]] for at in range(len(run) - 3)]


def _pairs(run: str) -> list[str]:
    return [run[at : at + 2] for at in range(_heard(run, len(run) - 1))]


def _heard(run: str, most: int) -> int:
    """Return how many signs of *run* an index hears of, at most *most*: not those of the common ending."""
    return min(most, len(run) - len(_ENDING)) if run.endswith(_ENDING) else most


def _asked_for(tokens: Iterable[str]) -> Tokens:
    return tuple(each for each in tokens if each not in _COMMON)


def _spelt_run(run: str) -> tuple[str, str, list[str]]:
    """Return the pinyin and the initials of a run of characters, and the tokens of characters and sound."""
    letters = run.translate(_INITIALS)
    pieces = _pairs(run)
    pieces += [_SOUNDS[character] for character in run[: _heard(run, len(run))]]
    pieces += ["~" + letters[at : at + 3] for at in range(_heard(run, len(run) - 2))]
    return run.translate(_SYLLABLES), letters, pieces


class _Lesser(dict[str, str]):
    """Of each four digits met, the lesser of their two triples."""

    def __missing__(self, digits: str) -> str:
        return self.setdefault(digits, min(digits[:3], digits[1:]))


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
    """The token of each character's sound."""

    def __missing__(self, character: str) -> str:
        return self.setdefault(character, "^" + _SYLLABLES[ord(character)][:3])


# What characters and digits become, once they were met: a look-up each, where millions of names are read.
_SYLLABLES, _INITIALS, _SOUNDS, _LESSER = _Syllables(), _Initials(), _Sounds(), _Lesser()
