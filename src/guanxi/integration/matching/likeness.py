"""How alike two texts are, by name of the measure, over code points; pairs out of reach are never measured.

DuckDB's own text distances count bytes, of which a Chinese character has three (duckdb/duckdb#25113): they are
never used here.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from rapidfuzz import fuzz, process
from rapidfuzz.distance import JaroWinkler, Levenshtein

from guanxi.integration.matching.bounds import Lacking, Mask

Reach = Callable[[Lacking, float], Mask]


@dataclass(frozen=True, kw_only=True)
class Measure:
    """A text measure and its limit's meaning: a ratio must be at least it, a count of *edits* at most.

    *within_reach* tells from pieces of so many *letters* which pairs can reach a limit; without it all are measured.
    """

    scorer: Callable[..., float]
    counts_edits: bool = False
    letters: int = 1
    within_reach: Reach | None = None

    def reached(self, left: list[str], right: list[str], limit: float) -> Mask:
        """Tell for each pair of n texts whether it reaches *limit*."""
        values: npt.NDArray[np.float32] = process.cpdist(
            left,
            right,
            scorer=self.scorer,
            score_cutoff=limit,
            dtype=np.float32,
            workers=-1,
        )
        reached: Mask = values <= limit if self.counts_edits else values >= limit
        return reached


MEASURES: Mapping[str, Measure] = {
    "jaro_winkler": Measure(scorer=JaroWinkler.normalized_similarity, within_reach=Lacking.may_be_like),
    "edits": Measure(
        scorer=Levenshtein.distance, counts_edits=True, letters=2, within_reach=Lacking.may_be_within
    ),
    "word_ratio": Measure(scorer=fuzz.token_sort_ratio),
}
"""`jaro_winkler` from 0 to 1, `word_ratio` from 0 to 100, and how many `edits` make one text of the other."""
