"""The rows as the engine wants them: every named column there, unknown as null, features computed."""

import polars as pl

from guanxi.integration.matching.settings import MatchSettings
from guanxi.kernel.errors import Invalid, Problem
from guanxi.kernel.text import by_number, say


def prepare(rows: pl.DataFrame, settings: MatchSettings) -> pl.DataFrame:
    """Return *rows* by id, with all columns the settings name, their features, and ``new``.

    A column that is absent is unknown everywhere; an empty text is unknown; ``existing`` (Boolean, absent
    means false) becomes its opposite ``new``. Raises `Invalid` when ids are missing, doubled or not whole
    numbers.
    """
    _check(rows)
    rows = rows.sort("id")  # so that the order of the file decides nothing
    new = ~pl.col("existing").fill_null(value=False) if "existing" in rows.columns else pl.lit(value=True)
    source = pl.col("source").fill_null("") if "source" in rows.columns else pl.lit("")
    prepared = rows.with_columns(new.alias("new"), source.alias("source")).with_columns(
        pl.when(~pl.col("new")).then(pl.lit("yes")).alias("exists_already"),
        _declared_clean(settings).alias("source_without_duplicates"),
    )
    made = {feature.name for feature in settings.features}
    prepared = _with_columns(prepared, (settings.columns | _read_by_features(settings)) - made)
    for feature in settings.features:
        prepared = prepared.with_columns(feature.make(prepared).cast(pl.String).alias(feature.name))
    return prepared


def _declared_clean(settings: MatchSettings) -> pl.Expr:
    """Return the source where it was declared free of duplicates, else null."""
    clean = settings.sources_without_duplicates
    if "*" in clean:
        return pl.col("source")
    return pl.when(pl.col("source").is_in(sorted(clean))).then(pl.col("source"))


def _read_by_features(settings: MatchSettings) -> set[str]:
    return {column for feature in settings.features for column in feature.reads}


def _with_columns(rows: pl.DataFrame, columns: frozenset[str] | set[str]) -> pl.DataFrame:
    def text(column: str) -> pl.Expr:
        if column not in rows.columns:
            return pl.lit(None, dtype=pl.String).alias(column)
        value = pl.col(column).cast(pl.String)
        return pl.when(value.str.len_bytes() > 0).then(value).alias(column)

    return rows.with_columns(text(column) for column in sorted(columns))


def _check(rows: pl.DataFrame) -> None:
    if "id" not in rows.columns or not rows.schema["id"].is_integer():
        raise Invalid([Problem("id", say("every row needs a whole number as its id"))])
    ids = rows["id"]
    if ids.null_count():
        missing = ids.null_count()
        told = by_number(missing, say("1 row has no id"), say("{count} rows have no id", count=missing))
        raise Invalid([Problem("id", told)])
    doubled = len(ids) - ids.n_unique()
    if doubled:
        told = by_number(
            doubled,
            say("1 id occurs more than once"),
            say("{count} ids occur more than once", count=doubled),
        )
        raise Invalid([Problem("id", told)])
