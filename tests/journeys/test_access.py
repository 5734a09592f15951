"""Everybody can use the pages: axe-core finds nothing serious on any, wide and narrow, light and dark."""

from pathlib import Path

import pytest
from playwright.sync_api import Page

from guanxi.store.transactions import Store
from tests.conftest import ROOT
from tests.journeys.conftest import sign_in
from tests.web.walk import BEFORE_SIGNING_IN, PARTS, STREAMS, addresses, full_company

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("journeys")]

AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
RUN = """async ([scheme, rules]) => {
  while (document.documentElement.dataset.bsTheme !== scheme) await new Promise(requestAnimationFrame);
  const found = await axe.run(document, {runOnly: rules});
  return found.violations
    .filter((each) => ["serious", "critical"].includes(each.impact))
    .map((each) => `${each.id}: ${each.nodes.slice(0, 3).map((node) => node.html.slice(0, 160)).join(" | ")}`);
}"""
WIDER = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
WIDE, NARROW = {"width": 1440, "height": 900}, {"width": 360, "height": 800}
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]
COLOURS = ["color-contrast"]
"""What a change from light to dark can change, of a page that was judged already."""
SETTINGS = (
    (WIDE, "light", RULES),
    (WIDE, "dark", COLOURS),
    (NARROW, "dark", RULES),
    (NARROW, "light", COLOURS),
)
OPENED = (
    ("/o/customer", "[data-palette]", "#palette-words"),
    ("/o/customer", "[data-peek]", "#peek[open] [data-peek-close]"),
    ("/o/customer/{customer}", ".fact-edit", ".fact-open"),
    ("/", ".person-menu summary", ".person-menu[open]"),
    ("/", ".bell summary", ".bell[open] .notice-head"),
    ("/", ".create-menu summary", ".create-menu[open] a"),
)
"""A page, what is clicked on it, and what that opens over the page."""


def judged(page: Page) -> list[str]:
    """Return what axe finds on the page, wide and narrow, light and dark, and where it is wider than its window."""
    page.evaluate(AXE.read_text())
    found = []
    for size, scheme, rules in SETTINGS:
        page.set_viewport_size(size)
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        told = [
            *page.evaluate(RUN, [scheme, rules]),
            *(["the page itself scrolls sideways"] if page.evaluate(WIDER) else []),
        ]
        found += [f"{size['width']} {scheme}: {each}" for each in told]
    page.set_viewport_size(WIDE)
    page.emulate_media(color_scheme="light")
    return found


def test_axe_finds_nothing_serious_on_any_page(
    desk: Page, address: str, store: Store, administrator, tmp_path: Path
):
    if not AXE.is_file():
        pytest.skip("axe-core is not there; run `make parts`")
    at = full_company(store, administrator, tmp_path)
    no_pages = (*STREAMS, *PARTS, *BEFORE_SIGNING_IN)
    found = {}
    desk.goto(address + "/sign-in")
    found["/sign-in"] = judged(desk)
    sign_in(desk, address, "administrator")
    for path in (each for page, given in addresses(at).items() if page not in no_pages for each in given):
        desk.goto(address + path)
        found[path] = judged(desk)
    for path, clicked, opened in OPENED:
        desk.goto(address + path.format(**at))
        desk.locator(clicked).first.dispatch_event("click")
        desk.wait_for_selector(opened)
        found[f"{path} {clicked}"] = judged(desk)
    with store.transaction("test") as tx:
        tx.connection.exec_driver_sql("TRUNCATE guanxi.user_account CASCADE")
    desk.goto(address + "/set-up")
    found["/set-up"] = judged(desk)
    assert {path: problems for path, problems in found.items() if problems} == {}
