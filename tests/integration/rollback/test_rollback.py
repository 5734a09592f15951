"""Laws of taking a load back: nothing is left, nothing of anybody's later work is lost."""

from decimal import Decimal

import pytest

from guanxi.integration import rollback
from guanxi.kernel.errors import NotAllowed, Refused
from guanxi.metadata.field_types.money import Money
from guanxi.records import bulk, reading, writing
from guanxi.records.reading import Asked
from guanxi.store import batches
from guanxi.store.batches import Crossing

KEPT_APART = ("version", "updated_at", "updated_by_id")
"""Columns that only grow: a record that was changed and changed back was changed twice."""


def dump(store):
    """Return every row of every record table, the crosswalk and the search entries, as text."""
    with store.transaction("test") as tx:
        run = tx.connection.exec_driver_sql
        tables = [
            f'{schema}."{name}"'
            for schema, name in run(
                "SELECT table_schema, table_name FROM information_schema.tables WHERE table_schema = 'crm' "
                "OR (table_schema = 'guanxi' AND table_name IN ('crosswalk', 'search_entry', 'batch_part')) "
                "ORDER BY 1, 2"
            )
        ]
        minus = "".join(f" - '{column}'" for column in KEPT_APART)
        return {
            table: list(run(f"SELECT (to_jsonb(t){minus})::text FROM {table} t ORDER BY 1").scalars())
            for table in tables
        }


def load(store, actor, name, given, ids=None, object_name="customer", part="1"):
    """Save rows as a load does: in a named batch, with origins, crosswalk and a finished part."""
    with store.transaction("integration") as tx:
        tx = tx.in_batch(batches.begin(tx, name))
        assert batches.part_done(tx, part) is None
        count = len(next(iter(given.values())))
        origins = [{"name": {"source": name, "row": place}} for place in range(count)]
        receipt = bulk.save(tx, actor, object_name, given, ids=ids, origins=origins)
        assert not receipt.refused
        batches.cross(
            tx,
            [
                Crossing(name, f"{part}-{at}", object_name, each)
                for at, each in enumerate(receipt.ids)
                if each
            ],
        )
        batches.finish_part(tx, part, {"rows": count})
        return list(receipt.ids)


def roll_back(store, actor, name):
    with store.transaction("integration") as tx:
        return rollback.roll_back(tx, actor, name)


def value(store, actor, record_id, field):
    with store.transaction("test") as tx:
        return reading.get(tx, actor, "customer", record_id, (field,)).values[field]


def found(store, actor, words):
    with store.transaction("test") as tx:
        return [each.id for each in reading.find(tx, actor, Asked(object="customer", words=words)).records]


@pytest.fixture
def customer(store, steward):
    """Return a customer that was there before any load."""
    with store.transaction("web") as tx:
        return writing.create(
            tx,
            steward,
            "customer",
            {
                "name": "杭州云帆机械",
                "level": "B",
                "total_amount": "1.50",
                "tags": "老客户",
                "known_since": "2020-01-02",
            },
        )


def test_a_load_taken_back_leaves_every_table_as_it_was(store, steward, customer):
    before = dump(store)
    given = {
        "name": ["云帆机械有限公司", "苏州星海"],
        "level": ["A", "C"],
        "total_amount": ["1.5万元", "3"],
        "tags": ["新, 旧", None],
        "known_since": ["2021-05-06", None],
    }
    created = load(store, steward, "ledger", given, ids=[customer, None])
    load(
        store,
        steward,
        "ledger",
        {"name": ["张三"], "customer": [created[1]]},
        object_name="contact",
        part="2",
    )
    assert dump(store) != before
    done = roll_back(store, steward, "ledger")
    assert done.total("leaves") == 2
    assert done.total("returns") == 1
    assert not done.kept
    assert not done.conflicting
    assert dump(store) == before
    assert found(store, steward, "xinghai") == []
    assert found(store, steward, "老客户") == [customer]


def test_a_preview_changes_nothing_and_says_what_will_be_done(store, steward, customer):
    load(store, steward, "ledger", {"name": ["改名", "新客户"]}, ids=[customer, None])
    before = dump(store)
    with store.transaction("web") as tx:
        seen = rollback.preview(tx, steward, "ledger")
    assert dump(store) == before
    done = roll_back(store, steward, "ledger")
    assert done == seen
    assert {each.title for each in done.reversed} == {"改名", "新客户"}


def test_a_created_record_that_somebody_edited_since_is_kept(store, steward):
    edited, untouched = load(store, steward, "ledger", {"name": ["甲公司", "乙公司"]})
    with store.transaction("web") as tx:
        writing.update(tx, steward, "customer", edited, {"level": "A"})
    done = roll_back(store, steward, "ledger")
    assert [(each.record_id, each.why, each.columns) for each in done.kept] == [
        (edited, "edited", ("level",))
    ]
    assert [each.record_id for each in done.reversed] == [untouched]
    assert value(store, steward, edited, "level") == "A"


def test_a_created_record_that_is_used_since_is_kept_and_so_is_what_it_belongs_to(store, steward):
    (customer,) = load(store, steward, "ledger", {"name": ["甲公司"]})
    (contact,) = load(
        store, steward, "ledger", {"name": ["张三"], "customer": [customer]}, object_name="contact", part="2"
    )
    with store.transaction("web") as tx:
        other = writing.create(tx, steward, "customer", {"name": "别的公司"})
        activity = {"subject": "拜访", "customer": other, "contact": contact}
        writing.create(tx, steward, "activity", activity)
    done = roll_back(store, steward, "ledger")
    assert {(each.record_id, each.why) for each in done.kept} == {(customer, "used"), (contact, "used")}
    with store.transaction("test") as tx:
        assert reading.get(tx, steward, "contact", contact, ("customer",)).values == {"customer": customer}


