"""A mapped table brought to standard: one column per field with its verdict, and every change with its reason.

The frame has ``_row`` and, per target such as ``customer.name``, the value under that name and its verdict
(empty, kept, changed, suspect, rejected) under ``customer.name__verdict``. A rejected cell has no value here;
what the source said stands in the changes and in the table as read.
"""

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import polars as pl

from guanxi.integration import corrections
from guanxi.integration.columns import VERDICT
from guanxi.integration.corrections import Correction
from guanxi.integration.mapping import ColumnMapping, TableMapping, map_columns
from guanxi.integration.nobody import REASONS as NOBODY
from guanxi.integration.nobody import refuse_nobody
from guanxi.integration.plausibility import REASONS as DOUBTS
from guanxi.integration.plausibility import doubt_amounts
from guanxi.integration.standards import STANDARDS, Standard
from guanxi.kernel.text import say
from guanxi.metadata.catalog import Catalog
from guanxi.metadata.objects import Field

ROW = "_row"
_AT_ONCE = 2  # alone, the many small steps of one field leave half of a second core idle; more would take more memory
CHANGE_COLUMNS = {
    "source": pl.String,
    "table": pl.String,
    "row": pl.Int64,
    "column": pl.String,
    "target": pl.String,
    "before": pl.String,
    "after": pl.String,
    "verdict": pl.String,
    "standard": pl.String,
    "reason": pl.String,
    "note": pl.String,
}
"""One line per cell that was not simply kept: before, after and why."""

_NAMES = ("company_name", "person_name")
SPARE_FIELDS = {
    "customer.number": "customer.former_number",
    "customer.credit_code": "customer.registration_number",
}
"""Where a value goes that is right, but not for the field its column became."""

SPARED_REASONS = ("old_registration_number", "number_shape")
"""Reasons of refusals whose value goes to its spare field."""

HARMLESS = ("says_nothing", "nobody_by_this_name", *SPARED_REASONS)
"""Reasons of refusals that need nobody: the cell said nothing, or the value was kept in another place."""

_SELECTIONS = ("single_select", "multi_select")


@dataclass(frozen=True)
class Standardised:
    """A table brought to standard, and its changes (`CHANGE_COLUMNS`)."""

    frame: pl.DataFrame
    changes: pl.DataFrame


def standardise(
    raw: pl.DataFrame,
    mapping: TableMapping,
    catalog: Catalog,
    people: Mapping[str, int],
    *,
    source: str,
    corrected: Sequence[Correction] = (),
) -> Standardised:
    """Return *raw* (``_row`` and columns of text) brought to the standards of the fields it maps to.

    *people* maps the names and logins of those who work here to their numbers; *corrected* is what people said
    about single values of this source, which counts more than the standard.
    """
    table = _Table(
        raw=raw,
        given=map_columns(raw, mapping, catalog),
        mapping=mapping,
        catalog=catalog,
        people=people,
        source=source,
        told=[each for each in corrected if each.table == mapping.table],
    )
    with ThreadPoolExecutor(_AT_ONCE) as threads:
        brought = list(threads.map(lambda target: _brought(table, target), mapping.targets))
    values = [column for columns, _ in brought for column in columns]
    changes = [each for _, each in brought]
    return Standardised(
        pl.DataFrame([raw[ROW], *values]),
        pl.concat(changes) if changes else pl.DataFrame(schema=CHANGE_COLUMNS),
    )


@dataclass(frozen=True, kw_only=True)
class _Table:
    """What is known of a table while its fields are brought to standard; see `standardise`."""

    raw: pl.DataFrame
    given: pl.DataFrame
    mapping: TableMapping
    catalog: Catalog
    people: Mapping[str, int]
    source: str
    told: Sequence[Correction]


def _brought(table: _Table, target: str) -> tuple[list[pl.Series], pl.DataFrame]:
    """Return the values and verdicts of one field, with those of its spare field, and its changes."""
    mapping, columns, field = table.mapping, table.mapping.taken(target), _field(table.catalog, target)
    written = _as_written(table.raw, columns)
    judged = _noticed(_judge(table.given[target], columns[0], field, table.people), written["before"], field)
    if any(each.target == target for each in table.told):
        spoken = corrections.spoken_of(table.told, target, written, table.raw, mapping.key)
        meant = standard_values(spoken["value"], field, columns[0].standard)
        judged = corrections.applied(judged, written, meant, spoken)
    values = [judged["value"].alias(target), judged["verdict"].alias(target + VERDICT)]
    changes = _changes(written, judged, target, columns, table.source, mapping.table)
    return [*values, *_spared(target, written["before"], judged, mapping)], changes


def _spared(target: str, written: pl.Series, judged: pl.DataFrame, mapping: TableMapping) -> list[pl.Series]:
    """Return what a field cannot hold but another can: a source's own number, an old registration number."""
    spare = SPARE_FIELDS.get(target)
    if spare is None or spare in mapping.targets:
        return []
    if target == "customer.credit_code":
        old = judged["reason"] == "old_registration_number"
        written = judged.select(pl.when(old).then("note")).to_series()
    kept = STANDARDS["text"].apply(written)
    return [kept["value"].alias(spare), kept["verdict"].alias(spare + VERDICT)]


def _field(catalog: Catalog, target: str) -> Field:
    object_name, _, name = target.partition(".")
    return catalog.object(object_name).field(name)


