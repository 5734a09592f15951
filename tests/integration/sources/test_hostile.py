"""Input made to harm: each is refused or read without harm, with a sentence a person understands."""

import io
import sqlite3
import struct
import zipfile
import zlib
from pathlib import Path

import openpyxl
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guanxi.integration.sources import SOURCE_KINDS, kind_for, safe_file_name
from guanxi.kernel.errors import Refused, UnknownName

SHEET = "xl/worksheets/sheet1.xml"


def read(kind_name: str, into: Path, **options):
    kind = SOURCE_KINDS[kind_name]
    return kind.read(kind.options(options), into)


def workbook(path: Path, *, replace: dict[str, bytes] | None = None) -> Path:
    """Write a small true workbook, with some of its parts replaced."""
    book = openpyxl.Workbook()
    book.active.append(["名称", "电话"])
    book.active.append(["甲", "1"])
    content = io.BytesIO()
    book.save(content)
    with zipfile.ZipFile(content) as given, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
        for name in given.namelist():
            made.writestr(name, (replace or {}).get(name, given.read(name)))
    return path


@pytest.mark.parametrize("kind", ["delimited", "excel"])
def test_a_file_of_no_bytes_is_refused(tmp_path, kind):
    path = tmp_path / "empty.csv"
    path.touch()
    with pytest.raises(Refused, match="0 bytes"):
        kind_for(path)
    with pytest.raises(Refused, match="0 bytes"):
        read(kind, tmp_path / "read", path=str(path))


def test_a_workbook_that_unpacks_to_much_more_is_refused(tmp_path):
    path = workbook(tmp_path / "bomb.xlsx", replace={SHEET: b"0" * 50_000_000})
    with pytest.raises(Refused, match="200 times"):
        read("excel", tmp_path / "read", path=str(path))
    with pytest.raises(Refused, match="20 MiB"):
        read("excel", tmp_path / "read", path=str(path), max_unpacked_mib=20, max_ratio=10_000)


def test_a_workbook_whose_directory_lies_about_sizes_is_refused(tmp_path):
    true_size, told_size = 50_000_000, 1000
    path = workbook(tmp_path / "liar.xlsx", replace={SHEET: b"0" * true_size})
    content = path.read_bytes()
    told = struct.pack("<I", zlib.crc32(b"0" * told_size)), struct.pack("<I", told_size)
    true = struct.pack("<I", zlib.crc32(b"0" * true_size)), struct.pack("<I", true_size)
    for was, now in zip(true, told, strict=True):
        content = content.replace(was, now)
    path.write_bytes(content)
    with pytest.raises(Refused, match="would grow"):
        read("excel", tmp_path / "read", path=str(path))


def test_a_workbook_that_declares_entities_is_refused(tmp_path):
    laughs = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;">]><x>&b;</x>'
    for text in (laughs, laughs.decode().encode("utf-16")):
        path = workbook(tmp_path / "laughs.xlsx", replace={SHEET: text})
        with pytest.raises(Refused, match="entities"):
            read("excel", tmp_path / "read", path=str(path))


def test_a_lone_cell_in_the_far_corner_does_not_fill_the_memory(tmp_path):
    book = openpyxl.Workbook()
    book.active["A1"], book.active["XFD1048576"] = "名称", "x"
    book.save(tmp_path / "corner.xlsx")
    with pytest.raises(Refused, match="row 1048576 and column 16384"):
        read("excel", tmp_path / "read", path=str(tmp_path / "corner.xlsx"))


def test_five_thousand_columns_are_read_and_more_than_the_limit_refused(tmp_path):
    path = tmp_path / "wide.csv"
    names = ",".join(f"name {number}" for number in range(5000))
    path.write_text(names + "\n" + ",".join("v" * 5000) + "\n", encoding="utf-8")
    receipt = read("delimited", tmp_path / "read", path=str(path))
    assert pl.read_parquet(receipt.tables[0].path).shape == (1, 5001)
    with pytest.raises(Refused, match="5000 columns, more than the 4999"):
        read("delimited", tmp_path / "again", path=str(path), max_columns=4999)


def test_five_thousand_equal_column_names_become_unique(tmp_path):
    path = tmp_path / "same.csv"
    path.write_text(",".join(["name"] * 5000) + "\n" + ",".join("v" * 5000) + "\n", encoding="utf-8")
    receipt = read("delimited", tmp_path / "read", path=str(path), header_row=1)
    assert len(set(receipt.tables[0].columns)) == 5000


def test_sql_in_names_and_values_is_text_and_nothing_else(tmp_path):
    evil = 'x"; DROP TABLE customer; --'
    database = tmp_path / "old.db"
    with sqlite3.connect(database) as connection:
        connection.execute("CREATE TABLE customer (id INTEGER PRIMARY KEY)")
        quoted = evil.replace('"', '""')
        connection.execute(f'CREATE TABLE "{quoted}" ("{quoted}" TEXT, ":value" TEXT)')
        connection.execute(f'INSERT INTO "{quoted}" VALUES (?, ?)', ["'); DROP TABLE customer; --", "%s :x"])
    connection.close()
    receipt = read("database", tmp_path / "read", url=f"sqlite:///{database}", tables=[evil])
    assert pl.read_parquet(receipt.tables[0].path).rows() == [(1, "'); DROP TABLE customer; --", "%s :x")]
    assert Path(receipt.tables[0].path).parent == tmp_path / "read"
    with pytest.raises(UnknownName):
        read(
            "database",
            tmp_path / "again",
            url=f"sqlite:///{database}",
            tables=["customer; DROP TABLE customer"],
        )
    with pytest.raises(Refused):
        read(
            "database",
            tmp_path / "third",
            url=f"sqlite:///{database}",
            queries={"q": "DELETE FROM customer RETURNING id"},
        )
    outlines = SOURCE_KINDS["database"].inspect(
        SOURCE_KINDS["database"].options({"url": f"sqlite:///{database}"})
    )
    assert {each.name for each in outlines} == {"customer", evil}


