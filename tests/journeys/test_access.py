"""Everybody can use the pages: axe-core finds nothing serious, in light and dark, wide and narrow."""

import pytest
from playwright.sync_api import Browser

from guanxi.store.transactions import Store
from tests.conftest import ROOT
from tests.journeys.conftest import sign_in
from tests.web.records import create, customer

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("journeys")]

AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
RUN = """async () => {
  const found = await axe.run(document, {runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]});
  return found.violations
    .filter((each) => ["serious", "critical"].includes(each.impact))
    .map((each) => `${each.id}: ${each.nodes.slice(0, 3).map((node) => node.html.slice(0, 160)).join(" | ")}`);
}"""


@pytest.mark.parametrize(("width", "scheme"), [(1440, "light"), (1440, "dark"), (390, "light")])
def test_axe_finds_nothing_serious_on_any_page(
    chrome: Browser, address: str, store: Store, administrator, width: int, scheme: str
):
    if not AXE.is_file():
        pytest.skip("axe-core is not there; run `make parts`")
    number = customer(
        store, administrator, tags="VIP", website="https://example.com", description="两行\n文字"
    )
    create(store, administrator, "activity", subject="电话", customer=number, next_on="2026-12-01")
    run = create(store, administrator, "run", name="夜间", state="running", stage="load", counts={"read": 7})
    context = chrome.new_context(
        viewport={"width": width, "height": 900}, color_scheme=scheme, locale="zh-CN"
    )
    page = context.new_page()
    found = {}
    page.goto(address + "/sign-in")
    page.evaluate(AXE.read_text())
    found["sign-in"] = page.evaluate(RUN)
    sign_in(page, address, "administrator")
    for path in (
        "/",
        "/o/customer",
        "/o/customer?q=nothing",
        f"/o/customer/{number}",
        f"/o/customer/{number}?tab=history",
        f"/o/customer/{number}?tab=activity.customer",
        "/o/activity/new",
        f"/runs/{run}",
        "/settings/people",
        "/settings/objects",
        "/habits",
        "/nowhere",
        f"/o/customer/{number}/rows",
        "/o/customer/filter",
        "/o/customer/columns",
        "/sources",
        "/sources/new",
        "/runs",
        "/runs/new",
        "/cleaning",
        "/duplicates",
        "/merged",
        "/gaps",
    ):
        page.goto(address + path)
        page.evaluate(AXE.read_text())
        found[path] = page.evaluate(RUN)
    context.close()
    assert {path: problems for path, problems in found.items() if problems} == {}
