"""Laws of the mapping page: every word is kept at once, shown with its samples, and only given by who may."""

import re
from datetime import UTC, datetime

import pytest

from guanxi.identity.actor import SYSTEM
from guanxi.integration import inventory
from guanxi.integration.staging import RunFolder
from guanxi.store.transactions import Store
from tests.web.studies import LEDGER, source, write

MOST_QUERIES = 12
PHONE, HOTLINE, LEVEL, NOTE = (
    LEDGER[0].index(name) for name in ("联系电话", "热线", "客户等级", "区域经理备注")
)
PART = {"hx-request": "true"}


def said(store: Store, number: int) -> dict:
    with store.transaction("test") as tx:
        return dict(
            inventory.source_plan(inventory.load_source(tx, SYSTEM, number)).mapping.get("ledger", {})
        )


def line_of(text: str, place: int) -> str:
    found = re.search(
        rf'<li class="map-line[^"]*" id="column-{place}".*?</li>\s*(?=<li class="map-line|<section|</ol>|$)',
        text,
        re.S,
    )
    assert found, place
    return found[0]


def test_every_column_stands_beside_its_field_with_its_samples(steward_browser, ledger):
    page = steward_browser.get(f"/sources/{ledger}/mapping").text
    line = line_of(page, PHONE)
    assert 'value="Customer · Mobile"' in line
    assert "139-0001-0002" in line
    assert "13900010002" in line
    assert "不详" in line
    assert "refused" in line
    assert "8 of 10 columns mapped" in page or "of 10 columns mapped" in page


def test_a_study_of_an_earlier_version_asks_to_be_read_again(steward_browser, ledger, settings):
    for kept in settings.home.rglob("*.suggested.json"):
        kept.unlink()
    page = steward_browser.get(f"/sources/{ledger}/mapping")
    assert page.status_code == 200
    assert "Read it again" in page.text
    assert f'href="/sources/{ledger}"' in page.text
    assert steward_browser.get(f"/sources/{ledger}/profile").status_code == 200
    assert steward_browser.post(f"/sources/{ledger}/mapping/accept", {"table": "0"}).status_code == 404


def test_a_word_is_kept_at_once_and_the_line_comes_back_with_new_samples(steward_browser, ledger, store):
    steward_browser.get(f"/sources/{ledger}/mapping")
    form = {"table": "0", "column": str(HOTLINE), "words": "customer · phone"}
    answer = steward_browser.post(f"/sources/{ledger}/mapping/column", form, **PART)
    assert answer.status_code == 200
    assert 'value="Customer · Phone"' in line_of(answer.text, HOTLINE)
    assert "0571-88886601" in answer.text
    assert 'id="coverage" hx-swap-oob="true"' in answer.text
    assert said(store, ledger) == {"热线": "customer.phone"}


def test_a_column_that_gives_way_comes_back_too_and_says_why(steward_browser, ledger, store):
    steward_browser.get(f"/sources/{ledger}/mapping")
    form = {"table": "0", "column": str(HOTLINE), "path": "customer.mobile"}
    answer = steward_browser.post(f"/sources/{ledger}/mapping/column", form, **PART)
    line = line_of(answer.text, PHONE)
    assert 'hx-swap-oob="true"' in line
    assert "Customer · Mobile comes from the column 热线" in line


def test_leaving_out_confirming_and_taking_back(steward_browser, ledger, store):
    steward_browser.get(f"/sources/{ledger}/mapping")
    address = f"/sources/{ledger}/mapping/column"
    for do, kept in (
        ("leave_out", {"联系电话": ""}),
        ("take_back", {}),
        ("confirm", {"联系电话": "customer.mobile"}),
    ):
        form = {"table": "0", "column": str(PHONE), "do": do}
        assert steward_browser.post(address, form, **PART).status_code == 200
        assert said(store, ledger) == kept


