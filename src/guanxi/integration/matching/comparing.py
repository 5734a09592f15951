"""How far each pair agrees: one level per comparison, -1 where nothing is known."""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from guanxi.integration.matching.settings import Comparison
from guanxi.integration.matching.sides import Sides

Levels = npt.NDArray[np.int8]

UNKNOWN = -1
"""The level of a pair whose comparison lacks a value on one side."""


def compare(sides: Sides, comparisons: tuple[Comparison, ...]) -> Mapping[str, Levels]:
    """Return per comparison the level of each pair: 0 the remainder, up to the number of levels."""
    return {one.name: level_of(sides, one) for one in comparisons}


def level_of(sides: Sides, comparison: Comparison) -> Levels:
    """Return the strongest level of *comparison* each pair reaches, 0 when none, -1 when unknown."""
    levels = np.full(len(sides), UNKNOWN, dtype=np.int8)
    open_pairs = np.zeros(len(sides), dtype=np.bool_)
    for column in comparison.known_by:
        open_pairs |= sides.both_known(column)
    levels[open_pairs] = 0
    for place, level in enumerate(comparison.levels):
        reached = open_pairs.copy()
        reached[open_pairs] = level.test.holds(sides.among(open_pairs))
        levels[reached] = len(comparison.levels) - place
        open_pairs &= ~reached
    return levels
