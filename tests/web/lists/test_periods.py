"""Laws of named days: each period is whole, its neighbours meet without a gap."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guanxi.web.lists.periods import PERIODS, last_days, longer_ago, next_days

days = st.dates(date(1900, 1, 1), date(2200, 12, 31))


@pytest.mark.parametrize("unit", ["week", "month", "quarter", "year"])
@given(today=days)
def test_a_period_ends_where_the_next_begins(unit, today):
    names = [f"{when}_{unit}" for when in ("last", "this", "next") if f"{when}_{unit}" in PERIODS]
    spans = [PERIODS[name].days(today) for name in names]
    assert spans[1].first <= today <= spans[1].last
    for before, after in pairwise(spans):
        assert before.last + timedelta(days=1) == after.first


def test_quarters_and_weeks_are_those_of_the_calendar():
    wednesday = date(2026, 2, 18)
    assert PERIODS["last_quarter"].days(wednesday).first == date(2025, 10, 1)
    assert PERIODS["last_quarter"].days(wednesday).last == date(2025, 12, 31)
    assert PERIODS["this_week"].days(wednesday).first == date(2026, 2, 16)
    assert PERIODS["this_month"].days(wednesday).last == date(2026, 2, 28)


@given(today=days, count=st.integers(1, 1000))
def test_counted_days_include_today(today, count):
    last, following = last_days(today, count), next_days(today, count)
    assert (last.last, following.first) == (today, today)
    assert (last.last - last.first).days == (following.last - following.first).days == count - 1
    assert longer_ago(today, count).last == today - timedelta(days=count + 1)
