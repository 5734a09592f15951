"""From evidence to a decision per pair: join, review or apart, and what decided it."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from guanxi.integration.matching.scoring import probability
from guanxi.integration.matching.settings import MatchSettings, Veto
from guanxi.integration.matching.sides import Sides

NOBODY = -1
"""No key and no veto applies."""

Places = npt.NDArray[np.int8]


@dataclass(frozen=True, kw_only=True)
class Verdicts:
    """What speaks about each pair: key and veto by their place in the settings, and the model's weight."""

    key: Places
    veto: Places
    weight: npt.NDArray[np.float32]
    may_join: npt.NDArray[np.bool_]
    worth_a_look: npt.NDArray[np.bool_]


def judge(
    sides: Sides, settings: MatchSettings, weight: npt.NDArray[np.float32], agreeing: Places
) -> Verdicts:
    """Return the verdicts of keys, vetoes and model over all pairs; nothing is decided yet."""
    strong = (probability(weight) >= settings.join_at) & (agreeing >= settings.least_agreeing)
    if settings.needed_to_join is not None:
        strong[strong] = settings.needed_to_join.holds(sides.among(strong))
    vetoed = _vetoes(sides, settings)
    look = np.zeros(len(sides), dtype=np.bool_)
    if settings.worth_a_look is not None:
        guessed = [place for place, veto in enumerate(settings.all_vetoes) if veto.guessed]
        free = np.isin(vetoed, [NOBODY, *guessed])
        look = free & settings.worth_a_look.holds(sides)
    return Verdicts(
        key=_keys(sides, settings), veto=vetoed, weight=weight, may_join=strong, worth_a_look=look
    )


def _keys(sides: Sides, settings: MatchSettings) -> Places:
    found = np.full(len(sides), NOBODY, dtype=np.int8)
    for place, key in enumerate(settings.exact_keys):
        found[key.when.holds(sides) & (found == NOBODY)] = place
    return found


def _vetoes(sides: Sides, settings: MatchSettings) -> Places:
    found = np.full(len(sides), NOBODY, dtype=np.int8)
    for place, veto in enumerate(settings.all_vetoes):
        found[(found == NOBODY) & forbidden(sides, veto)] = place
    return found


def forbidden(sides: Sides, veto: Veto) -> npt.NDArray[np.bool_]:
    """Tell for each pair whether *veto* holds: the meaning of `VetoReader.forbids`, over columns."""
    if veto.equal_forbids:
        conflict = sides.equal(veto.column)
    else:
        conflict = sides.differ(veto.column, unknown_counts=veto.unknown_counts)
    for column in veto.unless_equal:
        conflict &= ~sides.equal(column)
    return conflict


def decide(pairs: pl.DataFrame, settings: MatchSettings) -> pl.DataFrame:
    """Add ``decision`` and ``rule`` to *pairs* (key, veto, weight, may_join, worth_a_look, steward), before grouping.

    A steward's word stands above all; a veto turns what would have been joined into a review, a conclusive one
    only where a key says the same.
    """
    keys = [f"key:{key.name}" for key in settings.exact_keys]
    vetoes = [f"veto:{veto.name}" for veto in settings.all_vetoes]
    proven = pl.col("key") != NOBODY
    joins = proven | pl.col("may_join")
    conclusive = [place for place, veto in enumerate(settings.all_vetoes) if veto.conclusive]
    alike = pl.col("may_join") | (pl.col("probability") >= settings.review_at)
    worth_a_look = proven | pl.col("worth_a_look") | (alike & ~pl.col("veto").is_in(conclusive))
    vetoed = pl.col("veto") != NOBODY
    said = pl.col("steward").is_not_null()
    return pairs.with_columns(
        decision=pl.when(said & pl.col("steward"))
        .then(pl.lit("join"))
        .when(said)
        .then(pl.lit("apart"))
        .when(joins & ~vetoed)
        .then(pl.lit("join"))
        .when(worth_a_look)
        .then(pl.lit("review"))
        .otherwise(pl.lit("apart")),
        rule=pl.when(said)
        .then(pl.lit("steward"))
        .when(vetoed)
        .then(_named("veto", vetoes))
        .when(pl.col("key") != NOBODY)
        .then(_named("key", keys))
        .when(pl.col("worth_a_look") & ~pl.col("may_join"))
        .then(pl.lit("worth_a_look"))
        .otherwise(pl.lit("model")),
    )


def _named(column: str, names: list[str]) -> pl.Expr:
    return pl.col(column).replace_strict(dict(enumerate(names)), default=None, return_dtype=pl.String)
