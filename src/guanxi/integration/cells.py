"""Single cells of a run's sources: what they say, what became of them, and which record they are part of."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

import polars as pl

from guanxi.identity.actor import Actor
from guanxi.integration import intake, runs
from guanxi.integration.corrections import ROW, row_keys
from guanxi.integration.mapping import TableMapping
from guanxi.integration.mentions import CUSTOMER
from guanxi.integration.plans import Plan, SourcePlan
from guanxi.integration.staging import RunFolder
from guanxi.integration.workshop import Workshop
from guanxi.kernel.errors import NotFound
from guanxi.kernel.text import say
from guanxi.records import reading
from guanxi.store import batches
from guanxi.store.transactions import Transaction

RowPlace = tuple[str, str, int]
"""Source, table and row."""


@dataclass(frozen=True, kw_only=True)
class RunFiles:
    """A run with the files it left."""

    id: int
    name: str
    folder: RunFolder
    plan: Plan


@dataclass(frozen=True, kw_only=True, order=True)
class Place:
    """Where a value stands in the sources, and which field it became (``customer.mobile``)."""

    source: str
    table: str
    row: int
    target: str

    @property
    def of_row(self) -> RowPlace:
        """Return the place of the whole row."""
        return self.source, self.table, self.row


@dataclass(frozen=True, kw_only=True)
class SourceCell:
    """What the source says at a place, the key of its row, and the standard it is held to ('' for the field's own)."""

    place: Place
    key: str
    before: str
    standard: str


def open_run(tx: Transaction, actor: Actor, shop: Workshop, run_id: int) -> RunFiles:
    """Return the files of the run with the number *run_id*; raise `NotFound` when there are none to look at."""
    run = reading.get(tx, actor, "run", run_id, ("name", "folder"))
    folder = shop.folder(run.values["folder"] or "-")
    if not any(folder.path.glob("04-standard/*.changes.parquet")):
        raise NotFound(say("no source of this run has been brought to standard yet"))
    plan = runs.plan_of(shop, run.values["folder"])
    return RunFiles(id=run.id, name=str(run.values["name"]), folder=folder, plan=plan)


def source_cells(files: RunFiles, places: Iterable[Place]) -> list[SourceCell]:
    """Return what the sources say at *places*; a place that no column became is left out."""
    found: list[SourceCell] = []
    for source, mapping, here in _by_table(files, places):
        rows = pl.Series([each.row for each in here], dtype=pl.Int64)
        table = intake.scan_table(files.folder, source, mapping.table)
        keys = dict(row_keys(table, mapping.key, rows).iter_rows())
        targets = {each.target for each in here}
        written = {target: _written(table, mapping, target, rows) for target in sorted(targets)}
        found += [
            SourceCell(
                place=each,
                key=keys[each.row],
                before=written[each.target].get(each.row, ""),
                standard=mapping.taken(each.target)[0].standard,
            )
            for each in here
            if each.row in keys and mapping.taken(each.target)
        ]
    return found


def records_at(
    tx: Transaction, files: RunFiles, object_name: str, places: Sequence[RowPlace]
) -> dict[RowPlace, int]:
    """Return the records of one object that rows of the run became, as far as they are in the database."""
    named = dict(_names(files, object_name, places))
    found = batches.resolve(tx, object_name, list(named.values()))
    return {place: record for place, record in zip(named, found, strict=True) if record is not None}


def _by_table(
    files: RunFiles, places: Iterable[Place]
) -> Iterator[tuple[SourcePlan, TableMapping, list[Place]]]:
    """Yield the source, the mapping and the places of each table; tables the run does not know are left out."""
    for (name, table), here in groupby(sorted(places), key=lambda each: (each.source, each.table)):
        source = next((each for each in files.plan.sources if each.name == name), None)
        mapping = intake.mappings_of(files.folder, source).get(table) if source else None
        if source and mapping:
            yield source, mapping, list(here)


def _written(table: pl.LazyFrame, mapping: TableMapping, target: str, rows: pl.Series) -> Mapping[int, str]:
    """Return, by row, what the source says about one field, pieces joined by a blank."""
    columns = [pl.col(each.column) for each in mapping.taken(target)]
    if not columns:
        return {}
    row = pl.col(ROW).cast(pl.Int64)
    text = pl.concat_str(columns, separator=" ", ignore_nulls=True).fill_null("")
    found = table.filter(row.is_in(rows.unique().implode())).select(row.alias("row"), text.alias("text"))
    return dict(found.collect().iter_rows())


def _names(
    files: RunFiles, object_name: str, places: Sequence[RowPlace]
) -> Iterator[tuple[RowPlace, tuple[str, str]]]:
    """Yield each row with the (source, key) by which the crosswalk knows its record."""
    wanted = pl.DataFrame(
        sorted(set(places)), schema={"source": pl.String, "table": pl.String, "row": pl.Int64}, orient="row"
    )
    for frame in _keyed(files, object_name):
        rows = frame.with_columns(pl.col("row").cast(pl.Int64))
        here = rows.join(wanted.lazy(), on=["source", "table", "row"], how="semi").collect()
        for source, table, row, of, key in here.select("source", "table", "row", "of", "key").iter_rows():
            yield (source, table, row), (of, key)


def _keyed(files: RunFiles, object_name: str) -> Iterator[pl.LazyFrame]:
    if object_name == CUSTOMER:
        if files.folder.has_frame("match", "rows"):
            mentions = files.folder.scan("match", "mentions").select(
                pl.col("id").alias("mention"), pl.col("source").alias("of"), "key"
            )
            yield files.folder.scan("match", "rows").drop("key").join(mentions, on="mention")
        return
    for source in files.plan.sources:
        for place in range(len(intake.mappings_of(files.folder, source))):
            name = f"{source.name}.{place}.{object_name}"
            if files.folder.has_frame("standard", name):
                frame = files.folder.scan("standard", name)
                yield frame.select(
                    "source", "table", "row", pl.col("source").alias("of"), pl.col("key").cast(pl.String)
                )
