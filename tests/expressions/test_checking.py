"""Judging expressions before they meet data."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guanxi.expressions.checking import check
from guanxi.expressions.formulas import parse_formula
from guanxi.expressions.functions import FUNCTIONS
from guanxi.expressions.kinds import Kind
from guanxi.kernel.errors import Invalid
from tests.expressions.trees import COLUMNS, VALUES, expressions

SCHEMA = COLUMNS | {"owner": "link"}


@given(st.sampled_from(list(VALUES)).flatmap(lambda kind: st.tuples(st.just(kind), expressions(kind))))
def test_the_kind_of_a_typed_tree_is_found(case):
    kind, tree = case
    assert check(tree, SCHEMA) is kind


@pytest.mark.parametrize(
    ("formula", "kind"),
    [
        ("owner = 17", Kind.BOOLEAN),
        ("owner IN (1, 2)", Kind.BOOLEAN),
        ("COALESCE(owner, 5)", Kind.LINK),
        ("IF(active, due, TODAY())", Kind.DATE),
        ("created >= TODAY()", Kind.BOOLEAN),
        ("NULL", Kind.NOTHING),
        ("1 + NULL", Kind.NUMBER),
        ('amount & "元"', Kind.TEXT),
    ],
)
def test_fields_of_a_schema_are_known_by_their_kind(formula, kind):
    assert check(parse_formula(formula), SCHEMA) is kind


def test_all_problems_are_told_at_once():
    with pytest.raises(Invalid) as refusal:
        check(parse_formula("IF(nmae = 1, amount + name, created * 2) & colour"), SCHEMA)
    told = [str(problem) for problem in refusal.value.problems]
    assert len(told) == 4
    assert "name" in told[0]


@pytest.mark.parametrize(
    ("formula", "said"),
    [
        ("owner + 1", "does not take"),
        ("amount = name", "does not take"),
        ('due < "2024-01-31"', "DATE\\(2024, 5, 21\\)"),
        ("IF(amount, 1, 2)", "boolean"),
        ("IF(active, 1, name)", "does not take"),
        ("LEFT()", "does not take"),
        ("tags = name", "does not take"),
        ("active < active", "does not take"),
    ],
)
def test_kinds_that_do_not_fit_are_refused_with_what_would(formula, said):
    with pytest.raises(Invalid, match=said):
        check(parse_formula(formula), SCHEMA)


def test_a_filter_must_be_a_condition():
    with pytest.raises(Invalid, match="wanted: boolean"):
        check(parse_formula("amount + 1"), SCHEMA, expected=Kind.BOOLEAN)
    assert check(parse_formula("amount > 1"), SCHEMA, expected=Kind.BOOLEAN) is Kind.BOOLEAN


@pytest.mark.parametrize("function", FUNCTIONS.values(), ids=list(FUNCTIONS))
def test_every_function_knows_its_own_shapes(function):
    assert function.shapes
    assert function.__doc__
    for shape in function.shapes:
        meaning = function.meaning(shape)
        assert meaning is not None
        assert len(meaning.parameters) == len(shape)
