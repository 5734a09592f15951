"""Laws of the edge: headers, form tokens, cookies, addresses to return to, people not signed in."""

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from litestar.testing import TestClient

from guanxi.web import security
from guanxi.web.places import read_place, write_place
from guanxi.web.site import build_site, find_pages
from tests.web.records import customer


def filled(path: str) -> str:
    for place, value in (
        ("{object_name:str}", "customer"),
        ("{record_id:int}", "1"),
        ("{change_id:int}", "1"),
    ):
        path = path.replace(place, value)
    path = re.sub(r"\{\w+:int\}", "1", path)
    return re.sub(r"\{\w+:\w+\}", "name", path)


POSTS = sorted({filled(page.path) for page in find_pages() if page.method == "POST" and not page.is_open})
GETS = sorted({filled(page.path) for page in find_pages() if page.method == "GET" and not page.is_open})


def test_every_answer_carries_the_protective_headers(browser):
    someone = browser()
    for address in ("/sign-in", "/", "/static/site.css", "/nowhere"):
        headers = someone.get(address).headers
        policy = headers["content-security-policy"]
        assert "unsafe" not in policy
        assert "frame-ancestors 'none'" in policy
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "same-origin"
        assert "geolocation=()" in headers["permissions-policy"]


def test_no_page_holds_an_inline_script_or_style(steward_browser, store, steward):
    number = customer(store, steward)
    for address in ("/", "/o/customer", f"/o/customer/{number}", "/o/customer/new", "/habits"):
        page = steward_browser.get(address).text
        assert "<style" not in page
        assert " style=" not in page
        assert " onclick=" not in page
        assert page.count("<script") == page.count("<script src=")


@pytest.mark.parametrize("address", GETS)
def test_nobody_gets_a_page_without_signing_in(browser, address):
    answer = browser().get(address)
    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/sign-in")


def test_no_form_counts_without_the_token_of_its_browser(steward_browser, browser):
    other = browser().sign_in("administrator")
    for address in POSTS:
        for token in ("", "wrong", other.token):
            assert steward_browser.post(address, token=token).status_code == 403, address


def test_a_form_from_another_site_does_not_count(steward_browser):
    answer = steward_browser.post("/habits/theme", {"theme": "dark"}, origin="https://elsewhere.example")
    assert answer.status_code == 403
    assert steward_browser.post("/habits/theme", {"theme": "dark"}, origin="null").status_code == 403


def test_a_sign_in_form_needs_the_visitors_own_token(browser):
    mine, theirs = browser(), browser()
    theirs.get("/sign-in")
    mine.get("/sign-in")
    assert mine.post("/sign-in", {"login": "reader", "password": "x"}, token=theirs.token).status_code == 403


def test_the_session_cookie_is_out_of_reach(browser):
    someone = browser()
    someone.get("/sign-in")
    cookie = someone.post("/sign-in", {"login": "reader", "password": "correct horse battery"}).headers[
        "set-cookie"
    ]
    for word in ("HttpOnly", "SameSite=lax", "Secure", "Path=/"):
        assert word in cookie


def test_signing_out_ends_the_session_for_good(reader_browser):
    kept = dict(reader_browser.cookies)
    assert reader_browser.post("/sign-out").status_code == 303
    reader_browser.cookies = kept
    assert reader_browser.get("/").headers["location"].startswith("/sign-in")


@pytest.mark.parametrize(
    "address",
    [
        "//evil.example",
        "/\\evil.example",
        "https://evil.example",
        "javascript:alert(1)",
        "",
        "/a\nb",
        "\\\\x",
    ],
)
def test_no_sign_in_leads_to_another_site(browser, address):
    assert security.safe_next(address) == "/"
    someone = browser()
    someone.get("/sign-in")
    form = {"login": "reader", "password": "correct horse battery", "next": address}
    assert someone.post("/sign-in", form).headers["location"] == "/"


def test_a_sign_in_leads_where_the_person_wanted_to_go(browser):
    someone = browser()
    assert someone.get("/o/customer").headers["location"] == "/sign-in?next=%2Fo%2Fcustomer"
    someone.get("/sign-in?next=/o/customer")
    form = {"login": "reader", "password": "correct horse battery", "next": "/o/customer"}
    assert someone.post("/sign-in", form).headers["location"] == "/o/customer"


@given(
    st.lists(
        st.none()
        | st.integers(-(2**62), 2**62)
        | st.text(alphabet=st.characters(codec="utf-8", exclude_characters="\x00"))
        | st.dates()
        | st.booleans(),
        min_size=1,
        max_size=3,
    )
)
def test_a_place_in_a_list_comes_back_as_it_left(place):
    assert read_place(write_place(tuple(place), "secret"), "secret") == tuple(place)


@given(st.text(max_size=80))
def test_a_foreign_place_is_no_place(text):
    assert read_place(text, "secret") is None
    assert read_place(write_place((1,), "another"), "secret") is None


def test_over_https_the_browser_is_told_to_ask_in_no_other_way(browser, store, settings):
    assert "max-age=31536000" in browser().get("/sign-in").headers["strict-transport-security"]
    with TestClient(build_site(store, settings), base_url="http://testserver.local") as client:
        assert "strict-transport-security" not in client.get("/sign-in").headers


def test_behind_a_web_server_that_speaks_https_cookies_and_browsers_are_kept_to_it(store, settings):
    site = build_site(store, replace(settings, https=True))
    with TestClient(site, base_url="http://testserver.local") as client:
        answer = client.get("/sign-in")
    assert "Secure" in answer.headers["set-cookie"]
    assert "max-age=31536000" in answer.headers["strict-transport-security"]
