"""A steward's word acts at once, holds in later runs, and is taken back to the last byte."""

import shutil
from pathlib import Path

import pytest
from tests.integration import plant
from tests.integration.finished import Finished
from tests.integration.stewardship import Office

from guanxi.identity.actor import SYSTEM, Actor
from guanxi.integration import rollback, stewardship
from guanxi.kernel.errors import Conflict, NotAllowed, Refused, UnknownName
from guanxi.records import writing

pytestmark = pytest.mark.slow

QINGHE, SHUWEI, QINCHUAN = "杭州青禾机械", "成都蜀味食品有限公司", "西安秦川仪表有限公司"


@pytest.fixture
def office(finished: Finished) -> Office:
    """Return a product in which K1 and 杭州青禾机械 are one customer, everybody else is one of their own."""
    return Office(finished.guanxi, finished.run)


@pytest.fixture
def folder(finished: Finished) -> Path:
    return finished.folder


def decide(office: Office, review: int, decision: str, **more) -> stewardship.Done:
    with office.guanxi.store.transaction("test") as tx:
        return stewardship.decide(tx, SYSTEM, office.guanxi.workshop, review, decision, **more)


def undo(office: Office, review: int) -> None:
    with office.guanxi.store.transaction("test") as tx:
        stewardship.undo(tx, SYSTEM, office.guanxi.workshop, review)


def split(office: Office, word: str) -> stewardship.Split:
    with office.guanxi.store.transaction("test") as tx:
        name = office.name(word)
        return stewardship.split(tx, SYSTEM, office.guanxi.workshop, office.customer(word), [name])


def again(office: Office, folder) -> Office:
    return Office(office.guanxi, plant.run(office.guanxi, plant.plan_of(folder)))


def seen(office: Office) -> dict:
    """Return what people see of customers and what belongs to them."""
    found = plant.contents(office.guanxi.store)
    return {name: found[name] for name in plant.OBJECTS}


def test_a_join_merges_at_once_and_its_undo_restores_every_byte(office):
    review = office.review("K2", QINCHUAN)
    before = plant.bytes_of(office.guanxi.store)
    done = decide(office, review, "join")
    assert done.what == "merged"
    assert office.customer("K2") == office.customer(QINCHUAN) == done.customer_id
    undo(office, review)
    assert plant.bytes_of(office.guanxi.store) == before
    assert office.customer("K2") != office.customer(QINCHUAN)


def test_a_join_takes_the_values_the_rules_choose_and_the_one_a_steward_prefers(office):
    review = office.review("K2", QINCHUAN)
    done = decide(office, review, "join", chosen={"name": "right"})
    values = office.values(done.customer_id)
    assert values["name"] == QINCHUAN
    assert values["also_called"] == "宁波远帆包装有限公司"
    assert values["contact_name"] == "李晓芳"


def test_what_a_join_made_stands_in_the_next_run(office, folder):
    decide(office, office.review("K2", QINCHUAN), "join", chosen={"name": "right"})
    before = seen(office)
    later = again(office, folder)
    assert seen(later) == before
    assert later.customer("K2") == later.customer(QINCHUAN)
    assert plant.loaded(later.guanxi, later.run)["customer"] == {"unchanged": 7 - 1}


def test_an_apart_of_two_customers_is_noted_and_holds(office, folder):
    review = office.review("K2", QINCHUAN)
    assert decide(office, review, "apart").what == "noted"
    later = again(office, folder)
    assert later.customer("K2") != later.customer(QINCHUAN)
    with pytest.raises(Refused, match="keeps rows"):
        decide(office, office.review(QINCHUAN, "K2"), "join")


def test_an_apart_inside_one_customer_takes_the_row_out(office):
    review = office.review("K1", QINGHE)
    done = decide(office, review, "apart")
    assert done.what == "split"
    assert office.customer(QINGHE) == done.customer_id != office.customer("K1")


