"""The words of a list filter."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guanxi.expressions.conditions import (
    NOTHING,
    after,
    all_of,
    any_of,
    before,
    between,
    contains,
    differs,
    ends_with,
    equals,
    has_all,
    has_any,
    is_empty,
    is_one_of,
    not_,
    starts_with,
    within_last_days,
    within_next_days,
)
from guanxi.expressions.evaluating import evaluate, holds
from guanxi.expressions.syntax import EVERYTHING, Call, from_json, to_json

NOW = datetime(2024, 3, 1, 0, 30, tzinfo=ZoneInfo("Asia/Shanghai"))
CUSTOMER = {
    "name": "ACME 上海",
    "note": "",
    "level": None,
    "amount": 100,
    "due": date(2024, 2, 29),
    "created": datetime(2024, 2, 29, 15, 59, tzinfo=UTC),  # still the 29th in Shanghai
    "tags": ["VIP", "重点"],
    "owner": {"id": 7, "team": {"name": "华东"}},
}


@pytest.mark.parametrize(
    "condition",
    [
        EVERYTHING,
        equals("name", "ACME 上海"),
        equals("level", None),
        equals("note", None),
        equals("owner.team.name", "华东"),
        equals("owner.id", 7),
        equals("created", date(2024, 2, 29)),
        differs("level", "A"),
        differs("name", "x"),
        differs("name", None),
        contains("name", "acme"),
        contains("name", "上"),
        starts_with("name", "Acme"),
        ends_with("name", "海"),
        is_empty("note"),
        is_empty("level"),
        is_empty("nowhere.at.all"),
        is_one_of("amount", [1, 100]),
        has_any("tags", ["VIP", "x"]),
        has_all("tags", ["VIP", "重点"]),
        before("due", date(2024, 3, 1)),
        before("due", Call("TODAY")),
        after("amount", 99),
        between("created", date(2024, 2, 29), date(2024, 2, 29)),
        within_last_days("due", 2),
        within_last_days("created", 2),
        not_(within_last_days("created", 1)),
        not_(within_next_days("due", 7)),
        all_of(),
        any_of(equals("amount", 1), equals("amount", 100)),
    ],
    ids=str,
)
def test_what_a_filter_says_is_what_it_finds(condition):
    assert holds(condition, CUSTOMER, now=NOW)
    assert holds(from_json(to_json(condition)), CUSTOMER, now=NOW)


@pytest.mark.parametrize(
    "condition", [NOTHING, any_of(), is_one_of("amount", []), differs("note", None)], ids=str
)
def test_a_filter_that_asks_for_nothing_finds_nothing(condition):
    assert not holds(condition, CUSTOMER, now=NOW)


def test_null_is_neither_equal_nor_different():
    for condition in (equals("level", "A"), not_(equals("level", "A")), before("level", "A")):
        assert evaluate(condition, CUSTOMER, now=NOW) is None
        assert not holds(condition, CUSTOMER, now=NOW)


def test_joining_is_level_and_leaves_out_what_says_nothing():
    one, two, three = (equals("amount", number) for number in (1, 2, 3))
    assert all_of(all_of(one, two), EVERYTHING, three) == Call("AND", (one, two, three))
    assert any_of(NOTHING, one) == one
    assert all_of(one, NOTHING) == NOTHING
    assert any_of(one, EVERYTHING) == EVERYTHING


@given(days=st.integers(1, 400), off=st.integers(-500, 500))
def test_the_last_days_are_today_and_the_days_before(days, off):
    record = {"due": NOW.date() + timedelta(days=off)}
    assert holds(within_last_days("due", days), record, now=NOW) == (-days < off <= 0)
    assert holds(within_next_days("due", days), record, now=NOW) == (0 <= off < days)


def test_the_day_hangs_on_the_zone_of_now():
    condition = equals("created", date(2024, 3, 1))
    record = {"created": datetime(2024, 2, 29, 16, 0, tzinfo=UTC)}
    assert holds(condition, record, now=NOW)
    assert not holds(condition, record, now=NOW.astimezone(UTC))
