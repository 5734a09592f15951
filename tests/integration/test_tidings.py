"""Laws of who is told what about a run."""

import pytest
from tests.world import administrator, database_server, reader, steward, store

from guanxi.identity import notices
from guanxi.integration import runs, tidings
from guanxi.records import writing
from guanxi.store.transactions import Store, Transaction

PLAN = {
    "name": "夜间",
    "source": [{"name": "a", "department": "信息部"}, {"name": "b", "department": "信息部"}],
}


def a_run(tx: Transaction, actor, **given) -> int:
    return writing.create(
        tx, actor, "run", {"name": "夜间", "folder": "r1", "state": "running", "plan": PLAN, **given}
    )


@pytest.mark.parametrize(
    ("state", "kinds"),
    [
        ("pilot", ["run_waits"]),
        ("failed", ["run_failed"]),
        ("finished", ["sign_off", "run_finished"]),
        ("running", []),
        ("cancelled", []),
    ],
)
def test_whoever_began_a_run_is_told_once_how_it_stands(store: Store, steward, state, kinds):
    with store.transaction("test") as tx:
        a_run(tx, steward)
        for _ in range(2):
            runs.change(tx, "r1", state=state)
        assert [each.kind for each in notices.latest(tx, steward)] == kinds


def test_each_department_of_the_plan_is_asked_once_for_its_signature(
    store: Store, steward, administrator, reader
):
    with store.transaction("test") as tx:
        run = a_run(tx, steward)
        runs.change(tx, "r1", state="finished")
        asked = [each for each in notices.latest(tx, administrator) if each.kind == "sign_off"]
        assert [each.address for each in asked] == [f"/runs/{run}/proof"]
        assert notices.latest(tx, reader) == ()


def test_a_department_is_told_how_many_facts_it_is_asked_for(store: Store, reader, steward):
    with store.transaction("test") as tx:
        tidings.tell_gaps(tx, [{"department": "销售部"}, {"department": "销售部"}, {"department": None}])
        (told,) = notices.latest(tx, reader)
        assert told.message.values == {"number": 2, "department": "销售部"}
        assert told.address == "/gaps"
        assert notices.latest(tx, steward) == ()


def test_stewards_are_told_how_many_pairs_of_a_run_are_new_to_them(store: Store, steward, reader):
    with store.transaction("test") as tx:
        run = a_run(tx, steward)
        tidings.tell_reviews(tx, run, 0)
        assert notices.latest(tx, steward) == ()
        tidings.tell_reviews(tx, run, 3)
        (told,) = notices.latest(tx, steward)
        assert (told.kind, told.address) == ("review", f"/duplicates?run={run}")
        assert told.message.values == {"run": "夜间", "number": 3}
        assert notices.latest(tx, reader) == ()


__all__ = ["administrator", "database_server", "reader", "steward", "store"]
