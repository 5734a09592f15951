"""Laws of the cleaning table: everything is in it with its reason, and one click decides one value or all alike."""

import re

import pytest

from guanxi.identity.actor import SYSTEM
from guanxi.records import reading
from guanxi.records.reading import Asked
from tests.web.cleaned import cleaned_run
from tests.web.conftest import text_of

HX = {"hx-request": "true"}
MOBILE = {"source": "ledger", "table": "ledger", "row": "2", "target": "customer.mobile"}
FURNITURE = {"source": "ledger", "table": "ledger", "row": "3", "target": "customer.industry"}


@pytest.fixture
def run(store, settings, steward) -> int:
    return cleaned_run(store, settings.home, steward)


@pytest.fixture
def address(run) -> str:
    return f"/runs/{run}/cleaning"


def said(store) -> list[tuple[str, str, str]]:
    """Return what people said: (kind, what the source says, value)."""
    fields = ("kind", "before", "value")
    with store.transaction("test") as tx:
        found = reading.find(
            tx, SYSTEM, Asked(object="correction", fields=fields, order=(("id", False),))
        ).records
        return [tuple(each.values[name] or "" for name in fields) for each in found]


def count(page: str, tab: str) -> int:
    return int(re.search(rf"{tab} (\d+)", text_of(page))[1])


def test_every_change_stands_with_before_after_and_reason(steward_browser, address):
    page = steward_browser.get(address).text
    assert "139 0001 0002" in page
    assert "13900010002" in page
    assert "a mobile number has 11 digits; this one has 9" in text_of(page)
    assert "Customer · Mobile" in text_of(page)


def test_the_tabs_count_every_line_once(steward_browser, address):
    page = steward_browser.get(address).text
    kinds = sum(count(page, tab) for tab in ("Changed", "Doubtful", "Not usable", "Set aside"))
    assert count(page, "Everything") == kinds > 0


def test_the_menu_leads_to_the_values_of_the_latest_run_that_wait_for_a_decision(steward_browser, address):
    page = steward_browser.get("/cleaning").text
    assert f'action="{address}"' in page
    assert "139000100" in page
    assert "139 0001 0002" not in page


def test_without_a_cleaned_run_the_page_says_what_will_be_here(steward_browser):
    assert "Nothing has been cleaned yet" in steward_browser.get("/cleaning").text


def test_filters_narrow_by_kind_field_reason_source_department_and_words(steward_browser, address):
    for query in ("kind=rejected", "field=customer.mobile&state=open", "reason=mobile_length", "q=139000100"):
        page = steward_browser.get(f"{address}?{query}").text
        assert "139000100" in page, query
        assert "做家具的" not in page.partition("<tbody>")[2], query
    assert "139000100" in steward_browser.get(address + "?department=销售部&source=ledger").text
    assert "No matches" in steward_browser.get(address + "?q=nothing-like-this").text


def test_a_doubtful_value_is_accepted_with_one_click_and_taken_back_with_another(
    steward_browser, store, address
):
    steward_browser.get(address)
    row = steward_browser.post(address + "/decide", {**FURNITURE, "act": "accept"}, **HX)
    assert row.status_code == 200
    assert "found to be right" in text_of(row.text)
    assert said(store) == [("accept", "做家具的", "")]
    number = re.search(r'name="first" value="(\d+)"', row.text)[1]
    row = steward_browser.post(address + "/undo", {**FURNITURE, "first": number, "last": number}, **HX)
    assert "Correct…" in row.text
    assert said(store) == []


def test_all_with_the_same_reason_are_decided_in_one_go_and_taken_back_in_one(
    steward_browser, store, address
):
    steward_browser.get(address)
    answer = steward_browser.post(
        address + "/decide", {**FURNITURE, "act": "accept-alike", "back": address + "?state=open"}
    )
    assert answer.status_code == 303
    page = steward_browser.get(answer.headers["location"]).text
    assert "2 values decided in one go" in page
    assert [each[0] for each in said(store)] == ["accept", "accept"]
    first, last = (re.search(rf'name="{name}" value="(\d+)"', page)[1] for name in ("first", "last"))
    steward_browser.post(address + "/undo", {"first": first, "last": last})
    assert said(store) == []


def test_what_waits_is_shown_by_field_and_reason_and_decided_group_by_group(steward_browser, store, address):
    page = steward_browser.get(address + "?state=open").text
    assert "All are right" in page
    form = {"state": "open", "field": "customer.industry", "reason": "industry_guess", "back": address}
    answer = steward_browser.post(address + "/decide-group", form)
    assert "2 values decided" in steward_browser.get(answer.headers["location"]).text
    assert said(store) == [("accept", "做家具的", "")] * 2
    assert steward_browser.post(address + "/decide-group", {"state": "open"}).status_code == 404


