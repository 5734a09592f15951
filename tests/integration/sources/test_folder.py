"""Laws of the watched folder: every file is read or named, and no row is lost on the way."""

import os
import shutil
import sqlite3
import tempfile
import time
from pathlib import Path

import openpyxl
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from guanxi.integration.sources import SOURCE_KINDS, ReadReceipt, receipt_from_json
from guanxi.kernel.errors import Invalid, Refused

KIND = SOURCE_KINDS["folder"]
LONG_AGO = 1_700_000_000


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    place = tmp_path / "in"
    place.mkdir()
    return place


def put(path: Path, text: str | bytes, *, changed_at: float = LONG_AGO) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    os.utime(path, (changed_at, changed_at))
    return path


def workbook(path: Path, **sheets: list[list[object]]) -> Path:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, lines in sheets.items():
        sheet = book.create_sheet(name)
        for line in lines:
            sheet.append(line)
    book.save(path)
    os.utime(path, (LONG_AGO, LONG_AGO))
    return path


def options(folder: Path, **more):
    return KIND.options({"path": str(folder), **more})


def read(folder: Path, **more) -> ReadReceipt:
    return KIND.read(options(folder, **more), folder.parent / "read")


def told(receipt: ReadReceipt) -> str:
    return " | ".join(map(str, receipt.remarks))


def rows(receipt: ReadReceipt, name: str) -> list[tuple]:
    return pl.read_parquet(next(each.path for each in receipt.tables if each.name == name)).rows()


CUSTOMERS = "客户名称,手机\n杭州青禾机械有限公司,13900010001\n"


def test_every_file_is_read_as_what_it_is_in_the_order_of_names(folder):
    put(folder / "b.csv", CUSTOMERS.encode("gb18030"))
    put(folder / "C.TXT", "客户名称\t手机\n宁波远帆包装有限公司\t13900010002\n")
    workbook(folder / "a.xlsx", 华东=[["客户名称", "手机"], ["成都蜀味食品", "139"]], 空=[])
    receipt = read(folder)
    assert [each.name for each in receipt.tables] == ["C", "a/华东", "b"]
    assert receipt.skipped == ("a/空",)
    assert rows(receipt, "b") == [(2, "杭州青禾机械有限公司", "13900010001")]
    assert receipt.complete
    assert receipt.remarks == ()


def test_unfinished_hidden_and_temporary_files_wait_and_are_named(folder):
    put(folder / "good.csv", CUSTOMERS)
    put(folder / "~$good.xlsx", b"lock")
    put(folder / ".secret.csv", CUSTOMERS)
    put(folder / "half.xlsx.part", b"PK")
    put(folder / "half.tmp", CUSTOMERS)  # no name anybody asked for
    put(folder / "now.csv", CUSTOMERS, changed_at=time.time())
    put(folder / "notes.md", "# 与表格无关")
    receipt = read(folder, settle_seconds=3600)
    assert [each.name for each in receipt.tables] == ["good"]
    assert "hidden or temporary: .secret.csv, ~$good.xlsx" in told(receipt)
    assert "on their way: half.xlsx.part, now.csv" in told(receipt)
    assert "half.tmp" not in told(receipt)
    assert receipt.complete


def test_a_file_dated_into_the_future_is_read(folder):
    put(folder / "a.csv", CUSTOMERS, changed_at=4_000_000_000)
    assert len(read(folder).tables) == 1


def test_a_file_that_cannot_be_read_does_not_stop_the_others_and_is_counted(folder):
    put(folder / "a.csv", "")
    put(folder / "b.xlsx", b"PK\x03\x04 cut off")
    put(folder / "c.csv", CUSTOMERS)
    receipt = read(folder)
    assert [each.name for each in receipt.tables] == ["c"]
    assert receipt.unread == ("a.csv", "b.xlsx")
    assert not receipt.complete
    assert "2 of 3 files could not be read: a.csv, b.xlsx" in told(receipt)
    assert "the file a.csv is empty" in told(receipt)
    assert "b.xlsx begins like an Excel workbook but is cut off" in told(receipt)
    assert receipt_from_json(receipt.to_json()) == receipt


def test_bad_rows_of_all_files_wait_in_one_quarantine_under_the_names_of_their_tables(folder):
    put(folder / "a.csv", CUSTOMERS + "一,二,三\n")
    put(folder / "b.csv", CUSTOMERS + "四,五,六\n\n")
    receipt = read(folder)
    aside = pl.read_parquet(receipt.quarantine_path)
    assert aside.select("table", "row", "text").rows() == [("a", 3, "一,二,三"), ("b", 3, "四,五,六")]
    assert receipt.quarantined == 2


