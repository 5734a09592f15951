from datetime import UTC, date, datetime, time
from pathlib import Path

import openpyxl
import polars as pl
import pytest
import xlsxwriter
import xlwt

from guanxi.integration.sources import SOURCE_KINDS, ReadReceipt, kind_for
from guanxi.kernel.errors import Refused, UnknownName

KIND = SOURCE_KINDS["excel"]


def read(path: Path, **options) -> ReadReceipt:
    return KIND.read(KIND.options({"path": str(path), **options}), path.parent / "read")


def rows(receipt: ReadReceipt, number: int = 0) -> list[tuple]:
    return pl.read_parquet(receipt.tables[number].path).rows()


def ledger(path: Path) -> Path:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "华东"
    sheet["A1"] = "2024年客户销售台账"
    sheet.merge_cells("A1:D1")
    sheet.append([])
    sheet.append(["客户名称", "手机", "签约日期", "金额"])
    sheet.append(["上海华东机械", 13800138000, date(2024, 3, 5), 1234.5])
    sheet.append([])
    sheet.append(
        ["苏州远大", "139 0013 9000", datetime(2024, 3, 6, 8, 30, 15, tzinfo=UTC).replace(tzinfo=None), 1e15]
    )
    book.create_sheet("空")
    hidden = book.create_sheet("华北")
    hidden.append(["客户名称", "电话", "电话"])
    hidden.append(["北京一厂", "010-1", "010-2"])
    hidden.sheet_state = "hidden"
    book.save(path)
    return path


def test_a_hand_typed_ledger_is_read_as_a_person_sees_it(tmp_path):
    receipt = read(ledger(tmp_path / "a.xlsx"))
    first, second = receipt.tables
    assert (first.name, first.header_row, first.hidden) == ("华东", 3, False)
    assert rows(receipt) == [
        (4, "上海华东机械", "13800138000", "2024-03-05", "1234.5"),
        (6, "苏州远大", "139 0013 9000", "2024-03-06 08:30:15", "1000000000000000"),
    ]
    assert first.rows_seen == 3
    assert first.blank == 1
    assert (second.name, second.hidden, second.columns) == ("华北", True, ("客户名称", "电话", "电话 (2)"))
    assert receipt.skipped == ("空",)
    assert any("15 digits" in str(remark) for remark in first.remarks)
    assert any("hidden" in str(remark) for remark in second.remarks)


def test_a_look_names_every_sheet_with_its_header_and_first_rows(tmp_path):
    outlines = KIND.inspect(KIND.options({"path": str(ledger(tmp_path / "a.xlsx"))}))
    assert [(each.name, each.header_row, each.empty, each.hidden) for each in outlines] == [
        ("华东", 3, False, False),
        ("空", None, True, False),
        ("华北", 1, False, True),
    ]
    assert outlines[0].rows == 3
    assert outlines[0].first_rows[0][1] == "13800138000"


def test_wanted_sheets_are_chosen_by_name_and_unknown_ones_are_refused(tmp_path):
    path = ledger(tmp_path / "a.xlsx")
    assert [each.name for each in read(path, sheets=["华北"]).tables] == ["华北"]
    assert [each.name for each in read(path, with_hidden=False).tables] == ["华东"]
    with pytest.raises(UnknownName, match="华东"):
        read(path, sheets=["华西"])


def test_a_value_merged_over_rows_belongs_to_each_of_them(tmp_path):
    book = openpyxl.Workbook()
    sheet = book.active
    for row in (
        ["区域", "客户", "电话"],
        ["华东", "甲公司", "021-1"],
        [None, "乙公司", "021-2"],
        ["华北", "丙公司", "010-3"],
    ):
        sheet.append(row)
    sheet.merge_cells("A2:A3")
    book.save(tmp_path / "m.xlsx")
    assert [row[1] for row in rows(read(tmp_path / "m.xlsx"))] == ["华东", "华东", "华北"]


def test_blank_and_damaged_rows_in_a_long_sheet_are_told_apart_and_the_others_keep_their_order(tmp_path):
    height, blank, damaged = 1400, {3, 700, 701, 1200}, {600, 1399}
    book = xlsxwriter.Workbook(tmp_path / "long.xlsx")
    sheet = book.add_worksheet("台账")
    sheet.write_row(0, 0, ["区域", "客户名称", "金额"])
    sheet.merge_range(1, 0, 2, 0, "华东")
    sheet.merge_range(498, 0, 502, 0, "华北")
    for row in range(2, height + 1):
        if row in damaged:
            sheet.write_string(row - 1, 1, "坏\ufffd")
        elif row in blank:
            sheet.write_string(row - 1, 1, " \u3000")
        else:
            sheet.write_string(row - 1, 1, f"客户{row}")
            sheet.write_number(row - 1, 2, row / 2)
    book.close()
    receipt = read(tmp_path / "long.xlsx")
    table = receipt.tables[0]
    kept = pl.read_parquet(table.path)
    assert (table.rows_seen, table.blank, table.quarantined) == (height - 1, 3, 2)  # row 3 says 华东
    assert set(pl.read_parquet(receipt.quarantine_path)["row"]) == damaged
    assert kept["_row"].to_list() == [
        row for row in range(2, height + 1) if row == 3 or row not in blank | damaged
    ]
    assert kept.filter(pl.col("区域").is_not_null()).select("_row", "区域").rows() == [
        (2, "华东"),
        (3, "华东"),
        *((row, "华北") for row in range(499, 504)),
    ]
    assert kept.filter(pl.col("_row") == 1201).rows() == [(1201, None, "客户1201", "600.5")]