def test_a_value_somebody_changed_again_is_in_conflict_and_stays_while_others_return(
    store, steward, customer
):
    load(
        store, steward, "ledger", {"name": ["新名字"], "level": ["A"], "total_amount": ["99"]}, ids=[customer]
    )
    with store.transaction("web") as tx:
        writing.update(tx, steward, "customer", customer, {"level": "C"})
    done = roll_back(store, steward, "ledger")
    assert [(each.record_id, each.columns) for each in done.conflicting] == [(customer, ("level",))]
    assert value(store, steward, customer, "level") == "C"
    assert value(store, steward, customer, "name") == "杭州云帆机械"
    assert value(store, steward, customer, "total_amount") == Money(Decimal("1.50"), "CNY")


def test_a_value_changed_back_by_hand_is_no_conflict(store, steward, customer):
    load(store, steward, "ledger", {"level": ["A"]}, ids=[customer])
    with store.transaction("web") as tx:
        writing.update(tx, steward, "customer", customer, {"level": "B"})
    done = roll_back(store, steward, "ledger")
    assert not done.conflicting
    assert value(store, steward, customer, "level") == "B"


def test_taking_back_twice_finds_nothing_the_second_time(store, steward, customer):
    load(store, steward, "ledger", {"name": ["新名字", "乙公司"], "level": ["A", None]}, ids=[customer, None])
    roll_back(store, steward, "ledger")
    before = dump(store)
    again = roll_back(store, steward, "ledger")
    assert again.counts == {}
    assert dump(store) == before


def test_the_same_load_can_be_done_again_and_taken_back_again(store, steward, customer):
    given = {"name": ["新名字", "乙公司"]}
    load(store, steward, "ledger", given, ids=[customer, None])
    roll_back(store, steward, "ledger")
    with store.transaction("web") as tx:
        writing.update(tx, steward, "customer", customer, {"name": "手改的名字"})
    before = dump(store)
    load(store, steward, "ledger", given, ids=[customer, None])
    done = roll_back(store, steward, "ledger")
    assert (done.total("leaves"), done.total("returns"), done.conflicting) == (1, 1, ())
    assert dump(store) == before


@pytest.mark.parametrize("first", ["one", "two"])
def test_two_loads_over_one_record_are_taken_back_in_either_order(store, steward, customer, first):
    load(store, steward, "one", {"name": ["一的名字"], "level": ["A"]}, ids=[customer])
    load(store, steward, "two", {"name": ["二的名字"], "stage": ["won"]}, ids=[customer])
    done = roll_back(store, steward, first)
    with store.transaction("test") as tx:
        held = reading.get(tx, steward, "customer", customer, ("name", "level", "stage")).values
    if first == "two":
        assert held == {"name": "一的名字", "level": "A", "stage": None}
        roll_back(store, steward, "one")
        assert value(store, steward, customer, "name") == "杭州云帆机械"
    else:
        assert [each.columns for each in done.conflicting] == [("name",)]
        assert held == {"name": "二的名字", "level": "B", "stage": "won"}


def test_a_record_two_loads_brought_stays_until_both_are_taken_back(store, steward):
    (customer,) = load(store, steward, "one", {"name": ["甲公司"]})
    load(store, steward, "two", {"name": ["甲公司"]}, ids=[customer])
    assert [each.why for each in roll_back(store, steward, "one").kept] == ["used"]
    assert value(store, steward, customer, "name") == "甲公司"
    roll_back(store, steward, "two")
    roll_back(store, steward, "one")
    assert found(store, steward, "甲公司") == []


def test_a_load_whose_changes_came_through_the_single_door_is_taken_back_alike(store, steward, customer):
    before = dump(store)
    with store.transaction("integration") as tx:
        tx = tx.in_batch(batches.begin(tx, "by hand"))
        writing.update(
            tx,
            steward,
            "customer",
            customer,
            {"total_amount": "2.50", "known_since": "2024-01-01", "tags": "甲"},
        )
        writing.create(tx, steward, "customer", {"name": "新", "total_amount": "7.10"})
    done = roll_back(store, steward, "by hand")
    assert not done.kept
    assert not done.conflicting
    assert dump(store) == before


def test_links_to_many_records_return_too(store, steward):
    with store.transaction("web") as tx:
        sources = [writing.create(tx, steward, "source", {"name": name, **needed(tx)}) for name in "甲乙"]
        run = writing.create(tx, steward, "run", {"name": "整合", "sources": sources})
    before = dump(store)
    with store.transaction("integration") as tx:
        tx = tx.in_batch(batches.begin(tx, "links"))
        writing.update(tx, steward, "run", run, {"sources": sources[:1]})
        writing.create(tx, steward, "run", {"name": "新的", "sources": sources})
    done = roll_back(store, steward, "links")
    assert (done.total("leaves"), done.total("returns")) == (1, 1)
    assert dump(store) == before


def needed(tx):
    """Return a value for every other field a source needs."""
    fields = tx.catalog.object("source").live_fields
    return {
        each.name: each.choices[0].value if each.choices else "甲"
        for each in fields
        if each.required and each.name != "name" and each.default is None
    }


def test_only_who_may_integrate_takes_back_and_only_known_batches(store, steward, reader):
    load(store, steward, "ledger", {"name": ["甲"]})
    with store.transaction("web") as tx:
        with pytest.raises(NotAllowed):
            rollback.roll_back(tx, reader, "ledger")
        with pytest.raises(Refused):
            rollback.roll_back(tx, steward, "unknown")