def _as_written(raw: pl.DataFrame, columns: Sequence[ColumnMapping]) -> pl.DataFrame:
    """Return ``row`` and ``before``: what the source says about one field, pieces joined by a blank."""
    pieces = [pl.col(each.column) for each in columns]
    return raw.select(
        pl.col(ROW).alias("row"), pl.concat_str(pieces, separator=" ", ignore_nulls=True).alias("before")
    )


def _judge(given: pl.Series, column: ColumnMapping, field: Field, people: Mapping[str, int]) -> pl.DataFrame:
    if field.type == "user":
        known = {name: str(number) for name, number in people.items()}
        return _judge_choice(given, known, "nobody_by_this_name")
    if field.type in _SELECTIONS:
        return _judge_choice(given, {each.value: each.value for each in field.choices}, "no_such_choice")
    standard = standard_of(field, column.standard)
    judged = standard.apply(given)
    if standard.name == "money":
        return doubt_amounts(judged)
    return refuse_nobody(judged, given) if field.type in _NAMES else judged


def standard_values(texts: pl.Series, field: Field, standard: str = "") -> pl.Series:
    """Return texts that are in the standard of *field* already as its values; choices and people are their texts."""
    if field.type == "user" or field.type in _SELECTIONS:
        return texts
    return standard_of(field, standard).apply(texts)["value"]


def standard_of(field: Field, standard: str = "") -> Standard:
    """Return the standard that judges *field*: that of its column, else its own, else plain text."""
    named = standard or field.standard
    return STANDARDS[named if named in STANDARDS else "text"]


def _noticed(judged: pl.DataFrame, before: pl.Series, field: Field) -> pl.DataFrame:
    """Return *judged* with "changed" where the cell says it otherwise: mapping tidied it before it was judged.

    Choices are left alone: another word for one is no change anybody needs to read.
    """
    if judged.schema["value"] != pl.String or field.type in (*_SELECTIONS, "user"):
        return judged
    other = (pl.col("verdict") == "kept") & (pl.col("value") != pl.lit(before))
    if not judged.select(other.any()).item():
        return judged
    spelt = _plain(pl.when(other).then(pl.lit(before))) == _plain(pl.when(other).then("value"))
    reason = pl.when(spelt).then(pl.lit("spelling")).otherwise(pl.lit("choice_meant"))
    return judged.select(
        "value",
        verdict=pl.when(other).then(pl.lit("changed")).otherwise("verdict"),
        reason=pl.when(other).then(reason).otherwise("reason"),
        note="note",
    )


def _plain(text: pl.Expr) -> pl.Expr:
    """Return *text* without what width and blanks around it make of it."""
    return text.str.normalize("NFKC").str.strip_chars()


def _judge_choice(given: pl.Series, choices: Mapping[str, str], unknown: str) -> pl.DataFrame:
    """Return the choice each text means; one that means none is rejected for *unknown* and stays listed."""
    texts = given.str.strip_chars()
    value = texts.replace_strict(dict(choices), default=None, return_dtype=pl.String)
    frame = pl.DataFrame({"given": given, "value": value, "blank": texts.is_null() | (texts == "")})
    same, none = pl.col("value") == pl.col("given"), pl.col("value").is_null()
    return frame.select(
        "value",
        verdict=pl.when("blank")
        .then(pl.lit("empty"))
        .when(none)
        .then(pl.lit("rejected"))
        .when(same)
        .then(pl.lit("kept"))
        .otherwise(pl.lit("changed")),
        reason=pl.when("blank")
        .then(None)
        .when(none)
        .then(pl.lit(unknown))
        .when(~same)
        .then(pl.lit("choice_meant")),
        note=pl.lit(None, dtype=pl.String),
    )


OWN_REASONS = {
    "no_such_choice": say("this is none of the choices of the field, nor a known word for one"),
    "nobody_by_this_name": say("nobody who works here has this name"),
    "choice_meant": say("another word for the same choice"),
    "total_row": say("the row is a total of others, not a record"),
    **DOUBTS,
    **NOBODY,
    **corrections.REASONS,
}
"""Reasons given here, beside those of the standards."""


def _changes(
    written: pl.DataFrame,
    judged: pl.DataFrame,
    target: str,
    columns: Sequence[ColumnMapping],
    source: str,
    table: str,
) -> pl.DataFrame:
    frame = written.with_columns(
        judged["verdict"], judged["reason"], judged["note"], _as_text(judged["value"]).alias("after")
    ).filter(pl.col("verdict").is_in(["changed", "suspect", "rejected"]))
    named = frame.with_columns(
        pl.lit("+".join(each.column for each in columns)).alias("column"),
        pl.lit(target).alias("target"),
        pl.lit(columns[0].standard).alias("standard"),
    )
    return changes_from(named, source, table)


def changes_from(found: pl.DataFrame, source: str, table: str) -> pl.DataFrame:
    """Return *found* (any of the columns of changes) as changes of one table, the other columns empty."""
    placed = found.with_columns(pl.lit(source).alias("source"), pl.lit(table).alias("table"))
    return placed.select(
        (pl.col(name) if name in placed.columns else pl.lit(None).alias(name)).cast(kind)
        for name, kind in CHANGE_COLUMNS.items()
    )


def _as_text(values: pl.Series) -> pl.Series:
    if isinstance(values.dtype, pl.Struct):
        parts = values.struct.unnest()
        text = pl.concat_str(
            [pl.col(name).cast(pl.String).fill_null("") for name in parts.columns], separator="-"
        )
        return parts.select(pl.when(values.is_not_null()).then(text))[:, 0]
    return values.cast(pl.String)
