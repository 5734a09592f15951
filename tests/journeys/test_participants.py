"""Who took part: several people chosen by typing, by tapping and by keys, on a desk and on a phone."""

import re

import pytest
from playwright.sync_api import Page, expect

from guanxi.store.transactions import Store
from tests.journeys.conftest import picture, sign_in
from tests.journeys.test_access import AXE, judged
from tests.web.records import create, customer

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("journeys")]

LONG = "阿卜杜勒·" + "热合曼" * 8


@pytest.fixture
def at(store: Store, steward) -> int:
    found = customer(store, steward)
    for place, name in enumerate(("张三", "李四", "王小明", LONG)):
        create(store, steward, "contact", name=name, customer=found, mobile=f"1370013700{place}")
    return found


def test_on_a_phone_a_visit_is_noted_with_two_who_took_part(phone: Page, address: str, at: int):
    sign_in(phone, address, "steward")
    phone.goto(f"{address}/o/customer/{at}")
    phone.locator(".composer-kinds label", has_text="拜访").tap()
    phone.fill(".composer textarea", "年度复盘\n三季度扩产，要两台新机")
    phone.locator(".composer .picked-one", has_text="张三").tap()
    phone.locator(".composer .picked-one", has_text=LONG).tap()
    picture(phone, "participants-phone-composer")
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390
    phone.tap(".composer .btn-primary")
    expect(phone.locator(".timeline li").first).to_contain_text("张三")
    expect(phone.locator(".timeline li").first).to_contain_text(LONG)
    expect(phone.locator(".composer .picked-one input:checked")).to_have_count(0)
    picture(phone, "participants-phone-timeline")
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390


def test_several_are_found_by_pinyin_and_taken_away_by_keys(desk: Page, address: str, at: int):
    sign_in(desk, address, "steward")
    desk.goto(f"{address}/o/activity/new?customer={at}")
    picture(desk, "participants-new")
    desk.fill("#field-subject", "年度复盘")
    desk.fill("#field-customer", "")
    desk.locator("#field-customer").press_sequentially("yunfan")
    expect(desk.locator("#field-customer-list [role=option]").first).to_be_visible()
    desk.keyboard.press("Enter")
    desk.locator("summary.group-name").click()
    box = desk.locator("#field-participants")
    for typed, name in (("zhangsan", "张三"), ("lisi", "李四"), ("wxm", "王小明")):
        box.press_sequentially(typed)
        expect(desk.locator("#field-participants-list [role=option]").first).to_contain_text(name)
        desk.keyboard.press("Enter")
        expect(desk.locator(".picked-one", has_text=name)).to_be_visible()
    desk.keyboard.press("Backspace")
    expect(desk.locator(".picked input:checked")).to_have_count(2)
    picture(desk, "participants-form")
    desk.click(".form-acts .btn-primary")
    desk.wait_for_url(re.compile(r"/o/activity/\d+$"))
    fact = desk.locator("[data-fact=participants]")
    expect(fact).to_contain_text("张三")
    expect(fact).not_to_contain_text("王小明")
    fact.hover()
    fact.locator(".fact-edit").click()
    desk.locator("[data-fact=participants] [role=combobox]").press_sequentially("rehe")
    desk.locator("[data-fact=participants] [role=option]").first.click()
    picture(desk, "participants-fact")
    desk.locator("[data-fact=participants] .btn-primary").click()
    expect(fact.locator(".btn-primary")).to_have_count(0)
    expect(fact).to_contain_text(LONG)
    if AXE.is_file():
        assert judged(desk) == []
    picture(desk, "participants-record")


def test_a_list_is_filtered_and_its_cells_changed_by_who_took_part(
    desk: Page, address: str, at: int, store: Store, steward
):
    activity = create(store, steward, "activity", subject="电话回访", customer=at)
    sign_in(desk, address, "steward")
    desk.goto(f"{address}/o/activity?columns=subject,participants,happened_at")
    cell = desk.locator(f"[data-edit-at='/o/activity/{activity}/cell/participants']")
    cell.dblclick()
    cell.locator("[role=combobox]").press_sequentially("lisi")
    expect(cell.locator("[role=option]").first).to_contain_text("李四")
    desk.keyboard.press("Enter")
    picture(desk, "participants-cell")
    cell.locator(".btn-primary").click()
    expect(cell.locator("[data-cell]")).to_have_count(0)
    expect(cell).to_contain_text("李四")
    desk.goto(f"{address}/o/activity/filter?g0=all&r0.0.path=participants&r0.0.operator=has_any&act=redraw")
    desk.locator(".rule [role=combobox]").press_sequentially("lisi")
    expect(desk.locator(".rule [role=option]").first).to_be_visible()
    desk.keyboard.press("Enter")
    picture(desk, "participants-filter")
    desk.locator(".builder-end .btn-primary").click()
    desk.wait_for_url("**where=**")
    expect(desk.locator("tbody")).to_contain_text("电话回访")
    expect(desk.locator(".chips")).to_contain_text("李四")
    picture(desk, "participants-list")
    desk.goto(f"{address}/o/contact?q=lisi")
    desk.locator("tbody a.line-link").first.click()
    expect(desk.locator(".timeline")).to_contain_text("电话回访")
    picture(desk, "participants-contact")


def test_the_form_of_a_ticket_fits_a_phone_and_begins_filled_in(phone: Page, address: str, at: int):
    sign_in(phone, address, "steward")
    phone.goto(f"{address}/o/ticket/new?customer={at}")
    expect(phone.locator("#field-status")).to_have_value("new")
    expect(phone.locator("#field-opened_at")).not_to_have_value("")
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390
    picture(phone, "ticket-phone")
    phone.fill("#field-subject", "主轴异响")
    phone.tap(".form-acts .btn-primary")
    phone.wait_for_url(re.compile(r"/o/ticket/\d+$"))
    expect(phone.locator(".record-head")).to_contain_text("待受理")
