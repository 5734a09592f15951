"""Every word a field is known by, and how well a header agrees with it."""

import tomllib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from rapidfuzz import fuzz, process

from guanxi.integration.mapping.headers import has_han, normal, romanised
from guanxi.metadata.catalog import Catalog
from guanxi.metadata.objects import ObjectType

SURE, MAYBE = 1.0, 0.85
_WITHOUT_AFFIX = 0.95
_PINYIN, _INITIALS = 0.9, 0.8
_INSIDE_LEAST, _INSIDE_MORE = 0.5, 0.35
_TYPING_ERROR = 0.8
_ALIKE = 85  # of 100: one wrong letter in a word of seven, two signs more in one of six
_SYSTEM = ("number", "id", "name", "no")
_NOT_FROM_COLUMNS = ("file", "json", "many_to_many")
"""Types whose values no column of a table can hold: names of several people are no numbers of records."""

Words = Mapping[str, Mapping[str, float]]
"""From each normal header to the fields it may mean and how surely."""


@dataclass(frozen=True)
class Vocabulary:
    """The words of one catalog: whole headers, their pinyin and initials, and words for whole objects."""

    words: Words
    pinyin: Words
    tables: Mapping[str, frozenset[str]]
    objects: Mapping[str, tuple[str, ...]]
    roles: Mapping[str, frozenset[str]]

    def meanings(self, header: str) -> dict[str, float]:
        """Return the fields *header* may mean (``customer.address:province``), each with 0 < likeness ≤ 1."""
        word = normal(header)
        found: dict[str, float] = {}
        if not word:
            return found
        for path, weight in self._ways(word):
            found[path] = max(weight, found.get(path, 0.0))
        return found

    def is_role(self, role: str, header: str) -> bool:
        """Tell whether *header* names a ``key``, ``changed_at`` or ``nothing`` column."""
        return normal(header) in self.roles[role]

    def speaks_of(self, header: str, object_name: str) -> bool:
        """Tell whether *header* itself names the object: ``客户地址``, ``buyer_phone``."""
        word = normal(header)
        return any(each in word for each in self.objects.get(object_name, ()))

    def names_table(self, table: str, object_name: str) -> float:
        """Return how well the name of a table agrees with an object, 0 to 1."""
        word, known = normal(table), self.tables.get(object_name, frozenset())
        if word in known:
            return 1.0
        inside = [each for each in known if len(each) > 1 and each in word]
        return 0.8 * max((len(each) for each in inside), default=0) / max(len(word), 1)

    def _ways(self, word: str) -> Iterator[tuple[str, float]]:
        yield from self.words.get(word, {}).items()
        for shorter in self._without_affix(word):
            yield from _scaled(self.words.get(shorter, {}), _WITHOUT_AFFIX)
        if word not in self.words:
            yield from _scaled(self.pinyin.get(word.replace(" ", ""), {}), 1.0)
            yield from self._inside(word)
            yield from self._alike(word)

    def _without_affix(self, word: str) -> Iterator[str]:
        for each in {affix for words in self.objects.values() for affix in words}:
            if word.startswith(each) and len(word) > len(each):
                yield word[len(each) :].strip()

    def _inside(self, word: str) -> Iterator[tuple[str, float]]:
        """Yield fields whose word is a piece of the header: 主联系人手机号码 holds 手机号码."""
        for piece in _pieces(word):
            share = len(piece) / len(word)
            yield from _scaled(self.words.get(piece, {}), _INSIDE_LEAST + _INSIDE_MORE * share)

    def _alike(self, word: str) -> Iterator[tuple[str, float]]:
        if len(word) < 5:
            return
        for close, likeness, _ in process.extract(
            word, self.words.keys(), scorer=fuzz.ratio, score_cutoff=_ALIKE, limit=3
        ):
            yield from _scaled(self.words[close], _TYPING_ERROR * likeness / 100)


def vocabulary_of(catalog: Catalog) -> Vocabulary:
    """Return the words of *catalog*: the shipped synonyms and the names of all its objects and fields."""
    shipped = synonyms()
    words: dict[str, dict[str, float]] = defaultdict(dict)
    for path, word, weight in (*_shipped_words(shipped), *_own_words(catalog)):
        spelled = normal(word)
        words[spelled][path] = max(weight, words[spelled].get(path, 0.0))
    tables = {each.name: _table_words(each, shipped["tables"]) for each in catalog.live_objects}
    objects = {
        each.name: tuple(sorted({normal(word) for word in _object_words(each, shipped["words"])}))
        for each in catalog.live_objects
    }
    roles = {role: frozenset(map(normal, known)) for role, known in shipped["role"].items()}
    return Vocabulary(dict(words), _romanised(words), tables, objects, roles)


@cache
def synonyms() -> Mapping[str, Any]:
    """Return the shipped synonyms as they stand in their file."""
    return tomllib.loads(files(__package__).joinpath("synonyms.toml").read_text(encoding="utf-8"))


def _shipped_words(shipped: Mapping[str, Any]) -> Iterator[tuple[str, str, float]]:
    for object_name, fields in shipped.items():
        if object_name in ("tables", "words", "role"):
            continue
        for name, known in fields.items():
            for weight, group in ((SURE, "sure"), (MAYBE, "maybe")):
                yield from ((f"{object_name}.{name}", word, weight) for word in known.get(group, ()))


def _own_words(catalog: Catalog) -> Iterator[tuple[str, str, float]]:
    """Yield what the catalog itself calls its fields; a link is called by its target's number."""
    for each in catalog.live_objects:
        for field in each.live_fields:
            path = f"{each.name}.{field.name}"
            if field.type in _NOT_FROM_COLUMNS:
                continue
            if field.type == "lookup":
                yield path, f"{field.name} id", SURE
                continue
            yield from ((path, word, SURE) for word in (field.name, field.label.en, field.label.zh) if word)


def _table_words(each: ObjectType, shipped: Mapping[str, list[str]]) -> frozenset[str]:
    own = (each.name, each.label.en, each.label.zh, each.plural.en, each.plural.zh)
    return frozenset(normal(word) for word in (*own, *shipped.get(each.name, ())) if word)


def _object_words(each: ObjectType, shipped: Mapping[str, list[str]]) -> Iterable[str]:
    return (word for word in (each.name, each.label.en, each.label.zh, *shipped.get(each.name, ())) if word)


def _romanised(words: Words) -> Words:
    """Return the fields by pinyin and by initials (of three letters or more: two say too little)."""
    found: dict[str, dict[str, float]] = defaultdict(dict)
    for word, meanings in words.items():
        if not has_han(word):
            continue
        whole, initials = romanised(word)
        for spelled, factor in ((whole, _PINYIN), (initials, _INITIALS if len(initials) > 2 else 0.0)):
            for path, weight in meanings.items():
                if factor and spelled.isascii():
                    found[spelled][path] = max(weight * factor, found[spelled].get(path, 0.0))
    return dict(found)


def _pieces(word: str) -> Iterator[str]:
    """Yield the pieces of a header that could be a word: two Han signs and more, or whole Latin words."""
    if has_han(word):
        yield from {word[i:j] for i in range(len(word)) for j in range(i + 2, len(word) + 1)} - {word}
        return
    parts = word.split()
    pieces = {" ".join(parts[i:j]) for i in range(len(parts)) for j in range(i + 1, len(parts) + 1)}
    yield from pieces - {word} - set(_SYSTEM)


def _scaled(meanings: Mapping[str, float], factor: float) -> Iterator[tuple[str, float]]:
    return ((path, weight * factor) for path, weight in meanings.items())