def test_a_value_is_corrected_by_its_own_widget_and_standard(steward_browser, store, address):
    steward_browser.get(address)
    query = "&".join(f"{name}={value}" for name, value in MOBILE.items())
    form = steward_browser.get(f"{address}/line?{query}&open=1", **HX).text
    assert 'type="tel"' in form
    told = steward_browser.get(f"{address}/standard?{query}&mobile=139-0001-0001", **HX).text
    assert "13900010001" in told
    wrong = steward_browser.post(address + "/decide", {**MOBILE, "act": "correct", "mobile": "12"}, **HX)
    assert wrong.status_code == 422
    assert "a mobile number has 11 digits" in text_of(wrong.text)
    assert 'value="12"' in wrong.text
    right = steward_browser.post(
        address + "/decide", {**MOBILE, "act": "correct", "mobile": "139-0001-0001"}, **HX
    )
    assert right.status_code == 200
    assert "13900010001" in right.text
    assert said(store) == [("correct", "139000100", "13900010001")]


def test_all_that_say_the_same_are_corrected_alike(steward_browser, store, address):
    steward_browser.get(address)
    form = {**FURNITURE, "act": "correct-same", "industry": "家具制造业"}
    assert steward_browser.post(address + "/decide", form).status_code == 303
    assert said(store) == [("correct", "做家具的", "C21")] * 2


def test_a_department_is_asked_with_a_day(steward_browser, store, address):
    steward_browser.get(address)
    form = {**MOBILE, "act": "give", "department": "销售部", "due_on": "2030-01-31"}
    assert "销售部 is asked" in text_of(steward_browser.post(address + "/decide", form, **HX).text)
    with store.transaction("test") as tx:
        (gap,) = reading.find(
            tx, SYSTEM, Asked(object="gap", fields=("department", "found", "due_on"))
        ).records
    assert (gap.values["department"], gap.values["found"]) == ("销售部", "139000100")
    assert gap.values["due_on"].isoformat() == "2030-01-31"


def test_nobody_without_the_ability_sees_or_decides_anything(reader_browser, store, address):
    for path in (
        "/cleaning",
        address,
        address + "/line?source=ledger&table=ledger&row=2&target=customer.mobile",
    ):
        assert reader_browser.get(path).status_code == 403
    reader_browser.get("/")
    assert reader_browser.post(address + "/decide", {**MOBILE, "act": "accept"}).status_code == 403
    assert said(store) == []


def test_a_form_without_its_token_decides_nothing(steward_browser, store, address):
    assert (
        steward_browser.post(address + "/decide", {**MOBILE, "act": "accept"}, token="x").status_code == 403
    )
    assert said(store) == []


@pytest.mark.parametrize(
    "change", [{"row": "999"}, {"row": "x"}, {"target": "customer.nothing"}, {"source": "other"}]
)
def test_a_value_the_run_does_not_know_is_not_found(steward_browser, store, address, change):
    steward_browser.get(address)
    answer = steward_browser.post(address + "/decide", {**MOBILE, **change, "act": "accept"})
    assert answer.status_code == 404
    assert said(store) == []


def test_what_sources_say_is_never_markup(steward_browser, store, settings, steward):
    rows = [("K9", "<b>x</b> 有限公司", "", "<script>alert(1)</script>", "", "")]
    number = cleaned_run(store, settings.home / "other", steward, rows)
    del number
    page = steward_browser.get("/cleaning").text
    assert "<script>alert" not in page


def test_the_table_asks_few_questions(steward_browser, address, queries):
    steward_browser.get(address)
    with queries() as sent:
        steward_browser.get(address)
    assert len([each for each in sent if each.lstrip().upper().startswith("SELECT")]) <= 12


def test_the_table_speaks_chinese(browser, address):
    assert browser().sign_in("steward", "zh").get(address).status_code == 200


def test_a_number_of_the_sources_own_is_told_to_be_kept_and_needs_no_decision(steward_browser, address):
    page = steward_browser.get(f"{address}?kind=rejected&field=customer.number").text
    line = page[page.index('data-label="Before" title="K1"') :].split("</tr>")[0]
    assert "kept in another field" in line
    assert "kept as Customer · Former number" in line
    assert "Leave out" not in line
    assert "K1" in line.split('data-label="After"')[1].split("</td>")[0]
