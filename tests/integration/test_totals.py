"""Rows of totals are found, and no record is taken for one."""

import polars as pl

from guanxi.integration.totals import totals_in

HEADER = ("_row", "编号", "名称", "金额")


def found(*rows):
    return totals_in(pl.DataFrame(rows, schema=HEADER, orient="row")).rows()


def test_a_word_for_a_total_and_numbers_are_a_total():
    assert found((5, "1", "甲公司", "3"), (9, "合计", None, "12.50")) == [(9, "编号", "合计")]
    assert found((9, None, "总 计：", "￥1,200.00元")) == [(9, "名称", "总 计：")]
    assert found((9, None, "小计", None)) == [(9, "名称", "小计")]


def test_a_customer_of_that_name_with_anything_else_is_none():
    assert found((9, "K合", "合计", "12")) == []
    assert found((9, "", "合计科技有限公司", "12")) == []


def test_numbers_alone_are_no_total():
    assert found((9, "17", "18", "35")) == []
