"""The source rows a customer is made of: read again from the files of the runs that brought them in."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

import polars as pl

from guanxi.integration import contacts, recall, runs, unite
from guanxi.integration.belongings import names_of
from guanxi.integration.columns import column_of
from guanxi.integration.loading import KNOWN_AS, LINK, ORIGIN
from guanxi.integration.mentions import CONTACT, CUSTOMER, frame_of
from guanxi.integration.staging import RunFolder
from guanxi.integration.workshop import Workshop
from guanxi.metadata.catalog import Catalog
from guanxi.metadata.objects import ObjectType
from guanxi.records.validation import read
from guanxi.store.transactions import Transaction

Name = tuple[str, str]
"""How a source row is known: (source, key)."""
MOST_RUNS = 40
"""So many runs are searched for the files of a row, the newest first."""


@dataclass(frozen=True, kw_only=True)
class SourceRow:
    """One source row as the run brought it to standard; ``rows`` are the lines of its table that say the same.

    ``values`` holds what it says per field of a customer, in the form that records take.
    """

    source: str
    key: str
    table: str
    rows: tuple[int, ...]
    values: Mapping[str, Any]

    @property
    def name(self) -> Name:
        """Return how the row is known."""
        return self.source, self.key


@dataclass(frozen=True, kw_only=True)
class GoldenValues:
    """What several rows add up to: per field the value as a record takes it, and where each came from."""

    values: Mapping[str, Any]
    origins: Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True)
class Members:
    """Source rows at hand, and the names of those whose run has no files any more."""

    rows: tuple[SourceRow, ...]
    lost: tuple[Name, ...]
    trust: Mapping[str, int]
    object_type: ObjectType
    frame: pl.DataFrame
    runs: tuple[str, ...]

    def row(self, name: Name) -> SourceRow | None:
        """Return the row known by *name*, None when it is lost."""
        return next((each for each in self.rows if each.name == name), None)


def members_of(
    tx: Transaction, shop: Workshop, names: Iterable[Name], object_name: str = CUSTOMER
) -> Members:
    """Return the source rows called *names*, each from the newest run that read it."""
    wanted = list(dict.fromkeys(names))
    missing, found, trust, used = set(wanted), list[pl.DataFrame](), dict[str, int](), list[str]()
    lines: dict[Name, list[int]] = {}
    for run in islice(recall.runs_that_loaded(tx, shop), MOST_RUNS) if wanted else ():
        here = recall.mentions_in(run, missing, object_name)
        if here.is_empty():
            continue
        found.append(here)
        used.append(run.name)
        trust = {**runs.plan_of(shop, run.name).trust, **trust}
        lines |= _lines(run.folder, here) if object_name == CUSTOMER else {}
        missing -= set(names_of(here).select("source", "key").iter_rows())
        if not missing:
            break
    frame = recall.together(found)
    object_type = tx.catalog.object(object_name)
    rows = tuple(_row(each, frame, object_type, lines) for each in frame.to_dicts())
    return Members(
        rows=tuple(sorted(rows, key=lambda each: wanted.index(each.name))),
        lost=tuple(each for each in wanted if each in missing),
        trust=trust,
        object_type=object_type,
        frame=frame,
        runs=tuple(used),
    )


def golden_of(members: Members, groups: Sequence[Iterable[Name]], catalog: Catalog) -> list[GoldenValues]:
    """Return what the rows of each of *groups* add up to by the rules of survivorship, as a run would find it."""
    if members.frame.is_empty():
        return [GoldenValues(values={}, origins={}) for _ in groups]
    place = {name: number for number, names in enumerate(groups, 1) for name in names}
    numbers = [place.get((source, key)) for source, key in members.frame.select("source", "key").iter_rows()]
    named = members.frame.with_columns(pl.Series("group", numbers, dtype=pl.Int64))
    everyone = named.filter(pl.col("group").is_not_null())
    placed = everyone.drop("group"), everyone.select("id", "group")
    if members.object_type.name == CUSTOMER:
        golden, _ = unite.golden_customers(*placed, catalog, members.trust)
    else:
        golden = contacts.golden_people(*placed, catalog, members.trust)
    by_group = {each["group"]: each for each in golden.drop(KNOWN_AS).to_dicts()}
    return [
        _golden(by_group.get(number, {}), golden, members.object_type) for number in range(1, len(groups) + 1)
    ]


def children_of(
    tx: Transaction, shop: Workshop, names: Iterable[Name], used: Iterable[str]
) -> Iterator[tuple[str, tuple[Name, ...]]]:
    """Yield (object, names one of its records is known by) of what came with the customer rows *names*.

    Contacts, which may be made of rows of several customers, are left out: see `people_of`.
    """
    theirs = _belongs_to(names)
    for run in used:
        folder = shop.folder(run)
        for object_type in tx.catalog.live_objects:
            if object_type.name == CONTACT or not folder.has_frame("golden", object_type.name):
                continue
            frame = folder.scan("golden", object_type.name)
            if CUSTOMER + LINK not in frame.collect_schema():
                continue
            here = frame.filter(theirs).select(KNOWN_AS).collect()
            for row in here[KNOWN_AS].to_list():
                if row:
                    yield object_type.name, tuple((each["source"], each["key"]) for each in row)


def people_of(shop: Workshop, names: Iterable[Name], used: Iterable[str]) -> tuple[Name, ...]:
    """Return what the rows of contacts are known by that came with the customer rows *names*."""
    theirs, mentions = _belongs_to(names), frame_of(CONTACT, "mentions")
    found: dict[Name, None] = {}
    for run in used:
        if shop.folder(run).has_frame("match", mentions):
            here = shop.folder(run).scan("match", mentions).filter(theirs & ~pl.col("existing")).collect()
            found |= dict.fromkeys(names_of(here).select("source", "key").iter_rows())
    return tuple(found)


def _belongs_to(names: Iterable[Name]) -> pl.Expr:
    """Tell whether a row belongs to one of the customer rows *names*."""
    link = pl.col(CUSTOMER + LINK)
    spoken = pl.concat_str(link.struct.field("source"), link.struct.field("key"), separator="|")
    return spoken.is_in([f"{source}|{key}" for source, key in names])


def _lines(folder: RunFolder, here: pl.DataFrame) -> dict[Name, list[int]]:
    """Return in which lines of their tables the rows stand; a run keeps one mention of lines that say the same."""
    if not folder.has_frame("match", "rows"):
        return {}
    named = here.select(
        pl.col("id").alias("mention"), pl.col("source").alias("of"), pl.col("key").alias("known")
    )
    rows = folder.scan("match", "rows").filter(pl.col("mention").is_in(here["id"].to_list()))
    told = rows.select("source", "table", "row", "mention").collect().join(named, on="mention")
    found: dict[Name, list[int]] = {}
    tables = {
        (each["source"], each["key"]): each["table"]
        for each in here.select("source", "key", "table").to_dicts()
    }
    for each in told.sort("row").to_dicts():
        name = (each["of"], each["known"])
        if each["source"] == each["of"] and each["table"] == tables[name]:
            found.setdefault(name, []).append(each["row"])
    return found


def _row(
    told: Mapping[str, Any], frame: pl.DataFrame, object_type: ObjectType, lines: Mapping[Name, Sequence[int]]
) -> SourceRow:
    name = (told["source"], told["key"])
    return SourceRow(
        source=name[0],
        key=name[1],
        table=str(told["table"] or ""),
        rows=tuple(lines.get(name, ())) or (told["row"],),
        values=_values(told, frame, object_type),
    )


def _golden(row: Mapping[str, Any], frame: pl.DataFrame, object_type: ObjectType) -> GoldenValues:
    values = _values(row, frame, object_type)
    origins = json.loads(row.get(ORIGIN) or "{}")
    return GoldenValues(
        values=values, origins={name: each for name, each in origins.items() if values.get(name) is not None}
    )


def _values(row: Mapping[str, Any], frame: pl.DataFrame, object_type: ObjectType) -> dict[str, Any]:
    """Return the values by field; what a record could not hold is left out, as loading leaves it out."""
    given: dict[str, Any] = {}
    for field in object_type.live_fields:
        column = column_of(frame, object_type.name, field.name)
        if column is not None and row.get(column) is not None and field.type != "auto_number":
            given[field.name] = row[column]
    values, _ = read(object_type, given)
    return values
