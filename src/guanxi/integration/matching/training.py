"""What agreement is worth, learnt from the data at hand, or the defaults where there is too little.

Chances among different customers come from random pairs, chances among the same customers from Splink 5's
expectation maximisation inside a few blocks. Splink calls the very function that later judges every pair
(`comparing.level_of`), registered in DuckDB as a vectorised function, so what was learnt is what is applied.
"""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import polars as pl

from guanxi.integration.matching.agreement import Equal
from guanxi.integration.matching.comparing import Levels, level_of
from guanxi.integration.matching.settings import Comparison, MatchSettings, Parameters
from guanxi.integration.matching.sides import Sides, code_all
from guanxi.integration.matching.splink_model import learn_same

_RANDOM_PAIRS = 500_000
_LEAST_CHANCE_WHEN_SAME = 1e-3  # a sample of 200,000 pairs can not prove that something never happens
_LEAST_CHANCE_WHEN_DIFFERENT = 1e-9
_ROWS_TO_LEARN_FROM = 200_000
_LEAST_KNOWN_PAIRS = 1_000


def train(rows: pl.DataFrame, settings: MatchSettings) -> Parameters:
    """Return the chances of every level, learnt from the prepared *rows* (at most 200,000 of them).

    With fewer rows than ``settings.least_rows_to_train``, the defaults.
    """
    defaults = settings.defaults()
    if len(rows) < settings.least_rows_to_train:
        return defaults
    sample = rows
    if len(rows) > _ROWS_TO_LEARN_FROM:
        sample = rows.sample(_ROWS_TO_LEARN_FROM, seed=settings.seed)
    different = chances_when_different(sample, settings)
    start = replace(defaults, different=different)
    learnt = learn_same(sample, settings, start)
    same = {name: _bounded(values, _LEAST_CHANCE_WHEN_SAME) for name, values in learnt.items()}
    return replace(start, same=same, trained=True)


def chances_when_different(rows: pl.DataFrame, settings: MatchSettings) -> Mapping[str, tuple[float, ...]]:
    """Return per comparison the chance of each level among two random rows.

    The first level, where it is plain equality, is counted exactly: the sum of the squared shares of the
    values. The others come from half a million random pairs.
    """
    columns = {column for one in settings.comparisons for column in one.columns}
    random = np.random.default_rng(settings.seed)
    left = random.integers(0, len(rows), _RANDOM_PAIRS)
    right = random.integers(0, len(rows), _RANDOM_PAIRS)
    apart = left != right
    sides = Sides(columns=code_all(rows, columns), left=left[apart], right=right[apart])
    return {one.name: _chances(rows, one, level_of(sides, one)) for one in settings.comparisons}


def _chances(rows: pl.DataFrame, comparison: Comparison, levels: Levels) -> tuple[float, ...]:
    """Return the share of each level; the default stays where fewer than 1,000 pairs are known."""
    known = int((levels >= 0).sum())
    defaults = tuple(level.when_different for level in comparison.levels)
    if known < _LEAST_KNOWN_PAIRS:
        return (*defaults, comparison.otherwise_when_different)
    count = len(comparison.levels)
    chances = []
    for place, level in enumerate(comparison.levels):
        seen = int((levels == count - place).sum())
        if place == 0 and isinstance(level.test, Equal):
            chances.append(chance_of_equality(rows[level.test.column]))
        else:  # too few seen to count: what was seen plus one bounds the default from above
            chances.append(seen / known if seen >= 10 else min((seen + 1) / known, defaults[place]))
    chances.append(max(1 - sum(chances), _LEAST_CHANCE_WHEN_SAME))
    return _bounded(tuple(chances), _LEAST_CHANCE_WHEN_DIFFERENT)


def chance_of_equality(column: pl.Series) -> float:
    """Return the chance that two different known values of *column*, drawn at random, are equal."""
    known = column.drop_nulls()
    if len(known) < 2:
        return 0.0
    counts = known.value_counts()["count"].cast(pl.Float64)
    return float((counts * (counts - 1)).sum() / (len(known) * (len(known) - 1.0)))


def _bounded(chances: tuple[float, ...], least: float) -> tuple[float, ...]:
    lifted = [max(chance, least) for chance in chances]
    return tuple(chance / sum(lifted) for chance in lifted)
