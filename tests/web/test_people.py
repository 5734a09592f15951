"""Laws of the people's pages: first passwords, resets, roles, who may see them."""

import re

from tests.web.conftest import Browser
from tests.world import actor_called

GIVEN = {"name": "赵六", "login": "zhao", "password": "", "role": "reader", "department": "销售部"}


def shown_once(text: str) -> str:
    return re.search(r"<code>([a-z2-9-]+)</code>", text)[1]


def sign_in(someone: Browser, login: str, password: str) -> Browser:
    someone.get("/sign-in")
    assert someone.post("/sign-in", {"login": login, "password": password}).status_code == 303
    return someone


def test_a_new_person_gets_a_password_for_one_sign_in_and_chooses_an_own(administrator_browser, browser):
    administrator_browser.get("/settings/people")
    made = administrator_browser.post("/settings/people", GIVEN)
    assert made.headers["cache-control"] == "no-store"
    password = shown_once(made.text)
    assert password not in administrator_browser.get("/settings/people").text
    someone = sign_in(browser(), "zhao", password)
    for address in ("/", "/o/customer", "/settings/people"):
        assert someone.get(address).headers["location"] == "/habits/password"
    assert "habits/password" in someone.get("/habits/password").text
    same = someone.post("/habits/password", {"old": password, "password": password})
    assert same.status_code == 422
    right = someone.post("/habits/password", {"old": password, "password": "a quiet green river"})
    assert right.headers["location"] == "/"
    assert someone.get("/").status_code == 200


def test_a_reset_shows_the_password_once_and_signs_the_person_out(
    administrator_browser, reader_browser, store, browser
):
    number = actor_called(store, "reader").id
    assert administrator_browser.get(f"/settings/people/{number}").status_code == 200
    password = shown_once(administrator_browser.post(f"/settings/people/{number}/password").text)
    assert reader_browser.get("/").headers["location"] == "/sign-in"
    sign_in(browser(), "reader", password)


def test_a_person_may_hold_several_roles_and_keeps_what_was_typed(administrator_browser, store):
    number = actor_called(store, "reader").id
    administrator_browser.get(f"/settings/people/{number}")
    wrong = administrator_browser.post(
        f"/settings/people/{number}", {"name": "", "login": "reader", "role": ["", "steward"]}
    )
    assert wrong.status_code == 422
    assert "A value is needed here" in wrong.text
    assert re.search(r'value="steward" checked', wrong.text)
    administrator_browser.post(
        f"/settings/people/{number}", {"name": "Anna", "login": "reader", "role": ["", "reader", "steward"]}
    )
    assert actor_called(store, "reader").roles == ("reader", "steward")


def test_the_last_administrator_is_told_beside_the_roles(administrator_browser, store):
    number = actor_called(store, "administrator").id
    administrator_browser.get(f"/settings/people/{number}")
    answer = administrator_browser.post(f"/settings/people/{number}", {"role": ["", "reader"]})
    assert answer.status_code == 422
    assert "Somebody must be left who may administer" in answer.text


def test_only_administrators_see_people_and_reset_passwords(steward_browser, store):
    number = actor_called(store, "reader").id
    assert steward_browser.get("/settings/people").status_code == 403
    assert steward_browser.get(f"/settings/people/{number}").status_code == 403
    steward_browser.get("/")
    assert steward_browser.post(f"/settings/people/{number}/password").status_code == 403


def test_somebody_who_is_not_there_is_not_found(administrator_browser):
    assert administrator_browser.get("/settings/people/999999").status_code == 404
