"""Laws of what a record entered by hand begins with."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from guanxi.kernel.errors import Problem
from guanxi.metadata.definitions import field_from
from guanxi.metadata.initial import initial_of, initial_problems
from guanxi.records import bulk, reading, writing
from tests.records.people import ALL, actor_with

LATE = datetime(2024, 5, 21, 23, 30, tzinfo=ZoneInfo("Asia/Shanghai"))


def field(type_, initial, **more):
    return field_from("x", {"type": type_, "label": {"en": "X"}, "initial": initial, **more})


def customer(tx, actor):
    return writing.create(tx, actor, "customer", {"name": "杭州云帆机械有限公司"})


def test_words_mean_the_day_the_moment_and_the_person():
    assert initial_of(field("date", "today"), me=7, now=LATE) == LATE.date()
    assert initial_of(field("date_time", "now"), me=7, now=LATE) == LATE
    assert initial_of(field("user", "me"), me=7, now=LATE) == 7
    assert initial_of(field("text", "today"), me=7, now=LATE) == "today"


@pytest.mark.parametrize(("type_", "initial"), [("date", "now"), ("user", "you"), ("whole_number", "many")])
def test_what_a_field_cannot_begin_with_is_told(type_, initial):
    (problem,) = initial_problems(field(type_, initial))
    assert isinstance(problem, Problem)
    assert initial in str(problem.message)


def test_a_ticket_entered_by_hand_is_new_opened_now_and_of_normal_priority(store, steward):
    with store.transaction("web") as tx:
        ticket = writing.create(tx, steward, "ticket", {"customer": customer(tx, steward), "subject": "停机"})
        values = reading.get(
            tx, steward, "ticket", ticket, ("status", "priority", "opened_at", "number", "owner")
        )
    assert values.values["status"] == "new"
    assert values.values["priority"] == "normal"
    assert abs(values.values["opened_at"] - tx.now) < timedelta(seconds=1)
    assert values.values["number"].startswith("T")
    assert values.values["owner"] == steward.id


def test_today_is_the_day_where_the_person_is(store, steward):
    with store.transaction("web") as tx:
        order = writing.create(tx, steward, "order", {"customer": customer(tx, steward)})
        values = reading.get(tx, steward, "order", order, ("status", "ordered_on")).values
    assert values["ordered_on"] == tx.now.astimezone(ZoneInfo(steward.time_zone)).date()
    assert values["status"] == "new"


def test_a_value_that_was_emptied_stays_empty(store, steward):
    with store.transaction("web") as tx:
        given = {"customer": customer(tx, steward), "ordered_on": "", "status": "paid"}
        order = writing.create(tx, steward, "order", given)
        values = reading.get(tx, steward, "order", order, ("status", "ordered_on")).values
    assert values == {"status": "paid", "ordered_on": None}


def test_nothing_is_supposed_of_what_comes_from_a_source(store, steward):
    with store.transaction("integration") as tx:
        at = customer(tx, steward)
        given = {"customer": [at, at], "number": ["A1", "A2"]}
        receipt = bulk.save(tx, steward, "order", given, origins=[{"number": {"source": "shop"}}, None])
        fields = ("status", "ordered_on")
        theirs, ours = (reading.get(tx, steward, "order", each, fields).values for each in receipt.ids)
    assert theirs == {"status": None, "ordered_on": None}
    assert ours["status"] == "new"
    assert ours["ordered_on"] is not None


def test_a_role_that_may_not_write_a_field_still_creates_records_that_begin_with_it(
    store, steward, administrator
):
    grants = {"customer": ALL, "order": ALL}
    seller = actor_with(store, administrator, steward, grants, {"order.status": "read"})
    with store.transaction("web") as tx:
        order = writing.create(tx, seller, "order", {"customer": customer(tx, seller)})
        assert reading.get(tx, seller, "order", order, ("status",)).values["status"] == "new"
