"""What became of every row of the sources: the record it is part of, or the reason why there is none."""

from collections.abc import Sequence

import polars as pl

from guanxi.integration import intake, runs
from guanxi.integration.loading import KNOWN_AS
from guanxi.integration.mapping import TableMapping
from guanxi.integration.mentions import CUSTOMER
from guanxi.integration.plans import SourcePlan
from guanxi.integration.staging import RunFolder
from guanxi.integration.standardise import ROW
from guanxi.metadata.objects import ObjectType
from guanxi.store import batches
from guanxi.store.transactions import Transaction

Mapped = Sequence[tuple[SourcePlan, TableMapping]]
PLACE = ("source", "table", "row")
TOTAL = "total_row"
_PLACES = {"source": pl.String, "table": pl.String, "row": pl.Int64}
_NAMES = {"of": pl.String, "key": pl.String}


def fates_of(
    tx: Transaction, folder: RunFolder, mapped: Mapped, run: str, object_type: ObjectType
) -> pl.DataFrame:
    """Return ``source, table, row, record, fate`` of every row of the tables *mapped*.

    The first row of a record the run made is ``new``, another ``merged``, one of a record it did not write
    ``unchanged``. A row without a record is ``refused`` only where a stage said so; else its fate is null, and
    it counts as lost.
    """
    rows = pl.concat(_rows(folder, *each) for each in mapped)
    keys = keys_of(folder, mapped, object_type.name)
    rows = rows.join(keys, on=PLACE, how="left", maintain_order="left")
    found = batches.resolve(tx, object_type.name, rows.select("of", "key").iter_rows())
    rows = rows.with_columns(pl.Series("record", found, dtype=pl.Int64))
    done = batches.touched(tx, runs.batch_of(tx, run), object_type.name)
    touched = pl.DataFrame(done, schema={"record": pl.Int64, "created": pl.Boolean}, orient="row")
    rows = rows.join(touched, on="record", how="left", maintain_order="left")
    told = (
        _refused(folder, mapped, object_type.name, keys).unique(PLACE).with_columns(told=pl.lit(value=True))
    )
    rows = rows.join(told, on=PLACE, how="left", maintain_order="left")
    return rows.select(*PLACE, "record", _fate().alias("fate"))


def _fate() -> pl.Expr:
    first = pl.struct("record").is_first_distinct()
    return (
        pl.when(pl.col("record").is_null() & pl.col("told"))
        .then(pl.lit("refused"))
        .when(pl.col("record").is_null())
        .then(pl.lit(None, dtype=pl.String))
        .when(pl.col("created").is_null())
        .then(pl.lit("unchanged"))
        .when(pl.col("created") & first)
        .then(pl.lit("new"))
        .otherwise(pl.lit("merged"))
    )


def _rows(folder: RunFolder, source: SourcePlan, mapping: TableMapping) -> pl.DataFrame:
    return _placed(intake.scan_table(folder, source, mapping.table), source, mapping)


def _placed(frame: pl.LazyFrame, source: SourcePlan, mapping: TableMapping) -> pl.DataFrame:
    """Return the places of the rows of *frame*."""
    return frame.select(
        pl.lit(source.name).alias("source"),
        pl.lit(mapping.table).alias("table"),
        pl.col(ROW).cast(pl.Int64).alias("row"),
    ).collect()


def keys_of(folder: RunFolder, mapped: Mapped, object_name: str) -> pl.DataFrame:
    """Return per row the source (``of``) and key by which the crosswalk knows its record."""
    if object_name == CUSTOMER:
        mentions = folder.scan("match", "mentions").select(
            pl.col("id").alias("mention"), pl.col("source").alias("of"), "key"
        )
        rows = folder.scan("match", "rows").drop("key")
        return rows.join(mentions, on="mention").select(*PLACE, "of", "key").collect()
    frames = [
        frame.select(*PLACE, pl.col("source").alias("of"), pl.col("key").cast(pl.String))
        for source in {each.name: each for each, _ in mapped}.values()
        for frame in intake.standard_frames(folder, source, object_name)
    ]
    return pl.concat([pl.DataFrame(schema={**_PLACES, **_NAMES}), *frames])


def _refused(folder: RunFolder, mapped: Mapped, object_name: str, keys: pl.DataFrame) -> pl.DataFrame:
    """Return the places of the rows that some stage refused for a reason it wrote down."""
    named = pl.DataFrame(
        [
            (each["source"], each["key"])
            for each in runs.refusals(folder)
            if each["object"] == object_name and not each["cell"]
        ],
        schema=_NAMES,
        orient="row",
    )
    said = [_totals(folder, mapped), _silent(folder, mapped, object_name)]
    if object_name == CUSTOMER:
        return pl.concat([*said, _nobody(folder, named)])
    return pl.concat(
        [
            *said,
            keys.join(_with_others(folder, named, object_name), on=["of", "key"], how="semi").select(PLACE),
        ]
    )


def _with_others(folder: RunFolder, named: pl.DataFrame, object_name: str) -> pl.DataFrame:
    """Return the names of refused records with all other names of theirs: a record of several rows is refused whole."""
    if named.is_empty():
        return named
    golden = folder.scan("golden", object_name).select(KNOWN_AS).with_row_index("place")
    known = golden.explode(KNOWN_AS).unnest(KNOWN_AS).rename({"source": "of"}).collect()
    refused = known.join(named, on=["of", "key"], how="semi").select("place").unique()
    return known.join(refused, on="place").select("of", "key")


def _totals(folder: RunFolder, mapped: Mapped) -> pl.DataFrame:
    """Return the rows that are totals of others."""
    frames = [
        frame.filter(pl.col("reason") == TOTAL).select(PLACE).collect()
        for source in {each.name: each for each, _ in mapped}.values()
        for frame in intake.scan_standard(folder, source, "changes")
    ]
    return pl.concat([pl.DataFrame(schema=_PLACES), *frames])


def _silent(folder: RunFolder, mapped: Mapped, object_name: str) -> pl.DataFrame:
    """Return the rows that say nothing about the object they should be: no value of theirs came to a standard."""
    frames = []
    for source, mapping in mapped:
        frame = intake.scan_of_table(folder, source, mapping.table, "values")
        values = [
            name for name in frame.collect_schema() if name.startswith(object_name + ".") and "__" not in name
        ]
        empty = pl.all_horizontal(pl.col(name).is_null() for name in values) if values else pl.lit(value=True)
        frames.append(_placed(frame.filter(empty), source, mapping))
    return pl.concat(frames)


def _nobody(folder: RunFolder, refused: pl.DataFrame) -> pl.DataFrame:
    """Return the rows that name no customer, or one that has no name, or one that loading *refused*."""
    rows = folder.read_frame("match", "rows").join(
        folder.read_frame("match", "groups"), left_on="mention", right_on="id", how="left"
    )
    nameless = folder.read_frame("golden", "nameless")["group"]
    first = pl.col(KNOWN_AS).list.first()
    loaded = (
        folder.scan("golden", CUSTOMER)
        .select("group", first.struct.field("source").alias("of"), first.struct.field("key"))
        .collect()
    )
    out = pl.concat([nameless, loaded.join(refused, on=["of", "key"], how="semi")["group"]])
    return rows.filter(pl.col("mention").is_null() | pl.col("group").is_in(out.implode())).select(PLACE)
