"""What stands of the values that are here already when their sources speak again.

What a person wrote here stays, whatever the sources say. What came from a source that is read again is decided anew
among the sources, so that a correction over there arrives; what no source says any more stays. Rows that are not read
this time speak as they were last understood: a department that sends its file alone undoes nothing others said before.
"""

import json
from collections.abc import Collection, Mapping
from typing import Any

import polars as pl

from guanxi.integration.columns import OWN_COLUMNS, VERDICT
from guanxi.integration.recall import Unread

SOURCED = "sourced"
"""Column of the mentions of our own records: which of their fields came from a source and were not edited since."""
FORMER = "former_origin"
"""Column of the same: where these values came from, as JSON text."""
KNOWN_BEFORE = pl.DataFrame(schema={"source": pl.String, "key": pl.String, "record": pl.String})
"""Nothing is known from earlier runs."""


def stay(
    groups: pl.DataFrame, everyone: pl.DataFrame, known: pl.DataFrame, decided: pl.Series
) -> pl.DataFrame:
    """Return *groups* (``id, group``) with every mention that became a record before in the group of that record.

    A golden record gathers evidence of several rows, so at a second look more rows resemble it than at the
    first; without this, rows would wander from record to record from run to run. *everyone* (``id, source, key,
    existing``), *known* (``source, key, record``); mentions whose id is in *decided* go where a steward put them.
    """
    ours = everyone.filter("existing").join(groups, on="id").select(record="key", home="group")
    homes = (
        everyone.filter(~pl.col("existing") & ~pl.col("id").is_in(decided.implode()))
        .join(known, on=["source", "key"])
        .join(ours, on="record")
        .select("id", "home")
        .unique("id")
    )
    placed = groups.join(homes, on="id", how="left", maintain_order="left")
    return placed.select("id", pl.coalesce("home", "group").alias("group"))


def not_yet_done(decisions: pl.DataFrame, everyone: pl.DataFrame, known: pl.DataFrame) -> pl.Series:
    """Return the ids of mentions a steward decided about whose records do not yet stand as the decision says.

    A decision acts at once on records that are here; its rows then stay with their records like any others.
    *decisions*: ``left, right, same``; *everyone*: ``id, source, key, existing``; *known*: ``source, key, record``.
    """
    homes = pl.concat(
        [
            everyone.filter(~pl.col("existing")).join(known, on=["source", "key"]).select("id", "record"),
            everyone.filter("existing").select("id", record="key"),
        ]
    ).unique("id")
    placed = (
        decisions.select(pl.col("left", "right").cast(pl.Int64), "same")
        .join(homes, left_on="left", right_on="id", how="left", maintain_order="left")
        .join(homes, left_on="right", right_on="id", how="left", maintain_order="left", suffix="_right")
    )
    done = (pl.col("same") == (pl.col("record") == pl.col("record_right"))).fill_null(value=False)
    waiting = placed.filter(~done)
    return pl.concat([waiting["left"], waiting["right"]])


def with_unread(
    everyone: pl.DataFrame, groups: pl.DataFrame, unread: Unread
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return *everyone* and *groups* (``id, group``) with the rows this run did not read, each where its record is.

    Of sources that no run remembers, what stands here stays as if a person had written it.
    """
    if "existing" not in everyone.columns:
        return everyone, groups
    homes = everyone.filter("existing").join(groups, on="id").select(record="key", home="group")
    rows = unread.rows.join(homes.unique("record"), on="record", maintain_order="left").drop("record")
    rows = rows.with_columns(id=pl.int_range(pl.len(), dtype=pl.Int64) + 1 + everyone["id"].max())
    fitting = [
        name for name, kind in rows.drop("home").schema.items() if everyone.schema.get(name, kind) == kind
    ]
    speaking = pl.concat([everyone, rows.select(fitting)], how="diagonal")
    placed = pl.concat([groups, rows.select("id", group="home")])
    return _without_forgotten(speaking, unread.forgotten), placed


def _without_forgotten(everyone: pl.DataFrame, forgotten: Collection[str]) -> pl.DataFrame:
    """Return *everyone* where no value of a *forgotten* source is said to come from a source."""
    if not forgotten or FORMER not in everyone.columns:
        return everyone
    told = (json.loads(text) if text else {} for text in everyone[FORMER].to_list())
    names = [
        [name for name, origin in each.items() if origin.get("source") not in forgotten] for each in told
    ]
    return everyone.with_columns(pl.Series(SOURCED, names, dtype=pl.List(pl.String)))


def _fields(records: pl.DataFrame) -> list[str]:
    return [name for name in records.columns if name not in OWN_COLUMNS and not name.endswith(VERDICT)]


def what_competes(records: pl.DataFrame, groups: pl.DataFrame, everyone: pl.DataFrame) -> pl.DataFrame:
    """Return *records* (a mention each, one column per field) without the values that take no part.

    *groups*: ``id, group``; *everyone*: ``id, existing`` and `SOURCED` of the mentions.
    """
    if SOURCED not in everyone.columns or not everyone["existing"].any():
        return records
    fields = _fields(records)
    placed = records.join(everyone.select("id", "existing", SOURCED), on="id", how="left").join(
        groups, on="id", how="left"
    )
    return placed.with_columns(_competing(name) for name in fields).select(records.columns)


def with_former_origins(
    customers: pl.DataFrame, groups: pl.DataFrame, everyone: pl.DataFrame
) -> pl.DataFrame:
    """Return golden *customers* whose ``origin`` still tells of values that stood because no source says more."""
    if FORMER not in everyone.columns:
        return customers
    former = everyone.filter(pl.col(FORMER).is_not_null()).select("id", FORMER).join(groups, on="id")
    former = former.select("group", FORMER).unique("group", keep="first", maintain_order=True)
    told = customers.join(former, on="group", how="left", maintain_order="left")
    return told.with_columns(
        pl.struct("origin", FORMER).map_elements(_united, return_dtype=pl.String).alias("origin")
    ).drop(FORMER)


def _competing(name: str) -> pl.Expr:
    cell, ours = pl.col(name), pl.col("existing")
    sourced = pl.col(SOURCED).list.contains(name.rpartition(".")[2]).fill_null(value=False)
    others_say = (cell.is_not_null() & ~ours).any().over("group")
    person_says = (cell.is_not_null() & ours & ~sourced).any().over("group")
    gives_way = (ours & sourced & others_say) | (~ours & person_says)
    return pl.when(~gives_way).then(cell).alias(name)


def _united(both: dict[str, str | None]) -> str | None:
    now, before = (json.loads(both[name] or "{}") for name in ("origin", FORMER))
    return json.dumps({**before, **now}, ensure_ascii=False) if before or now else None


def about_ours(origins: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """Return the cells `SOURCED` and `FORMER` of a record of ours whose values have these *origins* (by field)."""
    former = json.dumps({name: dict(each) for name, each in origins.items()}, ensure_ascii=False)
    return {SOURCED: list(origins), FORMER: former if origins else None}
