"""Laws of crowds: a form of millions of values is not taken apart, and sign-ins leave room for who is in."""

from concurrent.futures import ThreadPoolExecutor

from guanxi.web.receiving import MOST_VALUES, OPEN_FORM_BYTES
from guanxi.web.site import AT_THE_DOOR
from tests.web.conftest import text_of


def test_a_form_of_too_many_values_is_refused_in_words(steward_browser, store):
    steward_browser.get("/habits")
    answer = steward_browser.post("/habits/theme", {"theme": "dark", "id": ["1"] * MOST_VALUES})
    assert answer.status_code == 400
    assert "holds too much" in text_of(answer.text)
    assert steward_browser.post("/habits/theme", {"theme": "dark", "id": ["1"] * 20_000}).status_code == 303


def test_the_form_of_a_stranger_is_small(browser):
    someone = browser()
    someone.get("/sign-in")
    form = {"login": "steward", "password": "x" * OPEN_FORM_BYTES}
    answer = someone.post("/sign-in", form)
    assert answer.status_code == 400
    assert "holds too much" in text_of(answer.text)


def test_a_crowd_at_the_entrance_waits_there_and_leaves_room_for_who_is_in(steward_browser, browser):
    client, someone = steward_browser.client, browser()
    door, crowd = client.app.state.door, [object() for _ in range(AT_THE_DOOR)]
    someone.get("/sign-in")
    for each in crowd:
        client.blocking_portal.call(door.acquire_on_behalf_of, each)
    with ThreadPoolExecutor(1) as thread:
        waiting = thread.submit(someone.post, "/sign-in", {"login": "nobody", "password": "x"})
        while not door.statistics().tasks_waiting:
            assert not waiting.done()
        assert steward_browser.get("/").status_code == 200
        assert not waiting.done()
        for each in crowd:
            client.blocking_portal.call(door.release_on_behalf_of, each)
        assert waiting.result().status_code == 422
