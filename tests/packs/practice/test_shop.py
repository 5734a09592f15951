"""The shop answers like a real one: pages, a filter, a token, and one honest failure."""

import httpx
import pytest

from guanxi.kernel.errors import Refused
from guanxi.packs.practice import World, open_shop


@pytest.fixture(scope="module")
def shop(world: World):
    with open_shop(world.folder) as running:
        yield running


def ask(shop, **parameters):
    headers = {"Authorization": f"Bearer {shop.token}"}
    return httpx.get(shop.orders_url, params=parameters, headers=headers, trust_env=False)


def every_order(shop, size, **parameters):
    orders, page = [], 1
    while True:
        data = ask(shop, page=page, size=size, **parameters).json()["data"]
        orders += data["orders"]
        page += 1
        if len(orders) >= data["total"] or not data["orders"]:
            return orders


@pytest.mark.parametrize("size", [7, 100, 200])
def test_the_pages_together_are_all_orders_in_the_order_of_the_truth(shop, world: World, size):
    keys = [row.key for row in world.truth.rows if row.source == "shop"]
    assert [order["order_no"] for order in every_order(shop, size)] == keys


def test_a_page_behind_the_last_is_empty_and_still_tells_the_total(shop, world: World):
    data = ask(shop, page=10_000).json()["data"]
    assert data["orders"] == []
    assert data["total"] == sum(row.source == "shop" for row in world.truth.rows)


def test_changed_since_gives_what_changed_then_or_later_and_nothing_else(shop):
    everything = every_order(shop, 200)
    moment = sorted(order["updated_at"] for order in everything)[len(everything) // 2]
    changed = every_order(shop, 50, changed_since=moment)
    assert changed == [order for order in everything if order["updated_at"] >= moment]
    assert 0 < len(changed) < len(everything)


def test_a_missing_or_wrong_token_is_refused(shop):
    assert httpx.get(shop.orders_url, trust_env=False).status_code == 401
    wrong = {"Authorization": "Bearer guess"}
    assert httpx.get(shop.orders_url, headers=wrong, trust_env=False).status_code == 401


@pytest.mark.parametrize(
    "parameters", [{"page": 0}, {"size": 201}, {"size": "many"}, {"changed_since": "yesterday"}]
)
def test_a_question_that_makes_no_sense_is_answered_with_400(shop, parameters):
    answer = ask(shop, **parameters)
    assert answer.status_code == 400
    assert answer.json()["data"] is None


def test_another_path_is_not_found(shop):
    assert httpx.get(f"{shop.url}/admin", trust_env=False).status_code == 404


def test_a_failing_page_fails_once_with_a_time_to_wait_and_then_answers(world: World):
    with open_shop(world.folder, failing_page=2) as shop:
        assert ask(shop, page=1).status_code == 200
        failed = ask(shop, page=2)
        assert (failed.status_code, failed.headers["Retry-After"]) == (503, "1")
        assert ask(shop, page=2).status_code == 200


def test_a_folder_without_orders_cannot_open_a_shop(tmp_path):
    with pytest.raises(Refused, match="build the practice company first"), open_shop(tmp_path):
        pass
