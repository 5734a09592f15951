"""Laws of languages: every sentence is collected, translated and keeps its places."""

import pickle
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from guanxi.kernel.errors import Problem
from guanxi.kernel.text import say
from guanxi.metadata.field_types.base import Unacceptable
from guanxi.metadata.field_types.mobile import Mobile
from guanxi.metadata.field_types.money import Money
from guanxi.metadata.field_types.single_select import SingleSelect
from guanxi.metadata.labels import Label
from guanxi.metadata.objects import Choice, Field
from guanxi.web.reader import Reader
from guanxi.web.translations import check

NOW = datetime(2026, 5, 21, 20, 0, tzinfo=UTC)
CHINESE = Reader(language="zh", zone=ZoneInfo("Asia/Shanghai"), now=NOW)
ENGLISH = Reader(language="en", zone=ZoneInfo("Europe/London"), now=NOW)


def test_every_sentence_of_the_product_is_translated():
    assert list(check()) == []


def test_names_inside_a_sentence_are_in_the_readers_language():
    message = say("there is no {label} number {id}", label=Label(en="Customer", zh="客户"), id=7)
    assert ENGLISH.say(message) == "there is no Customer number 7"
    assert "客户" in CHINESE.say(message)


def test_a_refused_value_stands_in_the_quotation_marks_people_use():
    with pytest.raises(Unacceptable) as caught:
        Mobile().parse("12", Field(name="mobile", type="mobile", label=Label(en="Mobile")))
    refused = caught.value.message
    assert CHINESE.say(refused).startswith("“12”")
    assert ENGLISH.say(refused) == "“12” is not a mobile number; it has 11 digits"
    assert str(refused).startswith("'12'")
    again = pickle.loads(pickle.dumps(refused.values["given"]))
    assert CHINESE.say(say(refused.template, given=again)) == CHINESE.say(refused)


def test_choices_inside_a_problem_are_in_the_readers_language():
    first = Choice(value="a", label=Label(en="First", zh="甲级"))
    field = Field(name="level", type="single_select", label=Label(en="Level"), choices=(first,))
    with pytest.raises(Unacceptable) as refused:
        SingleSelect().parse("zz", field)
    assert "甲级" in CHINESE.say(refused.value.message)
    assert "known: First" in ENGLISH.say(refused.value.message)


def test_a_problem_beside_a_field_begins_like_a_sentence_and_a_name_inside_one_does_not():
    assert ENGLISH.problem(Problem("name", say("a value is needed here"))) == "A value is needed here"
    assert ENGLISH.inside(Label(en="Customer", zh="客户")) == "customer"
    assert ENGLISH.inside(Label(en="SMS template")) == "SMS template"
    assert CHINESE.inside(Label(en="Customer", zh="客户")) == "客户"


def test_dates_numbers_and_money_follow_the_reader():
    assert CHINESE.day(date(2026, 5, 1)) == "2026-05-01"
    assert ENGLISH.day(date(2026, 5, 1)) == "1 May 2026"
    assert CHINESE.money(Money(Decimal("1234.5"), "CNY")).endswith("1,234.50")
    assert ENGLISH.number(Decimal("1234567.125")) == "1,234,567.125"


def test_a_moment_stands_in_the_readers_zone():
    assert CHINESE.moment(NOW) == "2026-05-22 04:00"
    assert ENGLISH.moment(NOW) == "21 May 2026, 21:00"
    assert CHINESE.today == date(2026, 5, 22)


def test_what_a_form_holds_as_a_moment_means_the_readers_time():
    assert CHINESE.moment_typed(CHINESE.typed_moment(NOW)) == NOW.isoformat()
    assert CHINESE.moment_typed("soon") == "soon"


def test_recent_moments_are_told_as_how_long_ago():
    assert ENGLISH.ago(NOW - timedelta(minutes=5)) == "5 minutes ago"
    assert CHINESE.ago(NOW - timedelta(minutes=5)) == "5分钟前"
    assert ENGLISH.ago(NOW - timedelta(days=30)) == "21 Apr 2026, 21:00"


def test_a_number_of_forty_digits_is_written_like_any_other():
    reader = Reader(language="zh", zone=ZoneInfo("Asia/Shanghai"), now=datetime(2026, 11, 21, tzinfo=UTC))
    assert reader.number(Decimal(10**40)) == "10" + ",000" * 13
