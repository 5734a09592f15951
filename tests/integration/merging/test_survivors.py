"""Which value survives, by which rule, and that it can always be said where it came from."""

from datetime import UTC, date, datetime
from decimal import Decimal

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guanxi.integration.merging import EXISTING, RULES, SurvivorshipRules, choose_survivors, rules_for
from guanxi.kernel.errors import Invalid
from guanxi.packs.loading import load_shipped

CUSTOMER = {each.name: each for each in load_shipped()}["customer"]
TRUST = {"crm": 60, "sales": 80, "shop": 40}
ADDRESS = pl.Struct(dict.fromkeys(("province", "city", "district", "detail"), pl.String()))
MONEY = pl.Struct({"amount": pl.String(), "currency": pl.String()})


def rows_of(*cells, **columns):
    """Return one row per cell: (source, value) or (source, value, changed on) in the column *value*."""
    kind = columns.pop("kind", pl.String())
    return pl.DataFrame(
        {
            "id": range(1, len(cells) + 1),
            "source": [each[0] for each in cells],
            "table": ["t"] * len(cells),
            "run": [3] * len(cells),
            "row": range(11, len(cells) + 11),
            "changed_on": pl.Series([each[2] if len(each) > 2 else None for each in cells], dtype=pl.Date),
            "value": pl.Series([each[1] for each in cells], dtype=kind),
            **columns,
        }
    )


def one_group(rows):
    return rows.select("id", pl.lit(1, dtype=pl.Int64).alias("group"))


def merged(rows, rule):
    rules = SurvivorshipRules(object="customer", by_field={"value": rule})
    return choose_survivors(rows, one_group(rows), rules=rules, trust=TRUST)


def survivor(rows, rule):
    return merged(rows, rule).records["value"].item()


def day(month):
    return date(2024, month, 1)


@pytest.mark.parametrize(
    ("rule", "cells", "expected"),
    [
        ("trust", [("crm", "a"), ("sales", "b"), ("shop", "c")], "b"),
        ("trust", [("crm", "a", day(1)), ("crm", "b", day(2))], "b"),
        ("trust", [("crm", "a"), ("crm", "b")], "a"),
        ("trust", [("sales", ""), ("shop", "c"), ("sales", " "), ("sales", None)], "c"),
        ("trust", [("nobody knows", "a"), ("shop", "b")], "a"),
        ("trust", [(EXISTING, "old"), ("sales", "new", day(5))], "old"),
        ("newest", [("sales", "a", day(1)), ("shop", "b", day(3)), ("crm", "c")], "b"),
        ("newest", [("crm", "a"), ("sales", "b")], "b"),
        ("newest", [(EXISTING, "old", day(1)), ("shop", "new", day(2))], "new"),
        ("longest", [("sales", "甲"), ("crm", "甲公司"), ("shop", "甲乙丙")], "甲公司"),
        ("majority", [("sales", "a"), ("crm", "b"), ("shop", "b")], "b"),
        ("majority", [("crm", "a"), ("sales", "b")], "b"),
        ("existing", [("sales", "C1"), (EXISTING, "C2")], "C2"),
        ("existing", [("crm", "C1"), ("sales", "C3")], "C3"),
        ("max", [("sales", "9"), ("crm", "10")], "10"),
        ("min", [("sales", "9"), ("crm", "10")], "9"),
        ("max", [("sales", "2023-12-31"), ("crm", "2024-01-01")], "2024-01-01"),
        ("sum", [("sales", "0.1"), ("crm", "0.2"), ("shop", None)], "0.3"),
        ("sum", [("sales", "100"), (EXISTING, "900")], "100"),
        ("sum", [(EXISTING, "900"), ("sales", None)], "900"),
        ("together", [("crm", "one"), ("sales", "two"), ("shop", "one")], "two\none"),
        ("union", [("crm", "a,b"), ("sales", "b、c")], "b,c,a"),
    ],
)
def test_a_rule_chooses_as_its_name_says(rule, cells, expected):
    assert survivor(rows_of(*cells), rule) == expected


@pytest.mark.parametrize("rule", sorted(RULES))
def test_a_suspect_value_loses_against_any_other_and_wins_when_it_is_alone(rule):
    marks = pl.Series(["suspect", None])
    rows = rows_of(("sales", "9999", day(12)), ("shop", "1", day(1)), value__verdict=marks)
    assert survivor(rows, rule) == "1"
    assert survivor(rows.filter(pl.col("source") == "sales"), rule) == "9999"


def test_a_cell_can_carry_the_trust_of_the_source_it_once_came_from():
    trusts = pl.Series([70, None, None], dtype=pl.Int64)
    rows = rows_of((EXISTING, "old"), ("sales", "new"), ("shop", "x"), value__trust=trusts)
    assert survivor(rows, "trust") == "new"


