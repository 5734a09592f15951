"""Laws of what people are asked: a pair is put before a steward once, whichever run names it, in whichever order."""

from tests.world import database_server, steward, store

from guanxi.integration import tasks
from guanxi.integration.workshop import Workshop
from guanxi.records import reading, writing
from guanxi.records.reading import Asked
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


__all__ = ["database_server", "steward", "store"]
