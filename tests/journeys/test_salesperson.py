"""A salesperson finds a customer, notes a visit, changes a number, and takes a mistake back."""

import re

import pytest
from playwright.sync_api import Page, expect

from guanxi.records import writing
from guanxi.store.transactions import Store
from tests.journeys.conftest import picture, sign_in
from tests.web.records import NAME, create, customer

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("journeys")]


@pytest.fixture
def number(store: Store, steward) -> int:
    found = customer(store, steward)
    create(store, steward, "contact", name="张三", customer=found, mobile="13700137000")
    return found


def test_on_a_phone_a_customer_is_found_by_initials_and_a_visit_noted(phone: Page, address: str, number: int):
    sign_in(phone, address, "steward")
    phone.tap("[data-palette]")
    phone.fill("#palette-words", "yfjx")
    phone.locator(".hit", has_text=NAME).tap()
    phone.wait_for_url(f"{address}/o/customer/{number}")
    phone.tap("a[href='#composer']")
    phone.locator(".composer-kinds label", has_text="拜访").tap()
    phone.fill(".composer textarea", "拜访采购部\n下月扩产")
    phone.tap(".composer .btn-primary")
    expect(phone.locator(".timeline li").first).to_contain_text("下月扩产")
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390
    picture(phone, "phone-visit")


def test_the_palette_opens_by_keyboard_and_enter_goes_there(desk: Page, address: str, number: int):
    sign_in(desk, address, "steward")
    desk.keyboard.press("Control+k")
    desk.keyboard.type("yunfan")
    expect(desk.locator(".hit[aria-selected=true]")).to_contain_text(NAME)
    desk.keyboard.press("Enter")
    desk.wait_for_url(f"{address}/o/customer/{number}")


def test_a_wrong_number_is_refused_beside_its_field_and_escape_leaves_it_as_it_was(
    desk: Page, address: str, number: int
):
    sign_in(desk, address, "steward")
    desk.goto(f"{address}/o/customer/{number}")
    fact = desk.locator("[data-fact=mobile]")
    fact.hover()
    fact.locator(".fact-edit").click()
    desk.locator("[data-fact=mobile] input[name=mobile]").fill("123")
    desk.keyboard.press("Enter")
    expect(desk.locator("[data-fact=mobile] .problem")).to_contain_text("11 位")
    assert desk.locator("[data-fact=mobile] input[name=mobile]").input_value() == "123"
    picture(desk, "wrong-number")
    desk.locator("[data-fact=mobile] input[name=mobile]").focus()
    desk.keyboard.press("Escape")
    expect(desk.locator("[data-fact=mobile]")).to_contain_text("13800138000")


def test_a_lost_update_asks_which_value_stays(
    desk: Page, address: str, number: int, store: Store, administrator
):
    sign_in(desk, address, "steward")
    desk.goto(f"{address}/o/customer/{number}")
    desk.locator("[data-fact=mobile]").hover()
    desk.locator("[data-fact=mobile] .fact-edit").click()
    desk.wait_for_selector("[data-fact=mobile] input[name=mobile]")
    with store.transaction("web") as tx:
        writing.update(tx, administrator, "customer", number, {"mobile": "13900139000"})
    desk.locator("[data-fact=mobile] input[name=mobile]").fill("13600136000")
    desk.keyboard.press("Enter")
    dispute = desk.locator(".fact-dispute")
    expect(dispute).to_contain_text("13900139000")
    picture(desk, "lost-update")
    dispute.locator(".btn-primary").click()
    expect(desk.locator("[data-fact=mobile]")).to_contain_text("13600136000")


def test_a_new_contact_is_linked_by_typing_and_a_deletion_taken_back(desk: Page, address: str, number: int):
    sign_in(desk, address, "steward")
    desk.goto(f"{address}/o/contact/new")
    desk.fill("#field-customer", "yunfan")
    desk.locator(".picker-list [role=option]", has_text=NAME).click()
    desk.fill("#field-name", "李四")
    desk.click(".form-acts .btn-primary")
    desk.wait_for_url(re.compile(r"/o/contact/\d+$"))
    expect(desk.locator("[data-fact=customer]")).to_contain_text(NAME)
    desk.click("[data-dialog=deletion]")
    desk.click("#deletion .btn-danger")
    expect(desk.locator(".banner")).to_be_visible()
    desk.click(".banner button")
    expect(desk.locator(".banner")).to_have_count(0)


