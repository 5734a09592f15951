"""Days as people name them: today, last week, this quarter; each is the days from a first to a last one."""

from calendar import monthrange
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from guanxi.kernel.text import Message, say


@dataclass(frozen=True, kw_only=True)
class Days:
    """The days from *first* to *last*, both included; None leaves that side open."""

    first: date | None = None
    last: date | None = None


@dataclass(frozen=True, kw_only=True)
class Period:
    """A named stretch of days: its words, and which days it means on a given one."""

    words: Message
    days: Callable[[date], Days]


MOST_DAYS = 36_500


def last_days(today: date, count: int) -> Days:
    """Return today and the *count* - 1 days before."""
    return Days(first=today - timedelta(days=count - 1), last=today)


def next_days(today: date, count: int) -> Days:
    """Return today and the *count* - 1 days after."""
    return Days(first=today, last=today + timedelta(days=count - 1))


def longer_ago(today: date, count: int) -> Days:
    """Return the days that lie more than *count* days back."""
    return Days(last=today - timedelta(days=count + 1))


def _day(offset: int) -> Callable[[date], Days]:
    return lambda today: Days(first=today + timedelta(days=offset), last=today + timedelta(days=offset))


def _week(offset: int) -> Callable[[date], Days]:
    def days(today: date) -> Days:
        monday = today - timedelta(days=today.weekday()) + timedelta(weeks=offset)
        return Days(first=monday, last=monday + timedelta(days=6))

    return days


def _months(offset: int, length: int) -> Callable[[date], Days]:
    """Return the stretches of *length* months (1, 3 or 12) that begin with the year, counted from this one."""

    def days(today: date) -> Days:
        begin = (today.year * 12 + today.month - 1) // length * length + offset * length
        end = begin + length - 1
        last_day = monthrange(end // 12, end % 12 + 1)[1]
        return Days(
            first=date(begin // 12, begin % 12 + 1, 1),
            last=date(end // 12, end % 12 + 1, last_day),
        )

    return days


PERIODS: Mapping[str, Period] = {
    "today": Period(words=say("today"), days=_day(0)),
    "yesterday": Period(words=say("yesterday"), days=_day(-1)),
    "tomorrow": Period(words=say("tomorrow"), days=_day(1)),
    "this_week": Period(words=say("this week"), days=_week(0)),
    "last_week": Period(words=say("last week"), days=_week(-1)),
    "next_week": Period(words=say("next week"), days=_week(1)),
    "this_month": Period(words=say("this month"), days=_months(0, 1)),
    "last_month": Period(words=say("last month"), days=_months(-1, 1)),
    "next_month": Period(words=say("next month"), days=_months(1, 1)),
    "this_quarter": Period(words=say("this quarter"), days=_months(0, 3)),
    "last_quarter": Period(words=say("last quarter"), days=_months(-1, 3)),
    "next_quarter": Period(words=say("next quarter"), days=_months(1, 3)),
    "this_year": Period(words=say("this year"), days=_months(0, 12)),
    "last_year": Period(words=say("last year"), days=_months(-1, 12)),
    "past": Period(words=say("in the past"), days=lambda today: Days(last=today - timedelta(days=1))),
    "future": Period(words=say("in the future"), days=lambda today: Days(first=today + timedelta(days=1))),
}
"""Periods by their name in an address, in the order they are offered."""
