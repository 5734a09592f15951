"""Which pairs are worth comparing: records that share a block, with a cap that is always reported."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from guanxi.integration.matching.settings import Block, MatchSettings

Packed = npt.NDArray[np.uint64]

_PAIR = pl.Schema({"left": pl.UInt32, "right": pl.UInt32})
_BLOCK_BITS, _LEFT_BITS = np.uint64(8), np.uint64(36)
_BLOCK, _PLACE = np.uint64(2**8 - 1), np.uint64(2**28 - 1)  # 256 blocks, 268 million rows


@dataclass(frozen=True, kw_only=True)
class BlockReport:
    """What one block yielded: pairs found, pairs not found by an earlier block, and what was too large."""

    name: str
    pairs: int
    new_pairs: int
    too_large_blocks: int
    rows_in_too_large_blocks: int
    pairs_left_out: int
    chained: bool

    def as_data(self) -> dict[str, Any]:
        """Return plain values for JSON."""
        return dict(self.__dict__)


@dataclass(frozen=True, kw_only=True)
class Candidates:
    """Pairs of row positions (``left < right``, each once), and a report per block."""

    pairs: pl.DataFrame
    reports: tuple[BlockReport, ...]


def find_candidates(rows: pl.DataFrame, settings: MatchSettings) -> Candidates:
    """Return the pairs that share at least one block.

    *rows* must hold the settings' columns and ``new`` (Boolean): a pair of two rows that are not new is
    never made, and only blocks that hold a new row cost anything.
    """
    found, left_out = [], []
    for number, block in enumerate(settings.blocks):
        pairs, too_large = _pairs_and_rest(rows, block, settings)
        found.append(_packed(pairs, number))
        left_out.append(too_large)
    everything = np.concatenate([*found, np.empty(0, dtype=np.uint64)])
    everything.sort()
    new = np.diff(everything >> _BLOCK_BITS, prepend=~np.uint64(0)) != 0
    counts, firsts = (
        np.bincount((each & _BLOCK).astype(np.intp), minlength=len(found)).tolist()
        for each in (everything, everything[new])
    )
    return Candidates(
        pairs=_unpacked(everything[new]),
        reports=tuple(
            _report(block, counts[number], firsts[number], left_out[number])
            for number, block in enumerate(settings.blocks)
        ),
    )


def _packed(pairs: pl.DataFrame, block: int) -> Packed:
    """Return each pair and its block as one number, whose order is theirs: sorted in a tenth of the time of columns."""
    left, right = (pairs[side].to_numpy().astype(np.uint64) for side in ("left", "right"))
    return (left << _LEFT_BITS) | (right << _BLOCK_BITS) | np.uint64(block)


def _unpacked(packed: Packed) -> pl.DataFrame:
    right = (packed >> _BLOCK_BITS) & _PLACE
    return pl.DataFrame({"left": packed >> _LEFT_BITS, "right": right}).cast(_PAIR)


def _report(block: Block, pairs: int, new_pairs: int, too_large: pl.DataFrame) -> BlockReport:
    return BlockReport(
        name=block.name,
        pairs=pairs,
        new_pairs=new_pairs,
        too_large_blocks=len(too_large),
        rows_in_too_large_blocks=int(too_large["rows"].sum()),
        pairs_left_out=int(too_large["pairs"].sum()),
        chained=block.chained and len(too_large) > 0,
    )


def pairs_of(rows: pl.DataFrame, block: Block, settings: MatchSettings) -> pl.DataFrame:
    """Return the pairs of one block alone; what is too large is left out."""
    return _pairs_and_rest(rows, block, settings)[0]


def _pairs_and_rest(
    rows: pl.DataFrame, block: Block, settings: MatchSettings
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return the pairs of one block, and its parts that stayed too large (key, rows, pairs)."""
    most = settings.largest_block * (settings.largest_block - 1) // 2
    keyed = _keyed(rows, block.columns)
    parts = []
    for column in (*block.split_by, None):
        sizes = _sizes(keyed)
        too_large = sizes.filter(pl.col("pairs") > most)
        parts.append(_join(keyed.join(sizes.filter(pl.col("pairs") <= most), on="key", how="semi")))
        keyed = keyed.join(too_large, on="key", how="semi")
        if column is None or keyed.is_empty():
            break
        keyed = _split(keyed, rows, column)
    if block.chained:
        parts.append(_chain(keyed))
    pairs = pl.concat(parts)
    if not settings.within_sources:
        source = rows["source"]
        pairs = pairs.filter(source.gather(pairs["left"]) != source.gather(pairs["right"]))
    return pairs, too_large


def _keyed(rows: pl.DataFrame, columns: tuple[str, ...]) -> pl.DataFrame:
    """Return place, new and key (a hash of *columns*) of the rows that know all of them.

    Two keys that hash alike only make a few more pairs to compare.
    """
    known = pl.all_horizontal(pl.col(column).is_not_null() for column in columns)
    return rows.select(
        pl.int_range(pl.len(), dtype=pl.UInt32).alias("place"),
        "new",
        pl.when(known).then(pl.struct(columns).hash(seed=1)).alias("key"),
    ).drop_nulls("key")


def _split(keyed: pl.DataFrame, rows: pl.DataFrame, column: str) -> pl.DataFrame:
    """Return the same rows with *column* as part of their key; rows that do not know it stay together."""
    return keyed.with_columns(rows[column].gather(keyed["place"]).alias("more")).select(
        "place", "new", pl.struct("key", "more").hash(seed=1).alias("key")
    )


def _sizes(keyed: pl.DataFrame) -> pl.DataFrame:
    """Return per key its rows and the pairs with at least one new row, only where there are any."""
    old = pl.col("old").cast(pl.Int64)
    count = pl.col("rows").cast(pl.Int64)
    return (
        keyed.group_by("key")
        .agg(pl.len().alias("rows"), (~pl.col("new")).sum().alias("old"))
        .filter(pl.col("rows") > 1)
        .with_columns((count * (count - 1) // 2 - old * (old - 1) // 2).alias("pairs"))
        .filter(pl.col("pairs") > 0)
    )


def _join(keyed: pl.DataFrame) -> pl.DataFrame:
    new = keyed.filter("new").select("key", left="place")
    everyone = keyed.select("key", right="place", right_new="new")
    return (
        new.join(everyone, on="key")
        .filter(
            (pl.col("left") < pl.col("right")) | (~pl.col("right_new") & (pl.col("left") > pl.col("right")))
        )
        .select(
            left=pl.min_horizontal("left", "right"),
            right=pl.max_horizontal("left", "right"),
        )
        .cast(_PAIR)
    )


def _chain(keyed: pl.DataFrame) -> pl.DataFrame:
    """Return each row with the next of its block, where one of the two is new."""
    following = keyed.sort("key", "place").with_columns(
        next_place=pl.col("place").shift(-1).over("key"), next_new=pl.col("new").shift(-1).over("key")
    )
    return (
        following.drop_nulls("next_place")
        .filter(pl.col("new") | pl.col("next_new"))
        .select(left="place", right="next_place")
        .cast(_PAIR)
    )
