"""A pair that is ruled out by its letters would not have reached the limit; most pairs are ruled out."""

import numpy as np
import polars as pl
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from guanxi.integration.matching.agreement import Alike, WithinEdits
from guanxi.integration.matching.bounds import sign
from guanxi.integration.matching.likeness import MEASURES
from guanxi.integration.matching.sides import Sides, code_all

LETTERS = st.text(alphabet="华联润商贸第一二三0123456789ab𠮷 ", max_size=12)
PAIRS = st.lists(st.tuples(LETTERS, LETTERS), min_size=1, max_size=20)


def sides_of(pairs: list[tuple[str, str]]) -> Sides:
    texts = [left or None for left, _ in pairs] + [right or None for _, right in pairs]
    count = len(pairs)
    columns = code_all(pl.DataFrame({"text": pl.Series(texts, dtype=pl.String)}), ["text"])
    return Sides(columns=columns, left=np.arange(count), right=np.arange(count, 2 * count))


@given(PAIRS, st.sampled_from([0.55, 0.6, 0.7, 0.75, 0.8, 0.88, 0.92, 1.0]))
@example([("华联商贸", "华联商茂")], 0.88)
@example([("一二三第", "一二三第华联润商贸")], 0.8)
def test_what_is_alike_is_never_ruled_out(pairs, limit):
    scorer = MEASURES["jaro_winkler"].scorer
    truth = [bool(one and other) and scorer(one, other) >= limit - 1e-9 for one, other in pairs]
    found = Alike("text", limit).holds(sides_of(pairs)).tolist()
    borderline = [bool(one and other) and abs(scorer(one, other) - limit) < 1e-6 for one, other in pairs]
    assert [one or near for one, near in zip(found, borderline, strict=True)] == [
        one or near for one, near in zip(truth, borderline, strict=True)
    ]


@given(PAIRS, st.integers(1, 3))
@example([("13800138000", "13800138001")], 1)
@example([("ab", "ba")], 2)
def test_what_a_few_edits_make_is_never_ruled_out(pairs, edits):
    scorer = MEASURES["edits"].scorer
    truth = [bool(one and other) and scorer(one, other) <= edits for one, other in pairs]
    assert WithinEdits("text", edits).holds(sides_of(pairs)).tolist() == truth


def test_other_names_and_numbers_are_ruled_out_unmeasured():
    names = sign(pl.Series(["", "北京华联商贸", "上海宏大机械"]), 1)
    assert not names.lacking(np.array([1]), np.array([2])).may_be_like(0.6).any()
    numbers = sign(pl.Series(["13800138000", "13977215566"]), 2)
    assert not numbers.lacking(np.array([0]), np.array([1])).may_be_within(1).any()


@pytest.mark.parametrize("letters", [1, 2])
def test_a_signature_does_not_depend_on_the_other_texts(letters):
    texts = ["", "华", "华联", "", "a𠮷b", "13800138000", ""]
    together = sign(pl.Series(texts), letters)
    for place, text in enumerate(texts):
        alone = sign(pl.Series([text]), letters)
        assert together.bits[place] == alone.bits[0]
        assert together.lengths[place] == len(text)
