"""A sample that is random, even over the sources, and the same for the same seed."""

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guanxi.integration.verification import draw_sample
from guanxi.kernel.errors import Refused


def rows(**tables):
    return pl.concat(
        pl.DataFrame({"source": [name] * count, "table": ["t"] * count, "row": range(1, count + 1)})
        for name, count in tables.items()
    )


@pytest.mark.parametrize(
    ("there_are", "share", "drawn"),
    [(1000, 0.05, 50), (1000, 0.10, 100), (100, 0.05, 30), (20, 0.05, 20), (0, 0.05, 0), (50_000, 0.10, 500)],
)
def test_the_sample_has_its_share_between_its_bounds(there_are, share, drawn):
    assert len(draw_sample(rows(crm=there_are), share=share, seed=1)) == drawn


@pytest.mark.parametrize("share", [0.0, 0.04, 0.11, 1.0])
def test_another_share_than_the_requirement_asks_is_refused(share):
    with pytest.raises(Refused, match="5 to 10"):
        draw_sample(rows(crm=10), share=share, seed=1)


@settings(max_examples=30)
@given(st.integers(1, 2000), st.integers(1, 2000), st.integers(0, 2**31))
def test_every_source_gives_its_share_and_no_row_comes_twice(one, other, seed):
    sample = draw_sample(rows(crm=one, shop=other), share=0.05, seed=seed)
    assert sample.is_unique().all()
    expected = len(sample) * one / (one + other)
    assert abs(sample.filter(source="crm").height - expected) <= 1


def test_the_seed_decides_and_the_order_of_the_rows_does_not():
    everything = rows(crm=500, shop=700)
    first = draw_sample(everything, share=0.05, seed=1)
    assert first.equals(draw_sample(everything.sample(fraction=1, shuffle=True, seed=9), share=0.05, seed=1))
    assert not first.equals(draw_sample(everything, share=0.05, seed=2))


def test_every_row_can_be_drawn():
    drawn = pl.concat(draw_sample(rows(crm=60), share=0.10, seed=seed) for seed in range(40))
    assert drawn["row"].n_unique() == 60
