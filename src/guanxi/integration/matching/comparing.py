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
    known = np.zeros(len(sides), dtype=np.bool_)
    for column in comparison.known_by:
        known |= sides.both_known(column)
    levels = np.where(known, np.int8(0), np.int8(UNKNOWN))
    places, rest = np.flatnonzero(known), sides.among(known)
    for number, level in enumerate(comparison.levels):
        reached = level.test.holds(rest)
        levels[places[reached]] = len(comparison.levels) - number
        places, rest = places[~reached], rest.among(~reached)
    return levels