def test_words_that_name_no_field_stay_in_their_place_with_the_problem_beside_them(
    steward_browser, ledger, store
):
    steward_browser.get(f"/sources/{ledger}/mapping")
    form = {"table": "0", "column": str(HOTLINE), "words": "Customer · Rocket"}
    answer = steward_browser.post(f"/sources/{ledger}/mapping/column", form, **PART)
    assert answer.status_code == 422
    assert 'value="Customer · Rocket"' in answer.text
    assert "there is no field of this name" in answer.text
    assert said(store, ledger) == {}
    whole = steward_browser.post(f"/sources/{ledger}/mapping/column", form)
    assert whole.status_code == 422
    assert "there is no field of this name" in whole.text


def test_without_scripts_the_forms_work_and_lead_back(steward_browser, ledger, store):
    steward_browser.get(f"/sources/{ledger}/mapping")
    form = {"table": "0", "column": str(HOTLINE), "words": "Customer · Phone"}
    answer = steward_browser.post(f"/sources/{ledger}/mapping/column", form)
    assert (answer.status_code, answer.headers["location"]) == (
        303,
        f"/sources/{ledger}/mapping?table=0#column-{HOTLINE}",
    )
    answer = steward_browser.post(f"/sources/{ledger}/mapping/accept", {"table": "0"})
    assert answer.status_code == 303
    assert set(said(store, ledger)) == set(LEDGER[0])
    page = steward_browser.get(f"/sources/{ledger}/mapping").text
    assert "Mapping accepted" in page
    assert f'href="/runs/new?source={ledger}"' in page


def test_a_required_field_that_nothing_fills_is_named(steward_browser, ledger):
    steward_browser.get(f"/sources/{ledger}/mapping")
    form = {"table": "0", "column": str(LEDGER[0].index("单位名称")), "do": "leave_out"}
    answer = steward_browser.post(f"/sources/{ledger}/mapping/column", form, **PART)
    assert "Customer · Customer name is required, and no column fills it" in answer.text
    assert "1 required field missing" in answer.text


def test_what_rows_are_can_be_changed(steward_browser, ledger):
    steward_browser.get(f"/sources/{ledger}/mapping")
    answer = steward_browser.post(f"/sources/{ledger}/mapping/rows", {"table": "0", "object": "contact"})
    assert answer.status_code == 303
    page = steward_browser.get(f"/sources/{ledger}/mapping").text
    assert '<option value="contact" selected>' in page
    assert "each contact belongs to the customer known by" in page


def test_a_value_without_a_meaning_gets_one(steward_browser, ledger, store):
    address = f"/sources/{ledger}/mapping/values?table=0&column={LEVEL}"
    part = steward_browser.get(address, **PART).text
    assert re.findall(r'<th scope="row" title="[^"]*">([^<]*)<', part)[0] == "铁杆"
    assert "no meaning yet" in part
    steward_browser.get(f"/sources/{ledger}/mapping")
    form = {"table": "0", "column": str(LEVEL), "value": "铁杆", "meaning": ":A"}
    answer = steward_browser.post(f"/sources/{ledger}/mapping/value", form, **PART)
    assert "no meaning yet" not in answer.text
    assert f'id="samples-only-{LEVEL}" hx-swap-oob="innerHTML"' in answer.text
    assert (
        steward_browser.post(f"/sources/{ledger}/mapping/value", {**form, "meaning": ":Z"}).status_code == 422
    )
    assert steward_browser.get(address).status_code == 200


def test_a_new_field_is_proposed_shown_made_and_mapped(administrator_browser, ledger, store):
    steward = administrator_browser
    address = f"/sources/{ledger}/mapping/field"
    page = steward.get(f"{address}?table=0&column={NOTE}").text
    assert 'value="区域经理备注"' in page
    form = {
        "table": "0", "column": str(NOTE), "object": "customer", "label_zh": "大区备注", "label_en": "Region note",
        "type": "text", "name": "region_note", "choices": "",
    }  # fmt: skip
    shown = steward.post(address, {**form, "step": "preview"})
    assert "add the field region_note (Region note, text) to customer" in shown.text
    assert said(store, ledger) == {}
    wrong = steward.post(address, {**form, "label_zh": "", "label_en": "", "step": "make"})
    assert wrong.status_code == 422
    assert "a field needs a name" in wrong.text
    assert steward.post(address, {**form, "name": "Bad Name", "step": "make"}).status_code == 422
    made = steward.post(address, {**form, "step": "make"})
    assert made.status_code == 303
    assert said(store, ledger) == {"区域经理备注": "customer.region_note"}
    page = steward.get(f"/sources/{ledger}/mapping").text
    assert 'value="Customer · Region note"' in line_of(page, NOTE)