def test_two_files_of_one_name_are_told_apart_by_their_endings(folder):
    put(folder / "客户.csv", CUSTOMERS)
    put(folder / "客户.txt", CUSTOMERS)
    assert [each.name for each in read(folder).tables] == ["客户", "客户.txt"]


def test_folders_inside_are_read_when_asked_for(folder):
    put(folder / "销售部" / "a.csv", CUSTOMERS)
    put(folder / "a.csv", CUSTOMERS)
    put(folder / ".old" / "b.csv", CUSTOMERS)
    assert [each.name for each in read(folder).tables] == ["a"]
    assert [each.name for each in read(folder, recursive=True).tables] == ["a", "销售部/a"]


def test_a_database_file_is_read_when_its_name_is_asked_for(folder):
    with sqlite3.connect(folder / "old.db") as file:
        file.execute("CREATE TABLE account (name TEXT)")
        file.execute("INSERT INTO account VALUES ('杭州青禾机械有限公司')")
    file.close()
    os.utime(folder / "old.db", (LONG_AGO, LONG_AGO))
    assert rows(read(folder, pattern=["*.db"]), "old/account") == [(1, "杭州青禾机械有限公司")]


def test_a_link_that_leads_out_of_the_folder_is_not_followed(folder, tmp_path):
    put(tmp_path / "elsewhere.csv", CUSTOMERS)
    put(folder / "a.csv", CUSTOMERS)
    (folder / "b.csv").symlink_to(tmp_path / "elsewhere.csv")
    receipt = read(folder)
    assert [each.name for each in receipt.tables] == ["a"]
    assert "lead out of the folder: b.csv" in told(receipt)


def test_what_gives_no_table_is_refused_with_the_reason(folder):
    with pytest.raises(Refused, match=r"holds no file called \*\.xlsx"):
        read(folder)
    put(folder / "a.csv.part", CUSTOMERS)
    with pytest.raises(Refused, match=r"ready to be read; left out: a\.csv\.part"):
        read(folder)
    put(folder / "a.csv", "")
    with pytest.raises(Refused, match=r"holds a table: the file a\.csv is empty"):
        read(folder)
    with pytest.raises(Refused, match="there is no folder nowhere"):
        read(folder / "nowhere")


def test_more_files_than_allowed_are_refused_not_forgotten(folder):
    for name in "abc":
        put(folder / f"{name}.csv", CUSTOMERS)
    with pytest.raises(Refused, match="holds 3 files, more than the 2 allowed"):
        read(folder, max_files=2)


def test_an_unknown_option_is_refused():
    with pytest.raises(Invalid, match="patern"):
        KIND.options({"path": "in", "patern": ["*.csv"]})


def test_a_look_shows_every_table_and_why_a_file_is_left_out(folder):
    put(folder / "a.csv", CUSTOMERS)
    put(folder / "b.csv", "")
    put(folder / "c.csv.part", CUSTOMERS)
    seen = KIND.inspect(options(folder))
    assert [(each.name, each.empty) for each in seen] == [("a", False), ("b.csv", True), ("c.csv.part", True)]
    assert seen[0].columns == ("客户名称", "手机")
    assert "empty" in str(seen[1].remarks[0])
    assert "on their way" in str(seen[2].remarks[0])


def test_the_same_files_have_the_same_checksum_and_others_another(folder):
    put(folder / "a.csv", CUSTOMERS)
    first = read(folder).source_sha256
    assert read(folder).source_sha256 == first
    put(folder / "b.csv", CUSTOMERS)
    assert read(folder).source_sha256 != first


LINES = some.lists(some.sampled_from(["甲,1", "乙", "", ",", "丙,2,3", "丁,4,"]), max_size=8)


@settings(max_examples=25)
@given(some.lists(LINES, min_size=1, max_size=4))
def test_every_row_is_in_a_table_in_quarantine_or_blank(files):
    home = Path(tempfile.mkdtemp())
    try:
        for number, lines in enumerate(files):
            put(home / "in" / f"{number}.csv", "\n".join(["客户名称,电话", *lines, ""]))
        receipt = read(home / "in")
        for each in receipt.tables:
            assert each.rows_seen == each.rows + each.quarantined + each.blank
        assert sum(each.rows_seen for each in receipt.tables) == sum(map(len, files))
        assert receipt.quarantined == pl.read_parquet(receipt.quarantine_path).height
        assert receipt.quarantined == sum(each.quarantined for each in receipt.tables)
    finally:
        shutil.rmtree(home)
