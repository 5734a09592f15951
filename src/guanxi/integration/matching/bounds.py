"""What two texts can not be: a bound on their likeness from their letters, so that only the rest is measured.

Each text gets a signature of 64 bits, one per letter (or pair of letters) it holds; several letters share a bit.
What one signature has and the other lacks is in one of the texts only. Letters that share a bit can hide such a
difference and never invent one, so a pair that is ruled out would not have reached the limit (the count filter of
Ukkonen 1992 and Gravano and others 2001, over bits instead of lists).
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

Counts = npt.NDArray[np.int32]
Codes = npt.NDArray[np.uint32]
Mask = npt.NDArray[np.bool_]

_SCATTER = np.uint64(0x9E3779B97F4A7C15)  # 2^64 through the golden ratio: Fibonacci hashing (Knuth 3, 6.4)
_TEXTS_AT_ONCE = 50_000  # some 20 MB


@dataclass(frozen=True, kw_only=True)
class Signatures:
    """Of n texts the number of letters, and the signature."""

    lengths: Counts
    bits: npt.NDArray[np.uint64]

    def lacking(self, left: Codes, right: Codes) -> "Lacking":
        """Compare texts by their place among the n, pair by pair."""
        one, other = self.bits[left], self.bits[right]
        return Lacking(
            left_length=self.lengths[left],
            right_length=self.lengths[right],
            in_right=np.bitwise_count(one & ~other).astype(np.int32),
            in_left=np.bitwise_count(other & ~one).astype(np.int32),
        )


@dataclass(frozen=True, kw_only=True)
class Lacking:
    """Of pairs of texts their lengths, and how many pieces of one, at least, are lacking in the other."""

    left_length: Counts
    right_length: Counts
    in_right: Counts
    in_left: Counts

    def may_be_like(self, limit: float) -> Mask:
        """Tell where the similarity of Jaro and Winkler can be *limit* or more, from pieces of one letter.

        A letter that the other text lacks has no match; Winkler's reward for a common beginning is at most four
        tenths of what is missing to 1, and only above 0.7.
        """
        left = np.maximum(self.left_length, 1)
        right = np.maximum(self.right_length, 1)
        matched = np.minimum(self.left_length - self.in_right, self.right_length - self.in_left)
        jaro = (matched / left + matched / right + 1) / 3
        needed = limit if limit <= 0.7 else max(0.7, (limit - 0.4) / 0.6)
        may: Mask = jaro >= needed - 1e-9
        return may

    def may_be_within(self, edits: float) -> Mask:
        """Tell where *edits* edits can make one text of the other, from pieces of two letters: an edit spoils two."""
        apart = np.abs(self.left_length - self.right_length)
        may: Mask = (apart <= edits) & (np.maximum(self.in_left, self.in_right) <= 2 * edits)
        return may


def sign(texts: pl.Series, letters: int) -> Signatures:
    """Return the signatures of n texts by their pieces of *letters* letters (1 or 2)."""
    lengths = texts.str.len_chars().cast(pl.Int32).to_numpy()
    bits = np.zeros(len(texts), dtype=np.uint64)
    for start in range(0, len(texts), _TEXTS_AT_ONCE):
        part = slice(start, start + _TEXTS_AT_ONCE)
        bits[part] = _bits("".join(texts[part].to_list()), lengths[part], letters)
    return Signatures(lengths=lengths, bits=bits)


def _bits(joined: str, lengths: Counts, letters: int) -> npt.NDArray[np.uint64]:
    """Return the signature of each of the texts that were *joined*."""
    signs = np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), dtype=np.uint32).astype(np.uint64)
    ends = np.cumsum(lengths)
    filled = lengths > 0
    if letters == 2:
        signs = signs << np.uint64(21) | np.append(signs[1:], np.uint64(0))
    bits = np.uint64(1) << ((signs * _SCATTER) >> np.uint64(58))
    if letters == 2:
        bits[ends[filled] - 1] = 0  # the last letter of a text begins no pair
    signatures = np.zeros(len(lengths), dtype=np.uint64)
    if filled.any():
        signatures[filled] = np.bitwise_or.reduceat(bits, (ends - lengths)[filled])
    return signatures
