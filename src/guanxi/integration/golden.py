"""Golden records of one object: what the rows of each group add up to, where it came from, what they are known as.

Customers and the people at them go the same way; records that are here already take part as rows of our own.
"""

from collections.abc import Mapping

import polars as pl

from guanxi.integration.belongings import names_of
from guanxi.integration.columns import CHANGED, PLACE, VERDICT, column_name
from guanxi.integration.loading import KNOWN_AS, ORIGIN, OURSELVES
from guanxi.integration.merging import Golden, choose_survivors, rules_for
from guanxi.integration.standing import what_competes, with_former_origins
from guanxi.metadata.objects import ObjectType

_SILENT = r',"(at|others)":null'
"""What an origin says nothing of need not be written a million times."""
TRUST_IN_OURSELVES = 100
"""What is here already is kept unless it is empty: it has been looked at."""


def with_existing(found: pl.DataFrame, existing: pl.DataFrame) -> pl.DataFrame:
    """Return the rows of the sources followed by the records that are here already."""
    if existing.is_empty():
        return found.with_columns(existing=pl.lit(value=False))
    ours = existing.with_columns(
        (pl.int_range(pl.len(), dtype=pl.Int64) + found.height + 1).alias("id"), existing=pl.lit(value=True)
    )
    return pl.concat([found.with_columns(existing=pl.lit(value=False)), ours], how="diagonal_relaxed")


def spoken_of(everyone: pl.DataFrame, groups: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return both without the records that are here and that no row of this run speaks of: they stay as they are."""
    spoken = groups.join(everyone.filter(~pl.col("existing")), on="id", how="semi")
    kept = groups.join(spoken, on="group", how="semi", maintain_order="left")
    return everyone.join(kept, on="id", how="semi", maintain_order="left"), kept


def golden_values(
    speaking: pl.DataFrame, groups: pl.DataFrame, object_type: ObjectType, trust: Mapping[str, int]
) -> Golden:
    """Return the value of each field per group, as the object's rules of survivorship choose it.

    *speaking*: rows with ``id``, ``run`` and ``existing``; *groups*: ``id, group``; *trust*: 0 to 100 by source.
    """
    return choose_survivors(
        what_competes(_as_records(speaking, object_type), groups, speaking),
        groups,
        rules=rules_for(object_type),
        trust={**trust, OURSELVES: TRUST_IN_OURSELVES},
    )


def golden_records(
    records: pl.DataFrame,
    origins: pl.DataFrame,
    everyone: pl.DataFrame,
    groups: pl.DataFrame,
    object_type: ObjectType,
) -> pl.DataFrame:
    """Return *records* (one per ``group``) with ``known_as`` and ``origin``, as loading reads them."""
    known = records.join(_known_as(everyone, groups), on="group", how="left")
    told = known.join(_origins(origins, object_type), on="group", how="left")
    return with_former_origins(told, groups, everyone)


def _as_records(speaking: pl.DataFrame, object_type: ObjectType) -> pl.DataFrame:
    """Return the rows as survivorship reads them: place, fields and verdicts."""
    fields = {column_name(object_type.name, each.name) for each in object_type.open_fields} | {CHANGED}
    kept = [name for name in speaking.columns if name in fields or name.removesuffix(VERDICT) in fields]
    return speaking.select("id", *PLACE, *kept)


def _known_as(everyone: pl.DataFrame, groups: pl.DataFrame) -> pl.DataFrame:
    """Return per group the {source, key} of its rows, then the other names their sources know them by."""
    return (
        names_of(everyone)
        .join(groups, on="id", maintain_order="left")
        .group_by("group", maintain_order=True)
        .agg(pl.struct("source", "key").alias(KNOWN_AS))
    )


def _origins(origins: pl.DataFrame, object_type: ObjectType) -> pl.DataFrame:
    """Return per group the origin of its values as JSON text, values of our own left out."""
    written = [
        pl.when(
            pl.col(name).struct.field("source").is_not_null()
            & (pl.col(name).struct.field("source") != OURSELVES)
        ).then(
            pl.concat_str(
                pl.lit(f'"{name.removeprefix(object_type.name + ".")}":'),
                pl.col(name).struct.json_encode().str.replace_all(_SILENT, ""),
            )
        )
        for name in origins.columns
        if name != "group"
    ]
    whole = pl.concat_str(pl.lit("{"), pl.concat_str(written, separator=",", ignore_nulls=True), pl.lit("}"))
    return origins.select("group", whole.alias(ORIGIN))
