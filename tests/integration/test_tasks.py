"""Laws of what people are asked: a pair is put before a steward once, whichever run names it, in whichever order."""

from tests.world import database_server, steward, store

from guanxi.integration import tasks
from guanxi.integration.workshop import Workshop
from guanxi.records import reading, writing
from guanxi.records.reading import Asked
from guanxi.store import batches
from guanxi.store.batches import Crossing
from guanxi.store.transactions import Store


def a_run(store: Store, actor, name: str) -> None:
    with store.transaction("test") as tx:
        writing.create(tx, actor, "run", {"name": name, "folder": name, "state": "running", "plan": {}})


def pair(left: str, right: str) -> dict:
    return {"title": f"{left} ↔ {right}", "left_key": left, "right_key": right, "probability": 71}


def asked(store: Store, actor) -> list[str]:
    with store.transaction("test") as tx:
        found = reading.find(tx, actor, Asked(object="review", fields=("title",), order=(("id", False),)))
        return [each.values["title"] for each in found.records]


def test_a_later_run_that_names_a_pair_the_other_way_round_asks_nothing_again(
    store: Store, steward, tmp_path, monkeypatch
):
    shop = Workshop(store=store, home=tmp_path)
    for run, found in (
        ("first", [pair("ledger|1", "desk|2")]),
        ("second", [pair("desk|2", "ledger|1"), pair("desk|2", "shop|3")]),
    ):
        a_run(store, steward, run)
        monkeypatch.setattr(tasks, "reviews_of", lambda folder, found=found: (found, 0))
        monkeypatch.setattr(tasks.runs, "actor_of", lambda shop, run: steward)
        tasks.hand_out_reviews(shop, run)
    assert asked(store, steward) == ["ledger|1 ↔ desk|2", "desk|2 ↔ shop|3"]


def test_other_rows_of_two_customers_that_were_asked_about_are_not_asked_again(
    store: Store, steward, tmp_path, monkeypatch
):
    shop = Workshop(store=store, home=tmp_path)
    monkeypatch.setattr(tasks.runs, "actor_of", lambda shop, run: steward)
    found = [pair("ledger|1", "desk|2")]
    monkeypatch.setattr(tasks, "reviews_of", lambda folder: (found, 0))
    a_run(store, steward, "first")
    tasks.hand_out_reviews(shop, "first")
    with store.transaction("test") as tx:
        one, other = (writing.create(tx, steward, "customer", {"name": name}) for name in "甲乙")
        rows = [("ledger", "1", one), ("ledger", "9", one), ("desk", "2", other), ("desk", "7", other)]
        batch = tx.in_batch(batches.begin(tx, "first"))
        batches.cross(batch, [Crossing(source, key, "customer", record) for source, key, record in rows])
    found = [pair("ledger|9", f"guanxi|{other}"), pair("ledger|9", "shop|3"), pair("shop|3", f"guanxi|{one}")]
    a_run(store, steward, "second")
    tasks.hand_out_reviews(shop, "second")
    assert asked(store, steward) == ["ledger|1 ↔ desk|2", "ledger|9 ↔ shop|3"]


__all__ = ["database_server", "steward", "store"]
