"""The gates: what matching must reach on labelled data, and what it must never join."""

import polars as pl
import pytest

from guanxi.integration.matching import find_matches
from guanxi.integration.standards.company_parts import name_parts
from guanxi.kernel.errors import GuanxiError

pytestmark = pytest.mark.slow


def quality(sets, labelled):
    found = find_matches(labelled.rows, settings=labelled.settings)
    return sets.quality_of(found.pairs.filter(pl.col("decision") == "join"), labelled.truth)


def test_febrl_4_without_its_social_security_number(sets):
    reached = quality(sets, sets.febrl4())
    assert reached.precision >= 0.999
    assert reached.recall >= 0.994


def test_publications_of_dblp_and_acm(sets, shared_data):
    assert quality(sets, sets.publications(shared_data)).f1 >= 0.97


def test_invented_people_of_splink(sets, shared_data):
    labelled = sets.fake_1000(shared_data)
    groups = find_matches(labelled.rows, settings=labelled.settings).groups
    reached = sets.quality_of_groups(groups, labelled.truth)
    assert reached.precision >= 0.95
    assert reached.f1 >= 0.9


def test_invented_chinese_customers(sets, synthetic):
    rows = synthetic.make_customers(20_000)
    truth = sets.true_pairs(rows.select("id", "entity"))
    found = find_matches(rows.drop("entity"))
    assert sets.quality_of(found.pairs.filter(pl.col("decision") == "join"), truth).f1 >= 0.955
    assert sets.quality_of_groups(found.groups, truth).f1 >= 0.965


@pytest.mark.parametrize("file", ["company_and_its_branch", "numbered_branches"])
@pytest.mark.parametrize("known", ["name", "name_and_code", "name_and_mobile"])
def test_no_company_is_joined_with_its_branch_nor_one_branch_with_another(sets, shared_data, file, known):
    rows = sets.hard_pairs(shared_data, file)
    if known != "name_and_code":
        rows = rows.drop("credit_code")
    if known == "name_and_mobile":  # the headquarters' number on both: the strongest temptation
        rows = rows.with_columns(mobile=pl.format("138{}", (pl.col("id") // 2).cast(pl.String).str.zfill(8)))
    found = find_matches(rows)
    group_of = dict(found.groups.rows())
    joined = [left for left in rows["id"].to_list() if left % 2 == 0 and group_of[left] == group_of[left + 1]]
    assert joined == []
    by_decision = dict(found.pairs.group_by("decision").len().rows())
    different_names = (
        found.pairs.filter(pl.col("decision") == "join")
        .join(rows.select("id", "name"), left_on="left", right_on="id")
        .join(rows.select("id", "name"), left_on="right", right_on="id")
        .filter(pl.col("name") != pl.col("name_right"))
    )
    if known == "name_and_mobile":
        assert by_decision["review"] >= 2_400
    assert different_names.select("name", "name_right").rows() == []


@pytest.mark.parametrize("file", ["company_and_its_branch", "numbered_branches"])
@pytest.mark.parametrize("known", ["names", "mobile"])
def test_the_parts_that_the_standards_take_from_names_stop_the_same_pairs(sets, shared_data, file, known):
    rows = sets.hard_pairs(shared_data, file).select("id", "name", "source", "kind")
    try:
        parts = name_parts(rows["name"])
    except GuanxiError as absent:
        pytest.skip(str(absent))
    rows = pl.concat(
        [rows, parts.rename({"core": "name_core", "core_without_region": "name_core_bare"})], how="horizontal"
    )
    if known == "mobile":
        rows = rows.with_columns(mobile=pl.format("138{}", (pl.col("id") // 2).cast(pl.String).str.zfill(8)))
    group_of = dict(find_matches(rows).groups.rows())
    joined = [left for left in rows["id"].to_list() if left % 2 == 0 and group_of[left] == group_of[left + 1]]
    assert joined == []