def test_the_most_complete_address_survives_whoever_has_it():
    full = {"province": "广东省", "city": "深圳市", "district": "南山区", "detail": None}
    part = {"province": "广东省", "city": "", "district": None, "detail": None}
    empty = dict.fromkeys(full)
    rows = rows_of(("sales", part), ("shop", full), ("sales", empty), kind=ADDRESS)
    assert survivor(rows, "complete") == full
    assert survivor(rows, "trust") == part
    assert survivor(rows_of(("sales", empty), kind=ADDRESS), "complete") is None


@pytest.mark.parametrize("rule", ["trust", "newest", "majority", "longest"])
def test_what_is_here_is_never_overwritten_by_something_emptier(rule):
    held = {"province": "广东省", "city": "深圳市", "district": None, "detail": None}
    less = {"province": "广东省深圳市南山区科技园", "city": None, "district": None, "detail": None}
    rows = rows_of((EXISTING, held), ("best", less, day(9)), ("best", less, day(8)), kind=ADDRESS)
    rules = SurvivorshipRules(object="customer", by_field={"value": rule})
    golden = choose_survivors(rows, one_group(rows), rules=rules, trust={"best": 100})
    assert golden.records["value"].item() == held


def test_amounts_add_up_exactly_in_one_currency_and_not_at_all_in_two():
    yuan, dollars = {"amount": "0.1", "currency": "CNY"}, {"amount": "5", "currency": "USD"}
    same = rows_of(("crm", yuan), ("sales", {"amount": "0.2", "currency": "CNY"}), kind=MONEY)
    assert survivor(same, "sum") == {"amount": "0.3", "currency": "CNY"}
    mixed = rows_of(("crm", yuan), ("sales", dollars), kind=MONEY)
    assert survivor(mixed, "sum") == dollars
    assert survivor(mixed, "min") == dollars
    exact = rows_of(("crm", Decimal("1.10")), ("sales", Decimal("2.20")), kind=pl.Decimal(20, 2))
    assert survivor(exact, "sum") == Decimal("3.30")


def test_each_value_says_where_it_came_from():
    golden = merged(rows_of(("crm", "a", day(1)), ("sales", "b", day(2))), "trust")
    assert golden.origins["value"].item() == {
        "run": 3,
        "source": "sales",
        "table": "t",
        "row": 12,
        "rule": "trust",
        "at": datetime(2024, 2, 1, tzinfo=UTC),
    }
    gathered = merged(rows_of(("crm", "1"), ("sales", "2"), ("shop", None)), "sum").origins["value"].item()
    assert [(each["source"], each["row"]) for each in gathered["others"]] == [("sales", 12), ("crm", 11)]


def test_differences_are_listed_with_everything_that_was_said():
    rows = rows_of(("crm", "a"), ("sales", "b"), ("shop", "a"), ("x", None))
    conflict = merged(rows, "trust").conflicts.row(0, named=True)
    assert (conflict["group"], conflict["field"], conflict["rule"], conflict["chosen"]) == (
        1,
        "value",
        "trust",
        "b",
    )
    assert [(each["source"], each["value"]) for each in conflict["values"]] == [
        ("sales", "b"),
        ("crm", "a"),
        ("shop", "a"),
    ]
    assert merged(rows_of(("crm", "a"), ("sales", "a")), "trust").conflicts.is_empty()
    assert merged(rows_of(("crm", "1"), ("sales", "2")), "max").conflicts.is_empty()


def customers(**columns):
    count = len(next(iter(columns.values())))
    rows = pl.DataFrame({"id": range(count), "source": ["sales", "crm", "shop"][:count]})
    return rows.with_columns(
        pl.lit("t").alias("table"),
        pl.col("id").alias("row"),
        **{name: pl.Series(values) for name, values in columns.items()},
    )


def golden_customer(rows, **declared):
    groups = rows.select("id", pl.lit(7, dtype=pl.Int64).alias("group"))
    return choose_survivors(rows, groups, rules=rules_for(CUSTOMER, declared), trust=TRUST)


def test_other_spellings_of_the_name_are_kept():
    rows = customers(
        name=["甲", "甲科技有限公司", "甲科技"], also_called=["小甲", None, "甲；甲科技有限公司；阿甲"]
    )
    golden = golden_customer(rows)
    record = golden.records.row(0, named=True)
    assert record["name"] == "甲科技有限公司"
    assert record["also_called"] == "甲；甲科技；小甲；阿甲"
    assert golden.origins["also_called"].item() is not None


