"""What stands of the values that are here already when their sources speak again.

What a person wrote here stays, whatever the sources say. What came from a source that is read again is decided anew
among the sources, so that a correction over there arrives; what no source says any more stays. What came from a source
that is not read this time is said once more, in its name: a department that sends its file alone does not undo what
others said before.
"""

import json
from collections.abc import Collection, Mapping
from functools import partial
from typing import Any

import polars as pl

from guanxi.integration.columns import VERDICT, column_name
from guanxi.integration.loading import OURSELVES

SOURCED = "sourced"
"""Column of the mentions of our own records: which of their fields came from a source and were not edited since."""
FORMER = "former_origin"
"""Column of the same: where these values came from, as JSON text."""
KNOWN_BEFORE = pl.DataFrame(schema={"source": pl.String, "key": pl.String, "record": pl.String})
"""Nothing is known from earlier runs."""
_PLACE = ("source", "table", "row")
_ROW = ("id", *_PLACE, "changed_on")


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


def with_absent(
    records: pl.DataFrame, groups: pl.DataFrame, everyone: pl.DataFrame
) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    """Return all three with a mention more for each row of a source that is not read this time and has a value here.

    It stands where its origin says, says what stands here of it, and takes the place of our own record in that.
    *records*: a mention each, one column per field; *groups*: ``id, group``; *everyone*: `FORMER` beside the rest.
    """
    if FORMER not in everyone.columns:
        return records, groups, everyone
    placed = _absent(everyone, gathered=False).filter(pl.col("_said").is_in(_fields(records)))
    if placed.is_empty():
        return records, groups, everyone
    spoken = placed.unique(["id", *_PLACE], maintain_order=True).select("id", *_PLACE, changed_on="at")
    after = pl.lit(everyone["id"]).max() + 1
    spoken = spoken.with_columns(_own=pl.int_range(pl.len(), dtype=pl.Int64) + after)
    said = placed.join(spoken, on=["id", *_PLACE]).group_by("_own").agg("_said")
    silent = placed.group_by("id").agg("_said")
    names, shape = _fields(records), records.schema
    ours = records.join(silent, on="id", how="left", maintain_order="left").with_columns(
        pl.when(~pl.col("_said").list.contains(each).fill_null(value=False)).then(pl.col(each))
        for each in names
    )
    stand_ins = (
        spoken.join(said, on="_own")
        .join(records.drop(*_PLACE, "changed_on", strict=False), on="id")
        .with_columns(pl.when(pl.col("_said").list.contains(each)).then(pl.col(each)) for each in names)
        .with_columns(id="_own")
    )
    added = spoken.select("id", "_own")
    return (
        pl.concat([ours.select(shape.names()), stand_ins.select(shape.names()).cast(shape)]),
        pl.concat([groups, added.join(groups, on="id").select(id="_own", group="group")]),
        pl.concat([everyone, added.select(id="_own", existing=pl.lit(value=False))], how="diagonal"),
    )


def with_absent_pieces(customers: pl.DataFrame, groups: pl.DataFrame, everyone: pl.DataFrame) -> pl.DataFrame:
    """Return golden *customers* whose gathered texts still hold the pieces of sources that are not read this time.

    What stands here comes first, as it stands, so that nothing new changes nothing.
    """
    if FORMER not in everyone.columns:
        return customers
    texts = [
        name for name, kind in customers.schema.items() if kind == pl.String and name in everyone.columns
    ]
    gathered = _absent(everyone, gathered=True).filter(pl.col("_said").is_in(texts))
    for (name,), part in gathered.group_by("_said"):
        column = str(name)
        here = (
            part.select("id")
            .join(everyone.select("id", _stored=column), on="id")
            .join(groups, on="id")
            .select("group", "_stored")
            .unique("group", keep="first", maintain_order=True)
        )
        told = customers.join(here, on="group", how="left", maintain_order="left")
        united = [
            found if stored is None else _with_pieces(stored, found)
            for stored, found in told.select("_stored", column).iter_rows()
        ]
        customers = customers.with_columns(pl.Series(column, united, pl.String))
    return customers


def _with_pieces(stored: str, found: str | None) -> str:
    """Return *stored* with the pieces of *found* that it lacks behind its own."""
    between = "\n" if "\n" in f"{stored}{found}" else "；"
    held = stored.split(between)
    return between.join(
        [*held, *(each for each in (found or "").split(between) if each and each not in held)]
    )


def _absent(everyone: pl.DataFrame, *, gathered: bool) -> pl.DataFrame:
    """Return ``id, _said, source, table, row, at`` of values from sources not read this time, ``_said`` their columns.

    With *gathered* those that were made of several rows, any of which may be theirs; a sum is made anew.
    """
    present = {*_present(everyone), OURSELVES}
    before = everyone.filter(pl.col(FORMER).is_not_null()).select("id", FORMER)
    found = [
        (
            record,
            column_name("customer", field),
            place["source"],
            place["table"],
            place["row"],
            origin.get("at"),
        )
        for record, text in before.iter_rows()
        for field, origin in json.loads(text).items()
        if bool(origin.get("others")) == gathered and origin.get("rule") != "sum"
        for place in (origin, *(origin.get("others") or ()))
        if place.get("row") is not None and place.get("source") not in {*present, None}
    ]
    place_of = {"source": pl.String, "table": pl.String, "row": pl.Int64}
    schema = {"id": pl.Int64, "_said": pl.String, **place_of, "at": pl.String}
    return pl.DataFrame(found, schema=schema, orient="row").unique(["id", "_said"], maintain_order=True)


def _present(everyone: pl.DataFrame) -> set[str]:
    """Return the names of the sources that are read this time."""
    return (
        set(everyone.filter(~pl.col("existing"))["source"].unique())
        if "existing" in everyone.columns
        else set()
    )


def _fields(records: pl.DataFrame) -> list[str]:
    return [name for name in records.columns if name not in _ROW and not name.endswith(VERDICT)]


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
    told = customers.join(former.select("group", FORMER), on="group", how="left")
    return told.with_columns(
        pl.struct("origin", FORMER)
        .map_elements(partial(_united, present=_present(everyone)), return_dtype=pl.String)
        .alias("origin")
    ).drop(FORMER)


def _competing(name: str) -> pl.Expr:
    cell, ours = pl.col(name), pl.col("existing")
    sourced = pl.col(SOURCED).list.contains(name.removeprefix("customer.")).fill_null(value=False)
    others_say = (cell.is_not_null() & ~ours).any().over("group")
    person_says = (cell.is_not_null() & ours & ~sourced).any().over("group")
    gives_way = (ours & sourced & others_say) | (~ours & person_says)
    return pl.when(~gives_way).then(cell).alias(name)


def _united(both: dict[str, str | None], present: Collection[str]) -> str | None:
    now, before = (json.loads(both[name] or "{}") for name in ("origin", FORMER))
    for name, origin in now.items():
        others = (before.get(name) or {}).get("others") or ()
        silent = [each for each in others if each.get("source") not in present]
        if silent and "others" in origin:
            origin["others"] = [*silent, *origin["others"]]
    return json.dumps({**before, **now}, ensure_ascii=False) if before or now else None


def about_ours(origins: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """Return the cells `SOURCED` and `FORMER` of a record of ours whose values have these *origins* (by field)."""
    former = json.dumps({name: dict(each) for name, each in origins.items()}, ensure_ascii=False)
    return {SOURCED: list(origins), FORMER: former if origins else None}