def test_light_dark_and_language_are_two_clicks_away(desk: Page, address: str, number: int):
    sign_in(desk, address, "steward")
    desk.goto(f"{address}/o/customer")
    desk.click(".person-menu summary")
    desk.click("[data-habit=theme] button[value=dark]")
    expect(desk.locator("html")).to_have_attribute("data-bs-theme", "dark")
    desk.click(".person-menu summary")
    desk.click("button[lang=en]")
    expect(desk.locator("h1")).to_contain_text("Customers")
    picture(desk, "list-dark-english")


def test_where_a_value_comes_from_is_told_on_focus_and_touch(
    phone: Page, address: str, number: int, store: Store
):
    with store.transaction("web") as tx:
        tx.connection.exec_driver_sql(
            """UPDATE crm.customer SET origin = '{"mobile": {"source": "销售台账", "row": 182}}'"""
        )
    sign_in(phone, address, "steward")
    phone.goto(f"{address}/o/customer/{number}")
    card = phone.locator("[data-fact=mobile] .origin-card")
    expect(card).to_be_hidden()
    phone.tap("[data-fact=mobile] .origin-mark")
    expect(card).to_be_visible()
    expect(card).to_contain_text("销售台账")
    place = phone.locator("[data-fact=mobile] .origin-mark").bounding_box()
    phone.evaluate(
        "top => { document.activeElement.blur(); window.scrollBy(0, top - innerHeight + 30) }", place["y"]
    )
    phone.tap("[data-fact=mobile] .origin-mark")
    expect(card).to_be_in_viewport(ratio=1)


def test_a_run_under_way_shows_its_end_without_reloading_by_hand(
    desk: Page, address: str, store: Store, steward
):
    run = create(store, steward, "run", name="夜间整合", state="running", stage="match")
    sign_in(desk, address, "steward")
    desk.goto(f"{address}/runs/{run}")
    expect(desk.locator(".next h2")).to_contain_text("正在准备数据")
    with store.transaction("web") as tx:
        writing.update(tx, steward, "run", run, {"state": "finished", "counts": {"load": {"created": 1216}}})
    expect(desk.locator(".next h2")).to_contain_text("已完成", timeout=20_000)
    expect(desk.locator(".flow")).to_contain_text("1,216")


def test_a_lost_connection_is_told_and_the_run_followed_again(
    desk: Page, address: str, store: Store, steward
):
    run = create(store, steward, "run", name="夜间整合", state="running", stage="match")
    sign_in(desk, address, "steward")
    desk.route("**/events", lambda asked: asked.abort("connectionfailed"))
    desk.goto(f"{address}/runs/{run}")
    expect(desk.locator("#run-lost")).to_be_visible()
    with store.transaction("web") as tx:
        writing.update(tx, steward, "run", run, {"state": "finished", "counts": {"load": {"created": 1216}}})
    desk.unroute("**/events")
    expect(desk.locator(".next h2")).to_contain_text("已完成")
    expect(desk.locator("#run-lost")).to_be_hidden()


def test_who_types_fast_and_presses_enter_gets_what_was_typed(desk: Page, address: str, number: int):
    sign_in(desk, address, "steward")
    desk.keyboard.press("Control+k")
    desk.locator("#palette-results [role=option]").first.wait_for()
    desk.keyboard.type("yfjx")
    desk.keyboard.press("Enter")
    desk.wait_for_url(f"{address}/o/customer/{number}")


def test_a_value_opened_for_change_waits_for_typing(phone: Page, address: str, number: int):
    sign_in(phone, address, "steward")
    phone.goto(f"{address}/o/customer/{number}")
    phone.tap("[data-fact=mobile] .fact-edit")
    expect(phone.locator("[data-fact=mobile] input[name=mobile]")).to_be_focused()
