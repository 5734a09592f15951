"""Laws of the preview: it shows what a reading would keep, what it would set aside, and what was only guessed."""

from pathlib import Path

import pytest
import xlsxwriter

from guanxi.integration.sources import SOURCE_KINDS
from guanxi.integration.sources.preview import preview
from guanxi.kernel.errors import Invalid, Refused

TEXT = "客户台账\n,\n客户名称;电话\n青禾机械;13900010001\n远帆包装;13900010002;多余\n蜀味食品;13900010003\n"


def text_file(folder: Path, text: str = TEXT, encoding: str = "gb18030") -> Path:
    path = folder / "ledger.csv"
    path.write_bytes(text.encode(encoding))
    return path


def workbook(folder: Path) -> Path:
    path = folder / "ledger.xlsx"
    with xlsxwriter.Workbook(path) as book:
        for name in ("华东", "华南"):
            sheet = book.add_worksheet(name)
            sheet.write_row(0, 0, ["2026 年台账"])
            sheet.write_row(2, 0, ["客户名称", "电话"])
            sheet.write_row(3, 0, [f"{name}青禾机械有限公司", "13900010001"])
        book.add_worksheet("空白")
    return path


def told(table) -> list[str]:
    return [str(each) for each in table.guesses]


def test_rows_carry_the_numbers_they_have_in_the_file_and_bad_ones_stand_apart(tmp_path):
    (table,) = preview(SOURCE_KINDS["delimited"], {"path": text_file(tmp_path)}).tables
    assert table.columns == ("客户名称", "电话")
    assert [each.number for each in table.rows] == [4, 6]
    assert [(each.number, str(each.reason)) for each in table.set_aside] == [
        (5, "the row has more values than there are columns")
    ]
    assert (table.header_row, table.delimiter, table.encoding) == (3, ";", "gb18030")


def test_what_was_guessed_is_said_and_what_was_told_is_not(tmp_path):
    path = text_file(tmp_path)
    (guessed,) = preview(SOURCE_KINDS["delimited"], {"path": path}).tables
    assert any("GBK / GB 18030" in each for each in told(guessed))
    assert any("semicolon" in each for each in told(guessed))
    assert "row 3 names the columns" in told(guessed)
    said = {"path": path, "encoding": "gb18030", "delimiter": ";", "header_row": 3}
    (known,) = preview(SOURCE_KINDS["delimited"], said).tables
    assert told(known) == []
    assert known.rows == guessed.rows


def test_another_header_row_names_other_columns_and_shows_the_rows_above_it(tmp_path):
    given = {"path": text_file(tmp_path), "header_row": 4, "delimiter": ";"}
    (table,) = preview(SOURCE_KINDS["delimited"], given).tables
    assert table.columns == ("青禾机械", "13900010001")
    assert [each.number for each in table.above] == [1, 2, 3]
    (none,) = preview(SOURCE_KINDS["delimited"], {**given, "header_row": 0}).tables
    assert none.header_row is None
    assert none.above == ()


def test_a_wrong_encoding_or_a_row_that_is_not_there_is_said_in_words(tmp_path):
    path = text_file(tmp_path)
    with pytest.raises(Invalid, match="name of an encoding"):
        preview(SOURCE_KINDS["delimited"], {"path": path, "encoding": "klingon"})
    with pytest.raises(Refused, match="no line 99"):
        preview(SOURCE_KINDS["delimited"], {"path": path, "header_row": 99})


def test_a_workbook_names_all_its_sheets_and_shows_those_wanted(tmp_path):
    path = workbook(tmp_path)
    whole = preview(SOURCE_KINDS["excel"], {"path": path})
    assert whole.sheets == ("华东", "华南", "空白")
    assert [(each.name, each.empty) for each in whole.tables] == [
        ("华东", False),
        ("华南", False),
        ("空白", True),
    ]
    assert [each.number for each in whole.tables[0].rows] == [4]
    assert [each.number for each in whole.tables[0].above] == [1, 2]
    one = preview(SOURCE_KINDS["excel"], {"path": path, "sheets": ["华南"]})
    assert [each.name for each in one.tables] == ["华南"]
    assert one.sheets == whole.sheets


def test_no_more_rows_than_asked_for_are_shown(tmp_path):
    lines = "\n".join(f"公司{number},1390001{number:04d}" for number in range(1000))
    path = text_file(tmp_path, f"客户名称,电话\n{lines}\n", "utf-8")
    (table,) = preview(SOURCE_KINDS["delimited"], {"path": path}, rows=20).tables
    assert [each.number for each in table.rows] == list(range(2, 22))


def test_a_quoted_text_at_the_end_of_the_look_is_not_called_broken(tmp_path):
    lines = "\n".join(f"公司{number},好" for number in range(197))
    path = text_file(tmp_path, f'客户名称,备注\n{lines}\n公司X,"第一行\n第二行\n第三行\n第四行"\n', "utf-8")
    (table,) = preview(SOURCE_KINDS["delimited"], {"path": path}, rows=500).tables
    assert table.set_aside == ()
