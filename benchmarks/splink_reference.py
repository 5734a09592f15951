"""Splink's own models on the same rows: what its tutorials use, nothing tuned for our sets."""

import time
from collections.abc import Callable
from dataclasses import dataclass

import duckdb
import polars as pl
import splink.comparison_level_library as cll
import splink.comparison_library as cl
from splink import Linker, SettingsCreator, block_on
from splink.backends.duckdb import DuckDBAPI


@dataclass(frozen=True, kw_only=True)
class Reference:
    """Pairs Splink finds at probability 0.5 or more, and the seconds it took."""

    pairs: pl.DataFrame
    seconds: float


def _run(
    rows: pl.DataFrame,
    model: SettingsCreator,
    train: Callable[[Linker], None],
) -> Reference:
    started = time.perf_counter()
    table = DuckDBAPI(duckdb.connect()).register(rows.to_arrow(), dataset_display_name="rows")
    linker = Linker(table, model, log_level=50)
    train(linker)
    predicted = linker.inference.predict(threshold_match_probability=0.5, warning_mode="never")
    pairs = pl.DataFrame(predicted.as_dict()).select(
        left=pl.min_horizontal("id_l", "id_r"), right=pl.max_horizontal("id_l", "id_r")
    )
    return Reference(pairs=pairs, seconds=time.perf_counter() - started)


def fake_1000(rows: pl.DataFrame) -> Reference:
    """Run the model of Splink's first tutorial (deduplicate 1,000 records)."""
    model = SettingsCreator(
        link_type="dedupe_only",
        unique_id_column_name="id",
        comparisons=[
            cl.NameComparison("first_name"),
            cl.NameComparison("surname"),
            cl.LevenshteinAtThresholds("dob", 1),
            cl.ExactMatch("city").configure(term_frequency_adjustments=True),
            cl.EmailComparison("email"),
        ],
        blocking_rules_to_generate_predictions=[
            block_on("first_name", "city"),
            block_on("surname"),
            block_on("dob"),
            block_on("email"),
        ],
    )

    def train(linker: Linker) -> None:
        linker.training.estimate_probability_two_random_records_match(
            [block_on("first_name", "dob"), block_on("surname", "dob"), block_on("email")], recall=0.7
        )
        linker.training.estimate_u_using_random_sampling(max_pairs=1e6 + 1, seed=1)
        linker.training.estimate_parameters_using_expectation_maximisation(block_on("first_name", "surname"))
        linker.training.estimate_parameters_using_expectation_maximisation(block_on("dob"))

    return _run(rows, model, train)


def febrl4(rows: pl.DataFrame) -> Reference:
    """Run the model of Splink's Febrl 4 tutorial, without the social security number."""
    model = SettingsCreator(
        link_type="dedupe_only",
        unique_id_column_name="id",
        comparisons=[
            cl.NameComparison("given_name"),
            cl.NameComparison("surname"),
            cl.LevenshteinAtThresholds("date_of_birth", [1, 2]),
            cl.ExactMatch("street_number").configure(term_frequency_adjustments=True),
            cl.JaroWinklerAtThresholds("address_1").configure(term_frequency_adjustments=True),
            cl.LevenshteinAtThresholds("postcode", [1, 2]).configure(term_frequency_adjustments=True),
        ],
        blocking_rules_to_generate_predictions=[
            block_on("given_name", "surname"),
            block_on("date_of_birth"),
            block_on("postcode", "given_name"),
            block_on("postcode", "surname"),
            block_on("street_number", "address_1"),
            block_on("state", "address_1"),
        ],
    )

    def train(linker: Linker) -> None:
        linker.training.estimate_probability_two_random_records_match(
            [block_on("date_of_birth", "surname"), block_on("given_name", "surname", "postcode")], recall=0.6
        )
        linker.training.estimate_u_using_random_sampling(max_pairs=1e6 + 1, seed=1)
        linker.training.estimate_parameters_using_expectation_maximisation(block_on("date_of_birth"))
        linker.training.estimate_parameters_using_expectation_maximisation(block_on("postcode"))

    return _run(rows, model, train)


def customers(rows: pl.DataFrame) -> Reference:
    """Run Splink's ready-made comparisons over Chinese customers; its text distances count bytes."""
    model = SettingsCreator(
        link_type="dedupe_only",
        unique_id_column_name="id",
        comparisons=[
            cl.JaroWinklerAtThresholds("name_core", [0.95, 0.88]).configure(term_frequency_adjustments=True),
            cl.LevenshteinAtThresholds("mobile", 1),
            cl.ExactMatch("email"),
            cl.CustomComparison(
                output_column_name="credit_code",
                comparison_levels=[
                    cll.NullLevel("credit_code"),
                    cll.ExactMatchLevel("credit_code").configure(m_probability=0.98, fix_m_probability=True),
                    cll.ElseLevel().configure(m_probability=0.02, fix_m_probability=True),
                ],
            ),
            cl.ExactMatch("person").configure(term_frequency_adjustments=True),
            cl.JaroWinklerAtThresholds("address", [0.95, 0.88]),
            cl.ExactMatch("city"),
        ],
        blocking_rules_to_generate_predictions=[
            block_on("credit_code"),
            block_on("mobile"),
            block_on("email"),
            block_on("name_core"),
            block_on("substr(name_core, 1, 4)", "city"),
            block_on("person", "city"),
        ],
    )

    def train(linker: Linker) -> None:
        linker.training.estimate_probability_two_random_records_match(
            [block_on("credit_code"), block_on("mobile", "name_core")], recall=0.4
        )
        linker.training.estimate_u_using_random_sampling(max_pairs=2e6, seed=1)
        linker.training.estimate_parameters_using_expectation_maximisation(block_on("mobile"))
        linker.training.estimate_parameters_using_expectation_maximisation(block_on("name_core"))

    text = [name for name in rows.columns if name != "id"]
    known = rows.with_columns(pl.when(pl.col(name) != "").then(pl.col(name)).alias(name) for name in text)
    return _run(known, model, train)
