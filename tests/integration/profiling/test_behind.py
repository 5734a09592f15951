"""Behind every number of a profile stand rows, and what deserves a look is said first."""

from pathlib import Path

import polars as pl
import pytest

from guanxi.integration.profiling import EVERY, profile, remarks, rows_behind

MOBILES = ["13900010001"] * 15 + ["139-0001-0002", "１３９00010003", "无", "", None]
ORDERS = [f"D{number:04}" for number in range(19)] + ["D0003"]
AMOUNTS = ["100", "110", "95", "105", "98", "102", "99"] * 2 + ["101", "97", "103", "104", "96", "9000000"]


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "table.parquet"
    frame = {"手机": MOBILES, "单号": ORDERS, "金额": AMOUNTS, "空": [None] * 20, "国家": ["中国"] * 20}
    pl.DataFrame(
        {"_row": range(2, 22), **frame}, schema_overrides={"_row": pl.Int64, "空": pl.String}
    ).write_parquet(path)
    return path


def places(table, column, finding, place=0):
    found = rows_behind(table, profile(table).column(column), finding, place)
    return [each.place for each in found.rows]


def test_every_finding_leads_to_its_rows_with_their_line_numbers(table):
    mobile = profile(table).column("手机")
    assert places(table, "手机", "empty") == [20, 21]
    assert places(table, "手机", "stand_in") == [19]
    assert places(table, "手机", "value", 0) == list(range(2, 17))
    shapes = [each.pattern for each in mobile.patterns]
    assert places(table, "手机", "pattern", shapes.index("9{3}-9999-9999".replace("9999", "9{4}"))) == [17]
    assert places(table, "手机", "unlike") == [18, 19]
    assert places(table, "单号", "repeated") == [5, 21]
    assert places(table, "金额", "outlier", EVERY) == [21]
    assert places(table, "金额", "longest") == [21]
    assert places(table, "手机", "shortest") == [19]


def test_a_finding_that_is_not_there_has_no_rows(table):
    assert places(table, "手机", "value", 99) == []
    assert places(table, "手机", "pattern", 99) == []


def test_rows_are_shown_whole_and_at_most_a_hundred(tmp_path):
    path = tmp_path / "many.parquet"
    pl.DataFrame({"_row": range(1, 1001), "甲": ["x"] * 1000, "乙": [None, "y"] * 500}).write_parquet(path)
    found = rows_behind(path, profile(path).column("甲"), "value")
    assert found.columns == ("甲", "乙")
    assert (len(found.rows), found.more) == (100, True)
    assert found.rows[1].cells == ("x", "y")


def test_as_many_rows_are_found_as_the_profile_counted(table):
    found = profile(table)
    for column in found.columns:
        for finding, entries in (("value", column.top), ("pattern", column.patterns)):
            for place, entry in enumerate(entries):
                assert len(places(table, column.name, finding, place)) == entry.count


def test_what_is_worst_is_remarked_first(table):
    found = remarks(profile(table))
    assert [(each.column, each.weight) for each in found[:1]] == [("空", "bad")]
    said = {(each.column, str(each.message)) for each in found}
    assert ("空", "nothing in it") in said
    assert ("手机", "rows that say nothing (none, unknown, -): 1") in said
    assert ("手机", "full-width digits or letters") in said
    assert ("单号", "nearly every value is there once; repeated: 1") in said
    assert ("金额", "values far from the others: 1") in said
    assert ("国家", "always the same value") in said


def test_every_remark_leads_to_at_least_one_row(table):
    found = profile(table)
    for each in remarks(found):
        assert rows_behind(table, found.column(each.column), each.finding, each.place).rows


def test_an_empty_table_has_no_remarks(tmp_path):
    path = tmp_path / "none.parquet"
    pl.DataFrame({"_row": [], "甲": []}, schema={"_row": pl.Int64, "甲": pl.String}).write_parquet(path)
    assert remarks(profile(path)) == ()
