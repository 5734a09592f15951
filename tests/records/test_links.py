"""Laws of fields with several links: read with titles, written with a journal line, undone, never lost unseen."""

import pytest

from guanxi.expressions import conditions as say_that
from guanxi.kernel.errors import Conflict, Invalid
from guanxi.records import bulk, changes, reading, writing
from guanxi.records.reading import Asked
from guanxi.store import journal
from tests.records.people import ALL, OWN, actor_with

NAMES = ("张三", "李四", "王五")


def customer(tx, actor):
    return writing.create(tx, actor, "customer", {"name": "杭州云帆机械有限公司"})


def contacts(tx, actor, at=None, names=NAMES):
    at = at or customer(tx, actor)
    return [writing.create(tx, actor, "contact", {"customer": at, "name": name}) for name in names]


def visit(tx, actor, people, **values):
    given = {"subject": "拜访", "customer": customer(tx, actor), "participants": people, **values}
    return writing.create(tx, actor, "activity", given)


def linked(tx, actor, activity):
    return reading.get(tx, actor, "activity", activity, ("participants",)).linked["participants"]


def test_links_are_read_with_what_their_records_are_called(store, steward):
    with store.transaction("test") as tx:
        people = contacts(tx, steward)
        activity = visit(tx, steward, [people[2], people[0]])
        record = reading.get(tx, steward, "activity", activity, ("participants",))
    assert record.values["participants"] == (people[0], people[2])
    assert record.linked["participants"] == {people[0]: "张三", people[2]: "王五"}


def test_a_change_of_links_has_one_journal_line_and_can_be_undone(store, steward):
    with store.transaction("test") as tx:
        people = contacts(tx, steward)
        activity = visit(tx, steward, people[:2])
        writing.update(tx, steward, "activity", activity, {"participants": people[1:]})
        newest = changes.history(tx, steward, "activity", activity)[0]
        (change,) = newest.changes
        assert (change.before, change.after) == (tuple(people[:2]), tuple(people[1:]))
        assert newest.undoable
        changes.undo(tx, steward, "activity", activity, newest.id)
        assert list(linked(tx, steward, activity)) == people[:2]
        assert len(journal.of_record(tx, activity)) == 3


def test_the_same_links_again_are_no_change(store, steward):
    with store.transaction("test") as tx:
        people = contacts(tx, steward)
        activity = visit(tx, steward, people)
        writing.update(tx, steward, "activity", activity, {"participants": list(reversed(people))})
        assert len(journal.of_record(tx, activity)) == 1


def test_who_was_quicker_with_the_links_is_not_overwritten(store, steward, administrator):
    with store.transaction("test") as tx:
        people = contacts(tx, steward)
        activity = visit(tx, steward, people[:1])
        version = reading.get(tx, steward, "activity", activity).version
        writing.update(tx, administrator, "activity", activity, {"participants": people[:2]})
        with pytest.raises(Conflict) as clash:
            writing.update(tx, steward, "activity", activity, {"participants": people[2:]}, version=version)
    assert clash.value.differences == {"participants": (tuple(people[:2]), tuple(people[2:]))}


def test_a_form_that_still_holds_the_links_it_showed_changes_none(store, steward, administrator):
    with store.transaction("test") as tx:
        people = contacts(tx, steward)
        activity = visit(tx, steward, people[:1])
        version = reading.get(tx, steward, "activity", activity).version
        writing.update(tx, administrator, "activity", activity, {"participants": people[:2]})
        given = {"participants": people[:1], "next_step": "寄样品"}
        writing.update(tx, steward, "activity", activity, given, version=version)
        assert list(linked(tx, steward, activity)) == people[:2]


def test_links_somebody_does_not_see_stay_when_they_change_the_others(store, steward, administrator):
    seller = actor_with(store, administrator, steward, {"customer": ALL, "activity": ALL, "contact": OWN})
    with store.transaction("test") as tx:
        (theirs,) = contacts(tx, administrator, names=["赵六"])
        mine = contacts(tx, seller)
        activity = visit(tx, administrator, [theirs, mine[0]])
        assert list(linked(tx, seller, activity)) == [mine[0]]
        writing.update(tx, seller, "activity", activity, {"participants": mine[1:]})
        assert list(linked(tx, administrator, activity)) == [theirs, *mine[1:]]
        writing.update(tx, seller, "activity", activity, {"participants": []})
        assert list(linked(tx, administrator, activity)) == [theirs]
        with pytest.raises(Invalid):
            visit(tx, seller, [theirs])


def test_a_link_to_the_recycle_bin_is_not_shown_and_comes_back_with_its_record(store, steward):
    with store.transaction("test") as tx:
        people = contacts(tx, steward)
        activity = visit(tx, steward, people)
        writing.delete(tx, steward, "contact", people[:1])
        assert list(linked(tx, steward, activity)) == people[1:]
        writing.update(tx, steward, "activity", activity, {"participants": people[1:2]})
        writing.restore(tx, steward, "contact", people[:1])
        assert list(linked(tx, steward, activity)) == people[:2]


def test_titles_behind_links_obey_the_rights_to_the_title(store, steward, administrator):
    grants = {"customer": ALL, "activity": ALL, "contact": ALL}
    hidden = actor_with(store, administrator, steward, grants, {"contact.name": "hidden"})
    unlinked = actor_with(store, administrator, steward, grants, {"activity.participants": "hidden"})
    with store.transaction("test") as tx:
        people = contacts(tx, steward)
        activity = visit(tx, steward, people[:1])
        assert linked(tx, hidden, activity) == {people[0]: ""}
        assert reading.get(tx, unlinked, "activity", activity, ("participants", "subject")).linked == {}


def test_records_are_found_by_the_records_they_link_to(store, steward):
    with store.transaction("test") as tx:
        first, second, third = contacts(tx, steward)
        both = visit(tx, steward, [first, second])
        one = visit(tx, steward, [second])
        none = visit(tx, steward, [])

        def found(where):
            return {
                each.id for each in reading.find(tx, steward, Asked(object="activity", where=where)).records
            }

        assert found(say_that.has_any("participants", [str(first), str(third)])) == {both}
        assert found(say_that.has_all("participants", [str(first), str(second)])) == {both}
        assert found(say_that.has_any("participants", [str(second)])) == {both, one}
        assert found(say_that.is_empty("participants")) == {none}


def test_many_records_with_links_are_saved_as_one_by_one(store, steward):
    with store.transaction("test") as tx:
        people = contacts(tx, steward)
        at = customer(tx, steward)
        given = {
            "subject": ["甲", "乙", "丙"],
            "customer": [at] * 3,
            "participants": [people[:2], f"{people[2]}", [999_999]],
        }
        receipt = bulk.save(tx, steward, "activity", given)
        assert (receipt.created, list(receipt.refused)) == (2, [2])
        assert list(linked(tx, steward, receipt.ids[0])) == people[:2]
        assert list(linked(tx, steward, receipt.ids[1])) == people[2:]
        ids = receipt.ids[:2]
        again = bulk.save(tx, steward, "activity", {"participants": [people[:2]] * 2}, ids=ids)
        assert (again.updated, again.unchanged) == (1, 1)