@pytest.mark.parametrize(
    "name",
    [
        "../../etc/passwd",
        "..\\..\\windows\\system32\\cmd.exe",
        "/etc/shadow",
        "C:\\x.csv",
        "con",
        "CON.csv",
        "com1.tar.gz",
        "aux .txt",
        "..",
        ".",
        "",
        "   ",
        "a\0b.csv",
        "a\nb\rc.csv",
        "客户" * 300 + ".xlsx",
        "x." + "y" * 500,
        "\u202etxt.exe",
        "a;rm -rf $HOME`id`.csv",
        "-rf",
        "~root",
        "\ud800.csv",
    ],
)
def test_a_hostile_file_name_becomes_one_harmless_name(name):
    assert_harmless(safe_file_name(name).stored)


def assert_harmless(stored: str) -> None:
    assert Path(stored).name == stored
    assert stored not in ("", ".", "..")
    assert len(stored.encode()) <= 120
    assert stored.isprintable()
    assert not stored.startswith((".", " ", "-", "~"))
    assert not stored.endswith((".", " "))
    assert not set(stored) & set("\\/:*?\"<>|;`$&'")
    assert stored.partition(".")[0].strip().upper() not in {
        "CON",
        "PRN",
        "AUX",
        "NUL",
        "COM1",
        "LPT1",
    }


@given(st.text(max_size=200))
def test_any_name_becomes_harmless(name):
    assert_harmless(safe_file_name(name).stored)


@given(st.text(max_size=30), st.text(max_size=30))
def test_two_names_never_meet_in_one(one, other):
    if one != other:
        assert safe_file_name(one).stored != safe_file_name(other).stored


def test_an_honest_name_stays_as_it_is():
    assert safe_file_name("华东区客户台账 (2024).xlsx").stored == "华东区客户台账 (2024).xlsx"
    assert safe_file_name("dir/客户.csv").display == "客户.csv"


def test_characters_of_four_bytes_come_through_every_file_kind(tmp_path):
    rare = "𠮷野家𡈼😀"
    path = tmp_path / "rare.csv"
    for encoding in ("utf-8", "gb18030", "utf-16"):
        path.write_bytes(f"编号,名称\n1,{rare}\n".encode(encoding))
        receipt = read("delimited", tmp_path / encoding, path=str(path))
        assert pl.read_parquet(receipt.tables[0].path)["名称"].to_list() == [rare]
    book = openpyxl.Workbook()
    book.active.append(["名称", "电话"])
    book.active.append([rare, "1"])
    book.save(tmp_path / "rare.xlsx")
    receipt = read("excel", tmp_path / "excel", path=str(tmp_path / "rare.xlsx"))
    assert pl.read_parquet(receipt.tables[0].path)["名称"].to_list() == [rare]


def test_zero_characters_are_set_aside_and_the_rest_is_read(tmp_path):
    path = tmp_path / "zero.csv"
    path.write_bytes(b"id,name\n1,a\n2,b\0b\n3,c\n")
    receipt = read("delimited", tmp_path / "read", path=str(path))
    assert pl.read_parquet(receipt.tables[0].path)["id"].to_list() == ["1", "3"]
    bad = pl.read_parquet(receipt.quarantine_path).to_dicts()
    assert [(row["row"], row["reason"]) for row in bad] == [(3, "nul_character")]


def test_one_endless_line_is_set_aside(tmp_path):
    path = tmp_path / "long.csv"
    path.write_bytes(b'id,name\n1,"a"\n2,' + b"x" * 1_000_000 + b"\n3,c\n")
    receipt = read("delimited", tmp_path / "read", path=str(path))
    assert pl.read_parquet(receipt.tables[0].path)["id"].to_list() == ["1", "3"]
    assert receipt.quarantined == 1


@settings(max_examples=60)
@given(
    st.binary(max_size=300),
    st.sampled_from([b"", b"PK\x03\x04", b"id,name\n", b"\xff\xfe", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1Book"]),
)
def test_any_bytes_are_read_or_refused_and_never_crash(tmp_path_factory, content, start):
    folder = tmp_path_factory.mktemp("bytes")
    path = folder / "x"
    path.write_bytes(start + content)
    try:
        receipt = read(kind_for(path), folder / "read", **_options(path))
    except Refused:
        return
    for table in receipt.tables:
        assert table.rows_seen == table.rows + table.quarantined + table.blank


def _options(path: Path) -> dict[str, str]:
    return {"url": f"sqlite:///{path}"} if kind_for(path) == "database" else {"path": str(path)}
