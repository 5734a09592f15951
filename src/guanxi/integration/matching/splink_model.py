"""The model in Splink's words: the only address of Splink and DuckDB in matching.

Splink never sees a name here. A pair is shown to it as two rows that share a pair number and carry the
levels `comparing.compare` found, so what it learns from is exactly what is judged later, over code points
(DuckDB's text distances count bytes), and nothing is measured twice. Asking DuckDB to call our measures
instead took 21 s of training at 200,000 rows; this took 7 (both under a profiler on a busy machine).
"""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any

import duckdb
import polars as pl
from splink import Linker, SettingsCreator, block_on
from splink.backends.duckdb import DuckDBAPI
from splink.comparison_library import CustomComparison
from splink.internals.comparison_level_creator import ComparisonLevelCreator

from guanxi.integration.matching.comparing import UNKNOWN, Levels
from guanxi.integration.matching.settings import Chances, Comparison, Parameters

_QUIET = 50  # logging.CRITICAL: Splink reports every step, we report the result
_ROUNDS = (25, 10, 5, 3)


def learn_same(levels: Mapping[str, Levels], comparisons: Sequence[Comparison], start: Parameters) -> Chances:
    """Return the chances among the same customers that Splink's expectation maximisation finds in some pairs.

    *levels*: per comparison the level of each pair. The chances among different customers of *start* are
    held fixed. Splink refuses a chance below 1e-300 (its issues 161 and 2333): where a level all but proves
    difference, maximisation gets there within 25 rounds, so the training is then stopped earlier; empty
    when even 3 rounds are too many.
    """
    for rounds in _ROUNDS:
        linker = make_linker(levels, comparisons, start, rounds=rounds)
        with suppress(ValueError):
            linker.training.estimate_parameters_using_expectation_maximisation(
                block_on("pair"), estimate_without_term_frequencies=True
            )
            return _chances_of(linker.misc.save_model_to_json(), comparisons, start)
    return {}


def weigh(
    levels: Mapping[str, Levels], comparisons: Sequence[Comparison], parameters: Parameters
) -> pl.Series:
    """Return Splink's own match weight (bits, without prior) of each pair: the reference for `scoring`."""
    linker = make_linker(levels, comparisons, parameters)
    predicted = pl.DataFrame(linker.inference.predict(warning_mode="never").as_dict())
    mine = [f"mw_{comparison.name}" for comparison in comparisons]
    return (
        predicted.with_columns(pl.col("id_l") // 2).sort("id_l").select(pl.sum_horizontal(mine)).to_series()
    )


def make_linker(
    levels: Mapping[str, Levels],
    comparisons: Sequence[Comparison],
    parameters: Parameters,
    *,
    rounds: int = 25,
) -> Linker:
    """Return a Splink linker over pairs of these *levels* whose model is *parameters*."""
    pairs = pl.DataFrame({one.name: levels[one.name] for one in comparisons}).with_row_index("pair")
    both = pl.concat(
        [pairs.with_columns(id=2 * pl.col("pair")), pairs.with_columns(id=2 * pl.col("pair") + 1)]
    )
    # One thread: several add up floating-point numbers in an order of their own, and no run would repeat.
    one_thread = duckdb.connect(config={"threads": 1})
    table = DuckDBAPI(one_thread).register(both.to_arrow(), dataset_display_name="pairs")
    model = SettingsCreator(
        link_type="dedupe_only",
        unique_id_column_name="id",
        comparisons=[_in_splink(one, parameters) for one in comparisons],
        blocking_rules_to_generate_predictions=[block_on("pair")],
        retain_intermediate_calculation_columns=True,
        max_iterations=rounds,
    )
    return Linker(table, model, log_level=_QUIET)


def _in_splink(comparison: Comparison, parameters: Parameters) -> CustomComparison:
    count = len(comparison.levels)
    same, different = parameters.same[comparison.name], parameters.different[comparison.name]
    levels: list[ComparisonLevelCreator | dict[str, Any]] = [
        {
            "sql_condition": f'"{comparison.name}_l" = {UNKNOWN}',
            "label_for_charts": "unknown",
            "is_null_level": True,
        }
    ]
    for place in range(count + 1):
        last = place == count
        levels.append(
            {
                "sql_condition": "ELSE" if last else f'"{comparison.name}_l" = {count - place}',
                "label_for_charts": "otherwise" if last else comparison.levels[place].label,
                "m_probability": same[place],
                "u_probability": different[place],
                "fix_m_probability": comparison.fixed,
                "fix_u_probability": True,
            }
        )
    return CustomComparison(output_column_name=comparison.name, comparison_levels=levels)


def _chances_of(
    model: Mapping[str, Any], comparisons: Sequence[Comparison], start: Parameters
) -> dict[str, tuple[float, ...]]:
    found = {}
    for comparison, described in zip(comparisons, model["comparisons"], strict=True):
        levels = [level for level in described["comparison_levels"] if not level.get("is_null_level")]
        before = start.same[comparison.name]
        found[comparison.name] = tuple(
            level.get("m_probability", old) or old for level, old in zip(levels, before, strict=True)
        )
    return found
