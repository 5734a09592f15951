"""Laws of writing one record: judged whole, permitted, numbered, written with exactly what changed."""

import threading
from dataclasses import replace
from decimal import Decimal

import pytest

from guanxi.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from guanxi.records import reading, writing
from guanxi.records.reading import Asked
from guanxi.store import journal
from tests.records.people import ALL, OWN, actor_with


def made(tx, actor, **values):
    return writing.create(tx, actor, "customer", {"name": "杭州云帆机械有限公司", **values})


def lines(tx, record_id):
    return [each.change for each in journal.of_record(tx, record_id)]


def test_every_problem_is_told_at_once(store, steward):
    given = {
        "mobile": "12",
        "cooperation_years": 101,
        "kind": "alien",
        "nonsense": 1,
        "created_at": "2024-01-01",
        "owner": 999_999,
    }
    with store.transaction("test") as tx, pytest.raises(Invalid) as refused:
        writing.create(tx, steward, "customer", given)
    fields = [each.field for each in refused.value.problems]
    assert sorted(fields) == sorted([*given, "name"])


def test_a_field_with_a_wrong_value_is_not_called_missing_too(store, steward):
    with store.transaction("test") as tx, pytest.raises(Invalid) as refused:
        writing.create(tx, steward, "customer", {"name": "——"})
    assert [each.field for each in refused.value.problems] == ["name"]


def test_a_unique_value_is_used_once_and_free_again_after_deletion(store, steward):
    with store.transaction("test") as tx:
        first = made(tx, steward, number="C202405210001")
        with pytest.raises(Invalid):
            made(tx, steward, number="C202405210001")
        writing.delete(tx, steward, "customer", [first])
        made(tx, steward, number="C202405210001")
        with pytest.raises(Invalid):
            writing.restore(tx, steward, "customer", [first])


def test_a_link_to_what_is_not_there_or_not_visible_is_refused(store, steward, administrator):
    seller = actor_with(store, administrator, steward, {"customer": OWN, "contact": ALL})
    with store.transaction("test") as tx:
        foreign = made(tx, administrator)
        gone = made(tx, steward)
        writing.delete(tx, steward, "customer", [gone])
        for customer in (foreign, gone, 999_999):
            with pytest.raises(Invalid):
                writing.create(tx, seller, "contact", {"name": "张三", "customer": customer})
        assert writing.create(tx, seller, "contact", {"name": "张三", "customer": made(tx, seller)})


def test_a_person_that_is_not_there_cannot_be_named(store, steward):
    with store.transaction("test") as tx, pytest.raises(Invalid):
        writing.create(
            tx, steward, "activity", {"subject": "x", "customer": made(tx, steward), "person": 999_999}
        )


def test_a_reader_writes_nothing(store, steward, reader):
    with store.transaction("test") as tx:
        customer = made(tx, steward)
        with pytest.raises(NotAllowed):
            made(tx, reader)
        with pytest.raises(NotAllowed):
            writing.update(tx, reader, "customer", customer, {"level": "A"})
        with pytest.raises(NotAllowed):
            writing.delete(tx, reader, "customer", [customer])
        assert reading.get(tx, reader, "customer", customer).version == 1


def test_own_scope_changes_own_records_and_does_not_see_others(store, steward, administrator):
    seller = actor_with(store, administrator, steward, {"customer": OWN})
    with store.transaction("test") as tx:
        own, foreign = made(tx, seller), made(tx, administrator)
        writing.update(tx, seller, "customer", own, {"level": "A"})
        for act in (
            lambda: writing.update(tx, seller, "customer", foreign, {"level": "A"}),
            lambda: writing.delete(tx, seller, "customer", [foreign]),
            lambda: reading.get(tx, seller, "customer", foreign),
        ):
            with pytest.raises(NotFound):
                act()


@pytest.mark.parametrize("right", ["hidden", "masked", "read"])
def test_a_field_that_is_not_writable_is_not_written(store, steward, administrator, right):
    clerk = actor_with(store, administrator, steward, {"*": ALL}, {"customer.mobile": right})
    with store.transaction("test") as tx:
        customer = made(tx, steward, mobile="13800138000")
        with pytest.raises(Invalid):
            writing.update(tx, clerk, "customer", customer, {"mobile": "13900139000"})
        writing.update(tx, clerk, "customer", customer, {"level": "A"})


