"""Lists inside cells: the lines of an order that a web service hands over within the order become a table.

A column whose cells are JSON lists of objects becomes the table ``<table>.<column>``, one row per object, with
``parent_key`` (the value that identifies the row it came from) and ``line_key`` (that value and the place in
the list, which stays the same from one reading to the next).
"""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import polars as pl

from guanxi.integration.mapping import TableMapping
from guanxi.integration.sources.base import ROW_COLUMN, ReadReceipt, TableReceipt
from guanxi.integration.sources.filenames import safe_file_name
from guanxi.integration.sources.flattening import flatten, parse
from guanxi.integration.sources.writing import checksum
from guanxi.kernel.errors import Refused
from guanxi.kernel.text import say
from guanxi.metadata.catalog import Catalog

PARENT_KEY, LINE_KEY = "parent_key", "line_key"


def with_nested(receipt: ReadReceipt, into: Path) -> ReadReceipt:
    """Return *receipt* with one more table for each column of lists, written into the folder *into*."""
    tables = list(receipt.tables)
    for table in receipt.tables:
        raw = pl.read_parquet(table.path)
        key = _identifying(raw)
        for column in _columns_of_lists(raw) if key else ():
            lines = _lines(raw, column, key)
            tables.append(_write(lines, f"{table.name}.{column}", into, len(tables) + 1))
    return replace(receipt, tables=tuple(tables))


def linked(mapping: TableMapping, parents: dict[str, TableMapping], catalog: Catalog) -> TableMapping:
    """Return the mapping of a nested table with its key and its link to the table it came from.

    Any other mapping is returned as it is.
    """
    parent = parents.get(mapping.table.rpartition(".")[0])
    names = [each.column for each in mapping.columns]
    if parent is None or PARENT_KEY not in names or LINE_KEY not in names:
        return mapping
    inside = say("the list it was in says so")
    mapping = replace(mapping, key=LINE_KEY).corrected(LINE_KEY, target="", reason=inside)
    lookups = catalog.object(mapping.main).lookups_to(parent.main)
    target = f"{mapping.main}.{lookups[0].name}" if lookups else ""
    return mapping.corrected(PARENT_KEY, target=target, part="", standard="", reason=inside)


def _identifying(raw: pl.DataFrame) -> str:
    """Return the first column that is filled in every row and never twice the same; '' where there is none."""
    names = (name for name in raw.columns if name != ROW_COLUMN)
    return next((name for name in names if raw[name].null_count() == 0 and raw[name].is_unique().all()), "")


def _columns_of_lists(raw: pl.DataFrame) -> Iterator[str]:
    for name in raw.columns:
        filled = raw[name].drop_nulls() if name != ROW_COLUMN else pl.Series([], dtype=pl.String)
        if filled.len() and filled.str.contains(r"^\s*\[\s*\{").all() and all(map(_objects, filled)):
            yield name


def _objects(text: str) -> list[dict[str, Any]] | None:
    """Return the objects in *text*, None when it is anything but a JSON list of objects."""
    try:
        found = parse(text)
    except Refused:
        return None
    return found if isinstance(found, list) and all(isinstance(each, dict) for each in found) else None


def _lines(raw: pl.DataFrame, column: str, key: str) -> pl.DataFrame:
    rows = []
    for parent, text in raw.select(key, column).iter_rows():
        for place, each in enumerate(_objects(text) or () if text else (), 1):
            rows.append({PARENT_KEY: parent, LINE_KEY: f"{parent}/{place}", **flatten(each)})
    names = dict.fromkeys(name for row in rows for name in row)
    frame = pl.DataFrame(rows, schema=dict.fromkeys(names, pl.String))
    return frame.with_row_index(ROW_COLUMN, offset=1).with_columns(pl.col(ROW_COLUMN).cast(pl.Int64))


def _write(lines: pl.DataFrame, name: str, into: Path, number: int) -> TableReceipt:
    path = into / f"{number:02d}-{safe_file_name(name).stored}.parquet"
    lines.write_parquet(path, compression="zstd")
    return TableReceipt(
        name=name,
        path=str(path),
        columns=tuple(each for each in lines.columns if each != ROW_COLUMN),
        rows_seen=lines.height,
        rows=lines.height,
        quarantined=0,
        blank=0,
        sha256=checksum(path),
    )
