"""How far a sheet reaches is never told too small, in whatever way its rows and cells are written."""

import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.integration.sources.test_hostile import SHEET, read, workbook

from guanxi.integration.sources import kind_for
from guanxi.integration.sources.extent import Extent
from guanxi.kernel.errors import Refused

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def extent(*texts: str) -> tuple[int, int]:
    found = Extent()
    for each in texts:
        found.look(each.encode())
    return found.rows, found.columns


def sheet(rows: str) -> bytes:
    return (
        f'<?xml version="1.0"?><worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData></worksheet>'.encode()
    )


@pytest.mark.parametrize(
    ("text", "reach"),
    [
        ('<row r="7"><c r="B7"><v>1</v></c></row>', (7, 2)),
        ('<x:row r="7"><x:c r="B7"><x:v>1</x:v></x:c></x:row>', (7, 2)),
        ("<row r='7'><c s='1' r = 'aa7'/></row>", (7, 27)),
        ("<row><c><v>1</v></c><c/></row><row><c/></row>", (2, 2)),
        ("<row/><row/><row><c/></row>", (3, 1)),
        ("<row/><row/><row/>", (0, 0)),
        ('<row r="1"><c r="C1"/></row><row r="20000"><c><v>5</v></c></row>', (20000, 4)),
        ('<row r="1"><c/><c/><!-- > </row> --><c/></row>', (1, 3)),
        ("<row><c/><c xr='A1'/><c s=\" r='A1'\"/></row>", (1, 4)),
        ('<?xml version="1.0"?><row><c/></row><?x > </row> ?><row><c/></row>', (2, 2)),
        ('<row r="1"><c r="A99999999999999999999"/></row>', (2**63 - 1, 1)),
        ('<row r="1"><c r="B1"/></row><row r="1048576" hidden="1"/>', (1, 2)),
        ('<row r="1"><c r="B1"/></row><x:row r="1048576"/>', (1, 2)),
        ("<cols><col min='1' max='16384'/></cols>", (0, 0)),
    ],
)
def test_the_last_row_and_column_are_known_from_the_tags(text, reach):
    assert extent(text) == reach


def test_a_row_may_be_named_in_one_part_of_the_text_and_its_cells_follow_in_another():
    assert extent('<row r="1"><c r="C1"/></row><row r="900">', "<c/></row>") == (900, 4)


def test_an_end_of_a_row_inside_of_a_value_is_refused():
    with pytest.raises(ValueError, match="does not end"):
        extent('<row><c/><c a="</row>"/><c/></row>')


@given(
    st.lists(
        st.tuples(st.booleans(), st.lists(st.booleans(), max_size=6)),
        max_size=6,
    )
)
def test_named_or_not_every_cell_lies_inside(rows):
    text, last_row, last_column = "", 0, 0
    for number, (named, cells) in enumerate(rows, start=1):
        inside = "".join(
            f'<c r="{"ABCDEF"[place]}{number}"/>' if each else "<c/>" for place, each in enumerate(cells)
        )
        text += f'<row r="{number}">{inside}</row>' if named else f"<row>{inside}</row>"
        last_row, last_column = number if cells else last_row, max(last_column, len(cells))
    told = extent(text)
    assert told[0] >= last_row
    assert told[1] >= last_column


@pytest.mark.parametrize(
    "rows",
    [
        '<row r="1"><c r="A1"><v>1</v></c><c r="CV1"><v>2</v></c></row><row r="20000"><c><v>5</v></c></row>',
        f'<row>{"<c><v>1</v></c>" * 100}</row><row r="20000"><c><v>5</v></c></row>',
        f'<row r="1"><c r="A1"/><c r{" " * 2_000_000}="CV1"><v>2</v></c></row><row r="20000"><c r="A20000"/></row>',
    ],
)
def test_cells_that_do_not_say_where_they_stand_count_as_far_as_they_reach(tmp_path, rows):
    path = workbook(tmp_path / "far.xlsx", replace={SHEET: sheet(rows)})
    with pytest.raises(Refused, match=r"more than 1000 cells|damaged"):
        read("excel", tmp_path / "read", path=str(path), max_cells=1000, max_ratio=10_000)


def test_a_tag_of_many_megabytes_is_refused_soon(tmp_path):
    path = workbook(tmp_path / "long.xlsx", replace={SHEET: sheet("<row" + " " * 50_000_000)})
    with pytest.raises(Refused, match="damaged"):
        read("excel", tmp_path / "read", path=str(path), max_ratio=10_000)


def test_a_sheet_whose_cells_never_say_where_they_stand_is_read(tmp_path):
    rows = "<row><c t='inlineStr'><is><t>名称</t></is></c><c t='inlineStr'><is><t>电话</t></is></c></row>" + (
        "<row><c t='inlineStr'><is><t>甲</t></is></c><c><v>1</v></c></row>" * 30_000
    )
    path = workbook(tmp_path / "plain.xlsx", replace={SHEET: sheet(rows)})
    receipt = read("excel", tmp_path / "read", path=str(path), max_cells=90_000)
    assert receipt.tables[0].rows == 30_000


def test_a_sheet_is_known_by_its_content_wherever_it_lies_in_the_workbook(tmp_path):
    far = sheet('<row r="1"><c r="A1"><v>1</v></c></row><row r="20000"><c r="CV20000"><v>5</v></c></row>')
    given, moved = workbook(tmp_path / "given.xlsx", replace={SHEET: far}), tmp_path / "moved.xlsx"
    with zipfile.ZipFile(given) as source, zipfile.ZipFile(moved, "w") as target:
        for name in source.namelist():
            content = source.read(name).replace(b"worksheets/sheet1.xml", b"others/sheet1.data")
            target.writestr(name.replace("worksheets/sheet1.xml", "others/sheet1.data"), content)
    with pytest.raises(Refused, match="more than 1000 cells"):
        read("excel", tmp_path / "read", path=str(moved), max_cells=1000)
    assert read("excel", tmp_path / "whole", path=str(moved)).tables[0].rows_seen == 20000


def test_a_workbook_with_a_second_one_of_another_format_inside_is_refused(tmp_path):
    path = workbook(tmp_path / "two.xlsx")
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("content.xml", "<office/>")
    with pytest.raises(Refused, match=r"save two\.xlsx as an Excel workbook"):
        kind_for(path)