def test_a_lost_update_is_refused_with_both_values(store, steward):
    with store.transaction("test") as tx:
        customer = made(tx, steward, total_amount="1")
        writing.update(tx, steward, "customer", customer, {"total_amount": "2", "level": "A"})
        with pytest.raises(Conflict) as conflict:
            writing.update(tx, steward, "customer", customer, {"total_amount": "3"}, version=1)
        theirs, yours = conflict.value.differences["total_amount"]
        assert (theirs.amount, yours.amount) == (Decimal(2), Decimal(3))


def test_fields_nobody_else_changed_are_no_conflict_and_old_values_in_a_form_overwrite_nothing(
    store, steward
):
    with store.transaction("test") as tx:
        customer = made(tx, steward, level="B", mobile="13800138000", tags="甲")
        form = {"level": "B", "mobile": "13900139000", "tags": "甲"}
        writing.update(tx, steward, "customer", customer, {"level": "A", "tags": "乙"})
        writing.update(tx, steward, "customer", customer, form, version=1)
        values = reading.get(tx, steward, "customer", customer).values
    assert (values["level"], values["mobile"], values["tags"]) == ("A", "13900139000", ("乙",))


def test_a_lost_update_is_seen_behind_any_number_of_later_changes(store, steward):
    with store.transaction("test") as tx:
        customer = made(tx, steward, level="B")
        writing.update(tx, steward, "customer", customer, {"level": "A"})
        for number in range(60):
            writing.update(tx, steward, "customer", customer, {"description": f"{number}"})
        with pytest.raises(Conflict):
            writing.update(tx, steward, "customer", customer, {"level": "C"}, version=1)


def test_the_owner_is_guarded_against_lost_updates_too(store, steward, administrator, reader):
    with store.transaction("test") as tx:
        customer = made(tx, steward)
        writing.update(tx, steward, "customer", customer, {"owner": administrator.id})
        with pytest.raises(Conflict):
            writing.update(tx, steward, "customer", customer, {"owner": reader.id}, version=1)


def test_the_journal_holds_exactly_the_changed_columns(store, steward):
    with store.transaction("test") as tx:
        customer = made(tx, steward, total_amount="1.50", address="浙江省-杭州市-西湖区-文三路1号")
        given = {"total_amount": "1.5", "address": "浙江省-杭州市-西湖区-文三路2号", "level": "A"}
        writing.update(tx, steward, "customer", customer, given)
        change = lines(tx, customer)[0]
    assert change.before == {"address_detail": "文三路1号", "level": None}
    assert change.after == {"address_detail": "文三路2号", "level": "A"}


def test_a_save_that_changes_nothing_is_not_a_change(store, steward):
    with store.transaction("test") as tx:
        customer = made(tx, steward, level="A")
        writing.update(tx, steward, "customer", customer, {"level": "A"})
        assert reading.get(tx, steward, "customer", customer).version == 1
        assert len(lines(tx, customer)) == 1


def test_a_deleted_record_is_found_nowhere_and_comes_back_whole(store, steward):
    asked = Asked(object="customer", words="云帆")
    with store.transaction("test") as tx:
        customer = made(tx, steward, level="A")
        writing.delete(tx, steward, "customer", [customer])
        assert not reading.find(tx, steward, asked).records
        with pytest.raises(NotFound):
            reading.get(tx, steward, "customer", customer)
        with pytest.raises(NotFound):
            writing.update(tx, steward, "customer", customer, {"level": "B"})
        assert reading.get(tx, steward, "customer", customer, deleted=True).values["level"] == "A"
        writing.restore(tx, steward, "customer", [customer])
        assert [each.id for each in reading.find(tx, steward, asked).records] == [customer]
        assert [each.action for each in lines(tx, customer)] == ["restore", "delete", "create"]


