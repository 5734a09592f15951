"""Laws of the history of a record and of finding across objects."""

import pytest

from guanxi.kernel.errors import Conflict, NotAllowed, NotFound
from guanxi.metadata.field_types.money import Money
from guanxi.records import changes, reading, writing
from guanxi.records.reading import Asked
from guanxi.store.transactions import Store


def made(tx, actor, **values):
    return writing.create(
        tx, actor, "customer", {"name": "杭州云帆机械有限公司", "total_amount": "100", **values}
    )


def named(event):
    return {each.field.name: (each.before, each.after) for each in event.changes}


def test_history_tells_values_before_and_after_newest_first(store: Store, steward):
    with store.transaction("web") as tx:
        customer = made(tx, steward)
        writing.update(tx, steward, "customer", customer, {"level": "A", "total_amount": "250"})
        update, creation = changes.history(tx, steward, "customer", customer)
    assert update.actor_name == steward.name
    assert update.door == "web"
    assert named(update)["level"] == (None, "A")
    assert named(update)["total_amount"] == (Money(100, "CNY"), Money(250, "CNY"))
    assert creation.action == "create"


def test_undoing_a_change_gives_the_former_values_back(store: Store, steward):
    with store.transaction("web") as tx:
        customer = made(tx, steward, level="B")
        writing.update(tx, steward, "customer", customer, {"level": "A", "total_amount": None})
        changes.undo(
            tx, steward, "customer", customer, changes.history(tx, steward, "customer", customer)[0].id
        )
        record = reading.get(tx, steward, "customer", customer)
    assert record.values["level"] == "B"
    assert record.values["total_amount"] == Money(100, "CNY")


def test_what_was_changed_again_is_not_undone(store: Store, steward):
    with store.transaction("web") as tx:
        customer = made(tx, steward, level="B")
        for level in "AC":
            writing.update(tx, steward, "customer", customer, {"level": level})
        older = changes.history(tx, steward, "customer", customer)[1]
        assert not older.undoable
        with pytest.raises(Conflict):
            changes.undo(tx, steward, "customer", customer, older.id)


def test_undoing_a_deletion_takes_the_record_out_of_the_bin(store: Store, steward):
    with store.transaction("web") as tx:
        customer = made(tx, steward)
        writing.delete(tx, steward, "customer", [customer])
        gone = changes.history(tx, steward, "customer", customer, deleted=True)[0]
        changes.undo(tx, steward, "customer", customer, gone.id)
        assert reading.get(tx, steward, "customer", customer)


def test_a_reader_cannot_undo_and_nobody_undoes_through_another_record(store: Store, steward, reader):
    with store.transaction("web") as tx:
        first, second = made(tx, steward), made(tx, steward)
        writing.update(tx, steward, "customer", first, {"level": "A"})
        change = changes.history(tx, steward, "customer", first)[0].id
        with pytest.raises(NotAllowed):
            changes.undo(tx, reader, "customer", first, change)
        with pytest.raises(NotFound):
            changes.undo(tx, steward, "customer", second, change)


def test_one_question_counts_several_lists(store: Store, steward):
    with store.transaction("web") as tx:
        for level in "AAB":
            made(tx, steward, level=level)
        counts = reading.count_each(tx, steward, [Asked(object="customer"), Asked(object="contact")], cap=2)
    assert [(each.number, each.more) for each in counts] == [(2, True), (0, False)]


@pytest.mark.parametrize("typed", ["云帆", "yunfan", "hzyf", "13800"])
def test_a_search_finds_records_of_every_object(store: Store, steward, typed):
    with store.transaction("web") as tx:
        customer = made(tx, steward, mobile="13800138000")
        writing.create(
            tx, steward, "contact", {"name": "杭州云帆", "customer": customer, "mobile": "13800138001"}
        )
        hits = reading.search_everywhere(tx, steward, typed)
    assert [each.object for each in hits] == ["customer", "contact"]
    assert hits[0].number.startswith("C")


def test_origins_come_only_when_asked_for(store: Store, steward):
    with store.transaction("web") as tx:
        customer = made(tx, steward)
        tx.connection.exec_driver_sql(
            """UPDATE crm.customer SET origin = '{"name": {"source": "ledger", "row": 7}, "gone": {}}'"""
        )
        assert not reading.get(tx, steward, "customer", customer).origins
        origins = reading.get(tx, steward, "customer", customer, origins=True).origins
    assert origins == {"name": {"source": "ledger", "row": 7}}


def test_the_history_of_one_field_tells_all_its_changes_however_many_others_there_are(store: Store, steward):
    with store.transaction("web") as tx:
        customer = made(tx, steward, level="B")
        writing.update(tx, steward, "customer", customer, {"level": "A", "total_amount": "250"})
        for number in range(3):
            writing.update(tx, steward, "customer", customer, {"total_amount": str(number)})
        told = changes.history(tx, steward, "customer", customer, field="level", limit=2)
        owner = changes.history(tx, steward, "customer", customer, field="owner")
    assert [named(each) for each in told] == [{"level": ("B", "A")}, {"level": (None, "B")}]
    assert [each.action for each in owner] == ["create"]


def test_one_field_of_a_change_is_undone_alone_though_others_were_changed_since(store: Store, steward):
    with store.transaction("web") as tx:
        customer = made(tx, steward, level="B")
        writing.update(tx, steward, "customer", customer, {"level": "A", "total_amount": "250"})
        writing.update(tx, steward, "customer", customer, {"total_amount": "300"})
        change = changes.history(tx, steward, "customer", customer, field="level")[0]
        assert change.undoable
        changes.undo(tx, steward, "customer", customer, change.id, field="level")
        record = reading.get(tx, steward, "customer", customer)
        with pytest.raises(Conflict):
            changes.undo(tx, steward, "customer", customer, change.id, field="total_amount")
    assert record.values["level"] == "B"
    assert record.values["total_amount"] == Money(300, "CNY")


def test_the_history_of_a_field_nobody_may_read_is_empty(store: Store, steward):
    with store.transaction("web") as tx:
        customer = made(tx, steward)
        assert changes.history(tx, steward, "customer", customer, field="nothing") == ()
