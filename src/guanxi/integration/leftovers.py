"""Rows that came to nothing, each with its place and the reason: set aside while reading, or left out later."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from guanxi.integration import intake, runs
from guanxi.integration.fates import TOTAL
from guanxi.integration.mentions import CUSTOMER
from guanxi.integration.plans import Plan, SourcePlan
from guanxi.integration.sources.quarantine import REASONS
from guanxi.integration.staging import RunFolder
from guanxi.integration.standardise import ROW
from guanxi.kernel.text import Message, say

LONGEST_TEXT = 300
_TOTAL = say("the row is a total of others, not a record")
_NOBODY = say("the row does not say who the customer is")
_SILENT = say("nothing in the row could be understood as a value")
_NAMELESS = say("the customer has no name in any source")


@dataclass(frozen=True, kw_only=True)
class Leftover:
    """A row of a source, what it says (shortened), and why it came to nothing; *row* is '' where none is known."""

    source: str
    table: str
    row: str
    text: str
    reason: Message


@dataclass(frozen=True, kw_only=True)
class Leftovers:
    """Some of them in order, and how many there are."""

    rows: tuple[Leftover, ...]
    total: int


def quarantined(folder: RunFolder, plan: Plan, *, start: int = 0, limit: int = 100) -> Leftovers:
    """Return rows that could not be understood, with their lines."""
    found = pl.concat([_NOTHING.lazy(), *(_quarantine(folder, each) for each in plan.sources)])
    return _part(found, start, limit)


def left_out(folder: RunFolder, plan: Plan, *, start: int = 0, limit: int = 100) -> Leftovers:
    """Return rows that are totals, name nobody, say nothing, or were refused by the database, in this order."""
    refused = [_refusal(each) for each in runs.refusals(folder) if not each["cell"]]
    said = [_totals(folder, plan), _nobody(folder, plan), _silent(folder, plan)]
    found = pl.concat([_NOTHING.lazy(), *(frame for frames in said for frame in frames)])
    found = found.unique(("source", "table", "row"), keep="first", maintain_order=True)
    part = _part(found, start, limit)
    rest = refused[max(0, start - part.total) : max(0, start + limit - part.total)]
    return Leftovers(rows=(*part.rows, *rest), total=part.total + len(refused))


def values_left_out(folder: RunFolder, *, limit: int = 100) -> Leftovers:
    """Return values the database did not take although the rest of their rows was loaded."""
    refused = [_refusal(each) for each in runs.refusals(folder) if each["cell"]]
    return Leftovers(rows=tuple(refused[:limit]), total=len(refused))


def _refusal(given: Mapping[str, Any]) -> Leftover:
    text = f"{given['field']} = {given['value']}" if given["value"] else ""
    return Leftover(
        source=str(given["source"]),
        table=str(given["object"]),
        row=str(given["key"]),
        text=text[:LONGEST_TEXT],
        reason=Message(given["template"], given["values"]),
    )


_COLUMNS = {
    "source": pl.String,
    "table": pl.String,
    "row": pl.String,
    "text": pl.String,
    "reason": pl.String,
}
_NOTHING = pl.DataFrame(schema=_COLUMNS)
_WORDS = {**REASONS, TOTAL: _TOTAL, "nobody": _NOBODY, "nameless": _NAMELESS, "silent": _SILENT}


def _part(found: pl.LazyFrame, start: int, limit: int) -> Leftovers:
    total = int(found.select(pl.len()).collect().item())
    return Leftovers(rows=tuple(_read(found.slice(start, limit).collect())), total=total)


def _read(frame: pl.DataFrame) -> Iterator[Leftover]:
    for each in frame.iter_rows(named=True):
        reason = _WORDS.get(each["reason"], say("{reason}", reason=each["reason"]))
        yield Leftover(
            source=each["source"],
            table=each["table"] or "",
            row=each["row"] or "",
            text=(each["text"] or "")[:LONGEST_TEXT],
            reason=reason,
        )


def _quarantine(folder: RunFolder, source: SourcePlan) -> pl.LazyFrame:
    return intake.scan_quarantine(folder, source).select(
        pl.lit(source.name).alias("source"),
        "table",
        pl.col("row").cast(pl.String),
        "text",
        "reason",
    )


def _totals(folder: RunFolder, plan: Plan) -> Iterator[pl.LazyFrame]:
    for source, _, place, _ in _mapped(folder, plan):
        name = f"{source}.{place}.changes"
        if folder.has_frame("standard", name):
            told = folder.scan("standard", name).filter(pl.col("reason") == TOTAL)
            text = pl.col("before").alias("text")
            yield told.select("source", "table", pl.col("row").cast(pl.String), text, "reason")


def _nobody(folder: RunFolder, plan: Plan) -> Iterator[pl.LazyFrame]:
    """Yield the rows of tables of customers that name nobody, or somebody without a name."""
    if not folder.has_frame("match", "rows") or not folder.has_frame("golden", "nameless"):
        return
    mapped = _mapped(folder, plan)
    customers = [(source, table) for source, table, _, main in mapped if main == CUSTOMER]
    places = pl.LazyFrame(customers, schema={"source": pl.String, "table": pl.String}, orient="row")
    rows, groups = folder.scan("match", "rows"), folder.scan("match", "groups")
    known = rows.join(places, on=["source", "table"], how="semi", maintain_order="left")
    known = known.join(groups, left_on="mention", right_on="id", how="left", maintain_order="left")
    nameless = folder.scan("golden", "nameless").select("group", unnamed=pl.lit(value=True))
    placed = known.join(nameless, on="group", how="left", maintain_order="left")
    reason = pl.when(pl.col("mention").is_null()).then(pl.lit("nobody")).otherwise(pl.lit("nameless"))
    yield placed.filter(pl.col("mention").is_null() | pl.col("unnamed")).select(
        "source",
        "table",
        pl.col("row").cast(pl.String),
        pl.col("key").cast(pl.String).alias("text"),
        reason.alias("reason"),
    )


def _silent(folder: RunFolder, plan: Plan) -> Iterator[pl.LazyFrame]:
    """Yield the rows no value of which came to the standard of what they should be."""
    for source, table, place, main in _mapped(folder, plan):
        name = f"{source}.{place}.values"
        if not folder.has_frame("standard", name):
            continue
        frame = folder.scan("standard", name)
        values = [
            each
            for each in frame.collect_schema().names()
            if each.startswith(main + ".") and "__" not in each
        ]
        empty = pl.all_horizontal(pl.col(each).is_null() for each in values) if values else pl.lit(value=True)
        yield frame.filter(empty).select(
            pl.lit(source).alias("source"),
            pl.lit(table).alias("table"),
            pl.col(ROW).cast(pl.String).alias("row"),
            pl.lit("").alias("text"),
            pl.lit("silent").alias("reason"),
        )


def _mapped(folder: RunFolder, plan: Plan) -> list[tuple[str, str, int, str]]:
    """Return source, table, its place among the source's tables, and what its rows are."""
    found = []
    for source in plan.sources:
        if folder.has_json("mapping", source.name):
            tables = intake.mappings_of(folder, source).values()
            found += [(source.name, each.table, place, each.main) for place, each in enumerate(tables)]
    return found
