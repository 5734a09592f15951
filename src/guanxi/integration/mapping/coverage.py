"""How complete a mapping is: what nobody fills, what columns share, how records are linked."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from guanxi.integration.mapping.assigning import chain_of
from guanxi.integration.mapping.mappings import TableMapping
from guanxi.integration.mapping.words import Words
from guanxi.metadata.catalog import Catalog
from guanxi.metadata.objects import ObjectType

_KNOWN_BY = ("mobile", "phone", "email", "credit_code")
"""Types of fields by which a record is recognised, besides its name and its number."""


@dataclass(frozen=True, kw_only=True)
class ObjectLink:
    """How rows of one object find the record they belong to: through the fields *by* of the object above."""

    below: str
    above: str
    by: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Coverage:
    """What a mapping takes over and what it misses.

    ``serving`` counts columns that are not stored but tell rows apart, or when they changed; ``open`` those that are
    not taken over though nobody said so. ``missing`` are required fields that
    nothing fills, ``wanted`` key fields of the rows' object that this table does not bring. Paths throughout.
    """

    columns: int
    mapped: int
    left_out: int
    serving: int
    open: int
    confirmed: int
    missing: tuple[str, ...]
    wanted: tuple[str, ...]
    links: tuple[ObjectLink, ...]
    shared: tuple[tuple[str, tuple[str, ...]], ...]
    """(target, the columns that make it up together)"""

    @property
    def is_confirmed(self) -> bool:
        """Tell whether a person has said something about every column."""
        return self.confirmed == self.columns


def coverage(mapping: TableMapping, words: Words, catalog: Catalog) -> Coverage:
    """Return how complete *mapping* is; *words* are what people said about its columns."""
    mapped = [each for each in mapping.columns if each.target]
    silent = [each for each in mapping.columns if not each.target]
    said = [each for each in mapping.columns if each.column in words]
    serving = [each for each in silent if serves(mapping, each.column)]
    silent = [each for each in silent if each not in serving]
    left_out = [each for each in silent if words.get(each.column) == ""]
    main = catalog.object(mapping.main)
    filled = set(mapping.targets)
    shared = {target: tuple(each.column for each in mapping.taken(target)) for target in mapping.targets}
    return Coverage(
        columns=len(mapping.columns),
        mapped=len(mapped),
        left_out=len(left_out),
        serving=len(serving),
        open=len(silent) - len(left_out),
        confirmed=len(said),
        missing=tuple(_missing(mapping, main, filled)),
        wanted=tuple(
            f"{main.name}.{each.name}"
            for each in main.live_fields
            if each.key
            and not each.required
            and f"{main.name}.{each.name}" not in filled
            and each.type != "auto_number"
            and not _is_linked(each.target, mapping)
        ),
        links=tuple(_links(mapping, catalog)),
        shared=tuple((target, columns) for target, columns in shared.items() if len(columns) > 1),
    )


def serves(mapping: TableMapping, column: str) -> bool:
    """Tell whether a column tells the rows of its source apart, or when they changed."""
    return column in (mapping.key, mapping.changed_at)


def _missing(mapping: TableMapping, main: ObjectType, filled: set[str]) -> Iterator[str]:
    for field in main.live_fields:
        path = f"{main.name}.{field.name}"
        given = field.type == "auto_number" or field.default is not None or path in filled
        if field.required and not given and not _is_linked(field.target, mapping):
            yield path


def _is_linked(target: str, mapping: TableMapping) -> bool:
    return bool(target) and any(each.startswith(f"{target}.") for each in mapping.targets)


def _links(mapping: TableMapping, catalog: Catalog) -> Iterator[ObjectLink]:
    chain = tuple(chain_of(catalog, catalog.object(mapping.main)))
    for below, above in pairwise(chain):
        named = catalog.object(above)
        known = [
            each.name
            for each in named.live_fields
            if each.name in (named.title, named.number, "former_number") or each.type in _KNOWN_BY
        ]
        link = f"{below}.{catalog.object(below).parent}"
        paths = (link, *(f"{above}.{name}" for name in known))
        by = tuple(path for path in paths if path in mapping.targets)
        if by:
            yield ObjectLink(below=below, above=above, by=by)
