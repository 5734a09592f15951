import random
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guanxi.integration.profiling import TableProfile, profile
from guanxi.integration.profiling.findings import profile_from_json
from guanxi.integration.profiling.patterns import shorten


def profiled(folder: Path, **columns: list[str | None]) -> TableProfile:
    path = folder / "table.parquet"
    frame = pl.DataFrame(columns, schema=dict.fromkeys(columns, pl.String))
    frame.with_row_index("_row", 2).write_parquet(path)
    return profile(path)


@pytest.mark.parametrize(
    ("kind", "values"),
    [
        ("mobile", ["13800138000", "139 0013 9000", "+86 15912345678", "13700000000.0"]),
        ("phone", ["021-55667788", "(010)88886666", "400-820-8820", "0512-6666777转801"]),
        ("email", ["a@b.cn", "x.y@mail.example.com"]),
        ("date", ["2024-03-05", "2024/3/5", "2024年3月5日", "20240305", "2024-03-05 08:30:00"]),
        ("money", ["¥1,200.00", "3.5万元", "1,000,000", "12.50"]),
        ("company", ["上海华东机械有限公司", "苏州远大精密(集团)", "Acme Co., Ltd.", "北京第一机床厂"]),
        ("person", ["张三", "李小明", "王经理", "赵总"]),
        ("address", ["上海市浦东新区张江路100号", "江苏省苏州市工业园区星湖街328号", "中山路12号"]),
        ("credit_code", ["91310000132221312X", "92440101MA59ABCD12"]),
        ("url", ["https://example.com/a", "www.example.cn"]),
        ("whole_number", ["1", "20", "-300"]),
        ("decimal", ["1.5", "0.333", "-2.7181"]),
        ("yes_no", ["是", "否", "Y"]),
        ("category", ["制造业", "制造业", "零售业", "零售业", "制造业", "制造业"]),
        ("free_text", ["客户很满意，希望再来", "等待回复中", "needs a call"]),
        ("empty", [None, "", "  "]),
    ],
)
def test_the_kind_of_a_column_is_told_from_its_values(tmp_path, kind, values):
    column = profiled(tmp_path, x=values).columns[0]
    assert column.kind == kind, column.guesses


def test_a_tenth_of_dirt_does_not_hide_the_kind(tmp_path):
    values = [f"138{number:08d}" for number in range(90)] + ["无", "待补", "见备注", "021-1", "?"] * 2
    column = profiled(tmp_path, 手机=values).columns[0]
    assert (column.kind, column.kind_share) == ("mobile", 0.9)
    assert column.stand_ins == 4


def test_fill_rate_counts_white_space_as_nothing(tmp_path):
    column = profiled(tmp_path, x=["a", "", " \u3000", None]).columns[0]
    assert (column.rows, column.filled, column.fill_rate, column.distinct) == (4, 1, 0.25, 1)
    assert (column.shortest, column.longest) == (1, 1)


def test_patterns_show_what_is_different_about_a_few(tmp_path):
    values = ["13800138000"] * 5 + ["138-0013-8000"] * 2 + ["１３８００１３８０００", "张三13800138000"]
    patterns = profiled(tmp_path, x=values).columns[0].patterns
    assert [(each.pattern, each.count) for each in patterns] == [
        ("9{11}", 5),
        ("9{3}-9{4}-9{4}", 2),
        ("汉汉9{11}", 1),
        ("９{11}", 1),
    ]
    assert shorten("AAA汉+aa") == "A{3}汉+aa"


def test_the_commonest_values_come_first_and_ties_by_value(tmp_path):
    top = profiled(tmp_path, x=["b", "a", "c", "c"]).columns[0].top
    assert [(each.value, each.count) for each in top] == [("c", 2), ("a", 1), ("b", 1)]


def test_an_amount_a_thousand_times_too_large_is_an_outlier(tmp_path):
    rng = random.Random(3)
    values = [f"{rng.lognormvariate(9, 0.5):.2f}" for _ in range(500)] + ["98000000.00", "0.01"]
    column = profiled(tmp_path, 金额=values).columns[0]
    assert {each.value for each in column.outliers} >= {"98000000.00", "0.01"}
    assert column.outlier_rows < 15
    assert (column.lowest, column.highest) == ("0.01", "98000000.00")


def test_a_date_of_another_century_is_an_outlier(tmp_path):
    values = [f"2024-{1 + number % 12:02d}-{1 + number % 28:02d}" for number in range(300)]
    column = profiled(tmp_path, 日期=[*values, "1924-05-01", "2024/13/45"]).columns[0]
    assert [each.value for each in column.outliers] == ["1924-05-01"]
    assert column.lowest == "1924-05-01"


def test_one_value_for_nearly_all_rows_still_has_outliers(tmp_path):
    column = profiled(tmp_path, x=["5"] * 200 + ["900"]).columns[0]
    assert [each.value for each in column.outliers] == ["900"]
    assert profiled(tmp_path, x=["5"] * 3).columns[0].outliers == ()


def test_keys_are_columns_or_else_pairs_that_name_each_row(tmp_path):
    one = profiled(tmp_path, id=["1", "2", "3", "4"], name=["a", "a", "b", "b"])
    assert one.keys == (("id",),)
    two = profiled(
        tmp_path,
        order=["1", "1", "2", "2"],
        line=["1", "2", "1", "2"],
        shop=["x", "x", "y", "y"],
        note=["", *"abc"],
    )
    assert {frozenset(pair) for pair in two.keys} == {
        frozenset({"order", "line"}),
        frozenset({"line", "shop"}),
    }
    assert not two.column("note").is_key


def test_a_table_without_rows_has_a_profile(tmp_path):
    table = profiled(tmp_path, x=[], y=[])
    assert table.rows == 0
    assert [each.kind for each in table.columns] == ["empty", "empty"]
    assert table.keys == ()


def test_a_profile_survives_json(tmp_path):
    table = profiled(tmp_path, x=["1", "2", "x"], y=["2024-01-01", None, "甲"])
    assert profile_from_json(table.to_json()) == table


@settings(max_examples=60)
@given(st.lists(st.one_of(st.none(), st.text(max_size=8)), max_size=40))
def test_the_figures_of_any_column_agree_with_counting_by_hand(tmp_path_factory, values):
    table = profiled(tmp_path_factory.mktemp("law"), x=values, y=list(reversed(values)))
    column = table.columns[0]
    filled = [value for value in values if value and pl.Series([value]).str.strip_chars()[0]]
    assert (column.rows, column.filled, column.distinct) == (len(values), len(filled), len(set(filled)))
    assert sum(each.count for each in column.top) == len(filled) or column.distinct > 10
    assert column.longest == max(map(len, filled), default=None)
    assert column.is_key == (0 < len(values) == len(filled) == len(set(filled)))
    assert column.outlier_rows <= column.filled
    assert [each.kind for each in table.columns] == [column.kind] * 2


def test_the_columns_of_the_real_register_are_recognised(shared_data, tmp_path):
    path = tmp_path / "register.parquet"
    pl.read_csv(
        shared_data / "registry" / "companies.csv.gz", infer_schema=False, ignore_errors=True
    ).write_parquet(path)
    table = profile(path)
    kinds = {each.name: each.kind for each in table.columns}
    assert kinds["uscc"] == "credit_code"
    assert kinds["name"] == "company"
    assert kinds["capital"] == "money"
    assert kinds["reg_date"] == "date"
    assert kinds["addr"] == "address"
