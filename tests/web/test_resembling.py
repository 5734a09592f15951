"""Laws of the warning while a new record is typed: what may be the same is shown with a link to it."""

import pytest

from tests.web.records import NAME, create, customer

COMPARED = "/o/customer/resembling"


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        (NAME, "the same Customer name"),
        ("杭州云帆机械", "nearly the same name"),
        ("杭州市云帆机械有限责任公司", "nearly the same name"),
        ("云帆机械有限公司", "a similar name"),
        ("云帆机", "a similar name"),
        ("杭州云帆", "a similar name"),
    ],
)
def test_a_name_that_is_nearly_there_is_shown_with_a_link(steward_browser, store, steward, typed, reason):
    number = customer(store, steward)
    page = steward_browser.get(f"{COMPARED}/name?name={typed}").text
    assert f'href="/o/customer/{number}"' in page
    assert reason in page


@pytest.mark.parametrize("typed", ["", "杭州", "有限公司", "杭州乐科电器有限公司", "云"])
def test_names_that_share_only_a_place_or_a_legal_form_resemble_nothing(
    steward_browser, store, steward, typed
):
    customer(store, steward)
    assert steward_browser.get(f"{COMPARED}/name?name={typed}").text.strip() == ""


def test_a_number_is_known_however_it_is_written_and_in_whichever_field(steward_browser, store, steward):
    number = customer(store, steward)
    for address in ("mobile?mobile=138 0013 8000", "phone?phone=%2B86-13800138000"):
        page = steward_browser.get(f"{COMPARED}/{address}").text
        assert f'href="/o/customer/{number}"' in page
        assert "the same Mobile" in page
    assert "resembling" not in steward_browser.get(f"{COMPARED}/mobile?mobile=138001380").text


def test_people_of_the_same_name_are_named_and_others_are_not(steward_browser, store, steward):
    firm = customer(store, steward)
    create(store, steward, "contact", name="李娜", customer=firm)
    create(store, steward, "contact", name="李娜英", customer=firm)
    page = steward_browser.get("/o/contact/resembling/name?name=李娜").text
    assert page.count("<li>") == 1


def test_the_form_asks_for_each_field_that_tells_records_apart(steward_browser):
    page = steward_browser.get("/o/customer/new").text
    for name in ("name", "mobile", "email", "credit_code"):
        assert f'hx-get="{COMPARED}/{name}"' in page
    assert f'hx-get="{COMPARED}/level"' not in page


def test_who_may_not_create_is_not_told_what_there_is(reader_browser, steward_browser, store, steward):
    customer(store, steward)
    assert reader_browser.get(f"{COMPARED}/name?name={NAME}").status_code == 403
    assert steward_browser.get(f"{COMPARED}/level?level=B").status_code == 404


def test_comparing_takes_few_queries(steward_browser, store, steward, queries):
    customer(store, steward)
    with queries() as sent:
        steward_browser.get(f"{COMPARED}/name?name={NAME}")
    assert len(sent) <= 6


def test_a_new_ticket_needs_no_number_and_the_form_begins_with_its_name(steward_browser, store, steward):
    firm = customer(store, steward)
    form = steward_browser.get(f"/o/ticket/new?customer={firm}").text
    assert form.index('name="subject"') < form.index('name="customer"') < form.index('name="number"')
    assert 'placeholder="Given by the system"' in form
    answer = steward_browser.post(
        "/o/ticket/new", {"customer": str(firm), "subject": "No power", "number": ""}
    )
    assert answer.status_code == 303, answer.text
    assert "No power" in steward_browser.get(answer.headers["location"]).text
