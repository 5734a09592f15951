"""The two sides of many pairs at once: every value a small number, every text reachable for comparison."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl
from rapidfuzz import fuzz, process
from rapidfuzz.distance import JaroWinkler, Levenshtein

Numbers = npt.NDArray[Any]
Mask = npt.NDArray[np.bool_]

_PAIRS_AT_ONCE = 500_000  # keeps the Python strings of one call below about 50 MB

MEASURES: Mapping[str, Callable[..., float]] = {
    "jaro_winkler": JaroWinkler.normalized_similarity,
    "edit_ratio": Levenshtein.normalized_similarity,
    "word_ratio": fuzz.token_sort_ratio,
    "edits": Levenshtein.distance,
}
"""Text measures by name, over code points: three ratios (0 to 1; `word_ratio` 0 to 100) and a count of edits.

DuckDB's own text distances count bytes, of which a Chinese character has three (duckdb/duckdb#25113):
they are never used here.
"""


@dataclass(frozen=True, kw_only=True)
class Coded:
    """A column as numbers: ``codes[row]`` is 0 for unknown, else the place of the text in ``texts``."""

    codes: npt.NDArray[np.uint32]
    texts: pl.Series

    def counts(self) -> npt.NDArray[np.float64]:
        """Return how many rows hold each code; unknown counts as none."""
        counts = np.bincount(self.codes, minlength=len(self.texts)).astype(np.float64)
        counts[0] = 0
        return counts

    def chance_of_equality(self) -> float:
        """Return the chance that the known values of two different rows, drawn at random, are equal."""
        counts = self.counts()
        known = counts.sum()
        return float((counts * (counts - 1)).sum() / (known * (known - 1))) if known > 1 else 0.0


def code(column: pl.Series) -> Coded:
    """Return a String column of n rows as n codes and its distinct texts; equal texts get equal codes."""
    distinct = column.drop_nulls().unique()
    places = pl.DataFrame({"text": distinct}).with_row_index("code", offset=1)
    joined = pl.DataFrame({"text": column}).join(places, on="text", how="left", maintain_order="left")
    return Coded(
        codes=joined["code"].fill_null(0).cast(pl.UInt32).to_numpy(),
        texts=pl.concat([pl.Series("text", [""], dtype=pl.String), distinct.alias("text")]),
    )


def code_all(rows: pl.DataFrame, columns: Iterable[str]) -> dict[str, Coded]:
    """Return each of *columns* of the n *rows* as codes."""
    return {column: code(rows[column]) for column in sorted(set(columns))}


@dataclass(frozen=True, kw_only=True)
class Sides:
    """Pairs of rows: ``left`` and ``right`` are row positions into the coded columns."""

    columns: Mapping[str, Coded]
    left: Numbers
    right: Numbers

    def __len__(self) -> int:
        """Return the number of pairs."""
        return len(self.left)

    def codes(self, column: str) -> tuple[Numbers, Numbers]:
        """Return the codes of both sides of *column*."""
        codes = self.columns[column].codes
        return codes[self.left], codes[self.right]

    def both_known(self, column: str) -> Mask:
        """Tell for each pair whether both sides of *column* are known."""
        left, right = self.codes(column)
        known: Mask = (left > 0) & (right > 0)
        return known

    def equal(self, column: str) -> Mask:
        """Tell for each pair whether both sides of *column* are known and equal."""
        left, right = self.codes(column)
        same: Mask = (left == right) & (left > 0)
        return same

    def differ(self, column: str, *, unknown_counts: bool = False) -> Mask:
        """Tell for each pair whether both sides differ; an unknown side differs only when it counts."""
        left, right = self.codes(column)
        different: Mask = left != right
        return different if unknown_counts else different & (left > 0) & (right > 0)

    def among(self, where: Mask) -> "Sides":
        """Return the pairs *where* is true for."""
        return Sides(columns=self.columns, left=self.left[where], right=self.right[where])

    def measured(self, column: str, measure: str, limit: float) -> Numbers:
        """Return *measure* of both sides of *column* for each pair, as 32-bit floats.

        What can not reach *limit* (the least ratio, the most edits) is not measured to its end: it comes
        out as 0, or as one edit more than the limit.
        """
        left, right = self.codes(column)
        lefts, rights = (
            _texts_of(self.columns[column].texts, left),
            _texts_of(self.columns[column].texts, right),
        )
        result = np.zeros(len(self), dtype=np.float32)
        for start in range(0, len(self), _PAIRS_AT_ONCE):
            part = slice(start, start + _PAIRS_AT_ONCE)
            result[part] = process.cpdist(
                lefts(part),
                rights(part),
                scorer=MEASURES[measure],
                score_cutoff=limit,
                dtype=np.float32,
                workers=-1,
            )
        return result


def _texts_of(texts: pl.Series, codes: Numbers) -> Callable[[slice], list[str]]:
    """Return a reader of the texts of some of *codes*.

    Where pairs outnumber texts each text becomes one Python string that all its pairs share, for as long as
    the reader lives: 4 times as quick as a string per pair.
    """
    if len(codes) < len(texts):
        return lambda part: texts.gather(codes[part]).to_list()
    shared = np.array(texts.to_list(), dtype=object)
    return lambda part: shared[codes[part]].tolist()
