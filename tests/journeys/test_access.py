"""Everybody can use the pages: axe-core finds nothing serious on any, wide and light, narrow and dark."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from guanxi.store.transactions import Store
from tests.conftest import ROOT
from tests.journeys.conftest import sign_in
from tests.web.walk import BEFORE_SIGNING_IN, PARTS, STREAMS, addresses, full_company

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("journeys")]

AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
RUN = """async () => {
  const found = await axe.run(document, {runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]});
  return found.violations
    .filter((each) => ["serious", "critical"].includes(each.impact))
    .map((each) => `${each.id}: ${each.nodes.slice(0, 3).map((node) => node.html.slice(0, 160)).join(" | ")}`);
}"""

COLOURS = RUN.replace(
    '{runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]}', '{runOnly: ["color-contrast"]}'
)
"""What a change from light to dark can change, of a page that was judged already."""


OPENED = (
    ("/o/customer", "[data-palette]", "#palette-words"),
    ("/o/customer", "[data-peek]", "#peek[open] [data-peek-close]"),
    ("/o/customer/{customer}", ".fact-edit", ".fact-open"),
)
"""A page, what is clicked on it, and what that opens over the page."""


def judged(page: Page) -> list[str]:
    """Return what axe finds on the page, and whether it is wider than its window."""
    page.evaluate(AXE.read_text())
    wide = page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
    return [*page.evaluate(RUN), *(["the page itself scrolls sideways"] if wide else [])]


@pytest.mark.parametrize(("width", "scheme"), [(1440, "light"), (390, "dark")])
def test_axe_finds_nothing_serious_on_any_page(
    chrome: Browser, address: str, store: Store, administrator, tmp_path: Path, width: int, scheme: str
):
    if not AXE.is_file():
        pytest.skip("axe-core is not there; run `make parts`")
    at = full_company(store, administrator, tmp_path)
    no_pages = (*STREAMS, *PARTS, *BEFORE_SIGNING_IN)
    pages = [given for path, given in addresses(at).items() if path not in no_pages]
    context = chrome.new_context(
        viewport={"width": width, "height": 900}, color_scheme=scheme, locale="zh-CN"
    )
    page = context.new_page()
    found = {}
    page.goto(address + "/sign-in")
    found["/sign-in"] = judged(page)
    sign_in(page, address, "administrator")
    for path in (each for given in pages for each in (given if width > 1000 else given[:1])):
        page.goto(address + path)
        found[path] = judged(page)
    for path, clicked, opened in OPENED:
        page.goto(address + path.format(**at))
        page.locator(clicked).first.dispatch_event("click")
        page.wait_for_selector(opened)
        found[f"{path} {clicked}"] = judged(page)
    with store.transaction("test") as tx:
        tx.connection.exec_driver_sql("TRUNCATE guanxi.user_account CASCADE")
    page.goto(address + "/set-up")
    found["/set-up"] = judged(page)
    context.close()
    assert {path: problems for path, problems in found.items() if problems} == {}
