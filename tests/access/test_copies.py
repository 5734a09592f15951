"""Laws of copied values: a gap, a pair, a correction tell nobody what their roles hide of customers."""

from dataclasses import replace
from types import MappingProxyType

import pytest

from guanxi.access.fields import reads_all, right_to, weighing
from guanxi.customisation import structure
from guanxi.expressions.conditions import all_of, contains, equals, is_empty, not_
from guanxi.kernel.errors import Conflict, Invalid, NotAllowed
from guanxi.metadata.roles import Grant
from guanxi.records import bulk, changes, reading, totals, writing
from guanxi.records.reading import Asked
from tests.records.people import ALL, actor_with

MOBILE = "13777770001"
COPIES = {
    "gap": ("title", "found", "given", "cells"),
    "review": ("title", "left", "right", "left_key", "right_key", "evidence"),
    "correction": ("title", "row_key", "before", "value", "former"),
}
SEEING = {"*": Grant(read="all")}
HIDING = [{"customer.mobile": "masked"}, {"customer.mobile": "hidden"}, {"contact.email": "hidden"}]
PATHS = [(name, field) for name, fields in COPIES.items() for field in fields]


@pytest.fixture
def copies(store, steward):
    """Return, by object, a record that repeats a customer's mobile number."""
    with store.transaction("test") as tx:
        customer = writing.create(tx, steward, "customer", {"name": "杭州青禾机械", "mobile": MOBILE})
        run = writing.create(tx, steward, "run", {"name": "R1"})
        row = {"name": "杭州青禾机械", "mobile": MOBILE}
        values = {
            "gap": {"title": f"手机：{MOBILE}", "customer": customer, "found": MOBILE, "given": MOBILE}
            | {"field": "mobile", "kind": "wrong", "cells": {"note": MOBILE}},
            "review": {"title": f"{MOBILE} ↔ 青禾", "run": run, "left": row, "right": row, "worth": "12.5"}
            | {"left_key": f"crm|key:{MOBILE}", "right_key": "erp|2", "evidence": {"says": MOBILE}},
            "correction": {"title": f"mobile: {MOBILE} ✓", "kind": "accept", "source": "crm", "table": "t"}
            | {"row_key": f"key:{MOBILE}", "target": "customer.mobile", "before": MOBILE, "value": MOBILE}
            | {"former": {"mobile": MOBILE}},
        }
        return {name: writing.create(tx, steward, name, given) for name, given in values.items()}


@pytest.mark.parametrize("fields", HIDING)
def test_who_may_not_read_one_field_reads_no_copy(store, administrator, reader, copies, fields):
    actor = actor_with(store, administrator, reader, SEEING, fields)
    with store.transaction("test") as tx:
        for name, number in copies.items():
            record = reading.get(tx, actor, name, number)
            assert MOBILE not in str(record), name
            assert not set(COPIES[name]) & set(record.values)
            assert reading.get(tx, actor, name, number, COPIES[name]).values == {}


def test_who_reads_everything_reads_every_copy(store, administrator, reader, copies):
    actor = actor_with(store, administrator, reader, SEEING, {"customer.mobile": "read"})
    with store.transaction("test") as tx:
        for name, number in copies.items():
            record = reading.get(tx, actor, name, number, COPIES[name])
            assert all(record.values[field] for field in COPIES[name])


def test_who_sees_some_customers_only_reads_no_copy(store, administrator, reader, copies):
    actor = actor_with(store, administrator, reader, {**SEEING, "customer": Grant(read="own")})
    with store.transaction("test") as tx:
        assert MOBILE not in str(reading.get(tx, actor, "gap", copies["gap"]))


@pytest.mark.parametrize(("name", "field"), PATHS)
def test_no_condition_and_no_order_asks_by_a_hidden_copy(store, administrator, reader, copies, name, field):
    actor = actor_with(store, administrator, reader, SEEING, HIDING[0])
    nested = not_(all_of(equals("id", copies[name]), is_empty(field)))
    with store.transaction("test") as tx:
        for asked in (
            Asked(object=name, where=nested),
            Asked(object=name, order=((field, False),)),
        ):
            for ask in (reading.find, reading.count):
                with pytest.raises(NotAllowed):
                    ask(tx, actor, asked)
        assert totals.count_values(tx, actor, Asked(object=name), (field,)) == {}


def test_nothing_is_found_by_a_hidden_copy(store, administrator, steward, reader, copies):
    actor = actor_with(store, administrator, reader, SEEING, HIDING[0])
    with store.transaction("test") as tx:
        for name in copies:
            assert reading.find(tx, steward, Asked(object=name, words=MOBILE)).records
            assert not reading.find(tx, actor, Asked(object=name, words=MOBILE)).records
        assert {each.object for each in reading.search_everywhere(tx, steward, MOBILE)} >= set(copies)
        assert not reading.search_everywhere(tx, actor, MOBILE)


def test_the_history_of_a_copy_is_hidden_with_it(store, administrator, steward, reader, copies):
    actor = actor_with(store, administrator, reader, SEEING, HIDING[0])
    with store.transaction("test") as tx:
        writing.update(tx, steward, "gap", copies["gap"], {"found": f"{MOBILE}9", "state": "given"})
        assert MOBILE in str(changes.history(tx, steward, "gap", copies["gap"]))
        told = changes.history(tx, actor, "gap", copies["gap"])
        assert MOBILE not in str(told)
        assert [each.field.name for each in told[0].changes] == ["state"]


