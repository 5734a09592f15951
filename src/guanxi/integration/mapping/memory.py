"""What people accepted for a source, so that nobody maps the same file twice."""

import hashlib
import json
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import tomli_w

from guanxi.integration.mapping.headers import normal
from guanxi.integration.mapping.mappings import (
    ColumnMapping,
    TableMapping,
    mapping_from_data,
    mapping_to_data,
)
from guanxi.kernel.errors import Refused
from guanxi.kernel.text import say


def fingerprint(headers: Iterable[str]) -> str:
    """Return 16 hexadecimal digits that stand for a set of headers, whatever their order and spelling."""
    spelled = "\n".join(sorted(normal(each) for each in headers))
    return hashlib.sha256(spelled.encode()).hexdigest()[:16]


@dataclass(frozen=True)
class Remembered:
    """One accepted mapping: of which source, for which headers."""

    source: str
    headers: str
    mapping: TableMapping


@dataclass(frozen=True)
class Memory:
    """All accepted mappings; the newest word on the same headers of a source counts."""

    entries: tuple[Remembered, ...] = ()

    def remembering(self, source: str, mapping: TableMapping) -> "Memory":
        """Return a memory that also holds *mapping*, accepted for *source*."""
        headers = fingerprint(each.column for each in mapping.columns)
        others = (each for each in self.entries if (each.source, each.headers) != (source, headers))
        return Memory((*others, Remembered(source, headers, mapping)))

    def recall(self, source: str, headers: Iterable[str]) -> TableMapping | None:
        """Return the mapping accepted for exactly these headers: of *source*, else of any other source."""
        wanted = fingerprint(headers)
        same = [each for each in reversed(self.entries) if each.headers == wanted]
        own = [each for each in same if each.source == source]
        return next((each.mapping for each in (*own, *same)), None)

    def applied_to(self, suggested: TableMapping, source: str) -> TableMapping:
        """Return *suggested* with everything that was accepted before.

        The same headers take the whole mapping; otherwise each column *source* had before keeps its field.
        """
        known = self.recall(source, (each.column for each in suggested.columns))
        words = _words(known) if known else self._words_of(source)
        claimed = {
            words[normal(each.column)].path for each in suggested.columns if normal(each.column) in words
        }
        columns = tuple(_recalled(each, words, claimed) for each in suggested.columns)
        if known is None:
            return replace(suggested, columns=columns)
        return replace(
            suggested, columns=columns, main=known.main, objects=known.objects, **_roles(known, suggested)
        )

    def _words_of(self, source: str) -> dict[str, ColumnMapping]:
        words: dict[str, ColumnMapping] = {}
        for each in self.entries:
            if each.source == source:
                words |= _words(each.mapping)
        return words

    def to_toml(self) -> str:
        """Return the memory as TOML, to be kept, compared and carried to another system."""
        return tomli_w.dumps(self.to_data())

    def to_json(self) -> str:
        """Return the memory as JSON."""
        return json.dumps(self.to_data(), ensure_ascii=False, indent=1)

    def to_data(self) -> dict[str, Any]:
        """Return the memory as plain tables."""
        return {
            "mapping": [
                {"source": each.source, "headers": each.headers, **mapping_to_data(each.mapping)}
                for each in self.entries
            ]
        }


NOTHING_REMEMBERED = Memory()


def memory_from_toml(text: str) -> Memory:
    """Return the memory written in *text*; raises `Refused` when it is none."""
    try:
        return memory_from_data(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise Refused(say("this is not TOML: {detail}", detail=str(error))) from error


def memory_from_json(text: str) -> Memory:
    """Return the memory written in *text*; raises `Refused` when it is none."""
    try:
        return memory_from_data(json.loads(text))
    except json.JSONDecodeError as error:
        raise Refused(say("this is not JSON: {detail}", detail=str(error))) from error


def memory_from_data(data: Mapping[str, Any]) -> Memory:
    """Return the memory that `Memory.to_data` made *data* of; raises `Refused`."""
    try:
        return Memory(
            tuple(
                Remembered(each["source"], each["headers"], mapping_from_data(each))
                for each in data["mapping"]
            )
        )
    except (KeyError, TypeError, ValueError) as error:
        raise Refused(
            say("this does not hold mappings; missing or wrong: {detail}", detail=str(error))
        ) from error


def _words(mapping: TableMapping) -> dict[str, ColumnMapping]:
    return {normal(each.column): each for each in mapping.columns}


def _recalled(column: ColumnMapping, words: Mapping[str, ColumnMapping], claimed: set[str]) -> ColumnMapping:
    known = words.get(normal(column.column))
    if known is not None:
        values = {**column.values, **known.values}
        unmapped = tuple(each for each in column.unmapped if each not in values)
        return replace(
            known,
            column=column.column,
            values=values,
            unmapped=unmapped,
            confidence=1.0,
            reason=say("accepted for this source before"),
        )
    if column.target and column.path in claimed:
        return ColumnMapping(
            column=column.column, reason=say("{field} comes from another column", field=column.path)
        )
    return column


def _roles(known: TableMapping, suggested: TableMapping) -> dict[str, str]:
    """Return key and change column of *known*, spelled as the headers are spelled today."""
    today = {normal(each.column): each.column for each in suggested.columns}
    return {name: today.get(normal(getattr(known, name)), "") for name in ("key", "changed_at")}
