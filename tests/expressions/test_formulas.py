"""Formulas as text: what they mean, and what is said when they mean nothing."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guanxi.expressions.formulas import parse_formula
from guanxi.expressions.syntax import Call, Literal, Path
from guanxi.kernel.errors import Invalid, Problem, UnknownName
from guanxi.kernel.text import say

A, B, C = (Path((name,)) for name in "abc")
ONE, TWO = Literal(1), Literal(2)


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("1", ONE),
        ("0.10", Literal(0.1)),
        ("-1", Literal(-1)),
        ("-a", Call("-", (Literal(0), A))),
        ("+a", A),
        ("=a", A),
        ("a = 1", Call("=", (A, ONE))),
        ("a == 1", Call("=", (A, ONE))),
        ("a <> 1", Call("<>", (A, ONE))),
        ("a != 1", Call("<>", (A, ONE))),
        ("a ≠ 1", Call("<>", (A, ONE))),
        ("a≥1", Call(">=", (A, ONE))),
        ("1 < a <= 2", Call("AND", (Call("<", (ONE, A)), Call("<=", (A, TWO))))),
        ("a + b * c", Call("+", (A, Call("*", (B, C))))),
        ("(a + b) * c", Call("*", (Call("+", (A, B)), C))),
        ("a % 2", Call("MOD", (A, TWO))),
        ("a & b & c", Call("CONCAT", (A, B, C))),
        ('a & "x" = b', Call("=", (Call("CONCAT", (A, Literal("x"))), B))),
        ("a and b or not c", Call("OR", (Call("AND", (A, B)), Call("NOT", (C,))))),
        ("AND(a, b, c)", Call("AND", (A, B, C))),
        ("a AND (b OR c)", Call("AND", (A, Call("OR", (B, C))))),
        ("NOT(a) AND b", Call("AND", (Call("NOT", (A,)), B))),
        ("a IN (1, 2)", Call("IN", (A, ONE, TWO))),
        ("a in (1)", Call("IN", (A, ONE))),
        ("IN(a, 1, 2)", Call("IN", (A, ONE, TWO))),
        ("a NOT IN (1, 2)", Call("NOT", (Call("IN", (A, ONE, TWO)),))),
        ("NOT IN(a, 1)", Call("NOT", (Call("IN", (A, ONE)),))),
        ("if(a, 1, 2)", Call("IF", (A, ONE, TWO))),
        ("TRUE", Literal(True)),
        ("null", Literal(None)),
        ("TODAY()", Call("TODAY")),
        ('"say ""hi"""', Literal('say "hi"')),
        ("'it''s'", Literal("it's")),
        ("“全角”", Literal("全角")),
        ("customer.owner.name", Path(("customer", "owner", "name"))),
        ("客户.负责人．姓名", Path(("客户", "负责人", "姓名"))),
        ("[order amount (¥)].[a.b]", Path(("order amount (¥)", "a.b"))),
        ("[and] = [TRUE]", Call("=", (Path(("and",)), Path(("TRUE",))))),
        ("class", Path(("class",))),
        ("lambda", Path(("lambda",))),
        ("w0 + w1", Call("+", (Path(("w0",)), Path(("w1",))))),
        ("ＩＦ（ａ＞１，“大”，“小”）", Call("IF", (Call(">", (A, ONE)), Literal("大"), Literal("小")))),
        ("金额 × １．５ ÷ 2", Call("/", (Call("*", (Path(("金额",)), Literal(1.5))), TWO))),
    ],
)
def test_a_formula_means_what_a_spreadsheet_user_expects(text, tree):
    assert parse_formula(text) == tree


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "empty"),
        ("  ", "empty"),
        ("a b", "column 3: a sign or a comma is missing"),
        ("IF(a, 1", "column 3: this \\( has no closing"),
        ("= a)", "column 4"),
        ("a)", "column 2: this \\) closes nothing"),
        ("a +", "column 3: a value is missing after this"),
        ("a + * b", "column 5"),
        ("IF(a,, 1)", "column 6"),
        ('a = "open', "column 5: .* no closing"),
        ("a # b", "column 3: # has no meaning"),
        ("a ; b", "column 3"),
        ("1.2.3", "column 1: 1.2.3 is not a number"),
        ("SUMME(a)", "column 1: there is no function SUMME; there are: ABS"),
        ("a.", "column 3: a field name is missing"),
        ("[open", "column 1"),
        ("()", "column 1"),
        ("(a, b)", "column 1"),
        ("f(*a)", "column"),
        ("IF(**a)", "column"),
        ("5(3)", "column 1"),
        ("a := 1", "column 3"),
        ("a ** b", "column 4"),
        ("a.__class__()", "there is no function"),
        ("(" * 60 + "a" + ")" * 60, "too deep"),
        ("-" * 3000 + "a", "too"),
        ("NOT " * 1500 + "a", "too deep"),
        ("a+" * 100 + "a", "too deep"),
        ("a" * 20_000, "too long"),
        ("9" * 40, "column 1"),
        ('"a\0"', "column 1"),
    ],
)
def test_a_mistake_is_refused_with_its_place(text, said):
    with pytest.raises(Invalid, match=said):
        parse_formula(text)


@given(st.text(st.sampled_from(list("aIF(),=<>&+-*/%\"'“”.[]１（ ，NOTANDin 12\n\\{}:lambda")), max_size=40))
def test_any_text_is_either_a_tree_or_refused(text):
    with suppress(Invalid):
        assert isinstance(parse_formula(text), Literal | Path | Call)


def test_labels_are_resolved_by_the_caller_who_may_refuse():
    labels = {("客户", "名称"): Path(("customer", "name"))}

    def resolve(parts):
        if parts not in labels:
            raise UnknownName("field", ".".join(parts), ["客户.名称"])
        return labels[parts]

    assert parse_formula("客户.名称", resolve=resolve) == Path(("customer", "name"))
    with pytest.raises(UnknownName, match="客户"):
        parse_formula("客户.电话", resolve=resolve)


def test_a_refusal_of_the_caller_is_told_with_its_column():
    def resolve(parts):
        raise Invalid([Problem(None, say("no such field"))])

    with pytest.raises(Invalid, match="column 5: no such field"):
        parse_formula("1 + x", resolve=resolve)
