"""The first rows of a source as its latest study kept them, without asking the source again."""

import polars as pl

from guanxi.integration import intake
from guanxi.integration.plans import SourcePlan
from guanxi.integration.sources.base import ROW_COLUMN, NumberedRow, TableReceipt
from guanxi.integration.sources.preview import PREVIEW_ROWS, Preview, PreviewTable, SetAside
from guanxi.integration.sources.quarantine import REASONS
from guanxi.integration.staging import RunFolder

MOST_SET_ASIDE = 20


def beginning(folder: RunFolder, source: SourcePlan, *, rows: int = PREVIEW_ROWS) -> Preview:
    """Return the first *rows* of every table that the study in *folder* read, and the first rows set aside."""
    receipt = intake.receipt_of(folder, source)
    bad = intake.scan_quarantine(folder, source)
    return Preview(tables=tuple(_table(folder, source, each, bad, rows) for each in receipt.tables))


def _table(
    folder: RunFolder, source: SourcePlan, table: TableReceipt, bad: pl.LazyFrame, rows: int
) -> PreviewTable:
    first = (
        pl.scan_parquet(intake.table_file(folder, source, table))
        .select(ROW_COLUMN, *table.columns)
        .head(rows)
        .collect()
    )
    aside = bad.filter(pl.col("table") == table.name).head(MOST_SET_ASIDE).collect()
    return PreviewTable(
        name=table.name,
        columns=table.columns,
        rows=tuple(NumberedRow(number=number, values=tuple(values)) for number, *values in first.iter_rows()),
        above=(),
        set_aside=tuple(
            SetAside(number=each["row"], text=each["text"], reason=REASONS[each["reason"]])
            for each in aside.iter_rows(named=True)
        ),
        guesses=tuple(each.message for each in table.remarks),
        header_row=table.header_row,
        total=table.rows,
        encoding=table.encoding or "",
        delimiter=table.delimiter or "",
    )
