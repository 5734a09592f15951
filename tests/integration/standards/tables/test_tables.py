"""The tables behind the standards are whole and agree with each other."""

import pytest

from guanxi.integration.standards import tables
from guanxi.integration.standards.industry import labels
from guanxi.integration.standards.tables.moves import stem
from guanxi.kernel.errors import Terminal


def test_a_table_that_is_not_built_yet_says_how_to_build_it(monkeypatch, tmp_path):
    monkeypatch.setattr(tables, "BUILT", tmp_path)
    with pytest.raises(Terminal, match="make tables"):
        tables.built.__wrapped__("divisions")


def test_gbt_4754_has_its_sections_divisions_groups_and_classes():
    depths = [len(code) for code in labels()]
    assert [depths.count(depth) for depth in (1, 3, 4, 5)] == [20, 97, 473, 1381]


def test_every_industry_word_stands_for_a_code_that_exists():
    assert set(tables.typed("industry_words")["code"]) <= set(labels())


def test_divisions_cover_the_country():
    counts = dict(tables.built("divisions")["level"].value_counts().iter_rows())
    assert counts["province"] == 28
    assert counts["city"] >= 355
    assert counts["district"] >= 2800


def test_no_context_leads_over_one_name_to_two_divisions():
    moves = tables.built("moves")
    assert not moves.select("context", "name").is_duplicated().any()
    assert set(moves["target"]) <= set(tables.built("divisions")["code"])


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("浙江省", "浙江"),
        ("内蒙古自治区", "内蒙古"),
        ("新疆维吾尔自治区", "新疆"),
        ("巴音郭楞蒙古自治州", "巴音郭楞"),
        ("景宁畲族自治县", "景宁"),
        ("双江拉祜族佤族布朗族傣族自治县", "双江"),
        ("浦东新区", "浦东"),
        ("沙县区", "沙县"),
        ("任县", "任县"),
    ],
)
def test_a_stem_is_the_name_without_ending_and_peoples(name, short):
    assert stem(name) == short
