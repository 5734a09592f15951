"""What a pair's agreement weighs: log2(m/u) per comparison (Fellegi and Sunter 1969), summed with the prior.

The sum is Splink's own; a test holds the two against each other.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from guanxi.integration.matching.comparing import Levels
from guanxi.integration.matching.settings import Comparison, MatchSettings, Parameters
from guanxi.integration.matching.sides import Sides

Weights = npt.NDArray[np.float32]

_LEAST_ROWS_FOR_PRIOR = 1_000  # two records typed by hand are no more likely the same than two of a thousand
_FREQUENCY_BOUND = 8.0  # bits a common or rare value may take or give


@dataclass(frozen=True, kw_only=True)
class Scorer:
    """The weights of one run: a table per comparison, and the rarity of values where it counts."""

    settings: MatchSettings
    parameters: Parameters
    rarity: Mapping[str, npt.NDArray[np.float32]]

    def weight_of(self, comparison: Comparison, levels: Levels, sides: Sides) -> Weights:
        """Return the weight of one comparison for each pair, in bits; 0 where unknown."""
        weights: Weights = self._table(comparison)[levels]
        for place, level in enumerate(comparison.levels):
            rarity = self.rarity.get(level.frequency_of or "")
            if rarity is None or not level.frequency_of:
                continue
            here = levels == len(comparison.levels) - place
            left, right = sides.among(here).codes(level.frequency_of)
            weights[here] += np.minimum(rarity[left], rarity[right])
        return weights

    def _table(self, comparison: Comparison) -> Weights:
        """Return the weight by level: position 0 the remainder … n the strongest, and last (-1) unknown."""
        same = np.array(self.parameters.same[comparison.name][::-1])
        different = np.array(self.parameters.different[comparison.name][::-1])
        return np.append(np.log2(same / different), 0.0).astype(np.float32)

    def total(self, levels: Mapping[str, Levels], sides: Sides) -> tuple[Weights, npt.NDArray[np.int8]]:
        """Return for each pair the sum of its weights, and how many comparisons speak for it."""
        total = np.zeros(len(sides), dtype=np.float32)
        agreeing = np.zeros(len(sides), dtype=np.int8)
        for comparison in self.settings.comparisons:
            weights = self.weight_of(comparison, levels[comparison.name], sides)
            total += weights
            agreeing += weights > 1
        return total, agreeing


def make_scorer(rows: pl.DataFrame, sides: Sides, settings: MatchSettings, parameters: Parameters) -> Scorer:
    """Return the scorer of a run; common values count less only where the parameters were learnt."""
    wanted = {
        level.frequency_of for one in settings.comparisons for level in one.levels if level.frequency_of
    }
    rarity = {}
    if parameters.trained and len(rows) >= settings.least_rows_to_train:
        rarity = {column: _rarity(sides, column) for column in wanted}
    return Scorer(settings=settings, parameters=parameters, rarity=rarity)


def _rarity(sides: Sides, column: str) -> npt.NDArray[np.float32]:
    """Return per code log2(chance of equality by chance / share of the value), bounded."""
    counts = sides.columns[column].counts()
    known = counts.sum()
    if known < 2:
        return np.zeros(len(counts), dtype=np.float32)
    chance = max(sides.columns[column].chance_of_equality(), 1 / known**2)
    shares = np.maximum(counts, 1) / known
    bits: Weights = np.clip(np.log2(chance / shares), -_FREQUENCY_BOUND, _FREQUENCY_BOUND).astype(np.float32)
    return bits


def prior_weight(rows: int, pairs_per_row: float) -> float:
    """Return log2 of the odds that two random rows are the same customer."""
    chance = min(2 * pairs_per_row / max(rows, _LEAST_ROWS_FOR_PRIOR), 0.5)
    return float(np.log2(chance / (1 - chance)))


def learn_pairs_per_row(totals: Weights, rows: int, start: float) -> float:
    """Return how many same pairs a row has, so that the candidates' probabilities add up to it.

    Expectation maximisation of the prior alone, over all candidates; bounded to 0.01 … 20 pairs a row.
    """
    pairs_per_row = start
    for _ in range(20):
        before = pairs_per_row
        expected = float(probability(totals + prior_weight(rows, pairs_per_row)).sum())
        pairs_per_row = min(max(expected / rows, 0.01), 20.0)
        if abs(pairs_per_row - before) < 1e-3 * before:
            break
    return pairs_per_row


def probability(weights: npt.NDArray[Any]) -> npt.NDArray[np.float64]:
    """Return the probability of sameness of each weight (bits of odds)."""
    bounded = np.clip(weights.astype(np.float64), -100, 100)
    result: npt.NDArray[np.float64] = 1 / (1 + np.exp2(-bounded))
    return result
