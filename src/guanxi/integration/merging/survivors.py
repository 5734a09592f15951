"""One golden record per group of rows: which value survives in each field, and where it came from."""

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from guanxi.integration.columns import PLACE, as_text, column_name, column_of, filled
from guanxi.integration.merging.conflicts import SHAPE, conflicts_of
from guanxi.integration.merging.gathering import contributors, gather
from guanxi.integration.merging.names import other_spellings
from guanxi.integration.merging.ranking import keys, places, rank
from guanxi.integration.merging.rules import EXISTING, RULES, SurvivorshipRules

_ORIGIN = (*PLACE, "rule", "at")


@dataclass(frozen=True, kw_only=True)
class Golden:
    """What the rows of each group add up to.

    *records*: ``group``, ``record`` (the number of the record that is already here, else null), ``members``
    (ids, best first) and one column per field, named by `columns.column_name`, in the type the rows have.
    *origins*: in the same order, ``group`` and per field a struct (run, source, table, row, rule, at; null
    without a value); a gathered value adds ``others``, all the rows it was made of.
    *conflicts*: `conflicts.SHAPE`, one row per field in which the rows of a group differ.
    """

    records: pl.DataFrame
    origins: pl.DataFrame
    conflicts: pl.DataFrame


@dataclass(frozen=True)
class _Column:
    """One field as it goes through: its names, its rule, and the places its values survive from."""

    field: str
    given: str
    name: str
    rule: str


def choose_survivors(
    rows: pl.DataFrame, groups: pl.DataFrame, *, rules: SurvivorshipRules, trust: Mapping[str, int]
) -> Golden:
    """Return the golden record of every group.

    *rows*: one row per record of a source: ``id`` (Int64, unique), ``source``, ``table``, ``row``, where known which
    ``run`` read it and when it was changed in its source (``changed_on``: day or moment), and per field a column
    (text or the struct of a compound value), with ``<field>__verdict`` and ``<field>__trust`` (0 to 100, for
    this cell) where known. Records that are already here take part under the source ``guanxi``, their number
    as ``row``. *groups*: ``id``, ``group``. *trust*: 0 to 100 by source. Blank values never survive; what is
    left equal is decided by trust, then the newest, then the lowest id.
    """
    ranked = rank(rows, groups, trust)
    columns = _columns(ranked, rules)
    winners = _winners(ranked, columns)
    values, origins = [winners["group"]], [winners["group"]]
    for column in columns:
        place = places(winners[column.name], len(ranked))
        values.append(_cells(ranked, column, place))
        origins.append(_origin(ranked, column, place))
    records = _with_gathered(ranked, pl.DataFrame(values), columns)
    sources = _with_contributors(ranked, pl.DataFrame(origins), columns)
    records, sources = _with_spellings(ranked, records, sources, rules)
    return Golden(
        records=_about(ranked).join(records, on="group", how="left", maintain_order="left"),
        origins=sources,
        conflicts=_conflicts(ranked, records, columns),
    )


def _columns(ranked: pl.DataFrame, rules: SurvivorshipRules) -> list[_Column]:
    found = []
    for field, rule in rules.by_field.items():
        given = column_of(ranked, rules.object, field)
        if given is not None:
            found.append(_Column(field, given, column_name(rules.object, field), rule))
    return found


def _winners(ranked: pl.DataFrame, columns: list[_Column]) -> pl.DataFrame:
    """Return ``group`` and per field the smallest key, groups ascending."""
    worth = pl.DataFrame(
        [ranked["group"], *(keys(ranked, each.given, each.rule).alias(each.name) for each in columns)]
    )
    return worth.group_by("group", maintain_order=True).agg(pl.all().min())


def _cells(ranked: pl.DataFrame, column: _Column, place: pl.Series) -> pl.Series:
    kind = ranked.schema[column.given]
    cells = ranked.select(filled(column.given, kind).alias(column.name)).to_series()
    return cells.gather(place)


def _origin(ranked: pl.DataFrame, column: _Column, place: pl.Series) -> pl.Series:
    """Return where each value stands, by which rule it was chosen and of when it is."""
    rows = ranked.select(*PLACE, "at").select(pl.all().gather(place))
    rule = pl.lit(column.rule, dtype=pl.Categorical).alias("rule")
    return rows.select(
        pl.when(pl.lit(place).is_not_null()).then(pl.struct(*PLACE, rule, "at")).alias(column.name)
    ).to_series()


