"""A newcomer drops a file on the page, sees whether it is understood, puts it right, and uses it."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import picture, sign_in
from tests.journeys.test_access import AXE, judged

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("journeys")]
TEXT = "\n".join(
    (
        "客户台账;2026",
        "导出时间;十月",
        "客户名称;联系电话",
        "杭州青禾机械有限公司;13900010001",
        "宁波远帆包装有限公司;13900010002",
        "",
    )
)
ONE_SOURCE = re.compile(r"/sources/\d+$")
DROP = """async ([name, text]) => {
    const brought = new DataTransfer();
    brought.items.add(new File([text], name, { type: "text/csv" }));
    const event = (kind) => window.dispatchEvent(
        new DragEvent(kind, { dataTransfer: brought, bubbles: true, cancelable: true }));
    event("dragenter");
    const veiled = !document.querySelector(".drop-veil").hidden;
    event("drop");
    return veiled;
}"""


def test_a_dropped_file_is_shown_put_right_and_used(desk: Page, product):
    sign_in(desk, product.address, "steward")
    desk.goto(f"{product.address}/sources")
    expect(desk.locator(".drop-zone h2")).to_be_visible()
    picture(desk, "sources-empty")
    assert desk.evaluate(DROP, ["客户台账.csv", TEXT])
    desk.wait_for_url(ONE_SOURCE)
    rows = desk.locator(".first-rows")
    expect(rows).to_contain_text("杭州青禾机械有限公司")
    desk.get_by_role("button", name="第 1 行").first.click()
    expect(rows.locator("thead")).to_contain_text("客户台账")
    expect(desk.locator("#header_row")).to_have_value("1")
    desk.fill("#header_row", "3")
    desk.keyboard.press("Tab")
    expect(rows.locator("thead")).to_contain_text("客户名称")
    picture(desk, "source-preview")
    desk.get_by_role("button", name="使用此来源").first.click()
    desk.wait_for_url("**/mapping")
    expect(desk.locator("main")).to_contain_text("联系电话", timeout=60_000)
    desk.goto(f"{product.address}/sources")
    expect(desk.locator(".source-card")).to_contain_text("良好")


def test_a_file_that_holds_no_table_is_refused_beside_the_place_it_was_dropped(desk: Page, product):
    sign_in(desk, product.address, "steward")
    desk.goto(f"{product.address}/sources")
    desk.evaluate(DROP, ["空.csv", ""])
    expect(desk.locator("#upload-result")).to_contain_text("空.csv")
    picture(desk, "sources-refused")


def test_a_file_is_chosen_on_a_phone(phone: Page, product, tmp_path: Path):
    file = tmp_path / "台账.csv"
    file.write_text(TEXT, encoding="gb18030")
    sign_in(phone, product.address, "steward")
    phone.goto(f"{product.address}/sources")
    phone.set_input_files("#files", file)
    phone.wait_for_url(ONE_SOURCE)
    expect(phone.locator(".first-rows")).to_contain_text("宁波远帆包装有限公司")
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390
    picture(phone, "source-phone")


def test_axe_finds_nothing_serious_on_a_source_with_a_row_that_does_not_fit(
    desk: Page, address: str, tmp_path: Path
):
    if not AXE.is_file():
        pytest.skip("axe-core is not there; run `make parts`")
    file = tmp_path / "台账.csv"
    file.write_text(TEXT + "坏;行;多\n", encoding="gb18030")
    sign_in(desk, address, "steward")
    desk.goto(f"{address}/sources")
    desk.set_input_files("#files", file)
    desk.wait_for_url(ONE_SOURCE)
    found = {"source": judged(desk)}
    desk.goto(f"{address}/sources")
    found["cards"] = judged(desk)
    assert found == {"source": [], "cards": []}