def test_a_sum_over_a_hidden_copy_is_refused(store, administrator, reader, copies):
    actor = actor_with(store, administrator, reader, SEEING, {"customer.total_amount": "hidden"})
    with store.transaction("test") as tx:
        with pytest.raises(NotAllowed):
            totals.add_up(tx, actor, Asked(object="review"), ("worth",))
        by_mobile = actor_with(store, administrator, reader, SEEING, HIDING[0])
    with store.transaction("test") as tx:
        assert reading.get(tx, by_mobile, "review", copies["review"], ("worth",)).values


def test_what_repeats_one_field_is_hidden_with_that_field_only(store, administrator, reader):
    masked = actor_with(store, administrator, reader, SEEING, HIDING[0])
    without_amount = actor_with(store, administrator, reader, SEEING, {"customer.total_amount": "masked"})
    with store.transaction("test") as tx:
        review = tx.catalog.object("review")
        assert right_to(masked, tx.catalog, review, "worth") == "read"
        assert right_to(without_amount, tx.catalog, review, "worth") == "hidden"
        assert not reads_all(masked, tx.catalog, ("nowhere",))
        assert reads_all(masked, tx.catalog, ("order",))
        assert not reads_all(masked, tx.catalog, ("*",))


def test_who_weighs_copies_still_reads_no_field_that_is_hidden_itself(store, administrator, reader, copies):
    actor = weighing(actor_with(store, administrator, reader, SEEING, HIDING[0]))
    with store.transaction("test") as tx:
        gap = reading.get(tx, actor, "gap", copies["gap"], ("found", "customer", "customer.mobile"))
        assert gap.values["found"] == MOBILE
        assert gap.values["customer.mobile"] == "137****0001"


def test_nobody_writes_a_copy_they_may_not_read(store, administrator, reader, copies):
    actor = actor_with(store, administrator, reader, {"*": ALL}, HIDING[0])
    with store.transaction("test") as tx:
        with pytest.raises(Invalid):
            writing.update(tx, actor, "gap", copies["gap"], {"found": "x"})
        assert bulk.save(tx, actor, "gap", {"given": ["x"]}, ids=[copies["gap"]]).refused
        writing.update(tx, actor, "gap", copies["gap"], {"state": "given"})


@pytest.mark.parametrize("right", ["masked", "hidden"])
def test_nothing_behind_a_link_tells_a_hidden_field(store, administrator, steward, reader, right):
    actor = actor_with(store, administrator, reader, SEEING, {"customer.mobile": right})
    path = "customer.mobile"
    with store.transaction("test") as tx:
        customer = writing.create(tx, steward, "customer", {"name": "杭州青禾机械", "mobile": MOBILE})
        for name, given in (("contact", {"name": "陈工"}), ("ticket", {"subject": "漏水", "title": "漏水"})):
            known = {key: each for key, each in given.items() if key in tx.catalog.object(name).fields}
            number = writing.create(tx, steward, name, {**known, "customer": customer})
            record = reading.get(tx, actor, name, number, ("id", "customer", path))
            assert MOBILE not in str(record), name
            for asked in (
                Asked(object=name, where=contains(path, "1377")),
                Asked(object=name, order=((path, True),)),
            ):
                with pytest.raises(NotAllowed):
                    reading.find(tx, actor, asked)
            with pytest.raises(NotAllowed):
                totals.add_up(tx, actor, Asked(object=name), (path,))
            assert not reading.find(tx, actor, Asked(object=name, words=MOBILE)).records


@pytest.mark.parametrize("right", ["masked", "hidden"])
def test_a_stale_form_is_not_told_what_a_hidden_field_holds_now(store, administrator, steward, reader, right):
    actor = actor_with(store, administrator, reader, {"*": ALL}, {"customer.mobile": right})
    with store.transaction("test") as tx:
        number = writing.create(tx, steward, "customer", {"name": "杭州青禾机械"})
        version = reading.get(tx, steward, "customer", number, ("id",)).version
        writing.update(tx, steward, "customer", number, {"mobile": MOBILE, "name": "杭州青禾"})
        with pytest.raises(Invalid):
            writing.update(tx, actor, "customer", number, {"mobile": "13777770002"}, version=version)
        with pytest.raises(Conflict) as clash:
            writing.update(
                tx, actor, "customer", number, {"mobile": "13777770002", "name": "青禾"}, version=version
            )
        assert MOBILE not in str(clash.value.differences)


def test_nobody_learns_by_trying_which_record_has_a_hidden_value(store, administrator, steward, reader):
    actor = actor_with(store, administrator, reader, {"*": ALL}, {"source.name": "hidden"})
    with store.transaction("test") as tx:
        given = {"name": "crm_1", "title": "台账", "kind": "excel"}
        writing.create(tx, steward, "source", given)
        other = writing.create(tx, steward, "source", {**given, "name": "crm_2"})
        with pytest.raises(Invalid) as one:
            writing.update(tx, actor, "source", other, {"name": "crm_1"})
        assert "used" not in str(one.value)
        refused = bulk.save(tx, actor, "source", {"name": ["crm_1"]}, ids=[other]).refused
        assert "used" not in str(refused)


def test_a_field_repeats_only_what_is_there(store, administrator):
    with store.transaction("test") as tx:
        gap = tx.catalog.object("gap")
        found = replace(gap.field("found"), repeats=("nowhere", "customer.nothing"))
        changed = replace(gap, fields=MappingProxyType({**gap.fields, "found": found}))
        others = [each for each in tx.catalog.live_objects if each.name != "gap"]
        with pytest.raises(Invalid) as wrong:
            structure.apply(tx, administrator, [changed, *others], [])
    assert "it repeats 'nowhere'" in str(wrong.value)
    assert "it repeats 'customer.nothing'" in str(wrong.value)
