"""Somebody who works in lists all day: filters, arranges columns, changes cells, changes many, exports."""

from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Page, expect

from guanxi.records import reading
from guanxi.records.reading import Asked
from guanxi.store.transactions import Store
from tests.journeys.conftest import picture, sign_in
from tests.web.records import customer

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("journeys")]


@pytest.fixture
def numbers(store: Store, steward) -> list[int]:
    return [
        customer(store, steward, name=f"云帆机械{at}厂", level="AB"[at % 2], total_amount=str(at * 1000))
        for at in range(8)
    ]


def test_a_list_is_filtered_arranged_and_kept_as_a_view(desk: Page, address: str, numbers: list[int]):
    sign_in(desk, address, "steward")
    desk.goto(f"{address}/o/customer")
    desk.click(".chip-more")
    desk.select_option(".rule-field", "total_amount")
    desk.wait_for_selector("select[name='r0.0.operator'] option[value=above]", state="attached")
    desk.select_option("select[name='r0.0.operator']", "above")
    expect(desk.locator(".rule-operator")).to_have_attribute("data-asks", "number")
    desk.locator("input[name='r0.0.value']").fill("很多")
    desk.keyboard.press("Enter")
    expect(desk.locator(".rule .problem")).to_be_visible()
    desk.locator("input[name='r0.0.value']").fill("4000")
    desk.keyboard.press("Enter")
    desk.wait_for_url("**where=**")
    expect(desk.locator("tr[data-record]")).to_have_count(3)
    expect(desk.locator(".chip-rule")).to_contain_text("4000")
    desk.click(".tools-right a >> nth=0")
    desk.select_option("[data-add]", "total_amount")
    desk.wait_for_selector(".column-order input[value=total_amount]", state="attached")
    for _ in range(8):
        desk.locator(".column-order li", has=desk.locator("input[value=total_amount]")).locator(
            "[data-move='-1']"
        ).click()
    desk.click(".builder-end .btn-primary")
    desk.wait_for_url("**columns=**")
    expect(desk.locator("thead th").nth(2)).to_have_attribute("data-path", "total_amount")
    expect(desk.locator("tfoot")).to_contain_text("18,000")
    desk.click(".view-menu summary")
    desk.fill("#view-name", "大客户")
    desk.click("button[value=keep]")
    desk.wait_for_url("**view=**")
    expect(desk.locator(".tabs a[aria-current]")).to_contain_text("大客户")
    expect(desk.locator("tr[data-record]")).to_have_count(3)
    picture(desk, "list-view")
    desk.locator(".chip-x").click()
    expect(desk.locator("tr[data-record]")).to_have_count(8)


def test_cells_are_walked_and_changed_by_keyboard(
    desk: Page, address: str, numbers: list[int], store: Store, steward
):
    sign_in(desk, address, "steward")
    desk.goto(f"{address}/o/customer?columns=name,mobile,level&sort=name")
    desk.locator(f"tr[data-record='{numbers[0]}'] td[data-edit-at$='/mobile']").dblclick()
    box = desk.locator("[data-cell] input[name=mobile]")
    box.fill("12")
    desk.keyboard.press("Enter")
    expect(desk.locator("[data-cell] .problem")).to_contain_text("11 位")
    picture(desk, "list-cell")
    box.fill("13900139000")
    desk.keyboard.press("Enter")
    expect(desk.locator(f"tr[data-record='{numbers[0]}']")).to_contain_text("13900139000")
    desk.keyboard.press("ArrowDown")
    desk.keyboard.press("Enter")
    expect(desk.locator(f"tr[data-record='{numbers[1]}'] input[name=mobile]")).to_be_focused()
    desk.keyboard.press("Escape")
    expect(desk.locator("[data-cell]")).to_have_count(0)
    expect(desk.locator(f"tr[data-record='{numbers[1]}']")).to_contain_text("13800138000")
    with store.transaction("web") as tx:
        assert reading.get(tx, steward, "customer", numbers[0]).values["mobile"] == "13900139000"


def test_three_are_picked_changed_and_exported(
    desk: Page, address: str, numbers: list[int], store: Store, steward
):
    sign_in(desk, address, "steward")
    desk.goto(f"{address}/o/customer?columns=name,level&sort=name")
    boxes = desk.locator("td.pick input")
    boxes.nth(0).click()
    boxes.nth(2).click(modifiers=["Shift"])
    expect(desk.locator("[data-picked]")).to_have_text("3")
    desk.click(".bulk-bar button[value=change]")
    desk.select_option("#bulk-field", "level")
    desk.select_option("#bulk select[name=level]", "D")
    picture(desk, "list-bulk")
    desk.click("#bulk .btn-primary")
    expect(desk.locator(".bulk-told").first).to_contain_text("3")
    desk.click("#bulk .btn-primary")
    expect(desk.locator("tr[data-record] .choice", has_text="D级")).to_have_count(3)
    with store.transaction("web") as tx:
        found = reading.find(tx, steward, Asked(object="customer", fields=("level",))).records
        assert sorted(each.values["level"] for each in found).count("D") == 3
    with desk.expect_download() as waiting:
        desk.click(".tools-right a >> nth=1")
    book = load_workbook(BytesIO(Path(waiting.value.path()).read_bytes()))
    assert book.worksheets[0].max_row == 9
    assert book.worksheets[0]["B2"].value == "D级（小微）"


def test_a_column_is_pulled_wider_and_stays_so(desk: Page, address: str, numbers: list[int]):
    sign_in(desk, address, "steward")
    desk.goto(f"{address}/o/customer?columns=name,mobile,level")
    edge = desk.locator("th[data-path=mobile] .resizer").bounding_box()
    begin = desk.locator("th[data-path=mobile]").bounding_box()
    with desk.expect_response("**/o/customer/width"):
        desk.mouse.move(edge["x"] + 4, edge["y"] + 5)
        desk.mouse.down()
        desk.mouse.move(edge["x"] + 4 - begin["width"] + 200, edge["y"] + 5, steps=4)
        desk.mouse.up()
    desk.reload()
    assert abs(desk.locator("th[data-path=mobile]").bounding_box()["width"] - 200) <= 10


def test_on_a_phone_a_list_is_cards_and_filters_work(phone: Page, address: str, numbers: list[int]):
    sign_in(phone, address, "steward")
    phone.goto(f"{address}/o/customer")
    phone.locator("select.chip[name=level]").select_option("A")
    expect(phone.locator("tr[data-record]")).to_have_count(4)
    phone.locator(".chip-more").tap()
    expect(phone.locator(".builder")).to_be_visible()
    picture(phone, "phone-filter")
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390
