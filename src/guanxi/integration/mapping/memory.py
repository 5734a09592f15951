"""What people said about columns of any source, so that nobody maps the same column twice."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from guanxi.integration.mapping.assigning import chain_of
from guanxi.integration.mapping.headers import normal
from guanxi.integration.mapping.mappings import ColumnMapping, TableMapping
from guanxi.integration.mapping.words import NO_VALUES, NO_WORDS, ValueMaps, Words, with_words
from guanxi.kernel.text import Message, say
from guanxi.metadata.catalog import Catalog


def fingerprint(headers: Iterable[str]) -> str:
    """Return 16 hexadecimal digits that stand for a set of headers, whatever their order and spelling."""
    spelled = "\n".join(sorted(normal(each) for each in headers))
    return hashlib.sha256(spelled.encode()).hexdigest()[:16]


@dataclass(frozen=True, kw_only=True)
class Remembered:
    """What people said about one table of one source: its columns, their values, what its rows are."""

    source: str
    table: str
    words: Words = field(default_factory=lambda: NO_WORDS)
    values: ValueMaps = field(default_factory=lambda: NO_VALUES)
    rows_are: str = ""


@dataclass(frozen=True)
class Memory:
    """Everything that was said, the newest last; a source's own word goes before that of another."""

    entries: tuple[Remembered, ...] = ()

    def remembering(self, entry: Remembered) -> "Memory":
        """Return a memory that also holds *entry*, the newest word on its table."""
        place = (entry.source, entry.table)
        return Memory((*(each for each in self.entries if (each.source, each.table) != place), entry))

    def without(self, source: str, table: str) -> "Memory":
        """Return the memory without what was said about this very table."""
        return Memory(tuple(each for each in self.entries if (each.source, each.table) != (source, table)))

    def told_of(self, headers: Iterable[str], source: str) -> Remembered | None:
        """Return what was said about exactly these headers: in *source*, else in any other."""
        wanted = fingerprint(headers)
        return next((each for each in self._nearest(source) if fingerprint(each.words) == wanted), None)

    def applied_to(
        self,
        suggested: TableMapping,
        source: str,
        catalog: Catalog,
        samples: Mapping[str, Sequence[str | None]],
    ) -> TableMapping:
        """Return *suggested* with everything that was said before of columns with the same names.

        A table with the same headers is mapped like the other. Else each column is what it was in another table
        of *source*, or in another source where that field belongs to what the rows are.
        """
        headers = [each.column for each in suggested.columns]
        same = self.told_of(headers, source)
        values = {name: [each for each in found if each] for name, found in samples.items()}
        for each in suggested.columns:
            entry, header = self._word_on(each, suggested, source, catalog, same)
            if entry is not None:
                suggested = with_words(
                    suggested,
                    {each.column: entry.words[header]},
                    catalog,
                    values={each.column: entry.values.get(header, {})},
                    samples=values,
                    reason=_reason(entry, source),
                )
        return suggested

    def _word_on(
        self,
        column: ColumnMapping,
        suggested: TableMapping,
        source: str,
        catalog: Catalog,
        same: Remembered | None,
    ) -> tuple[Remembered | None, str]:
        """Return who said something about a column of this name, and how it is spelt there."""
        wanted = normal(column.column)
        chain = set(chain_of(catalog, catalog.object(suggested.main)))
        for entry in (same,) if same else self._nearest(source):
            for header, path in entry.words.items():
                fits = entry.source == source or path.partition(".")[0] in chain
                if normal(header) == wanted and fits:
                    return entry, header
        return None, ""

    def _nearest(self, source: str) -> Iterator[Remembered]:
        """Yield what was said, of *source* first, the newest first."""
        newest = tuple(reversed(self.entries))
        yield from (each for each in newest if each.source == source)
        yield from (each for each in newest if each.source != source)


NOTHING_REMEMBERED = Memory()


def _reason(entry: Remembered, source: str) -> Message:
    if entry.source == source:
        return say("accepted for this source before")
    return say("accepted for the source {source} before", source=entry.source)


def rows_known(memory: Memory, headers: Iterable[str], source: str, catalog: Catalog) -> str:
    """Return what the rows of a table with these headers were said to be, '' where nobody said it."""
    told = memory.told_of(headers, source)
    return told.rows_are if told and told.rows_are in catalog.objects else ""
