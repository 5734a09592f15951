"""How people find records: by a fragment of a name in characters, by pinyin, initials, words or phone digits.

A record's *haystack* holds its texts, their pinyin and their initials, in lower case. Its *tokens* are the
short pieces an index can hold: one or two Han characters, three letters (of words and of pinyin), three digits,
two initials. A search asks the index for the pieces of every fragment, then looks for the fragments themselves in
the haystacks found, so pieces may be coarse but never hide a record.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any

from pypinyin import Style, pinyin

from guanxi.metadata.field_types import type_of
from guanxi.metadata.objects import ObjectType
from guanxi.store.queries import Words
from guanxi.store.search import SearchEntry

_HAN = "\u3400-\u9fff\U00020000-\U0003ffff"
_RUNS = re.compile(rf"[{_HAN}]+|[0-9]+|[^\W\d_{_HAN}]+")
_WIDTHS = {"han": 2, "letters": 3, "digits": 3}
_BETWEEN = "\n"  # between texts in a haystack: no fragment reaches across
LONGEST_TEXT = 2000  # characters; a long note is found by its beginning


def entry(object_type: ObjectType, record_id: int, values: Mapping[str, Any]) -> SearchEntry | None:
    """Return what a record with *values* is found by; None for an object without searchable fields."""
    fields = [each for each in object_type.live_fields if each.searchable]
    if not fields:
        return None
    texts = (text for each in fields for text in type_of(each).search_texts(values.get(each.name)))
    haystack, tokens = index(texts)
    return SearchEntry(record_id, object_type.name, haystack, tokens)


def index(texts: Iterable[str]) -> tuple[str, list[str]]:
    """Return the haystack and the tokens of a record with these *texts*."""
    haystack: list[str] = []
    tokens: set[str] = set()
    for text in texts:
        folded = fold(text[:LONGEST_TEXT])
        haystack.append(folded)
        for run in _RUNS.findall(folded):
            tokens.update(_pieces(run))
            if _kind(run) == "han":
                tokens.update(run)
                syllables = [_syllable(character) for character in run]
                spelt, initials = "".join(syllables), "".join(each[0] for each in syllables)
                haystack += [spelt, initials]
                tokens.update((*_pieces(spelt), *_pieces(initials), *_pairs(initials)))
    return _BETWEEN.join(haystack), sorted(tokens)


def words(typed: str) -> Words | None:
    """Return what to look for when a person typed *typed*; None when that is nothing."""
    fragments = fold(typed).split()
    if not fragments:
        return None
    tokens = {token for fragment in fragments for run in _RUNS.findall(fragment) for token in _asked(run)}
    return Words(tokens=tuple(sorted(tokens)), fragments=tuple(fragments))


def fold(text: str) -> str:
    """Return *text* as it is compared: half width, lower case, without separators between digits."""
    plain = unicodedata.normalize("NFKC", text).lower().strip()
    return re.sub(r"(?<=\d)[ \-](?=\d)", "", plain)


def _kind(run: str) -> str:
    if run[0].isdigit():
        return "digits"
    return "han" if re.match(rf"[{_HAN}]", run) else "letters"


def _pieces(run: str) -> Iterator[str]:
    """Yield every piece of *run* as wide as its kind asks; a shorter run is one piece."""
    width = _WIDTHS[_kind(run)]
    yield from (run[at : at + width] for at in range(max(1, len(run) - width + 1)))


def _pairs(initials: str) -> Iterator[str]:
    yield from ("~" + initials[at : at + 2] for at in range(len(initials) - 1))


def _asked(run: str) -> Iterator[str]:
    """Yield the pieces a record must have; a single letter and one or two digits ask for none."""
    if len(run) >= _WIDTHS[_kind(run)]:
        yield from _pieces(run)
    elif _kind(run) == "han":
        yield run
    elif _kind(run) == "letters" and len(run) == 2:
        yield "~" + run


@lru_cache(maxsize=50_000)
def _syllable(character: str) -> str:
    """Return the commonest reading of a Han character without its tone ('?' for one nobody knows)."""
    return pinyin(character, style=Style.NORMAL, errors=lambda _: "?")[0][0].replace("ü", "v") or "?"
