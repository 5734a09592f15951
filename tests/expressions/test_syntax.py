"""The tree and its form in JSON."""

import json
from datetime import datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guanxi.expressions.kinds import Kind
from guanxi.expressions.syntax import DEEPEST, MOST_NODES, Call, Literal, Path, from_json, paths, to_json
from guanxi.kernel.errors import Invalid
from tests.expressions.trees import VALUES, expressions


@given(st.sampled_from(list(VALUES)).flatmap(expressions))
def test_an_expression_survives_json_whole(tree):
    assert from_json(json.loads(json.dumps(to_json(tree)))) == tree


def test_dates_times_and_decimals_keep_their_kind_in_json():
    for value in (
        Decimal("0.10"),
        datetime.fromisoformat("2024-05-21T08:00:00+08:00"),
        ("a", "b"),
        None,
        True,
    ):
        kept = from_json(to_json(Literal(value)))
        assert (kept.value, kept.kind) == (Literal(value).value, Literal(value).kind)


def test_true_is_not_one():
    assert Literal(True) != Literal(1)


@pytest.mark.parametrize(
    "document",
    [
        None,
        [],
        "1",
        {},
        {"path": []},
        {"path": [""]},
        {"path": ["a"], "more": 1},
        {"call": "IF"},
        {"call": 1, "arguments": []},
        {"kind": "number", "value": 1.5},
        {"kind": "number", "value": "NaN"},
        {"kind": "number", "value": "1E+999999999"},
        {"kind": "number", "value": "1E-999999999"},
        {"kind": "date", "value": "2024-02-30"},
        {"kind": "datetime", "value": "2024-02-29T00:00:00"},
        {"kind": "text", "value": "a\0b"},
        {"kind": "text", "value": "\ud800"},
        {"kind": "text", "value": None},
        {"kind": "boolean", "value": 1},
        {"kind": "list", "value": ["a", 1]},
        {"kind": "link", "value": "1"},
        {"kind": "nonsense", "value": "1"},
        {"kind": "nothing", "value": "1"},
    ],
)
def test_a_document_that_is_no_expression_is_refused(document):
    with pytest.raises(Invalid):
        from_json(document)


def test_hostile_documents_end_early():
    deep = {"path": ["a"]}
    for _ in range(DEEPEST):
        deep = {"call": "NOT", "arguments": [deep]}
    wide = {"call": "OR", "arguments": [{"path": ["a"]}] * MOST_NODES}
    for document in (deep, wide):
        with pytest.raises(Invalid, match="too large"):
            from_json(document)


@pytest.mark.parametrize(
    "value",
    [float("inf"), Decimal("NaN"), 10**31, "a\0", datetime.fromisoformat("2024-01-01"), object(), [1]],
)
def test_a_value_no_column_can_hold_is_no_literal(value):
    with pytest.raises(Invalid):
        Literal(value)


def test_paths_are_told_once_each_in_the_order_of_writing():
    name, amount = Path(("customer", "name")), Path(("amount",))
    tree = Call(
        "AND", (Call("=", (name, Literal("x"))), Call(">", (amount, Literal(0))), Call("ISBLANK", (name,)))
    )
    assert paths(tree) == (name, amount)


def test_a_float_means_the_shortest_decimal_that_writes_it():
    assert Literal(0.1).value == Decimal("0.1")
    assert Literal(0.1).kind is Kind.NUMBER
