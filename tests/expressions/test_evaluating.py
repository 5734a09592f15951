"""The Python meaning: how records are read, and that nothing in them can make a formula fail."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guanxi.expressions.evaluating import evaluate
from guanxi.expressions.formulas import parse_formula
from guanxi.expressions.syntax import Call, Path
from guanxi.kernel.errors import UnknownName
from tests.expressions.trees import VALUES, expressions, rows

NOW = datetime(2024, 5, 21, 12, tzinfo=UTC)


@given(tree=st.sampled_from(list(VALUES)).flatmap(expressions), row=rows())
def test_a_checked_expression_never_fails_on_data(tree, row):
    evaluate(tree, row, now=NOW)


@pytest.mark.parametrize(
    ("formula", "value"),
    [
        ("1 / 0", None),
        ("MOD(1, 0)", None),
        ("DATE(10000, 1, 1)", None),
        ("ADDDAYS(DATE(9999, 12, 31), 1)", None),
        ('VALUE("12 abc")', None),
        ("0.1 + 0.2 = 0.3", True),
        (
            "1000000000000001 * 1000000000000001 * 0.0000000000000001",
            Decimal("100000000000000.2000000000000001"),
        ),
    ],
)
def test_what_has_no_value_is_null_and_decimals_are_exact(formula, value):
    assert evaluate(parse_formula(formula), {}, now=NOW) == value


def test_a_bomb_of_replacements_has_no_value_instead_of_filling_the_memory():
    formula = '"a"'
    for _ in range(10):
        formula = f'SUBSTITUTE({formula}, "a", "{"a" * 100}")'
    assert evaluate(parse_formula(formula), {}, now=NOW) is None


def test_a_record_may_be_a_function_a_nested_mapping_or_dotted_names():
    tree = Path(("customer", "amount"))
    assert evaluate(tree, {"customer": {"amount": 5}}, now=NOW) == Decimal(5)
    assert evaluate(tree, {"customer.amount": 5}, now=NOW) == Decimal(5)
    assert evaluate(tree, {"customer": None}, now=NOW) is None
    assert evaluate(tree, lambda path: len(path.parts), now=NOW) == Decimal(2)


def test_stored_values_are_read_as_exact_numbers_and_fixed_lists():
    assert evaluate(Path(("a",)), {"a": 0.1}, now=NOW) == Decimal("0.1")
    assert evaluate(Path(("a",)), {"a": ["x"]}, now=NOW) == ("x",)
    assert evaluate(Path(("a",)), {"a": True}, now=NOW) is True


def test_a_time_without_zone_is_a_mistake_of_the_program():
    with pytest.raises(ValueError, match="zone"):
        evaluate(Path(("a",)), {}, now=datetime(2024, 1, 1))  # noqa: DTZ001
    with pytest.raises(ValueError, match="zone"):
        evaluate(Path(("a",)), {"a": datetime(2024, 1, 1)}, now=NOW)  # noqa: DTZ001


def test_an_unknown_function_is_told_with_the_known_ones():
    with pytest.raises(UnknownName, match="ADDDAYS"):
        evaluate(Call("SUMME"), {}, now=NOW)
