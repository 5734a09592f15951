"""Laws of what stands in addresses and forms: no number, sign or length in them brings a page down."""

from urllib.parse import quote, urlencode

import pytest

from guanxi.web.lists.filters import Group, Rule, write_filter
from tests.web.records import customer

WRONG = ("²", "9" * 5000, str(2**63), "-1", "\0", "'")
NUMBERED = (
    "/merged?before={}",
    "/merged?after={}",
    "/notices?before={}",
    "/duplicates?run={}",
    "/runs/new?source={}",
    "/runs/1/quarantine?start={}",
    "/runs/1/cleaning?start={}&done=1-{}-1",
    "/sources/1/profile?table={}",
    "/sources/1/mapping?table={}",
    "/o/contact?customer={}",
    "/o/customer?q={}",
    "/search?q={}",
    "/pick/customer?q={}",
)


@pytest.mark.parametrize("address", NUMBERED)
def test_no_page_breaks_over_what_an_address_asks(steward_browser, address):
    for wrong in WRONG:
        assert steward_browser.get(address.replace("{}", quote(wrong))).status_code < 500, wrong[:20]


def test_no_form_breaks_over_a_number_that_is_none(steward_browser, store, steward):
    number = customer(store, steward)
    steward_browser.get("/o/customer")
    forms = (
        ("/runs", "source"),
        ("/runs/1/cleaning/undo", "first"),
        ("/o/customer/bulk", "id"),
        ("/o/customer/export", "id"),
        (f"/o/customer/{number}/rows", "take"),
        ("/o/customer", "name"),
    )
    for address, field in forms:
        for wrong in WRONG:
            form = {"act": "delete", "last": wrong, field: wrong}
            assert steward_browser.post(address, form).status_code < 500, (address, wrong[:20])


def test_no_version_and_no_sign_in_a_form_brings_a_page_down(
    steward_browser, administrator_browser, store, steward
):
    number = customer(store, steward)
    for each in (steward_browser, administrator_browser):
        each.get("/o/customer")
    for wrong in (*WRONG, "abc", "[]"):
        for way in ("edit", "cell"):
            for form in ({"name": "甲", "version": wrong}, {"name": "", "version": wrong}, {"name": wrong}):
                answer = steward_browser.post(f"/o/customer/{number}/{way}/name", form)
                assert answer.status_code < 500, (way, form)
        asked = {
            "folder": f"{wrong}x",
            "title": "x",
            "step": "keep",
            "page_size": wrong,
            "url": "https://a.example",
        }
        for kind in ("folder", "rest"):
            assert steward_browser.post(f"/sources/new/{kind}", asked).status_code < 500, (kind, wrong[:20])
        assert administrator_browser.post("/settings/system/company", {"company": wrong}).status_code < 500
        person = {
            "login": f"a{wrong[:9]}",
            "name": "b",
            "department": wrong[:9],
            "password": "correct horse 5",
        }
        assert administrator_browser.post("/settings/people", person).status_code < 500


def test_no_rule_of_a_filter_brings_a_list_down(steward_browser):
    asked = (
        *(("updated_at", each) for each in ("last", "next", "older", "between", "in", "on")),
        *(("customer", each) for each in ("is", "is_not")),
        *(("owner", each) for each in ("any_of", "none_of")),
    )
    for path, operator in asked:
        for value in (*WRONG, "00000000136500000000", "0" * 5000 + "1"):
            rule = Group(members=(Rule(path=path, operator=operator, values=(value, value)),))
            one = Group(members=(Rule(path=path, operator=operator, values=(value,)),))
            for where in (rule, one):
                query = urlencode({"where": write_filter(where)})
                for address in ("/o/ticket", "/o/ticket/filter"):
                    answer = steward_browser.get(f"{address}?{query}")
                    assert answer.status_code < 500, (address, operator, value[:20])


def test_nobody_outside_brings_a_page_down(browser):
    someone = browser()
    someone.get("/sign-in")
    for wrong in WRONG:
        form = {"login": wrong, "password": wrong, "next": wrong, "language": wrong}
        assert someone.post("/sign-in", form).status_code == 422, wrong[:20]
    for origin in ("http://[", "http://]", "https://testserver.local@elsewhere.example", "//"):
        assert someone.post("/sign-in", {"login": "x"}, origin=origin).status_code == 403, origin


def test_a_number_beyond_every_record_leads_to_nothing(steward_browser):
    for address in ("/notices", "/sources", "/runs", "/duplicates", "/o/customer"):
        assert steward_browser.get(f"{address}/{2**63}").status_code == 404, address