def test_too_many_spellings_end_with_a_whole_name():
    rows = customers(name=["甲" * 200, "乙" * 100, "丙" * 90])
    assert golden_customer(rows).records["also_called"].item() == "乙" * 100 + "；" + "丙" * 90
    rows = customers(name=["甲" * 260, "乙" * 200, "丙" * 90])
    assert golden_customer(rows).records["also_called"].item() == "乙" * 200


def test_a_field_called_like_a_column_of_the_row_keeps_apart_from_it():
    rows = customers(name=["甲", "甲"], **{"customer.source": ["visit", "website"]})
    record = golden_customer(rows).records.row(0, named=True)
    assert record["customer.source"] == "visit"
    assert record["members"] == [0, 1]


def test_the_record_that_is_here_already_is_named():
    rows = customers(name=["甲", "乙"]).with_columns(pl.Series("source", ["shop", EXISTING]))
    record = golden_customer(rows).records.row(0, named=True)
    assert (record["record"], record["members"]) == (1, [1, 0])


def test_a_row_nobody_grouped_stands_alone():
    rows = customers(name=["甲", "乙"])
    golden = choose_survivors(
        rows, pl.DataFrame({"id": [0], "group": [0]}), rules=rules_for(CUSTOMER), trust=TRUST
    )
    assert golden.records["members"].to_list() == [[0], [1]]


def test_no_rows_give_no_records():
    rows = customers(name=["甲"])
    golden = choose_survivors(
        rows.clear(), pl.DataFrame({"id": [0], "group": [0]}), rules=rules_for(CUSTOMER), trust=TRUST
    )
    assert golden.records.is_empty()
    assert golden.conflicts.is_empty()


def test_rules_that_are_unknown_or_do_not_fit_are_all_named_at_once():
    with pytest.raises(Invalid) as caught:
        rules_for(CUSTOMER, {"nmae": "trust", "name": "best", "mobile": "sum"})
    assert [each.field for each in caught.value.problems] == ["nmae", "name", "mobile"]
    assert rules_for(CUSTOMER, {"total_amount": "sum"}).rule("total_amount").gathers


TEXTS = st.sampled_from(["", "甲", "甲公司", "乙", None, "12", "3.5"])
CELLS = st.lists(
    st.tuples(
        st.sampled_from(["crm", "sales", "shop", EXISTING, "new"]),
        TEXTS,
        st.none() | st.dates(date(2020, 1, 1), date(2024, 1, 1)),
        st.integers(0, 3),
        st.sampled_from(["kept", "suspect", None]),
    ),
    min_size=1,
    max_size=8,
)


@settings(max_examples=60)
@given(cells=CELLS, rule=st.sampled_from(sorted(RULES)), order=st.randoms(use_true_random=False))
def test_nothing_is_invented_nothing_is_lost_and_order_does_not_matter(cells, rule, order):
    rows = rows_of(*cells, value__verdict=pl.Series([each[4] for each in cells], dtype=pl.String))
    groups = pl.DataFrame({"id": rows["id"], "group": pl.Series([each[3] for each in cells], dtype=pl.Int64)})
    rules = SurvivorshipRules(object="customer", by_field={"value": rule})
    golden = choose_survivors(rows, groups, rules=rules, trust=TRUST)
    assert sorted(golden.records["members"].explode().to_list()) == rows["id"].to_list()
    said = rows.join(groups, on="id")
    for record, origin in zip(golden.records.to_dicts(), golden.origins.to_dicts(), strict=True):
        own = said.filter(group=record["group"])["value"].to_list()
        assert (record["value"] is None) == all(not each for each in own)
        assert (origin["value"] is None) == (record["value"] is None)
        if record["value"] is not None and not RULES[rule].gathers:
            source = said.filter(pl.col("row") == origin["value"]["row"]).row(0, named=True)
            assert (source["value"], source["group"]) == (record["value"], record["group"])
    shuffled = rows.sample(fraction=1, shuffle=True, seed=order.randrange(1000))
    again = choose_survivors(shuffled, groups, rules=rules, trust=TRUST)
    assert again.records.equals(golden.records)
    assert again.origins.equals(golden.origins)


@pytest.mark.parametrize(
    "moments",
    [
        pl.Series(["2024-01-01 08:00:00", "2024-01-02 08:00:00"]),
        pl.Series([day(1), day(2)]),
        pl.Series([datetime(2024, 1, 1, tzinfo=UTC), datetime(2024, 1, 2, tzinfo=UTC)]),
        pl.Series([day(1), day(2)]).cast(pl.Datetime("ms")),
    ],
)
def test_days_and_moments_of_every_kind_are_compared(moments):
    rows = rows_of(("sales", "old"), ("shop", "new")).with_columns(changed_on=moments)
    assert survivor(rows, "newest") == "new"