def test_an_apart_after_a_join_takes_the_join_apart_and_its_undo_joins_again(office):
    join = office.review("K2", QINCHUAN)
    number = decide(office, join, "join").customer_id
    before = seen(office)
    apart = office.review("K2", QINCHUAN)
    assert decide(office, apart, "apart").what == "parted"
    assert office.customer("K2") != office.customer(QINCHUAN)
    undo(office, apart)
    assert office.customer("K2") == office.customer(QINCHUAN) == number
    assert seen(office) == before
    undo(office, join)
    assert office.customer("K2") != office.customer(QINCHUAN)


def test_open_pairs_inside_the_joined_customer_follow_and_come_back(office):
    first, second = office.review("K1", SHUWEI), office.review(QINGHE, "K3")
    before = plant.bytes_of(office.guanxi.store)
    assert decide(office, first, "join").followed == (second,)
    states = {each["id"]: each["decision"] for each in office.all_reviews()}
    assert states == {first: "join", second: "join"}
    undo(office, second)
    assert plant.bytes_of(office.guanxi.store) == before


def test_of_two_stewards_the_second_is_told_who_was_quicker(office):
    review = office.review("K2", QINCHUAN)
    with office.guanxi.store.transaction("test") as tx:
        zhao = Actor(id=None, name="赵敏", roles=("steward",))
        stewardship.decide(tx, zhao, office.guanxi.workshop, review, "join")
    with pytest.raises(Conflict, match="already"):
        decide(office, review, "apart")
    undo(office, review)
    with pytest.raises(Refused, match="nothing to take back"):
        undo(office, review)


def test_deciding_needs_the_right_to_integrate(office):
    review = office.review("K2", QINCHUAN)
    reader = Actor(id=None, name="Anna", roles=("reader",))
    with office.guanxi.store.transaction("test") as tx:
        for act in (
            lambda: stewardship.decide(tx, reader, office.guanxi.workshop, review, "join"),
            lambda: stewardship.undo(tx, reader, office.guanxi.workshop, review),
            lambda: stewardship.take_apart(tx, reader, office.guanxi.workshop, 1),
            lambda: stewardship.put_back(tx, reader, "x"),
        ):
            with pytest.raises(NotAllowed):
                act()


def test_a_choice_there_is_not_is_refused_and_nothing_happens(office):
    review = office.review("K2", QINCHUAN)
    before = plant.bytes_of(office.guanxi.store)
    with pytest.raises(UnknownName):
        decide(office, review, "join", chosen={"name": "middle"})
    assert plant.bytes_of(office.guanxi.store) == before


def test_rows_not_loaded_yet_are_only_noted(office):
    review = office.review("K2", QINCHUAN)
    with office.guanxi.store.transaction("test") as tx:
        rollback.roll_back(tx, SYSTEM, office.run)
    with office.guanxi.store.transaction("test") as tx:
        left = stewardship.pair_of(tx, SYSTEM, review)
    assert (left.left_id, left.right_id) == (None, None)
    assert decide(office, review, "join").what == "noted"


def test_a_merge_taken_apart_from_its_list_is_remembered_as_different(office, folder):
    review = office.review("K2", QINCHUAN)
    decide(office, review, "join")
    with office.guanxi.store.transaction("test") as tx:
        listed = stewardship.unions(tx, SYSTEM)
        stewardship.take_apart(tx, SYSTEM, office.guanxi.workshop, listed[0].id)
    assert listed[0].others == (QINCHUAN,)
    assert {each["decision"] for each in office.all_reviews()} == {"apart"}
    later = again(office, folder)
    assert later.customer("K2") != later.customer(QINCHUAN)


def test_a_split_gives_each_what_its_rows_say_and_takes_the_children_along(office):
    done = split(office, QINGHE)
    fresh, stays = office.values(done.new_id), office.values(done.customer_id)
    assert (fresh["name"], fresh["mobile"], fresh["contact_name"]) == (QINGHE, "13900010001", None)
    assert (stays["name"], stays["also_called"]) == ("杭州青禾机械有限公司", None)
    tickets = [each["customer_id"] for each in plant.rows_of(office.guanxi.store, "crm.ticket")]
    assert done.new_id in tickets
    assert done.customer_id not in tickets
    assert office.customer("K1") == done.customer_id


