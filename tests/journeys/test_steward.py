"""A steward works the stack by keys, takes decisions back, takes rows apart; one decides on a phone."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from guanxi.integration.staging import RunFolder
from guanxi.records import writing
from guanxi.store.transactions import Store
from tests.journeys.conftest import picture, sign_in
from tests.web.stewardship import pair, row, run_files

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("journeys")]

ONE, OTHER = "杭州云帆机械有限公司", "杭州云帆机诫有限公司"
THIRD, FOURTH = "宁波远帆包装有限公司", "宁波远航包装有限公司"


@pytest.fixture
def stack(store: Store, steward, tmp_path: Path) -> dict[str, int]:
    """Return the numbers of two pairs, of a customer made of two rows, and of that pair's customers."""
    first = row(store, steward, "ledger", "1", name=ONE, mobile="13800138000")
    row(store, steward, "desk", "2", name=OTHER)
    row(store, steward, "ledger", "3", name=THIRD, industry="C13")
    row(store, steward, "desk", "4", name=FOURTH)
    two = row(store, steward, "ledger", "5", name="成都蜀味食品有限公司", mobile="13900010003")
    row(store, steward, "desk", "6", record=two)
    top = pair(store, steward, ("ledger|1", ONE), ("desk|2", OTHER), 92)
    low = pair(store, steward, ("ledger|3", THIRD), ("desk|4", FOURTH), 61)
    run_files(
        RunFolder(tmp_path / "runs" / "first"),
        [
            ("ledger", "1", {"name": ONE, "mobile": "13800138000"}),
            ("desk", "2", {"name": OTHER}),
            ("ledger", "3", {"name": THIRD, "industry": "C13"}),
            ("desk", "4", {"name": FOURTH}),
            ("ledger", "5", {"name": "成都蜀味食品有限公司", "mobile": "13900010003"}),
            ("desk", "6", {"name": "蜀味食品"}),
        ],
    )
    return {"top": top, "low": low, "first": first, "two": two}


def test_a_steward_decides_by_keys_and_takes_it_back(desk: Page, address: str, stack):
    sign_in(desk, address, "steward")
    desk.goto(address + "/duplicates")
    expect(desk.locator(".pair")).to_have_attribute("data-id", str(stack["top"]))
    expect(desk.locator(".pair-line mark").first).to_have_text("械")
    picture(desk, "steward-stack")
    desk.keyboard.press("ArrowDown")
    expect(desk.locator(".pair")).to_have_attribute("data-id", str(stack["low"]))
    desk.keyboard.press("ArrowUp")
    expect(desk.locator(".pair")).to_have_attribute("data-id", str(stack["top"]))
    desk.locator("input[name='choice.name'][value=left]").check()
    desk.keyboard.press("y")
    expect(desk.locator(".stack-told")).to_be_visible()
    expect(desk.locator(".pair")).to_have_attribute("data-id", str(stack["low"]))
    expect(desk.locator(".stack-counts [data-left]")).to_have_text("1")
    expect(desk.locator(".stack-side [data-left]")).to_have_text("1")
    expect(desk.locator("[data-today]")).to_have_text("1")
    desk.keyboard.press("n")
    expect(desk.locator("[data-place] .blank")).to_be_visible()
    expect(desk.locator("[data-today]")).to_have_text("2")
    picture(desk, "steward-done")
    desk.keyboard.press("u")
    expect(desk.locator(".pair")).to_have_attribute("data-id", str(stack["low"]))
    desk.keyboard.press("u")
    expect(desk.locator(".pair")).to_have_attribute("data-id", str(stack["top"]))
    expect(desk.locator(".stack-counts [data-left]")).to_have_text("2")
    desk.keyboard.press("s")
    expect(desk.locator(".pair")).to_have_attribute("data-id", str(stack["low"]))


