"""Measures count characters, not bytes, and every test of a pair means what it says."""

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from guanxi.integration.matching.agreement import Alike, Either, Equal, Every, Has, Known, Not, WithinEdits
from guanxi.integration.matching.pinyin import in_pinyin
from guanxi.integration.matching.sides import Sides, code_all

TEXTS = st.lists(
    st.tuples(*[st.sampled_from(["华联", "华润", "", None, "北京华联"])] * 2), min_size=1, max_size=8
)


def sides_of(*pairs: tuple[str | None, str | None]) -> Sides:
    both = pl.Series("name", [left for left, _ in pairs] + [right for _, right in pairs], dtype=pl.String)
    count = len(pairs)
    return Sides(
        columns=code_all(pl.DataFrame({"name": both}), ["name"]),
        left=np.arange(count),
        right=np.arange(count, 2 * count),
    )


@pytest.mark.parametrize(
    ("left", "right", "edits"),
    [("北京华联", "北京华润", 1), ("北京华联", "北华京联", 2), ("𠮷野家", "吉野家", 1)],
)
def test_one_chinese_character_is_one_edit(left, right, edits):
    sides = sides_of((left, right))
    assert WithinEdits("name", edits).holds(sides).all()
    assert not WithinEdits("name", edits - 1).holds(sides).any()


def test_jaro_winkler_is_the_one_over_code_points():
    sides = sides_of(("北京华联", "北京华润"))
    assert Alike("name", 0.8833).holds(sides).all()
    assert not Alike("name", 0.8834).holds(sides).any()


@given(TEXTS)
def test_tests_of_pairs_agree_with_plain_python(pairs):
    sides = sides_of(*pairs)
    known = [left is not None and right is not None for left, right in pairs]
    equal = [left is not None and left == right for left, right in pairs]
    has = ["华联" in pair for pair in pairs]
    assert Known("name").holds(sides).tolist() == known
    assert Equal("name").holds(sides).tolist() == equal
    assert Has("name", "华联").holds(sides).tolist() == has
    assert Has("name", "华联", both=True).holds(sides).tolist() == [
        pair == ("华联", "华联") for pair in pairs
    ]
    assert Every((Equal("name"), Has("name", "华联"))).holds(sides).tolist() == [
        a and b for a, b in zip(equal, has, strict=True)
    ]
    assert Either((Equal("name"), Has("name", "华联"))).holds(sides).tolist() == [
        a or b for a, b in zip(equal, has, strict=True)
    ]
    assert Not(Known("name")).holds(sides).tolist() == [not one for one in known]


def test_a_typing_error_of_an_input_method_sounds_the_same():
    first, second, third = in_pinyin(pl.Series(["华联商贸ABC", "华莲商茂ABC", None]))
    assert first == second
    assert third is None
