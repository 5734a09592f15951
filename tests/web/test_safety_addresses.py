"""Laws of what stands in addresses and forms: no number, sign or length in them brings a page down."""

from urllib.parse import quote

import pytest

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


def test_a_number_beyond_every_record_leads_to_nothing(steward_browser):
    for address in ("/notices", "/sources", "/runs", "/duplicates", "/o/customer"):
        assert steward_browser.get(f"{address}/{2**63}").status_code == 404, address
