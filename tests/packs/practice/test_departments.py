"""The files as other programs see them: at each place the truth names they show what it says."""

import csv
import io
import json
import sqlite3
from contextlib import closing
from datetime import datetime

import openpyxl
import pytest

from guanxi.packs.practice import World
from guanxi.packs.practice.departments import information, marketing, sales, service


@pytest.fixture(scope="module")
def book(world: World):
    return openpyxl.load_workbook(world.folder / sales.FILE)


def records_by_line(text):
    """Return the records of a CSV text by the line each starts on."""
    found, start = {}, 1
    reader = csv.reader(io.StringIO(text, newline=""))
    for record in reader:
        found[start] = record
        start = reader.line_num + 1
    return found


def defects_of(world: World, source):
    return [
        defect for defect in world.truth.defects if defect.source == source and defect.kind != "duplicate_row"
    ]


def as_text(value):
    return value.date().isoformat() if isinstance(value, datetime) else str(value)


def test_the_ledger_has_three_sheets_with_a_merged_title_and_headers_in_different_rows(book):
    assert book.sheetnames == ["华东", "华南", "华北"]
    for region in sales.REGIONS:
        sheet = book[region.name]
        assert [str(merged) for merged in sheet.merged_cells.ranges] == ["A1:K1"]
        assert "客户台账" in sheet["A1"].value
        header = [cell.value for cell in sheet[region.header_row]]
        assert header == list(region.headers)
    assert len({region.headers for region in sales.REGIONS}) == 3


def test_the_ledger_ends_in_a_total_and_holds_empty_lines(book, world: World):
    for region in sales.REGIONS:
        sheet = book[region.name]
        assert sheet.cell(sheet.max_row, 1).value == "合计"
        frames = [row for row in world.truth.rows if row.table == region.name and row.role == "frame"]
        for row in frames:
            if row.key == "empty line":
                assert all(cell.value is None for cell in sheet[row.row])


def test_the_ledger_keeps_dates_as_dates_as_text_and_as_bare_numbers(book):
    kinds = set()
    for region in sales.REGIONS:
        column = region.headers.index(region.header("ordered")) + 1
        values = [
            row[0].value for row in book[region.name].iter_rows(min_row=5, min_col=column, max_col=column)
        ]
        kinds |= {type(value) for value in values if value is not None}
    assert kinds == {datetime, str, int}


def test_each_defect_of_the_ledger_is_at_its_place(book, world: World):
    for defect in defects_of(world, sales.SOURCE):
        sheet = book[defect.table]
        region = next(region for region in sales.REGIONS if region.name == defect.table)
        value = sheet.cell(defect.row, region.headers.index(defect.field) + 1).value
        if defect.shown:
            assert as_text(value) == defect.shown or float(value) == float(defect.shown)
        else:
            assert value is None


def test_the_tickets_are_gbk_with_line_breaks_inside_quotes(world: World):
    raw = (world.folder / service.FILE).read_bytes()
    text = raw.decode("gbk")
    with pytest.raises(UnicodeDecodeError):
        raw.decode("utf-8")
    records = records_by_line(text)
    assert tuple(records[1]) == service.HEADERS
    assert text.count("\n") > len(records)
    truth = {row.row: row.key for row in world.truth.rows if row.source == service.SOURCE}
    assert {line: record[0] for line, record in records.items() if line > 1} == truth


def test_each_defect_of_the_tickets_is_at_its_line(world: World):
    records = records_by_line((world.folder / service.FILE).read_text(encoding="gbk"))
    for defect in defects_of(world, service.SOURCE):
        assert records[defect.row][service.HEADERS.index(defect.field)] == (defect.shown or "")


def test_the_followers_are_utf_8_with_a_byte_order_mark_and_often_without_a_company(world: World):
    raw = (world.folder / marketing.FILE).read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    records = records_by_line(raw.decode("utf-8-sig"))
    assert tuple(records[1]) == marketing.HEADERS
    without = [record for record in records.values() if record[2] in {"", "无", "个体"}]
    assert len(without) > len(records) / 3
    for defect in defects_of(world, marketing.SOURCE):
        assert records[defect.row][marketing.HEADERS.index(defect.field)] == (defect.shown or "")


def test_each_defect_of_the_old_system_is_in_its_row(world: World):
    with closing(sqlite3.connect(world.folder / information.FILE)) as connection:
        connection.row_factory = sqlite3.Row
        tables = {
            table: {row["id"]: row for row in connection.execute(f"SELECT * FROM {table}")}
            for table in information.SCHEMA
        }
    for defect in defects_of(world, information.SOURCE):
        value = tables[defect.table][defect.row][defect.field]
        assert (None if value is None else str(value)) == defect.shown
    assert sum(len(rows) for rows in tables.values()) == sum(
        row.source == information.SOURCE for row in world.truth.rows
    )


def test_orphaned_orders_point_to_no_account(world: World):
    orphans = {defect.row for defect in world.truth.defects if defect.kind == "order_orphaned"}
    with closing(sqlite3.connect(world.folder / information.FILE)) as connection:
        found = connection.execute(
            "SELECT id FROM order_head WHERE account_id IS NULL OR account_id NOT IN (SELECT id FROM account)"
        ).fetchall()
    assert {row for (row,) in found} == orphans


def test_a_right_order_amount_is_the_sum_of_its_lines(world: World):
    wrong = {
        defect.row
        for defect in world.truth.defects
        if defect.table == "order_head" and defect.field == "amount"
    }
    with closing(sqlite3.connect(world.folder / information.FILE)) as connection:
        sums = connection.execute(
            "SELECT h.id, h.amount, printf('%.2f', sum(l.amount)) FROM order_head h "
            "JOIN order_line l ON l.order_id = h.id GROUP BY h.id"
        ).fetchall()
    assert {row for row, amount, total in sums if amount != total} == wrong


def test_each_defect_of_the_shop_is_in_its_order(world: World):
    orders = json.loads((world.folder / "shop_orders.json").read_text(encoding="utf-8"))
    assert [order["created_at"] for order in orders] == sorted(order["created_at"] for order in orders)
    for defect in defects_of(world, "shop"):
        value = orders[defect.row - 1]
        for name in defect.field.split("."):
            value = value[name]
        assert value == defect.shown