def test_a_pair_somebody_else_decided_meanwhile_does_not_come_back(
    desk: Page, address: str, store: Store, administrator, stack
):
    sign_in(desk, address, "steward")
    desk.goto(address + "/duplicates")
    expect(desk.locator(".pair")).to_have_attribute("data-id", str(stack["top"]))
    with store.transaction("test") as tx:
        decided = {"decision": "apart", "decided_by": administrator.id, "decided_at": tx.now}
        writing.update(tx, administrator, "review", stack["top"], decided)
    desk.keyboard.press("n")
    expect(desk.locator(".pair")).to_have_attribute("data-id", str(stack["low"]))
    expect(desk.locator("#notices .notice")).to_be_visible()
    expect(desk.locator(".pair")).to_have_attribute("data-id", str(stack["low"]))
    expect(desk.locator("li[data-pair]")).to_have_count(1)
    expect(desk.locator(".stack-counts [data-left]")).to_have_text("1")
    expect(desk.locator("[data-today]")).to_have_text("0")


# Answers arrive, but what they say can be read only later, as on a slow line.
SLOW = """
const read = Response.prototype.text;
Response.prototype.text = function () {
  return new Promise((done) => setTimeout(done, 400)).then(() => read.call(this));
};
"""


def test_an_undo_on_the_heels_of_a_decision_takes_back_that_one(desk: Page, address: str, stack):
    desk.add_init_script(SLOW)
    sign_in(desk, address, "steward")
    desk.goto(address + "/duplicates")
    expect(desk.locator(".pair")).to_have_attribute("data-id", str(stack["top"]))
    desk.keyboard.press("n")
    expect(desk.locator(".pair")).to_have_attribute("data-id", str(stack["low"]))
    desk.keyboard.press("n")
    desk.keyboard.press("u")
    expect(desk.locator(".pair")).to_have_attribute("data-id", str(stack["low"]))
    expect(desk.locator(".stack-counts [data-left]")).to_have_text("1")


def test_a_refused_decision_comes_back_with_its_reason(
    desk: Page, address: str, stack, store: Store, administrator
):
    sign_in(desk, address, "steward")
    desk.goto(address + "/duplicates")
    expect(desk.locator(".pair")).to_have_attribute("data-id", str(stack["top"]))
    pair(store, administrator, ("desk|2", OTHER), ("ledger|1", ONE), 50, decision="apart")
    desk.keyboard.press("y")
    expect(desk.locator(".notice")).to_contain_text(ONE)
    expect(desk.locator(".pair")).to_have_attribute("data-id", str(stack["top"]))
    expect(desk.locator(".stack-counts [data-left]")).to_have_text("2")


def test_a_merge_is_taken_apart_and_a_row_taken_out_and_put_back(desk: Page, address: str, stack):
    sign_in(desk, address, "steward")
    desk.goto(address + "/duplicates")
    expect(desk.locator(".pair")).to_be_visible()
    desk.keyboard.press("y")
    expect(desk.locator(".stack-told")).to_be_visible()
    desk.goto(address + "/merged")
    picture(desk, "steward-merged")
    joined = desk.locator("li", has_text=OTHER).first
    joined.locator("summary").click()
    joined.locator("button.btn-primary").click()
    expect(desk.locator("form[action$=take-apart]")).to_have_count(0)
    rows_of_two = f"{address}/o/customer/{stack['two']}/rows"
    desk.goto(rows_of_two)
    desk.locator("input[name=take]").nth(0).check()
    desk.locator(".split-ask button").click()
    picture(desk, "steward-split")
    desk.locator("form[method=post].split-ask button").click()
    expect(desk).to_have_url(re.compile(rf"/o/customer/(?!{stack['two']}/)\d+/rows$"))
    expect(desk.locator("h1")).to_contain_text("蜀味")
    desk.goto(address + "/merged")
    apart = desk.locator("li", has=desk.locator("form[action$=put-back]"))
    apart.locator("summary").click()
    apart.locator("button.btn-primary").click()
    desk.wait_for_url(rows_of_two)
    expect(desk.locator("input[name=take]")).to_have_count(2)


def test_a_pair_is_decided_on_a_phone(phone: Page, address: str, stack):
    sign_in(phone, address, "steward")
    phone.goto(address + "/duplicates")
    expect(phone.locator(".pair")).to_have_attribute("data-id", str(stack["top"]))
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390
    picture(phone, "steward-phone")
    phone.locator("button[value=join]").tap()
    expect(phone.locator(".stack-told")).to_be_visible()
    expect(phone.locator(".pair")).to_have_attribute("data-id", str(stack["low"]))
    phone.locator(".stack-told [data-undo]").tap()
    expect(phone.locator(".pair")).to_have_attribute("data-id", str(stack["top"]))
