"""The model in Splink's words: the only address of Splink and DuckDB in matching."""

from collections.abc import Callable, Mapping
from typing import Any

import duckdb
import numpy as np
import polars as pl
import pyarrow as pa
from splink import Linker, SettingsCreator, block_on
from splink.backends.duckdb import DuckDBAPI
from splink.comparison_library import CustomComparison

from guanxi.integration.matching.comparing import UNKNOWN, level_of
from guanxi.integration.matching.settings import Comparison, MatchSettings, Parameters
from guanxi.integration.matching.sides import Sides, code_all

_QUIET = 50  # logging.CRITICAL: Splink reports every step, we report the result
_LEAST_PAIRS = 200  # a block with fewer pairs teaches nothing


def learn_same(
    rows: pl.DataFrame, settings: MatchSettings, start: Parameters
) -> Mapping[str, tuple[float, ...]]:
    """Return per comparison the chance of each level among the same customers.

    Expectation maximisation runs once per training block, with the chances among different customers of
    *start* held fixed; a comparison seen in several blocks takes the median; one never seen keeps *start*.
    """
    linker = make_linker(rows, settings, start)
    for columns in settings.training_blocks:
        if pairs_within(rows, columns) < _LEAST_PAIRS:
            continue
        linker.training.estimate_parameters_using_expectation_maximisation(
            block_on(*columns),
            estimate_without_term_frequencies=True,
            max_pairs=settings.training_pairs,
            record_sample_proportion=1.0,
        )
    return _same_of(linker.misc.save_model_to_json(), settings, start)


def make_linker(rows: pl.DataFrame, settings: MatchSettings, parameters: Parameters) -> Linker:
    """Return a Splink linker over the prepared *rows* whose model is *parameters*.

    It can be used for Splink's own charts, or to check our weights against ``predict``.
    """
    connection = duckdb.connect()
    for comparison in settings.comparisons:
        _register(connection, comparison)
    columns = sorted({column for one in settings.comparisons for column in one.columns})
    blocked = sorted({column for block in settings.training_blocks for column in block} - set(columns))
    api = DuckDBAPI(connection)
    table = api.register(rows.select("id", *columns, *blocked).to_arrow(), dataset_display_name="rows")
    model = SettingsCreator(
        link_type="dedupe_only",
        unique_id_column_name="id",
        comparisons=[_in_splink(one, parameters) for one in settings.comparisons],
        blocking_rules_to_generate_predictions=[block_on(*one) for one in settings.training_blocks],
        retain_intermediate_calculation_columns=True,
    )
    return Linker(table, model, log_level=_QUIET)


def pairs_within(rows: pl.DataFrame, columns: tuple[str, ...]) -> int:
    """Return how many pairs of *rows* are known and equal in all *columns*."""
    sizes = rows.drop_nulls(columns).group_by(columns).len()["len"].cast(pl.Int64)
    return int((sizes * (sizes - 1) // 2).sum())


def _function_name(comparison: Comparison) -> str:
    return f"level_of_{comparison.name}"


def _register(connection: duckdb.DuckDBPyConnection, comparison: Comparison) -> None:
    """Make `level_of` callable from SQL, with one list of the left and right value of each column."""
    connection.create_function(
        _function_name(comparison),
        _vectorised(comparison),
        ["VARCHAR[]"],
        "TINYINT",
        type="arrow",
        null_handling="special",
    )


def _vectorised(comparison: Comparison) -> Callable[[Any], pa.Array]:
    columns = comparison.columns

    def levels(values: Any) -> pa.Array:
        count = len(values)
        flat = pl.Series(values).explode().cast(pl.String)
        both = pl.DataFrame(
            {
                column: pl.concat([flat.gather_every(2 * len(columns), 2 * place + side) for side in (0, 1)])
                for place, column in enumerate(columns)
            }
        )
        sides = Sides(
            columns=code_all(both, columns), left=np.arange(count), right=np.arange(count, 2 * count)
        )
        return pa.array(level_of(sides, comparison))

    return levels


def _in_splink(comparison: Comparison, parameters: Parameters) -> CustomComparison:
    arguments = ", ".join(f'"{column}_l", "{column}_r"' for column in comparison.columns)
    call = f"{_function_name(comparison)}(list_value({arguments}))"
    count = len(comparison.levels)
    same, different = parameters.same[comparison.name], parameters.different[comparison.name]
    levels: list[dict[str, Any]] = [
        {"sql_condition": f"{call} = {UNKNOWN}", "label_for_charts": "unknown", "is_null_level": True}
    ]
    for place in range(count + 1):
        last = place == count
        levels.append(
            {
                "sql_condition": "ELSE" if last else f"{call} = {count - place}",
                "label_for_charts": "otherwise" if last else comparison.levels[place].label,
                "m_probability": same[place],
                "u_probability": different[place],
                "fix_m_probability": comparison.fixed,
                "fix_u_probability": True,
            }
        )
    return CustomComparison(output_column_name=comparison.name, comparison_levels=levels)


def _same_of(
    model: Mapping[str, Any], settings: MatchSettings, start: Parameters
) -> dict[str, tuple[float, ...]]:
    found = {}
    for comparison, described in zip(settings.comparisons, model["comparisons"], strict=True):
        levels = [level for level in described["comparison_levels"] if not level.get("is_null_level")]
        before = start.same[comparison.name]
        found[comparison.name] = tuple(
            level.get("m_probability", old) or old for level, old in zip(levels, before, strict=True)
        )
    return found
