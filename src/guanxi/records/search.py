"""How people find records: by a fragment of a name in characters, by pinyin, initials, words or phone digits.

A record's *haystack* holds the text of each searchable field, with its pinyin and initials, in small letters.
Its *tokens* are short pieces an index can hold, each kind with a sign of its own so that kinds do not meet, and each
written as a number: an index of numbers costs half as much as one of texts.

====================  ==========================  ======================================
text                  tokens                      typed
====================  ==========================  ======================================
云帆机械, yunfanjixie ^yun ^fan ^ji ^xie          a character; three letters, from where a syllable begins
云帆机械              帆                          a character that is not a usual one
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
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from guanxi.metadata.field_types import type_of
from guanxi.metadata.objects import Field, ObjectType
from guanxi.records import tokens
from guanxi.records.sounds import INITIALS, SYLLABLES, known_syllables
from guanxi.records.tokens import DIGITS, ENDING, HAN, NOTHING, RUNS, is_han
from guanxi.store.search import SearchEntries, SearchEntry, Words, kind_of

LONGEST_TEXT = 2000  # characters; a long note is found by its beginning
_NOT_HAN = re.compile(rf"[^{HAN}\n]+")
_APART = re.compile(r"(?<=\d)[ \-](?=\d)")
_BETWEEN = (
    "\n"  # between a text, its sound and its initials: no fragment reaches across, none has white space
)
_BESIDE = " / "  # between the texts of one value
_NOT_SPELT = frozenset({"address", "long_text", "url"})
_ENDING_SOUNDS = ("youxiangongsi", "xiangongsi", "gongsi", "si")
_ENDING_HEADS = frozenset({"you", "xia", "gon", "si"})
_SYLLABLES_ASKED = 3
_LONGEST_SYLLABLE = 6
_SURE = 3
"""Letters of a syllable by which the index knows it."""

Numbers = tuple[int, ...]


def entry(object_type: ObjectType, record_id: int, values: Mapping[str, Any]) -> SearchEntry | None:
    """Return what a record with *values* is found by; None for an object without searchable fields."""
    found = entries(object_type, [record_id], {name: [value] for name, value in values.items()})
    if found is None:
        return None
    haystack = {name: text for name, (text,) in found.haystacks.items() if text is not None}
    return SearchEntry(record_id, object_type.name, haystack, found.tokens.tolist())


def entries(
    object_type: ObjectType, ids: Sequence[int], values: Mapping[str, Sequence[Any]]
) -> SearchEntries | None:
    """Return what records are found by; the columns of *values* have one value for each of *ids*.

    None for an object without searchable fields.
    """
    fields = [each for each in object_type.live_fields if each.searchable]
    if not fields:
        return None
    pages = {each: _page(each, values[each.name]) for each in fields if each.name in values}
    spelt = [page for field, page in pages.items() if _is_spelt(field)]
    noted = [page for field, page in pages.items() if not _is_spelt(field)]
    numbers, counts = tokens.read(
        "".join((*spelt, *noted)), spelt=sum(map(len, spelt)), rows=len(ids), also=kind_of(object_type.name)
    )
    return SearchEntries(
        object=object_type.name,
        record_ids=ids,
        haystacks={field.name: _haystacks(page, _is_spelt(field)) for field, page in pages.items()},
        tokens=numbers,
        counts=counts,
    )


def words(typed: str) -> Words | None:
    """Return what to look for when a person typed *typed*; None when that is nothing."""
    fragments = fold(typed.replace("\0", " ")).split()  # no text of the database holds a zero
    if not fragments:
        return None
    asked = (_asked(run) for fragment in fragments for run in RUNS.findall(fragment))
    return Words(runs=tuple(each for each in asked if each), fragments=tuple(fragments))


def fold(text: str) -> str:
    """Return *text* as it is compared: half width, lower case, without separators between digits."""
    plain = (text if text.isascii() else unicodedata.normalize("NFKC", text)).lower()
    return _APART.sub("", plain) if " " in plain or "-" in plain else plain


def _is_spelt(field: Field) -> bool:
    return field.type not in _NOT_SPELT


def _page(field: Field, values: Iterable[Any]) -> str:
    """Return the texts of one field as they are compared, each in a line of its own."""
    texts_of = type_of(field).search_texts
    texts = ["" if value is None else _BESIDE.join(texts_of(value)) for value in values]
    return fold("".join([text[:LONGEST_TEXT].replace("\n", " ").strip() + "\n" for text in texts]))


def _haystacks(page: str, spelt: bool) -> list[str | None]:
    """Return the haystack of each line of *page*, None for an empty one; *spelt* adds pinyin and initials."""
    texts = page.split("\n")[:-1]
    if not spelt or page.isascii():
        return [text or None for text in texts]
    characters = _NOT_HAN.sub(" ", page)
    sounds, initials = (characters.translate(letters).split("\n") for letters in (SYLLABLES, INITIALS))
    return [
        _BETWEEN.join((text, sound, letters)) if sound and sound != " " else text or None
        for text, sound, letters in zip(texts, sounds, initials, strict=False)
    ]


def _asked(run: str) -> tuple[Numbers, ...]:
    """Return sets of tokens, one of which a record must have; none where the index cannot help."""
    if run[0] in DIGITS:
        ways = [_asked_for(map(tokens.number_of_digits, _cut(run, 4)))]
    elif is_han(run[0]):
        named = [character for character in run if character not in ENDING]
        signs = _asked_for(
            each(sign) for sign in named for each in (tokens.number_of_sound, tokens.number_of_character)
        )
        ways = [signs] if len(run) == 1 else [signs, _asked_for(map(tokens.number_of, _cut(run, 2)))]
    elif len(run) < 3 or any(ending.startswith(run) for ending in _ENDING_SOUNDS):
        return ()
    else:
        ways = [_asked_for(map(tokens.number_of, _cut(run, 3)))]
        ways += map(_asked_sounds, sorted(_sounds_of(run)))
        ways.append(_asked_for(map(tokens.number_of_initials, _cut(run, 3))))
    return tuple(ways) if all(ways) else ()


def _asked_sounds(syllables: tuple[str, ...]) -> Numbers:
    """Return the tokens of *syllables*, without those that may be of the ending, which the index does not hold."""
    first, *others = syllables
    held = (each for each in others if each not in _ENDING_HEADS)
    return tuple(map(tokens.number_of_syllable, (first, *held)))


def _sounds_of(letters: str, most: int = _SYLLABLES_ASKED) -> set[tuple[str, ...]]:
    """Return the ways to read *letters* as syllables, by what is sure of each of the first *most*.

    The last one may be typed in part: of fewer than three letters nothing is sure, of three or more the first three.
    """
    ways = set[tuple[str, ...]]()
    if most == 0 or any(each.startswith(letters) for each in known_syllables()):
        ways.add((letters[:3],) if most and len(letters) >= _SURE else ())
    for length in range(1, min(len(letters), _LONGEST_SYLLABLE + 1)) if most else ():
        if letters[:length] in known_syllables():
            ways |= {(letters[: min(length, 3)], *rest) for rest in _sounds_of(letters[length:], most - 1)}
    return ways


def _cut(run: str, length: int) -> list[str]:
    """Return every piece of so many signs; a shorter run has none."""
    return [run[at : at + length] for at in range(len(run) - length + 1)]


def _asked_for(numbers: Iterable[int]) -> Numbers:
    return tuple(each for each in dict.fromkeys(numbers) if each != NOTHING)