def test_readers_look_and_change_nothing(reader_browser, ledger, store):
    page = reader_browser.get(f"/sources/{ledger}/mapping").text
    assert "Customer · Mobile" in page
    assert "data-combo" not in page
    assert "Accept the mapping" not in page
    for path, form in (
        ("column", {"table": "0", "column": "1", "do": "leave_out"}),
        ("rows", {"table": "0", "object": "contact"}),
        ("accept", {"table": "0"}),
        ("again", {"table": "0"}),
        ("value", {"table": "0", "column": str(LEVEL), "value": "x", "meaning": "="}),
        ("field", {"table": "0", "column": "1"}),
    ):
        assert reader_browser.post(f"/sources/{ledger}/mapping/{path}", form).status_code == 403, path
    assert said(store, ledger) == {}


def test_stewards_make_no_fields(steward_browser, ledger):
    assert "mapping/field" not in steward_browser.get(f"/sources/{ledger}/mapping").text
    assert steward_browser.get(f"/sources/{ledger}/mapping/field?table=0&column=1").status_code == 403


def test_a_form_of_another_site_is_refused(steward_browser, ledger, store):
    steward_browser.get(f"/sources/{ledger}/mapping")
    form = {"table": "0", "column": "1", "do": "leave_out"}
    assert steward_browser.post(f"/sources/{ledger}/mapping/column", form, token="wrong").status_code == 403
    assert said(store, ledger) == {}


def test_the_pages_need_few_queries(steward_browser, ledger, queries):
    steward_browser.get("/")
    with queries() as sent:
        steward_browser.get(f"/sources/{ledger}/mapping")
    assert len(sent) <= MOST_QUERIES, sent


@pytest.mark.parametrize("query", ["table=9", "table=x"])
def test_what_is_not_there_is_not_found(steward_browser, ledger, query):
    assert steward_browser.get(f"/sources/{ledger}/mapping?{query}").status_code == 404


def test_a_source_that_was_not_studied_says_so(steward_browser, store, settings):
    number = source(store, write(settings.home / "new.csv"), "new")
    assert "Nothing to see yet" in steward_browser.get(f"/sources/{number}/mapping").text
    assert steward_browser.post(f"/sources/{number}/mapping/accept", {}).status_code == 404


def test_the_page_speaks_the_readers_language(browser, ledger):
    page = browser().sign_in("steward", "zh").get(f"/sources/{ledger}/mapping").text
    assert 'value="客户 · 手机号码"' in page


@pytest.mark.parametrize("page", ["profile", "mapping"])
def test_while_a_source_is_read_its_pages_tell_how_far_it_is_and_come_anew_at_the_end(
    steward_browser, store, settings, page
):
    settings.home.mkdir(exist_ok=True)
    number = source(store, write(settings.home / "fresh.csv"), "fresh")
    now = datetime(2026, 3, 1, tzinfo=UTC)
    state = {"work": "one", "state": "reading", "when": now.isoformat(), "problem": None}
    kept = RunFolder(settings.home / "sources" / "fresh")
    kept.write_json("read", "study", state)
    waiting = steward_browser.get(f"/sources/{number}/{page}").text
    assert f'hx-get="/sources/{number}/state"' in waiting
    assert (
        'hx-target="body"' not in waiting
    )  # a body alone would come without the styles and scripts of the page
    assert "Reading every row" in steward_browser.get(f"/sources/{number}/state").text
    kept.write_json("read", "study", {**state, "state": "done"})
    assert steward_browser.get(f"/sources/{number}/state").headers["hx-refresh"] == "true"
