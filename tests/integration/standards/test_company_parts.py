"""Names of companies taken apart for matching."""

import polars as pl
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from guanxi.integration.standards.company_parts import name_parts


def parts(name: str) -> dict[str, str | None]:
    return name_parts(pl.Series([name])).row(0, named=True)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("客户A", "客户A有限公司"),
        ("杭州市华联有限公司", "华联（杭州）有限公司"),
        ("杭州华联有限公司", "浙江杭州华联有限责任公司"),
        ("华联（集团）有限公司", "华联集团公司"),
        ("ABC Co., Ltd.", "abc"),
    ],
)
def test_names_that_differ_in_form_and_spelling_only_have_one_core(one, other):
    assert parts(one)["core"] == parts(other)["core"]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("杭州华联有限公司", "宁波华联有限公司"),
        ("杭州华联有限公司", "杭州华联有限公司第一分公司"),
        ("杭州华联有限公司第一分公司", "杭州华联有限公司第二分公司"),
        ("华联集团有限公司", "华联有限公司"),
        ("杭州华联有限公司", "杭州华润有限公司"),
    ],
)
def test_names_of_two_companies_have_two_cores(one, other):
    assert parts(one)["core"] != parts(other)["core"]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        (
            "北京禾畅建筑装饰工程有限公司",
            {"region": "北京", "brand": "禾畅", "trade": "建筑装饰工程", "legal_form": "有限公司"},
        ),
        (
            "杭州华联科技有限公司第十二门市部",
            {"branch": "第十二门市部", "numerals": "12", "legal_form": "有限公司"},
        ),
        ("青禾银行股份有限公司上海市北京东路支行", {"region": None, "branch": "上海市北京东路支行"}),
        ("华联（杭州）有限公司", {"region": "杭州", "region_code": "3301", "brand": "华联"}),
        ("贵州青禾大药房连锁有限公司七十分店", {"numerals": "70", "branch": "七十分店"}),
        ("上海银行股份有限公司", {"core": "上海银行", "core_without_region": "上海银行"}),
        ("平安保险有限公司", {"region": None, "brand": "平安"}),
        ("杭州华联投资合伙企业（有限合伙）", {"legal_form": "有限合伙", "core": "杭州华联投资合伙企业"}),
        ("昆山青禾电子有限公司", {"region_code": "320583", "core_without_region": "青禾电子"}),
        ("景县景和机械设备配件厂", {"region": "景县", "legal_form": None, "core": "景县景和机械设备配件厂"}),
    ],
)
def test_a_name_is_taken_apart(name, expected):
    found = parts(name)
    assert {part: found[part] for part in expected} == expected


def test_a_missing_name_has_no_parts():
    assert set(name_parts(pl.Series([None], dtype=pl.String)).row(0)) == {None}


@settings(max_examples=100)
@given(st.lists(st.text(alphabet="杭州市华联科技有限公司（）第一分集团AbC 12银行", max_size=14), max_size=8))
@example(["）公司", "（公司）", "-公司", ",ltd"])
def test_there_are_as_many_rows_of_parts_as_names(names):
    found = name_parts(pl.Series(names, dtype=pl.String))
    assert found.height == len(names)
    assert [row["core"] is None for row in found.iter_rows(named=True)] == [
        not any(s.isalnum() for s in name) for name in names
    ]


def test_branches_of_the_register_differ_from_their_parent(shared_data):
    pairs = pl.read_csv(shared_data / "hard_pairs" / "company_and_its_branch.csv", infer_schema=False)
    parent, branch = name_parts(pairs["pname"]), name_parts(pairs["bname"])
    assert (parent["core"] != branch["core"]).all()


def test_numbered_branches_of_the_register_differ_in_their_numerals(shared_data):
    pairs = pl.read_csv(shared_data / "hard_pairs" / "numbered_branches.csv", infer_schema=False)
    one, other = name_parts(pairs["name_a"]), name_parts(pairs["name_b"])
    assert (one["core"] != other["core"]).all()
    assert (one["numerals"] != other["numerals"]).mean() >= 0.99
