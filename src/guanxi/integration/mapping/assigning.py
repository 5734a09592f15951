"""Resolves a whole table at once: which object its rows are, and one field for each column."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from guanxi.integration.mapping.detectors import Look
from guanxi.integration.mapping.fitting import DISTINCTIVE, fit
from guanxi.integration.mapping.vocabulary import Vocabulary
from guanxi.metadata.catalog import Catalog
from guanxi.metadata.objects import Field, ObjectType

ACCEPTED = 0.45
"""A candidate below this is not worth a person's time."""

_LINKED_NAMED, _LINKED = 0.97, 0.8
_TITLE_LEAST = 0.5
_VALUES_ALONE = 0.55
_HEADER_SHARE, _VALUE_SHARE = 0.7, 0.3
_LINKED_COUNTS = 0.5
_OWN_NUMBER_COUNTS = 2.0
_TABLE_NAME_COUNTS = 1.5
_ESSENTIAL = {"order_line": ("product", "quantity")}


@dataclass(frozen=True)
class Candidate:
    """One column as one field; *score* runs from 0 to 1."""

    column: str
    path: str
    score: float
    header: float
    agreement: float


@dataclass(frozen=True)
class Assignment:
    """The outcome for one main object: one candidate for a column, and those it was chosen from."""

    main: str
    chain: tuple[str, ...]
    chosen: Mapping[str, Candidate]
    candidates: Mapping[str, tuple[Candidate, ...]]
    strength: float


@dataclass(frozen=True)
class Table:
    """What is looked at: the table's name, what each header may mean and what the values look like."""

    name: str
    meanings: Mapping[str, Mapping[str, float]]
    looks: Mapping[str, Look]


def assign(table: Table, catalog: Catalog, vocabulary: Vocabulary, mains: Iterable[ObjectType]) -> Assignment:
    """Return the best assignment over all objects the rows could be."""
    tried = [_as_main(table, catalog, vocabulary, main) for main in mains]
    return max(tried, key=lambda each: each.strength)


def _as_main(table: Table, catalog: Catalog, vocabulary: Vocabulary, main: ObjectType) -> Assignment:
    chain = tuple(chain_of(catalog, main))
    candidates = {
        column: tuple(_candidates(table, column, catalog, vocabulary, chain)) for column in table.meanings
    }
    chosen = _with_titles(_greedy(candidates), candidates, [catalog.objects[name] for name in chain])
    strength = _strength(table, vocabulary, main, chain, chosen)
    return Assignment(main.name, chain, chosen, candidates, strength)


def chain_of(catalog: Catalog, main: ObjectType) -> Iterator[str]:
    """Yield the object and those it belongs to: order_line → order → customer."""
    here: ObjectType | None = main
    seen: set[str] = set()
    while here is not None and here.name not in seen:
        seen.add(here.name)
        yield here.name
        here = catalog.objects.get(here.field(here.parent).target) if here.parent else None


def field_at(catalog: Catalog, path: str) -> tuple[Field, str]:
    """Return the field and the part that a path such as ``customer.address:province`` names."""
    place, _, part = path.partition(":")
    object_name, _, name = place.partition(".")
    return catalog.object(object_name).field(name), part


def _candidates(
    table: Table, column: str, catalog: Catalog, vocabulary: Vocabulary, chain: Sequence[str]
) -> list[Candidate]:
    if vocabulary.is_role("nothing", column):
        return []
    look, found = table.looks[column], []
    for path, header in table.meanings[column].items():
        place = path.partition(":")[0].split(".")
        if place[0] not in chain or not _exists(catalog, place):
            continue
        nearness = _nearness(vocabulary, column, place[0], chain)
        agreement = _agreement(catalog, path, look)
        score = header * nearness * (_HEADER_SHARE + _VALUE_SHARE * agreement)
        found.append(Candidate(column, path, score, header, agreement))
    if not any(each.score >= ACCEPTED for each in found):
        found.extend(_by_values(column, look, catalog, chain))
    return sorted((each for each in found if each.score >= ACCEPTED), key=lambda each: -each.score)


