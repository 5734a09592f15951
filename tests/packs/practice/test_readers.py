"""The product's own readers find each row where the truth says it is."""

from collections import defaultdict
from pathlib import Path

import polars as pl
import pytest

from guanxi.integration.sources import SOURCE_KINDS
from guanxi.packs.practice import TOKEN_ENVIRONMENT, World, open_shop
from guanxi.packs.practice.departments import information, marketing, sales, service


def rows_read(kind, options, into):
    reader = SOURCE_KINDS[kind]
    receipt = reader.read(reader.options(options), into)
    assert receipt.quarantined == 0
    return {table.name: set(pl.read_parquet(Path(table.path))["_row"]) for table in receipt.tables}


def rows_told(world: World, source):
    told = defaultdict(set)
    for row in world.truth.rows:
        # Titles, headers and empty lines are no rows to a reader; a total is one.
        if row.source == source and (row.role != "frame" or row.key == "total"):
            told[row.table].add(row.row)
    return told


@pytest.mark.parametrize(
    ("kind", "department"), [("excel", sales), ("delimited", service), ("delimited", marketing)]
)
def test_files_are_read_row_by_row_as_told(world: World, tmp_path, kind, department):
    path = str(world.folder / department.FILE)
    assert rows_read(kind, {"path": path}, tmp_path) == rows_told(world, department.SOURCE)


def test_the_old_system_is_read_row_by_row_as_told(world: World, tmp_path):
    url = f"sqlite:///{world.folder / information.FILE}"
    options = {"url": url, "tables": list(information.SCHEMA)}
    assert rows_read("database", options, tmp_path) == rows_told(world, information.SOURCE)


def test_the_shop_is_read_row_by_row_as_told_although_a_page_fails_once(world: World, tmp_path, monkeypatch):
    with open_shop(world.folder, failing_page=2) as shop:
        monkeypatch.setenv(TOKEN_ENVIRONMENT, shop.token)
        options = {
            "url": shop.orders_url,
            "table": "orders",
            "records": "data.orders",
            "paging": "page",
            "size_parameter": "size",
            "page_size": 100,
            "token": f"${{{TOKEN_ENVIRONMENT}}}",
        }
        assert rows_read("rest", options, tmp_path) == rows_told(world, "shop")
