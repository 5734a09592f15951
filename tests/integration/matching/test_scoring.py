"""Weights are Splink's own, chances are proper chances, and learning is repeatable."""

import numpy as np
import polars as pl
import pytest

from guanxi.integration.matching import CUSTOMERS, Parameters, find_matches
from guanxi.integration.matching.scoring import Scorer, learn_pairs_per_row, prior_weight, probability
from guanxi.integration.matching.sides import Sides
from guanxi.integration.matching.splink_model import weigh


def random_levels(count: int) -> dict[str, np.ndarray]:
    random = np.random.default_rng(1)
    return {
        one.name: random.integers(-1, len(one.levels) + 1, count).astype(np.int8)
        for one in CUSTOMERS.comparisons
    }


def test_the_sum_of_weights_is_the_one_splink_predicts():
    levels, parameters = random_levels(200), CUSTOMERS.defaults()
    nothing = Sides(columns={}, left=np.zeros(200, dtype=np.int64), right=np.zeros(200, dtype=np.int64))
    total, _ = Scorer(settings=CUSTOMERS, parameters=parameters, rarity={}).total(levels, nothing)
    assert total == pytest.approx(weigh(levels, CUSTOMERS.comparisons, parameters).to_numpy(), abs=1e-3)


@pytest.mark.parametrize("side", ["same", "different"])
def test_default_chances_of_a_comparison_add_up_to_one(side):
    for name, chances in getattr(CUSTOMERS.defaults(), side).items():
        assert sum(chances) == pytest.approx(1, abs=0.01), name


def test_the_prior_grows_with_the_share_of_duplicates_that_the_pairs_show():
    certain, hopeless = np.full(500, 40.0, dtype=np.float32), np.full(500, -40.0, dtype=np.float32)
    assert learn_pairs_per_row(np.concatenate([certain, hopeless]), 1000, 0.3) == pytest.approx(0.5, abs=0.01)
    assert prior_weight(100_000, 0.5) > prior_weight(100_000, 0.1)
    assert probability(np.array([0.0])) == pytest.approx([0.5])


def test_two_rows_alone_get_no_better_prior_than_a_thousand():
    assert prior_weight(2, 0.3) == prior_weight(1000, 0.3)


def test_too_little_data_keeps_the_defaults():
    found = find_matches(pl.DataFrame({"id": [1, 2], "name": ["甲", "乙"]}))
    assert found.parameters == CUSTOMERS.defaults()


def test_learning_is_repeatable_and_its_chances_are_proper(synthetic):
    rows = synthetic.make_customers(4_000).drop("entity")
    first, second = find_matches(rows), find_matches(rows)
    assert first.parameters.trained
    assert first.parameters == second.parameters
    assert first.pairs.equals(second.pairs)
    for chances in (*first.parameters.same.values(), *first.parameters.different.values()):
        assert sum(chances) == pytest.approx(1, abs=0.01)
        assert min(chances) > 0


def test_parameters_survive_being_written_down():
    parameters = CUSTOMERS.defaults()
    assert Parameters.from_data(parameters.as_data()) == parameters
