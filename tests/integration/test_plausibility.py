"""Amounts that can hardly be right are marked, and no other."""

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as some

from guanxi.integration.plausibility import REASONS, SUMS, differing_sums, doubt_amounts, doubtful_cells
from guanxi.integration.standards import STANDARDS

MONEY = STANDARDS["money"]
USUAL = [str(amount) for amount in range(100, 1000, 20)]


def doubts(texts: list[str | None]) -> list[str | None]:
    judged = doubt_amounts(MONEY.apply(pl.Series(texts, dtype=pl.String)))
    return [
        reason if verdict == "suspect" else None
        for verdict, reason in judged.select("verdict", "reason").iter_rows()
    ]


def orders(*rows: tuple[int, str, str]) -> pl.DataFrame:
    return pl.DataFrame(
        [
            {
                "source": "s",
                "table": "t",
                "row": row,
                "key": number,
                "names": [f"id{row}", number],
                "amount": {"amount": amount, "currency": "CNY"},
            }
            for row, number, amount in rows
        ]
    )


def lines(*rows: tuple[str, str | None, str, str]) -> pl.DataFrame:
    return pl.DataFrame(
        [
            {
                "source": "s",
                "order__reference": order,
                "amount": None if amount is None else {"amount": amount, "currency": "CNY"},
                "unit_price": {"amount": price, "currency": "CNY"},
                "quantity": quantity,
            }
            for order, amount, price, quantity in rows
        ],
        schema_overrides={"amount": pl.Struct({"amount": pl.String, "currency": pl.String})},
    )


def test_an_amount_below_zero_is_doubted():
    assert doubts(["-5", "5", "0"]) == ["amount_below_zero", None, None]


def test_an_amount_a_hundred_times_too_large_is_doubted():
    assert doubts([*USUAL, "60000"]) == [*[None] * len(USUAL), "amount_far_above"]


def test_among_few_amounts_none_is_far_above():
    assert doubts(["1", "2", "1000000"]) == [None, None, None]


def test_what_is_refused_or_doubted_already_keeps_its_reason():
    judged = doubt_amounts(MONEY.apply(pl.Series(["待定", "100-200"])))
    assert judged["verdict"].to_list() == ["rejected", "suspect"]
    assert judged["reason"].to_list()[1] == "money_range"


@settings(max_examples=40)
@given(some.lists(some.integers(-100, 10**9).map(str) | some.none(), max_size=60))
def test_values_and_their_order_stay_as_they_were(texts):
    before = MONEY.apply(pl.Series(texts, dtype=pl.String))
    after = doubt_amounts(before)
    assert after["value"].to_list() == before["value"].to_list()
    assert after.columns == before.columns


def test_a_total_that_is_not_the_sum_of_its_lines_is_told_with_the_sum():
    wholes = orders((1, "A", "300"), (2, "B", "300"))
    parts = lines(("A", "100", "1", "1"), ("id1", "200", "1", "1"), ("B", "100", "1", "1"))
    found = differing_sums(wholes, parts, SUMS[0]).to_dicts()
    assert {"table": "t", "row": 2, "note": "100.0"} in found


def test_a_line_without_an_amount_is_worth_price_times_quantity():
    wholes = orders((1, "A", "60"), (2, "B", "61"))
    parts = lines(("A", None, "20", "3"), ("B", None, "20", "3"))
    assert differing_sums(wholes, parts, SUMS[0])["row"].to_list() == [2]


def test_an_order_without_lines_is_left_alone():
    assert differing_sums(orders((1, "A", "60")), lines(("B", "1", "1", "1")), SUMS[0]).is_empty()


def test_a_doubted_cell_says_what_was_written_and_gives_way_to_an_earlier_doubt():
    raw = pl.DataFrame({"_row": [1, 2], "total": ["300", "-5"]})
    earlier = pl.DataFrame({"row": [2], "target": ["order.amount"], "verdict": ["suspect"], "after": ["-5"]})
    found = pl.DataFrame({"table": ["t", "t"], "row": [1, 2], "note": ["100.0", "7.0"]})
    told = doubtful_cells(earlier, raw, found, target="order.amount", columns=("total",))
    assert told.select("row", "before", "reason", "note").rows() == [(1, "300", "sum_differs", "100.0")]


def test_every_reason_has_a_sentence():
    assert {"amount_below_zero", "amount_far_above", "sum_differs"} == set(REASONS)
