"""Blocks yield every pair that shares a key, once, and report what they leave out."""

from dataclasses import replace
from itertools import combinations

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from guanxi.integration.matching.candidates import find_candidates
from guanxi.integration.matching.settings import Block, MatchSettings

TWO_BLOCKS = MatchSettings(
    name="test",
    comparisons=(),
    blocks=(Block(name="a", columns=("a",)), Block(name="a and b", columns=("b", "c"))),
)
KEYS = st.sampled_from(["x", "y", None])


def rows_of(**columns: list) -> pl.DataFrame:
    count = len(next(iter(columns.values())))
    return pl.DataFrame({"source": ["s"] * count, "new": [True] * count, **columns})


@settings(max_examples=60)
@given(st.lists(st.tuples(KEYS, KEYS, KEYS, st.booleans()), min_size=1, max_size=12))
def test_pairs_are_exactly_those_that_share_a_block_and_hold_a_new_row(values):
    rows = pl.DataFrame(
        [{"a": a, "b": b, "c": c, "new": new, "source": "s"} for a, b, c, new in values],
        schema={"a": pl.String, "b": pl.String, "c": pl.String, "new": pl.Boolean, "source": pl.String},
    )
    expected = [
        (i, j)
        for i, j in combinations(range(len(values)), 2)
        if (values[i][3] or values[j][3])
        and (
            (values[i][0] is not None and values[i][0] == values[j][0])
            or (None not in values[i][1:3] and values[i][1:3] == values[j][1:3])
        )
    ]
    assert find_candidates(rows, TWO_BLOCKS).pairs.rows() == expected


def test_a_block_over_the_cap_is_left_out_and_reported():
    small = replace(TWO_BLOCKS, blocks=(Block(name="a", columns=("a",)),), largest_block=3)
    found = find_candidates(rows_of(a=["x"] * 5 + ["y"] * 2), small)
    assert found.pairs.rows() == [(5, 6)]
    report = found.reports[0]
    assert (report.too_large_blocks, report.rows_in_too_large_blocks, report.pairs_left_out) == (1, 5, 10)


def test_a_block_over_the_cap_is_split_before_anything_is_left_out():
    split = replace(TWO_BLOCKS, blocks=(Block(name="a", columns=("a",), split_by=("b",)),), largest_block=3)
    found = find_candidates(rows_of(a=["x"] * 5, b=["p", "p", "q", "q", None]), split)
    assert found.pairs.rows() == [(0, 1), (2, 3)]


def test_a_chained_block_over_the_cap_still_links_all_its_rows():
    chained = replace(TWO_BLOCKS, blocks=(Block(name="a", columns=("a",), chained=True),), largest_block=3)
    found = find_candidates(rows_of(a=["x"] * 5), chained)
    assert found.pairs.rows() == [(0, 1), (1, 2), (2, 3), (3, 4)]
    assert found.reports[0].chained


def test_records_of_one_source_are_not_compared_where_only_sources_are_linked():
    linked = replace(TWO_BLOCKS, within_sources=False)
    rows = rows_of(a=["x", "x", "x"], b=[None] * 3, c=[None] * 3)
    assert find_candidates(rows.with_columns(source=pl.Series(["s", "s", "t"])), linked).pairs.rows() == [
        (0, 2),
        (1, 2),
    ]
