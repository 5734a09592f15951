"""A mapping tried out on the first rows of a table: what each value becomes, before anything is loaded."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import polars as pl

from guanxi.integration import intake
from guanxi.integration.columns import VERDICT, as_text
from guanxi.integration.mapping import ColumnMapping, TableMapping
from guanxi.integration.mapping.values import tidy_value
from guanxi.integration.plans import SourcePlan
from guanxi.integration.sources.base import TableReceipt
from guanxi.integration.staging import RunFolder
from guanxi.integration.standardise import OWN_REASONS, ROW, SPARE_FIELDS, standardise
from guanxi.integration.standards import REASONS
from guanxi.kernel.text import Message
from guanxi.metadata.catalog import Catalog

SHOWN_SAMPLES = 4
SPARED = "spared"
"""The verdict of a value that its field refuses and a spare field keeps: a source's own customer number."""

_TELLING = {"rejected": 2, SPARED: 2, "suspect": 1, "changed": 2}
"""The verdicts people want to see first, and how many of each."""
_REASONS: Mapping[str, Message] = {**REASONS, **OWN_REASONS}


@dataclass(frozen=True, kw_only=True)
class Sample:
    """One value of a column: as the source writes it, as it would be stored, and why it was changed or refused."""

    row: int
    before: str
    after: str
    verdict: str
    reason: Message | None = None


@dataclass(frozen=True, kw_only=True)
class Trial:
    """What becomes of one column: telling samples, and how many of the rows tried have which verdict."""

    column: str
    samples: tuple[Sample, ...]
    verdicts: Mapping[str, int]


@dataclass(frozen=True, kw_only=True)
class WordLine:
    """One value a column holds: in how many rows, and what it becomes ('' when it means nothing)."""

    text: str
    rows: int
    after: str
    verdict: str


def try_out(
    folder: RunFolder,
    source: SourcePlan,
    table: TableReceipt,
    mapping: TableMapping,
    catalog: Catalog,
    people: Mapping[str, int],
    *,
    columns: Sequence[str] | None = None,
) -> dict[str, Trial]:
    """Return what becomes of the columns of a table (only *columns*, None for all), by name.

    The first `intake.SAMPLE_ROWS` rows are tried, whatever the size of the table.
    """
    wanted = [each for each in mapping.columns if columns is None or each.column in columns]
    targets = {each.target for each in wanted if each.target}
    needed = tuple(each for each in mapping.columns if each in wanted or each.target in targets)
    raw = _first_rows(folder, source, table, [each.column for each in needed])
    done = standardise(raw, replace(mapping, columns=needed), catalog, people, source=source.name)
    return {each.column: _trial(each, raw, done.frame, done.changes) for each in wanted}


def words_of(
    folder: RunFolder,
    source: SourcePlan,
    table: TableReceipt,
    mapping: TableMapping,
    column: str,
    catalog: Catalog,
    people: Mapping[str, int],
    *,
    most: int = 200,
) -> tuple[WordLine, ...]:
    """Return the different values of a column over all rows and what each becomes: not understood ones first."""
    path = intake.table_file(folder, source, table)
    text = pl.col(column).cast(pl.String)
    counted = (
        pl.scan_parquet(path)
        .select(text)
        .filter(text.str.strip_chars() != "")
        .group_by(text.str.normalize("NFKC").str.strip_chars().alias(column))
        .len("rows")
        .collect()
    )
    raw = counted.with_row_index(ROW).with_columns(pl.col(ROW).cast(pl.Int64))
    alone = replace(mapping, columns=(replace(mapping.column(column), part=""),))
    target = mapping.column(column).target
    done = standardise(raw, alone, catalog, people, source=source.name).frame
    kind = done.schema[target]
    lines = pl.DataFrame(
        {
            "text": raw[column],
            "rows": raw["rows"],
            "after": done.select(as_text(target, kind)).to_series(),
            "verdict": done[target + VERDICT],
        }
    )
    first = lines.sort(pl.col("verdict") != "rejected", -pl.col("rows").cast(pl.Int64), "text").head(most)
    return tuple(
        WordLine(text=tidy_value(text), rows=rows, after=after or "", verdict=verdict)
        for text, rows, after, verdict in first.iter_rows()
    )


def _first_rows(
    folder: RunFolder, source: SourcePlan, table: TableReceipt, columns: Sequence[str]
) -> pl.DataFrame:
    path = intake.table_file(folder, source, table)
    return pl.scan_parquet(path).select(ROW, *columns).head(intake.SAMPLE_ROWS).collect()


def _trial(column: ColumnMapping, raw: pl.DataFrame, frame: pl.DataFrame, changes: pl.DataFrame) -> Trial:
    cells = raw.select(pl.col(ROW), before=pl.col(column.column).cast(pl.String))
    filled = cells.filter(pl.col("before").str.strip_chars() != "")
    if not column.target:
        plain = filled.unique("before", keep="first", maintain_order=True).head(SHOWN_SAMPLES)
        samples = tuple(Sample(row=row, before=text, after="", verdict="") for row, text in plain.iter_rows())
        return Trial(column=column.column, samples=samples, verdicts={})
    kind = frame.schema[column.target]
    told = frame.select(ROW, after=as_text(column.target, kind), verdict=pl.col(column.target + VERDICT))
    told = _with_spared(told, frame, column.target)
    why = changes.filter(pl.col("target") == column.target).select(pl.col("row").alias(ROW), "reason", "note")
    whole = filled.join(told, on=ROW, how="left", maintain_order="left")
    whole = whole.join(why.unique(ROW, keep="first"), on=ROW, how="left", maintain_order="left")
    counted = whole.group_by("verdict").len().sort("verdict")
    return Trial(
        column=column.column,
        samples=_telling(whole.unique("before", keep="first", maintain_order=True)),
        verdicts={name: count for name, count in counted.iter_rows() if name},
    )


def _with_spared(told: pl.DataFrame, frame: pl.DataFrame, target: str) -> pl.DataFrame:
    """Return *told* with the values a spare field keeps in place of those refused."""
    spare = SPARE_FIELDS.get(target, "")
    if spare not in frame.columns:
        return told
    kept = frame[spare]
    saved = (pl.col("verdict") == "rejected") & kept.is_not_null()
    return told.with_columns(
        after=pl.when(saved).then(kept).otherwise("after"),
        verdict=pl.when(saved).then(pl.lit(SPARED)).otherwise("verdict"),
    )


def _telling(cells: pl.DataFrame) -> tuple[Sample, ...]:
    """Return some cells that show what the mapping does: refused and doubted ones, changed ones, kept ones."""
    chosen = [cells.filter(pl.col("verdict") == name).head(most) for name, most in _TELLING.items()]
    picked = pl.concat(chosen)
    rest = cells.join(picked.select(ROW), on=ROW, how="anti", maintain_order="left")
    kept = rest.filter(pl.col("verdict") == "kept")
    others = rest.filter(pl.col("verdict") != "kept").head(0 if picked.height else SHOWN_SAMPLES)
    shown = pl.concat([picked, kept, others]).head(SHOWN_SAMPLES)
    return tuple(_sample(each) for each in shown.iter_rows(named=True))


def _sample(cell: Mapping[str, object]) -> Sample:
    reason = _REASONS.get(str(cell["reason"])) if cell["reason"] else None
    if reason is not None:
        reason = Message(reason.template, {**reason.values, "note": cell["note"] or ""})
    return Sample(
        row=int(str(cell[ROW])),
        before=str(cell["before"]),
        after=str(cell["after"] or ""),
        verdict=str(cell["verdict"] or ""),
        reason=reason,
    )
