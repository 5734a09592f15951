"""A table taken over keeps its rows, and every target is one column of text."""

import polars as pl
import pytest

from guanxi.integration.mapping import map_columns, suggest
from guanxi.integration.standards import STANDARDS
from guanxi.metadata.catalog import catalog_of
from guanxi.packs.loading import load_shipped

CATALOG = catalog_of(1, load_shipped())


def taken(name, columns):
    raw = pl.DataFrame({"_row": range(2, 2 + len(next(iter(columns.values())))), **columns}, strict=False)
    return map_columns(raw, suggest(name, columns, CATALOG), CATALOG)


def test_rows_stay_in_their_order_and_columns_that_mean_nothing_are_left():
    frame = taken("客户", {"客户名称": ["甲公司", "乙公司"], "序号": ["1", "2"]})
    assert frame.columns == ["_row", "customer.name"]
    assert frame["_row"].to_list() == [2, 3]


def test_empty_cells_are_null():
    assert taken("客户", {"客户名称": ["甲公司", "  ", None]})["customer.name"].to_list() == [
        "甲公司",
        None,
        None,
    ]


def test_values_become_choices_beyond_the_samples_too():
    raw = pl.DataFrame({"客户名称": ["甲公司", "乙公司"], "客户来源": ["展会", "抖音"]})
    mapping = suggest("客户", {"客户名称": ["甲公司"], "客户来源": ["展会"]}, CATALOG)
    assert map_columns(raw, mapping, CATALOG)["customer.source"].to_list() == ["exhibition", "video"]


def test_an_unknown_value_is_kept_for_a_person_to_see():
    assert taken("客户", {"客户名称": ["甲"], "客户来源": ["梦里"]})["customer.source"].to_list() == ["梦里"]


@pytest.mark.parametrize(
    ("cell", "amount"),
    [
        ("12.5", "125000"),
        ("1,234.50", "12345000"),
        ("￥12.5", "125000"),
        ("１２.5", "125000"),
        ("约5", "50000"),
        ("5左右", "50000"),
        ("(12.5)", "-125000"),
        ("5-8", "50000"),
        ("RMB 5", "50000"),
        ("12.5（含税）", "125000"),
        ("1.2E3", "12000000"),
        ("3万", "30000"),
        ("3千", "3000"),
        ("5元", "5"),
        ("5k", "5000"),
        ("USD 5", "5"),
        ("未知", None),
    ],
)
def test_a_number_without_a_unit_has_that_of_the_header(cell, amount):
    frame = taken("客户", {"客户名称": ["甲", "乙", "丙"], "累计金额(万元)": ["12.5", "30", cell]})
    judged = STANDARDS["money"].one(frame["customer.total_amount"][2])
    assert (judged.value and judged.value["amount"]) == amount


def test_parts_of_an_address_become_one_text_and_nothing_is_said_twice():
    columns = {
        "name": ["甲公司", "乙公司", "丙公司"],
        "prov": ["四川", "浙江省", None],
        "area": ["成都", "杭州", None],
        "addr": ["成都市锦江区大观里1号", "西湖区文三路1号", None],
    }
    assert taken("companies", columns)["customer.address"].to_list() == [
        "四川成都市锦江区大观里1号",
        "浙江省杭州西湖区文三路1号",
        None,
    ]


def test_names_are_joined_as_their_language_joins_them():
    columns = {
        "first_name": ["伟", "Mary", None],
        "surname": ["张", "Lee", "Wu"],
        "email": ["a@b.cn", "c@d.cn", "e@f.cn"],
    }
    assert taken("customers", columns)["customer.name"].to_list() == ["张伟", "Mary Lee", "Wu"]


def test_latin_addresses_put_the_house_before_the_street():
    columns = {
        "name": ["Acme Ltd."],
        "street_number": ["8"],
        "address_1": ["Stanley Street"],
        "city": ["Winston Hills"],
    }
    assert taken("companies", columns)["customer.address"].to_list() == ["Winston Hills 8 Stanley Street"]