def test_links_to_many_records_are_stored_journaled_and_read_with_the_actors_eyes(
    store, steward, administrator
):
    with store.transaction("test") as tx:
        sources = [writing.create(tx, steward, "source", {"name": name, **needed(tx)}) for name in "甲乙"]
        run = writing.create(tx, steward, "run", {"name": "整合", "sources": sources})
        asked = ("sources",)
        assert reading.get(tx, steward, "run", run, asked).values["sources"] == tuple(sources)
        writing.update(tx, steward, "run", run, {"sources": sources[1:]})
        change = lines(tx, run)[0]
        assert (change.before, change.after) == ({"sources": sources}, {"sources": sources[1:]})
        writing.delete(tx, steward, "source", sources[1:])
        assert reading.get(tx, steward, "run", run, asked).values["sources"] is None


def needed(tx):
    fields = tx.catalog.object("source").live_fields
    return {
        each.name: each.choices[0].value if each.choices else "甲"
        for each in fields
        if each.required and each.name != "name" and each.default is None
    }


def test_numbers_are_given_once_however_many_ask_at_the_same_time(store, steward):
    numbers, failures = [], []

    def work():
        try:
            for _ in range(5):
                with store.transaction("test") as tx:
                    customer = made(tx, steward)
                    numbers.append(reading.get(tx, steward, "customer", customer).values["number"])
        except BaseException as failure:
            failures.append(failure)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=300)
    assert not failures
    assert len(set(numbers)) == len(numbers) == 20


def test_who_saves_waits_for_nobody_else_s_number(store, steward):
    with store.transaction("test") as tx:
        made(tx, steward)
        today = tx.now  # a new day begins a new series
    with store.transaction("one") as one, store.transaction("other") as other:
        other.connection.exec_driver_sql("SET LOCAL lock_timeout = '5s'")
        both = [(tx, made(replace(tx, now=today), steward)) for tx in (one, other)]
        numbers = [reading.get(tx, steward, "customer", each).values["number"] for tx, each in both]
    assert len(set(numbers)) == 2


def test_a_number_is_never_emptied(store, steward):
    with store.transaction("test") as tx:
        customer = made(tx, steward)
        before = reading.get(tx, steward, "customer", customer).values["number"]
        writing.update(tx, steward, "customer", customer, {"number": "", "level": "A"})
        assert reading.get(tx, steward, "customer", customer).values["number"] == before


def test_two_who_take_the_same_unique_value_at_once_end_in_a_conflict_that_says_so(store, steward):
    barrier, outcomes = threading.Barrier(2), []

    def work():
        try:
            with store.transaction("test") as tx:
                barrier.wait(timeout=300)
                made(tx, steward, number="C202405210001")
            outcomes.append("saved")
        except (Conflict, Invalid):
            outcomes.append("refused")

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=300)
    assert sorted(outcomes) == ["refused", "saved"]


@pytest.mark.parametrize(
    "text", ["'; DROP TABLE crm.customer; --", 'a"b', "a\\b", "%s %(x)s {y}", "𠮷野家🍣", "NULL", "a:b ? $1"]
)
def test_a_name_is_never_more_than_a_name(store, steward, text):
    with store.transaction("test") as tx:
        customer = writing.create(tx, steward, "customer", {"name": text})
        assert reading.get(tx, steward, "customer", customer).values["name"] == text
        assert reading.find(tx, steward, Asked(object="customer", words=text)).records


def test_a_number_that_may_come_from_elsewhere_is_given_by_the_system_when_left_empty(store, steward):
    with store.transaction("test") as tx:
        customer = made(tx, steward)
        orders = [
            writing.create(tx, steward, "order", {"customer": customer, **given})
            for given in ({}, {"number": ""}, {"number": "WD 17"})
        ]
        found = [reading.get(tx, steward, "order", each).values["number"] for each in orders]
        day = f"{tx.now:%Y%m%d}"
        assert found == [f"SO{day}0001", f"SO{day}0002", "WD 17"]
        with pytest.raises(Invalid):
            writing.update(tx, steward, "order", orders[0], {"number": ""})