def test_a_split_and_its_undo_leave_every_byte_as_it_was(office):
    before = plant.bytes_of(office.guanxi.store)
    done = split(office, QINGHE)
    assert plant.bytes_of(office.guanxi.store) != before
    with office.guanxi.store.transaction("test") as tx:
        assert [each.batch for each in stewardship.partings(tx, SYSTEM)] == [done.batch]
        stewardship.put_back(tx, SYSTEM, done.batch)
    assert plant.bytes_of(office.guanxi.store) == before
    with office.guanxi.store.transaction("test") as tx:
        assert stewardship.partings(tx, SYSTEM) == ()


def test_a_split_that_a_decision_made_comes_back_with_the_decision(office):
    review = office.review("K1", QINGHE)
    before = plant.bytes_of(office.guanxi.store)
    decide(office, review, "apart", comment="两家公司")
    undo(office, review)
    assert plant.bytes_of(office.guanxi.store) == before


def test_after_a_split_the_next_run_changes_nothing(office, folder):
    split(office, QINGHE)
    before = seen(office)
    later = again(office, folder)
    assert seen(later) == before
    assert plant.loaded(later.guanxi, later.run)["customer"] == {"unchanged": 8}


def test_a_split_leaves_what_the_run_would_have_made_of_rows_kept_apart(office, folder):
    split(office, QINGHE)
    made = seen(office)
    with office.guanxi.store.transaction("test") as tx:
        rollback.roll_back(tx, SYSTEM, office.run)
    _erase_everything(office)
    later = again(office, folder)
    assert seen(later) == made


def test_what_a_person_wrote_stays_with_the_customer_in_a_split(office):
    number = office.customer("K1")
    with office.guanxi.store.transaction("test") as tx:
        writing.update(tx, SYSTEM, "customer", number, {"wechat": "qinghe88", "mobile": "13911112222"})
    done = split(office, QINGHE)
    assert office.values(number)["mobile"] == "13911112222"
    assert office.values(number)["wechat"] == "qinghe88"
    assert office.values(done.new_id)["mobile"] == "13900010001"


def test_a_split_that_was_worked_on_since_is_not_put_back(office):
    done = split(office, QINGHE)
    with office.guanxi.store.transaction("test") as tx:
        writing.update(tx, SYSTEM, "customer", done.new_id, {"wechat": "new"})
    before = plant.bytes_of(office.guanxi.store)
    with pytest.raises(Conflict, match=QINGHE), office.guanxi.store.transaction("test") as tx:
        stewardship.put_back(tx, SYSTEM, done.batch)
    assert plant.bytes_of(office.guanxi.store) == before


def test_without_the_files_of_the_run_a_split_says_so(office):
    shutil.rmtree(office.guanxi.workshop.folder(office.run).path)
    with pytest.raises(Refused, match="files of the run"):
        split(office, QINGHE)


@pytest.mark.parametrize(
    ("words", "problem"), [((), "choose"), (("K2",), "do not belong"), (("K1", QINGHE), "must stay")]
)
def test_a_split_that_makes_no_sense_is_refused(office, words, problem):
    names = [office.name(each) for each in words]
    with pytest.raises(Refused, match=problem), office.guanxi.store.transaction("test") as tx:
        stewardship.split(tx, SYSTEM, office.guanxi.workshop, office.customer("K1"), names)


def test_customers_of_several_rows_are_listed_with_their_sources(office):
    with office.guanxi.store.transaction("test") as tx:
        found = {each.customer_id: each for each in stewardship.made_of_several(tx, SYSTEM)}
    assert found[office.customer("K1")].rows == 2
    assert sorted(found[office.customer("K1")].sources) == ["desk", "ledger"]


def _erase_everything(office: Office) -> None:
    """Leave only the reviews: what was split since the load is kept by its rollback."""
    with office.guanxi.store.transaction("test") as tx:
        tables = ", ".join(f'crm."{name}"' for name in plant.OBJECTS)
        tx.connection.exec_driver_sql(f"TRUNCATE {tables} CASCADE")
        tx.connection.exec_driver_sql("TRUNCATE guanxi.crosswalk, guanxi.search_entry")
