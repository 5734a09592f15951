"""The frame by clicking: first-run set-up, bell, help, the person's menu, settings."""

import re

import pytest
from playwright.sync_api import Page, expect

from guanxi.identity import notices
from guanxi.kernel.text import say
from guanxi.store.transactions import Store
from tests.journeys.conftest import picture, sign_in
from tests.web.records import create, customer
from tests.world import actor_called

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("journeys")]


def tell(store: Store, login: str) -> None:
    person = actor_called(store, login)
    with store.transaction("test") as tx:
        message = say("{run} is finished: everything is loaded and checked", run="夜间整合")
        notices.notify(tx, [person.id or 0], message, "/o/customer", kind="run_finished")


def test_the_first_person_sets_the_company_up_in_one_form(desk: Page, address: str, store: Store):
    with store.transaction("test") as tx:
        tx.connection.exec_driver_sql("TRUNCATE guanxi.user_account CASCADE")
    desk.goto(address)
    desk.fill("#company", "云帆机械")
    desk.fill("#name", "张三")
    desk.fill("#login", "zhang")
    desk.fill("#password", "zhang is a word")
    expect(desk.locator("[data-rule=length]")).to_have_class("rule-met")
    expect(desk.locator("[data-rule=about]")).not_to_have_class("rule-met")
    desk.fill("#password", "a quiet green river")
    expect(desk.locator("[data-rule=about]")).to_have_class("rule-met")
    picture(desk, "frame-set-up")
    desk.click("button.btn-primary")
    desk.wait_for_url(address + "/")
    expect(desk.locator(".brand")).to_contain_text("云帆机械")
    expect(desk.locator(".welcome .btn-primary")).to_be_visible()
    picture(desk, "frame-home-empty")


def test_a_notice_is_counted_told_in_the_panel_and_read_by_following_it(
    desk: Page, address: str, store: Store
):
    sign_in(desk, address, "steward")
    tell(store, "steward")
    desk.evaluate("htmx.ajax('GET', '/notices/count', {target: '#unread', swap: 'outerHTML'})")
    expect(desk.locator("#unread")).to_have_attribute("data-count", "1")
    expect(desk.locator("#notices .notice")).to_be_visible()
    desk.click(".bell summary")
    expect(desk.locator(".notice-panel .news li")).to_have_count(1)
    picture(desk, "frame-bell")
    desk.click(".notice-panel .news a")
    desk.wait_for_url(address + "/o/customer")
    expect(desk.locator("#unread")).to_have_attribute("data-count", "0")


def test_help_comes_by_a_key_and_leaves_the_page_as_it_was(desk: Page, address: str):
    sign_in(desk, address, "steward")
    desk.goto(address + "/o/customer")
    desk.keyboard.press("?")
    expect(desk.locator("#help")).to_be_visible()
    expect(desk.locator("#help-body h2")).to_have_text(re.compile("列表|Lists"))
    desk.keyboard.press("Escape")
    expect(desk.locator("#help")).to_be_hidden()


def test_what_may_be_created_comes_by_a_key_and_is_walked_with_arrows(desk: Page, address: str):
    sign_in(desk, address, "steward")
    desk.keyboard.press("c")
    expect(desk.locator(".create-menu a").first).to_be_focused()
    desk.keyboard.press("ArrowDown")
    expect(desk.locator(".create-menu a").nth(1)).to_be_focused()
    desk.keyboard.press("Escape")
    expect(desk.locator(".create-menu summary")).to_be_focused()


def test_density_is_chosen_in_the_menu_and_remembered(desk: Page, address: str):
    sign_in(desk, address, "steward")
    desk.click(".person-menu summary")
    desk.click("[data-habit=density] button[value=compact]")
    expect(desk.locator("html")).to_have_attribute("data-density", "compact")
    desk.goto(address + "/o/customer")
    expect(desk.locator("html")).to_have_attribute("data-density", "compact")


@pytest.mark.parametrize("width", [1440, 360])
def test_nothing_sticks_out_of_frame_and_settings_however_long_the_names(
    desk: Page, address: str, store: Store, administrator, width: int
):
    long = "内蒙古自治区呼和浩特市云帆精密机械设备制造与进出口贸易有限责任公司" * 2
    for number in range(3):
        customer(store, administrator, name=f"{long}{number}")
    create(store, administrator, "run", name=long, state="pilot", counts={})
    tell(store, "administrator")
    desk.set_viewport_size({"width": width, "height": 800})
    sign_in(desk, address, "administrator")
    wide = []
    for path, clicked in (
        ("/", ""),
        ("/", ".person-menu summary"),
        ("/", ".bell summary"),
        ("/", ".create-menu summary"),
        ("/notices", ""),
        ("/help?of=/duplicates", ""),
        ("/habits", ""),
        ("/habits/password", ""),
        ("/settings/people", ""),
        (f"/settings/people/{administrator.id}", ""),
        ("/settings/roles", ""),
        ("/settings/objects?object=gap", ""),
        ("/settings/packs", ""),
        ("/settings/system", ""),
    ):
        desk.goto(address + path)
        if clicked:
            desk.click(clicked)
            desk.wait_for_load_state("networkidle")
        if desk.evaluate("document.documentElement.scrollWidth > innerWidth"):
            wide.append(path + clicked)
    picture(desk, f"frame-system-{width}")
    assert wide == []


def test_what_the_skip_link_leads_to_stands_below_the_head(desk: Page, address: str):
    sign_in(desk, address, "steward")
    desk.goto(f"{address}/sources/new")
    desk.keyboard.press("Tab")
    expect(desk.locator(".skip")).to_be_focused()
    desk.keyboard.press("Enter")
    head, way_back = desk.locator(".top").bounding_box(), desk.locator(".crumbs").bounding_box()
    assert way_back["y"] >= head["y"] + head["height"]
