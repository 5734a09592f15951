"""A stranger with an Excel file: from the first page of an empty product to verified customers, in few clicks."""

import base64
import os
import re
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.journeys.conftest import come_anew, picture
from tests.journeys.product import Product
from tests.journeys.rollbook import HEADER_ROW, SHEET, TWO_SPELLINGS, Rollbook, write_rollbook
from tests.world import PASSWORD

pytestmark = [
    pytest.mark.journey,
    pytest.mark.slow,
    pytest.mark.xdist_group("journeys"),
]
PATIENCE = 120_000
MOST_CLICKS = 12
LANGUAGE = os.environ.get("JOURNEY_LANGUAGE", "zh")
"""Pictures of the same way in English: ``JOURNEY_LANGUAGE=en``."""
DROP = """async ([name, text]) => {
    const bytes = Uint8Array.from(atob(text), (each) => each.charCodeAt(0));
    const brought = new DataTransfer();
    brought.items.add(new File([bytes], name));
    for (const kind of ["dragenter", "drop"])
        window.dispatchEvent(new DragEvent(kind, { dataTransfer: brought, bubbles: true, cancelable: true }));
}"""


class Hand:
    """The newcomer's hand: it counts its clicks and leaves a picture of what it clicked on."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.clicks: list[str] = []

    def click(self, place: Locator) -> None:
        """Click once."""
        expect(place).to_be_enabled(timeout=PATIENCE)
        self.clicks.append(place.inner_text().strip())
        place.click()

    def choose(self, place: Locator, value: str) -> None:
        """Choose from a list, which is a click too."""
        self.clicks.append(value)
        place.select_option(value)

    def look(self, name: str) -> None:
        """Leave a picture of the page as it is."""
        picture(self.page, f"newcomer-{LANGUAGE}-{name}")


@pytest.fixture
def rollbook(tmp_path: Path) -> Rollbook:
    return write_rollbook(tmp_path / "客户名单.xlsx")


def set_up(page: Page, product: Product) -> None:
    """Fill in the first page of all."""
    page.goto(f"{product.address}/set-up?language={LANGUAGE}")
    page.fill("#company", "远山机电有限公司")
    page.fill("#department", "销售部")
    page.fill("#name", "林晓")
    page.fill("#login", "lin.xiao")
    page.fill("#password", PASSWORD)
    picture(page, f"newcomer-{LANGUAGE}-01-set-up")
    page.click("button.btn-primary")
    page.wait_for_url(product.address + "/")


def drop(page: Page, file: Path) -> None:
    """Let a file go over the page."""
    page.evaluate(DROP, [file.name, base64.b64encode(file.read_bytes()).decode()])
    page.wait_for_url(re.compile(r"/sources/\d+$"))


def test_a_stranger_with_a_file_reaches_verified_customers_within_twelve_clicks(
    desk: Page, new_product: Product, rollbook: Rollbook
):
    hand = Hand(desk)
    set_up(desk, new_product)
    hand.look("02-home")
    desk.locator("main .btn-primary").click()
    desk.wait_for_url("**/sources")
    hand.look("03-sources")
    drop(desk, rollbook.path)
    expect(desk.locator(".first-rows thead")).to_contain_text("客户名称")
    hand.look("04-preview")
    hand.click(desk.locator(".page-acts .btn-primary"))
    desk.wait_for_url("**/mapping")
    expect(desk.locator("link[href*='pages/mapping.css']")).to_have_count(1, timeout=PATIENCE)
    hand.click(desk.locator("form[action$='/mapping/accept'] button"))
    expect(desk.locator(".coverage-good")).to_be_visible()
    hand.look("05-mapping")
    hand.click(desk.locator(".page-acts a.btn-primary"))
    hand.look("06-new-run")
    hand.click(desk.locator(".plan-form .btn-primary"))
    load = desk.locator("#do-go_on")
    expect(load).to_contain_text("5", timeout=PATIENCE)
    come_anew(desk)
    hand.look("07-prepared")
    hand.click(load)
    expect(load).to_contain_text(str(rollbook.customers - 5), timeout=PATIENCE)
    come_anew(desk)
    hand.look("08-pilot")
    hand.click(load)
    check = desk.locator(".next-acts a[href$='#signatures']")
    expect(check).to_be_visible(timeout=PATIENCE)
    come_anew(desk)
    hand.look("09-finished")
    hand.click(check)
    desk.wait_for_url("**/proof#signatures")
    expect(desk.locator(".banner-good")).to_be_visible()
    hand.look("10-proof")
    hand.choose(desk.locator(".sign-form select"), "accepted")
    hand.click(desk.locator(".sign-form button"))
    expect(desk.locator("#signatures")).to_contain_text("林晓")
    hand.look("11-signed")
    hand.click(desk.locator(".side a[href='/o/customer']"))
    expect(desk.locator("h1")).to_contain_text(str(rollbook.customers))
    hand.look("12-customers")
    hand.click(desk.get_by_role("link", name=TWO_SPELLINGS[0]).first)
    desk.wait_for_url(re.compile(r"/o/customer/\d+$"))
    for spelling in TWO_SPELLINGS:
        expect(desk.locator("main")).to_contain_text(spelling)
    desk.locator("[data-fact=mobile] .origin-mark").hover()
    card = desk.locator("[data-fact=mobile] .origin-card")
    expect(card).to_be_visible()
    for each in (rollbook.path.stem, SHEET, str(HEADER_ROW + 1)):
        expect(card).to_contain_text(each)
    hand.look("13-customer")
    assert len(hand.clicks) <= MOST_CLICKS, hand.clicks