def _with_gathered(ranked: pl.DataFrame, records: pl.DataFrame, columns: list[_Column]) -> pl.DataFrame:
    """Put the values that are made of all values in the place of the chosen ones."""
    for column in columns:
        if RULES[column.rule].gathers:
            made = gather(ranked, column.given, column.rule).rename({column.given: "_made"})
            records = records.join(made, on="group", how="left", maintain_order="left")
            records = records.with_columns(pl.coalesce("_made", column.name).alias(column.name)).drop("_made")
    return records


def _with_contributors(ranked: pl.DataFrame, origins: pl.DataFrame, columns: list[_Column]) -> pl.DataFrame:
    for column in columns:
        if RULES[column.rule].gathers:
            made_of = contributors(ranked, column.given)
            origins = origins.join(made_of, on="group", how="left", maintain_order="left")
            whole = pl.struct(pl.col(column.name).struct.unnest(), "others")
            origins = origins.with_columns(
                pl.when(pl.col(column.name).is_not_null()).then(whole).alias(column.name)
            ).drop("others")
    return origins


def _with_spellings(
    ranked: pl.DataFrame, records: pl.DataFrame, origins: pl.DataFrame, rules: SurvivorshipRules
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Keep the other spellings of a name in the field declared for them."""
    for field, kept_in in rules.names.items():
        given = column_of(ranked, rules.object, field)
        if given is None:
            continue
        name, target = column_name(rules.object, field), column_name(rules.object, kept_in)
        found = other_spellings(
            ranked,
            records.select("group", pl.col(name).alias("name")),
            name=given,
            others=column_of(ranked, rules.object, kept_in),
            longest=rules.longest_names,
        )
        records = records.drop(target, strict=False).join(
            found.rename({"spellings": target}), on="group", how="left", maintain_order="left"
        )
        origins = _with_spelling_origins(_with_spoken(ranked, rules, field, kept_in), origins, name, target)
        kept = pl.when(pl.lit(records[target]).is_not_null()).then(pl.col(target)).alias(target)
        origins = origins.with_columns(kept)
    return records, origins


def _with_spoken(ranked: pl.DataFrame, rules: SurvivorshipRules, field: str, kept_in: str) -> pl.DataFrame:
    """Return the rows with ``_spoken``: known where a row has the name or another spelling of it."""
    columns = [column_of(ranked, rules.object, each) for each in (field, kept_in)]
    spoken = pl.coalesce(as_text(each, ranked.schema[each]) for each in columns if each is not None)
    return ranked.with_columns(spoken.alias("_spoken"))


def _with_spelling_origins(
    ranked: pl.DataFrame, origins: pl.DataFrame, name: str, target: str
) -> pl.DataFrame:
    """Let the spellings come from where they or else the name stand, made of all rows that have any."""
    known = [each for each in (target, name) if each in origins.columns]
    first = pl.coalesce(
        pl.when(pl.col(each).is_not_null()).then(pl.struct(pl.col(each).struct.field(*_ORIGIN)))
        for each in known
    )
    origins = origins.with_columns(first.alias(target)).join(
        contributors(ranked, "_spoken"), on="group", how="left", maintain_order="left"
    )
    whole = pl.struct(pl.col(target).struct.unnest(), "others")
    return origins.with_columns(pl.when(pl.col(target).is_not_null()).then(whole).alias(target)).drop(
        "others"
    )


def _about(ranked: pl.DataFrame) -> pl.DataFrame:
    """Return ``group``, ``record`` and ``members``."""
    here = pl.col("row").filter(pl.col("source") == EXISTING).first().cast(pl.Int64)
    members = pl.col("id").alias("members")
    return ranked.group_by("group", maintain_order=True).agg(here.alias("record"), members)


def _conflicts(ranked: pl.DataFrame, records: pl.DataFrame, columns: list[_Column]) -> pl.DataFrame:
    if not ranked["_several"].any():
        return pl.DataFrame(schema=SHAPE)
    found = [
        conflicts_of(
            ranked,
            column.given,
            field=column.field,
            rule=column.rule,
            chosen=records.select("group", as_text(column.name, records.schema[column.name]).alias("value")),
        )
        for column in columns
        if not RULES[column.rule].settles
    ]
    return pl.concat([pl.DataFrame(schema=SHAPE), *found]).sort("group", "field")
