"""An explanation says what decided, what speaks for and against, and how much."""

import polars as pl
import pytest

from guanxi.integration.matching import Explanation, explain, find_matches

SAME = {"source": "s", "name": "华联商贸", "mobile": "13800000001", "person": "王伟"}


def explained(left: dict, right: dict, same: bool | None = None) -> Explanation:
    rows = [{"id": 1, **left}, {"id": 2, **right}]
    said = None if same is None else pl.DataFrame({"left": [1], "right": [2], "same": [same]})
    found = find_matches(pl.DataFrame(rows, infer_schema_length=None), decisions=said)
    return explain(found.pairs.row(0, named=True), *rows)


def sentences(explanation: Explanation) -> list[str]:
    return [str(one) for one in explanation.sentences]


def test_the_values_that_agree_are_named_and_the_differences_counted():
    told = explained(SAME, {**SAME, "name": "华联商茂"})
    said = {one.comparison: str(one.says) for one in told.evidence}
    assert said["mobile"] == "same mobile number 13800000001"
    assert said["name"] == "the names sound the same; characters that differ: 1"


def test_the_shares_add_up_to_one_and_the_weightiest_comes_first():
    told = explained(SAME, {**SAME, "person": "李娜"})
    shares = [one.share for one in told.evidence]
    assert sum(shares) == pytest.approx(1)
    assert shares == sorted(shares, reverse=True)
    assert {one.comparison for one in told.evidence if one.weight < 0} == {"person"}


@pytest.mark.parametrize(
    ("left", "right", "same", "expected"),
    [
        ({}, {}, None, "mobile number and name are equal"),
        ({"branch": "上海分公司"}, {}, None, "one is a branch of the other"),
        ({}, {}, False, "a steward decided so"),
    ],
)
def test_what_decided_is_said(left, right, same, expected):
    assert expected in sentences(explained({**SAME, **left}, {**SAME, **right}, same))


def test_a_refused_union_says_that_others_stand_against_it():
    rows = [
        {"id": number, **SAME, "credit_code": code}
        for number, code in enumerate(["91330100MA27XN6L1Q", None, "91310000132234567X"])
    ]
    found = find_matches(pl.DataFrame(rows, infer_schema_length=None))
    refused = found.pairs.filter(pl.col("rule").str.starts_with("refused")).row(0, named=True)
    told = explain(refused, rows[refused["left"]], rows[refused["right"]])
    assert sentences(told)[1:] == [
        "they agree, but other records of their groups speak against it:",
        "two different valid credit codes",
    ]