def _by_values(column: str, look: Look, catalog: Catalog, chain: Sequence[str]) -> Iterator[Candidate]:
    """Yield fields that the values alone name, nearest object first."""
    for kind, type_ in DISTINCTIVE.items():
        if look.share(kind) < 0.6:
            continue
        for distance, name in enumerate(chain):
            for field in catalog.objects[name].live_fields:
                if field.type == type_:
                    score = _VALUES_ALONE * look.share(kind) - 0.01 * distance
                    yield Candidate(column, f"{name}.{field.name}", score, 0.0, 1.0)


def _agreement(catalog: Catalog, path: str, look: Look) -> float:
    field, part = field_at(catalog, path)
    return fit(field, part, look, is_number=catalog.object(path.partition(".")[0]).number == field.name)


def _exists(catalog: Catalog, place: Sequence[str]) -> bool:
    return any(each.name == place[1] for each in catalog.objects[place[0]].open_fields)


def _nearness(vocabulary: Vocabulary, column: str, object_name: str, chain: Sequence[str]) -> float:
    if object_name == chain[0]:
        return 1.0
    return _LINKED_NAMED if vocabulary.speaks_of(column, object_name) else _LINKED


def _greedy(candidates: Mapping[str, Sequence[Candidate]]) -> dict[str, Candidate]:
    """Return one candidate per column and one column per field, the surest first."""
    ranked = sorted(
        (each for several in candidates.values() for each in several), key=lambda each: -each.score
    )
    chosen: dict[str, Candidate] = {}
    taken: set[str] = set()
    for each in ranked:
        if each.column not in chosen and each.path not in taken:
            chosen[each.column] = each
            taken.add(each.path)
    return chosen


def _with_titles(
    chosen: dict[str, Candidate],
    candidates: Mapping[str, Sequence[Candidate]],
    objects: Sequence[ObjectType],
) -> dict[str, Candidate]:
    """Return *chosen*, but with the best possible column for each name that is missing: records need names.

    A column that already holds another record's name or number is not taken away from it, and a record that
    the row points to needs no name here.
    """
    linked = {f"{each.name}.{each.parent}": above.name for each, above in pairwise(objects)}
    pointed = {linked[held.path] for held in chosen.values() if held.path in linked}
    fixed = {f"{each.name}.{name}" for each in objects for name in (each.title, each.number)}
    for each in objects:
        title = f"{each.name}.{each.title}"
        if each.name in pointed or any(held.path.partition(":")[0] == title for held in chosen.values()):
            continue
        possible = [one for several in candidates.values() for one in several if one.path == title]
        free = [one for one in possible if one.column not in chosen or chosen[one.column].path not in fixed]
        best = max(free, key=lambda one: one.score, default=None)
        if best is not None and best.score >= _TITLE_LEAST:
            chosen = {**chosen, best.column: best}
    return chosen


def _strength(
    table: Table,
    vocabulary: Vocabulary,
    main: ObjectType,
    chain: Sequence[str],
    chosen: Mapping[str, Candidate],
) -> float:
    """Return how much speaks for rows being *main*: its own fields, those of what it belongs to, its name."""
    own = sum(each.score for each in chosen.values() if each.path.startswith(f"{main.name}."))
    linked = sum(each.score for each in chosen.values()) - own
    named = vocabulary.names_table(table.name, main.name) * _TABLE_NAME_COUNTS
    return own + _LINKED_COUNTS * linked + named + _identity(table, main, chain, chosen)


def _identity(table: Table, main: ObjectType, chain: Sequence[str], chosen: Mapping[str, Candidate]) -> float:
    """Return what a number of its own counts: only orders have order numbers."""
    essentials = _ESSENTIAL.get(main.name)
    if essentials and not {f"{main.name}.{name}" for name in essentials} <= {
        each.path for each in chosen.values()
    }:
        return 0.0
    numbers = {"order": "order.number", "ticket": "ticket.number"}
    known = {numbers[name] for name in chain if name in numbers} | {
        f"{main.name}.{name}" for name in essentials or ()
    }
    return _OWN_NUMBER_COUNTS * sum(
        each.path in known and each.header >= 0.95 and len(table.meanings[each.column]) <= 3
        for each in chosen.values()
    )
