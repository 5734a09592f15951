"""The two sides of many pairs at once: every value a small number, every text reachable for comparison."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from guanxi.integration.matching.bounds import Mask, Signatures, sign
from guanxi.integration.matching.likeness import MEASURES

Numbers = npt.NDArray[Any]

_PAIRS_AT_ONCE = 100_000  # keeps the Python strings of one call below about 10 MB


@dataclass(frozen=True, kw_only=True)
class Coded:
    """A column as numbers: ``codes[row]`` is 0 for unknown, else the place of the text in ``texts``."""

    codes: npt.NDArray[np.uint32]
    texts: pl.Series
    _signatures: dict[int, Signatures] = field(default_factory=dict, init=False, repr=False, compare=False)

    def signatures(self, letters: int) -> Signatures:
        """Return the signatures of the texts by pieces of so many letters, made once."""
        if letters not in self._signatures:
            self._signatures[letters] = sign(self.texts, letters)
        return self._signatures[letters]

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

    def alike(self, column: str, measure: str, limit: float) -> Mask:
        """Tell for each pair whether both sides of *column* are known and reach *limit* by *measure*."""
        chosen, coded = MEASURES[measure], self.columns[column]
        left, right = self.codes(column)
        found: Mask = (left == right) & (left > 0)
        unequal = np.flatnonzero((left != right) & (left > 0) & (right > 0))
        texts = _reader(coded.texts, len(unequal))
        for start in range(0, len(unequal), _PAIRS_AT_ONCE):
            part = unequal[start : start + _PAIRS_AT_ONCE]
            if chosen.within_reach is not None:
                lacking = coded.signatures(chosen.letters).lacking(left[part], right[part])
                part = part[chosen.within_reach(lacking, limit)]
            found[part] = chosen.reached(texts(left[part]), texts(right[part]), limit)
        return found


def _reader(texts: pl.Series, pairs: int) -> Callable[[Numbers], list[str]]:
    """Return what reads texts by their codes.

    Where *pairs* outnumber texts each text becomes one Python string that all its pairs share, for as long as the
    reader lives: 4 times as quick as a string per pair.
    """
    if pairs < len(texts):
        return lambda codes: texts.gather(codes).to_list()
    shared = np.array(texts.to_list(), dtype=object)
    return lambda codes: shared[codes].tolist()
