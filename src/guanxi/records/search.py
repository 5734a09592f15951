"""How people find records: by a fragment of a name in characters, by pinyin, initials, words or phone digits.

A record's *haystack* holds the text of each searchable field, with its pinyin and initials, in small letters.
Its *tokens* are short pieces an index can hold, each kind with a sign of its own so that kinds do not meet:

====================  ==========================  ======================================
text                  tokens                      typed
====================  ==========================  ======================================
云帆机械              云帆 帆机 机械, 云 帆 机 械  two characters or more; one
yunfanjixie           ^yun ^fan ^jix ^xie         three letters, from where a syllable begins
yfjx                  ~yfj ~fjx                   three initials or more
acme                  acm cme                     three letters or more
13800138000           138 380 800 001 …           three digits or more
====================  ==========================  ======================================

A search asks the index for the pieces of what was typed, then looks for it as it was typed in the haystacks found;
so pieces may be coarse. One or two letters or digits ask the index for nothing: they are in so many haystacks that a
page of them is found soon. Places and notes are found by two characters or more, not by their sound, which nobody
types and which would double the index.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from typing import Any

from pypinyin import Style, pinyin

from guanxi.metadata.field_types import type_of
from guanxi.metadata.objects import Field, ObjectType
from guanxi.store.search import SearchEntry, Words

LONGEST_TEXT = 2000  # characters; a long note is found by its beginning
_HAN = "\u3400-\u9fff\U00020000-\U0003ffff"
_HAN_RUN = re.compile(rf"[{_HAN}]+")
_RUNS = re.compile(rf"[{_HAN}]+|[0-9]+|[^\W\d_{_HAN}]+")
_APART = re.compile(r"(?<=\d)[ \-](?=\d)")
_BETWEEN = "\n"  # between the texts of a haystack: no fragment reaches across
_NOT_SPELT = frozenset({"address", "long_text", "url"})
_COMMON = frozenset({"有限", "限公", "公司"})
"""Every company has them: the index need not, the haystack does."""

Tokens = tuple[str, ...]


def entry(object_type: ObjectType, record_id: int, values: Mapping[str, Any]) -> SearchEntry | None:
    """Return what a record with *values* is found by; None for an object without searchable fields."""
    fields = [each for each in object_type.live_fields if each.searchable]
    if not fields:
        return None
    found = [(each.name, read_field(each)(values.get(each.name))) for each in fields]
    return entry_of(object_type.name, record_id, found)


def entry_of(
    object_name: str, record_id: int, found: Iterable[tuple[str, tuple[str, Tokens]]]
) -> SearchEntry:
    """Return the entry of a record from what `read_field` found in each of its fields."""
    haystack: dict[str, str] = {}
    tokens: dict[str, None] = {}
    for name, (text, pieces) in found:
        if text:
            haystack[name] = text
            tokens.update(dict.fromkeys(pieces))
    return SearchEntry(record_id, object_name, haystack, tuple(tokens))


def read_field(field: Field) -> Callable[[Any], tuple[str, Tokens]]:
    """Return the function from a value of *field* to its haystack and its tokens."""
    texts_of, spelt = type_of(field).search_texts, field.type not in _NOT_SPELT

    def read(value: Any) -> tuple[str, Tokens]:
        if value is None:
            return "", ()
        found = [index(text, spelt=spelt) for text in texts_of(value)]
        if len(found) == 1:
            return found[0]
        return _BETWEEN.join(text for text, _ in found), tuple(token for _, each in found for token in each)

    return read


def index(text: str, *, spelt: bool = True) -> tuple[str, Tokens]:
    """Return the haystack and the tokens of one text; *spelt* adds pinyin, initials and single characters."""
    folded = fold(text[:LONGEST_TEXT])
    haystack, tokens = [folded], list[str]()
    for run in _RUNS.findall(folded):
        if run[0] in "0123456789" or not _HAN_RUN.match(run):
            tokens += _triples(run)
        else:
            tokens += _han_pieces(run)
            if spelt:
                sound, initials, pieces = _sound(run)
                haystack += [sound, initials]
                tokens += pieces
    return _BETWEEN.join(haystack), tuple(tokens)


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
    if run[0] in "0123456789":
        return (tuple(_triples(run)),) if len(run) > 2 else ()
    if _HAN_RUN.match(run):
        pieces = _han_pieces(run) if len(run) > 1 else [run]
        return (tuple(pieces),) if pieces else ()
    if len(run) < 3:
        return ()
    return tuple(_triples(run)), ("^" + run[:3],), tuple("~" + each for each in _triples(run))


def _triples(run: str) -> list[str]:
    """Return every piece of three signs; a shorter run has none."""
    return [run[at : at + 3] for at in range(len(run) - 2)]


def _han_pieces(run: str) -> list[str]:
    pairs = [run[at : at + 2] for at in range(len(run) - 1)]
    return [pair for pair in pairs if pair not in _COMMON]


@lru_cache(maxsize=20_000)
def _sound(run: str) -> tuple[str, str, Tokens]:
    """Return the pinyin and the initials of a run of characters, and the tokens of characters and sound."""
    syllables = [_syllable(character) for character in run]
    sound, initials = "".join(syllables), "".join(each[0] for each in syllables)
    tokens, at = [*run, *("~" + each for each in _triples(initials))], 0
    for syllable in syllables:
        tokens.append("^" + sound[at : at + 3])
        at += len(syllable)
    return sound, initials, tuple(tokens)


@lru_cache(maxsize=50_000)
def _syllable(character: str) -> str:
    """Return the commonest reading of a Han character without its tone ('?' for one nobody knows)."""
    return pinyin(character, style=Style.NORMAL, errors=lambda _: "?")[0][0].replace("ü", "v") or "?"
