"""What agreement is worth, learnt from the data at hand, or the defaults where there is too little.

Chances among different customers come from random pairs, chances among the same customers from Splink's
expectation maximisation inside a few blocks.
"""

from collections.abc import Mapping
from dataclasses import replace
from statistics import median

import numpy as np
import polars as pl

from guanxi.integration.matching.agreement import Equal
from guanxi.integration.matching.candidates import pairs_of
from guanxi.integration.matching.comparing import Levels, compare, level_of
from guanxi.integration.matching.settings import Block, Chances, Comparison, MatchSettings, Parameters
from guanxi.integration.matching.sides import Coded, Sides

_RANDOM_PAIRS = 500_000
_LEAST_KNOWN_PAIRS = 1_000
_LEAST_PAIRS_IN_BLOCK = 200  # a block with fewer pairs teaches nothing
_LEAST_CHANCE_WHEN_SAME = 1e-3  # a sample of 100,000 pairs cannot prove that something never happens
_LEAST_CHANCE_WHEN_DIFFERENT = 1e-9


def train(rows: pl.DataFrame, columns: Mapping[str, Coded], settings: MatchSettings) -> Parameters:
    """Return the chances of every level, learnt from the prepared *rows* and their coded *columns*.

    With fewer rows than ``settings.least_rows_to_train``, the defaults.
    """
    defaults = settings.defaults()
    if len(rows) < settings.least_rows_to_train:
        return defaults
    start = replace(defaults, different=_chances_when_different(columns, len(rows), settings))
    lessons = [
        lesson
        for block in settings.training_blocks
        if (lesson := _lesson(rows, columns, settings, start, block))
    ]
    same = {one.name: _taught(one, lessons, start) for one in settings.comparisons}
    return replace(start, same=same, trained=True)


def _lesson(
    rows: pl.DataFrame,
    columns: Mapping[str, Coded],
    settings: MatchSettings,
    start: Parameters,
    block: tuple[str, ...],
) -> Chances:
    """Return what the pairs of one block teach about the comparisons that do not read its columns."""
    pairs = pairs_of(rows, Block(name="training", columns=block), settings)
    if len(pairs) < _LEAST_PAIRS_IN_BLOCK:
        return {}
    if len(pairs) > settings.training_pairs:
        pairs = pairs.sort("left", "right").sample(settings.training_pairs, seed=settings.seed)
    sides = Sides(columns=columns, left=pairs["left"].to_numpy(), right=pairs["right"].to_numpy())
    # Splink and DuckDB are asked for when there is something to learn: most processes never do.
    from guanxi.integration.matching.splink_model import learn_same  # noqa: PLC0415

    free = tuple(one for one in settings.comparisons if not set(one.columns) & set(block))
    return learn_same(compare(sides, free), free, start)


def _taught(comparison: Comparison, lessons: list[Chances], start: Parameters) -> tuple[float, ...]:
    """Return the median of each level over the lessons that taught it; *start* where none did."""
    taught = [lesson[comparison.name] for lesson in lessons if comparison.name in lesson]
    if comparison.fixed or not taught:
        return start.same[comparison.name]
    return _bounded(tuple(median(level) for level in zip(*taught, strict=True)), _LEAST_CHANCE_WHEN_SAME)


def _chances_when_different(
    columns: Mapping[str, Coded], rows: int, settings: MatchSettings
) -> dict[str, tuple[float, ...]]:
    """Return per comparison the chance of each level among two random rows.

    The first level, where it is plain equality, is counted exactly: the chance that two drawn values are
    equal. The others come from half a million random pairs.
    """
    random = np.random.default_rng(settings.seed)
    left = random.integers(0, rows, _RANDOM_PAIRS)
    right = random.integers(0, rows, _RANDOM_PAIRS)
    apart = left != right
    sides = Sides(columns=columns, left=left[apart], right=right[apart])
    return {one.name: _chances(columns, one, level_of(sides, one)) for one in settings.comparisons}


def _chances(columns: Mapping[str, Coded], comparison: Comparison, levels: Levels) -> tuple[float, ...]:
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
            chances.append(columns[level.test.column].chance_of_equality())
        else:  # too few seen to count: what was seen plus one bounds the default from above
            chances.append(seen / known if seen >= 10 else min((seen + 1) / known, defaults[place]))
    chances.append(max(1 - sum(chances), _LEAST_CHANCE_WHEN_SAME))
    return _bounded(tuple(chances), _LEAST_CHANCE_WHEN_DIFFERENT)


def _bounded(chances: tuple[float, ...], least: float) -> tuple[float, ...]:
    lifted = [max(chance, least) for chance in chances]
    return tuple(chance / sum(lifted) for chance in lifted)