def test_a_header_of_two_rows_uses_the_group_to_tell_equal_names_apart(tmp_path):
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["客户名称", "注册地址", None, "经营地址", None])
    sheet.append([None, "省份", "城市", "省份", "城市"])
    sheet.append(["甲公司", "江苏", "苏州", "上海", "上海"])
    for region in ("A1:A2", "B1:C1", "D1:E1"):
        sheet.merge_cells(region)
    book.save(tmp_path / "h.xlsx")
    receipt = read(tmp_path / "h.xlsx")
    assert receipt.tables[0].columns == (
        "客户名称",
        "注册地址 省份",
        "注册地址 城市",
        "经营地址 省份",
        "经营地址 城市",
    )
    assert rows(receipt) == [(3, "甲公司", "江苏", "苏州", "上海", "上海")]


def test_formulas_give_the_value_excel_stored_and_errors_give_nothing(tmp_path):
    book = xlsxwriter.Workbook(tmp_path / "f.xlsx")
    sheet = book.add_worksheet("一")
    sheet.write_row(0, 0, ["名称", "金额", "比例", "完成", "时间"])
    sheet.write_string(1, 0, "甲")
    sheet.write_formula(1, 1, "=1+1", None, 2)
    sheet.write_formula(1, 2, "=1/0", None, "#DIV/0!")
    sheet.write_boolean(1, 3, True)
    sheet.write_datetime(
        1,
        4,
        datetime(2024, 1, 2, 9, 5, tzinfo=UTC).replace(tzinfo=None),
        book.add_format({"num_format": "yyyy-mm-dd hh:mm"}),
    )
    sheet.write_row(2, 0, ["乙", 0.00001, 12345678901234, False])
    sheet.write_datetime(2, 4, time(9, 5), book.add_format({"num_format": "hh:mm"}))
    book.close()
    assert rows(read(tmp_path / "f.xlsx")) == [
        (2, "甲", "2", None, "TRUE", "2024-01-02 09:05:00"),
        (3, "乙", "0.00001", "12345678901234", "FALSE", "09:05:00"),
    ]


def test_old_workbooks_are_read_like_new_ones(tmp_path):
    book = xlwt.Workbook()
    sheet = book.add_sheet("客户")
    sheet.write_merge(2, 2, 1, 3, "客户台账")
    for column, value in enumerate(["客户名称", "手机", "日期"], start=1):
        sheet.write(3, column, value)
    sheet.write_merge(4, 5, 1, 1, "甲公司")
    sheet.write(4, 2, 13800138000)
    sheet.write(5, 2, 13900139000)
    sheet.write(5, 3, date(2020, 1, 2), xlwt.easyxf(num_format_str="YYYY-MM-DD"))
    book.save(str(tmp_path / "a.xls"))
    receipt = read(tmp_path / "a.xls")
    assert receipt.tables[0].header_row == 4
    assert rows(receipt) == [
        (5, None, "甲公司", "13800138000", None),
        (6, None, "甲公司", "13900139000", "2020-01-02"),
    ]


def test_a_sheet_that_begins_away_from_the_corner_keeps_its_row_numbers(tmp_path):
    book = openpyxl.Workbook()
    sheet = book.active
    for column, row in ((3, ["客户名称", "电话"]), (3, ["甲", "021-1"])):
        for shift, value in enumerate(row):
            sheet.cell(row=5 if row[0] == "客户名称" else 6, column=column + shift, value=value)
    book.save(tmp_path / "c.xlsx")
    receipt = read(tmp_path / "c.xlsx")
    assert receipt.tables[0].header_row == 5
    assert rows(receipt)[0][0] == 6
    assert rows(receipt)[0][3:] == ("甲", "021-1")


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("wrong.xlsx", b"id,name\n1,a\n", "delimited"),
        ("wrong.csv", None, "excel"),
        ("utf16.txt", "编号\t名称\n1\t甲\n".encode("utf-16"), "delimited"),
        ("old.db", b"SQLite format 3\0" + bytes(100), "database"),
    ],
)
def test_the_kind_is_told_from_the_content_and_not_from_the_ending(tmp_path, name, content, kind):
    path = tmp_path / name
    if content is None:
        ledger(tmp_path / "a.xlsx").rename(path)
    else:
        path.write_bytes(content)
    assert kind_for(path) == kind


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (b"<html><table><tr><td>1</td></tr></table>", "web page"),
        (b"%PDF-1.7 ...", "PDF"),
        (b"\x00\x01\x02\x00\x00\x00\x00" * 50, "binary"),
        (b"PK\x03\x04 cut off", "cut off"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "password"),
    ],
)
def test_what_is_no_table_is_refused_with_what_it_is(tmp_path, content, word):
    path = tmp_path / "x.xls"
    path.write_bytes(content)
    with pytest.raises(Refused, match=word):
        kind_for(path)


def test_a_half_copied_workbook_is_refused_as_damaged(tmp_path):
    path = ledger(tmp_path / "a.xlsx")
    path.write_bytes(path.read_bytes()[:-200])
    with pytest.raises(Refused, match="damaged"):
        read(path)
