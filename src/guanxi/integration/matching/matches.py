"""Which records are the same customer: the table of contents of matching, and its result."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import polars as pl

from guanxi.integration.matching.candidates import Candidates, find_candidates
from guanxi.integration.matching.comparing import compare
from guanxi.integration.matching.customers import CUSTOMERS
from guanxi.integration.matching.deciding import NOBODY, decide, judge
from guanxi.integration.matching.grouping import Grouped, group
from guanxi.integration.matching.preparing import prepare
from guanxi.integration.matching.scoring import (
    learn_pairs_per_row,
    make_scorer,
    prior_weight,
    probability,
)
from guanxi.integration.matching.settings import MatchSettings, Parameters
from guanxi.integration.matching.sides import Sides, code_all
from guanxi.integration.matching.steward import with_decisions
from guanxi.integration.matching.training import train


@dataclass(frozen=True, kw_only=True)
class Matches:
    """The result of one run.

    *pairs*: one row per pair worth keeping: ``left < right`` (ids), ``probability``, ``weight`` (bits, with
    the prior), ``decision`` ("join", "review", "apart"), ``rule`` ("steward", "key:…", "veto:…", "model",
    "worth_a_look", "group", "refused:…"), and per comparison ``level_…`` (-1 unknown, 0 the remainder, up) and
    ``weight_…`` (bits). *groups*: ``id, group`` for every row; a group is named by its smallest id.
    *summary* is plain data for JSON; *parameters* can be given to a later run by ``settings.parameters``.
    """

    pairs: pl.DataFrame
    groups: pl.DataFrame
    parameters: Parameters
    summary: Mapping[str, Any]


def find_matches(
    rows: pl.DataFrame, *, decisions: pl.DataFrame | None = None, settings: MatchSettings = CUSTOMERS
) -> Matches:
    """Return which of *rows* are the same customer, why, and what a steward should look at.

    *rows* has ``id`` (whole numbers, unique), ``source`` and any of the columns the settings name; with
    ``existing`` (Boolean) two existing rows are never compared nor joined. *decisions* (``left``,
    ``right``, ``same``) are a steward's and always win. Raises `Invalid` for rows without proper ids.
    """
    started = time.perf_counter()
    prepared = prepare(rows, settings)
    candidates = find_candidates(prepared, settings)
    pairs, unknown_decisions = with_decisions(candidates.pairs, prepared["id"], decisions)
    columns = code_all(prepared, settings.compared_columns)
    prepared = prepared.select("id", "source", "new", *_taught_by(settings))  # the rest is held as codes now
    sides = Sides(columns=columns, left=pairs["left"].to_numpy(), right=pairs["right"].to_numpy())
    parameters = settings.parameters or train(prepared, columns, settings)
    scored, parameters = _score(prepared, pairs, sides, settings, parameters)
    grouped = group(decide(scored, settings), columns, settings)
    return Matches(
        pairs=_with_ids(grouped.pairs, prepared["id"]),
        groups=_groups(prepared["id"], grouped),
        parameters=parameters,
        summary=_summary(prepared, candidates, grouped, parameters)
        | {"unknown_decisions": unknown_decisions, "seconds": round(time.perf_counter() - started, 3)},
    )


def _taught_by(settings: MatchSettings) -> list[str]:
    return sorted({column for block in settings.training_blocks for column in block})


def _score(
    rows: pl.DataFrame, pairs: pl.DataFrame, sides: Sides, settings: MatchSettings, parameters: Parameters
) -> tuple[pl.DataFrame, Parameters]:
    """Return the pairs worth keeping with their evidence, and the parameters with the prior of this run."""
    levels = compare(sides, settings.comparisons)
    scorer = make_scorer(rows, sides, settings, parameters)
    total, agreeing = scorer.total(levels, sides)
    if parameters.trained and settings.parameters is None:
        learnt = learn_pairs_per_row(total, len(rows), parameters.pairs_per_row)
        parameters = replace(parameters, pairs_per_row=learnt)
    total += np.float32(prior_weight(len(rows), parameters.pairs_per_row))
    verdicts = judge(sides, settings, total, agreeing)
    chances = probability(total)
    keep = (
        (chances >= settings.keep_at)
        | (verdicts.key != NOBODY)
        | verdicts.worth_a_look
        | pairs["steward"].is_not_null().to_numpy()
    )
    kept = sides.among(keep)
    scored = pairs.filter(keep).with_columns(
        pl.Series("probability", chances[keep]),
        pl.Series("weight", total[keep]),
        pl.Series("key", verdicts.key[keep]),
        pl.Series("veto", verdicts.veto[keep]),
        pl.Series("may_join", verdicts.may_join[keep]),
        pl.Series("worth_a_look", verdicts.worth_a_look[keep]),
        *(
            series
            for one in settings.comparisons
            for series in (
                pl.Series(f"level_{one.name}", levels[one.name][keep]),
                pl.Series(f"weight_{one.name}", scorer.weight_of(one, levels[one.name][keep], kept)),
            )
        ),
    )
    return scored, parameters


def _with_ids(pairs: pl.DataFrame, ids: pl.Series) -> pl.DataFrame:
    """Return *pairs* with ids for row positions, the smaller id left, in the order of the ids."""
    left, right = ids.gather(pairs["left"]), ids.gather(pairs["right"])
    evidence = [name for name in pairs.columns if name.startswith(("level_", "weight_"))]
    return (
        pairs.with_columns(left.alias("one"), right.alias("other"))
        .select(
            pl.min_horizontal("one", "other").alias("left"),
            pl.max_horizontal("one", "other").alias("right"),
            "probability",
            "weight",
            "decision",
            "rule",
            *evidence,
        )
        .sort("left", "right")
    )


def _groups(ids: pl.Series, grouped: Grouped) -> pl.DataFrame:
    places = np.arange(len(ids))
    places[grouped.roots["record"].to_numpy()] = grouped.roots["root"].to_numpy()
    return (
        pl.DataFrame({"id": ids, "place": places})
        .with_columns(pl.col("id").min().over("place").alias("group"))
        .select("id", "group")
        .sort("id")
    )


def _summary(
    rows: pl.DataFrame, candidates: Candidates, grouped: Grouped, parameters: Parameters
) -> dict[str, Any]:
    counts = grouped.pairs.group_by("decision").len().sort("decision")
    rules = grouped.pairs.group_by("decision", "rule").len().sort("decision", "rule")
    return {
        "rows": len(rows),
        "candidate_pairs": len(candidates.pairs),
        "blocks": [report.as_data() for report in candidates.reports],
        "pairs_kept": len(grouped.pairs),
        "decisions": dict(counts.iter_rows()),
        "rules": [
            {"decision": decision, "rule": rule, "pairs": pairs}
            for decision, rule, pairs in rules.iter_rows()
        ],
        "refused_unions": dict(grouped.refused),
        "parameters": parameters.as_data(),
    }
