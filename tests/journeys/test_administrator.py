"""A run from its sources to the signed proof, and back again: what people changed meanwhile stays."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from guanxi.identity.actor import SYSTEM
from guanxi.integration import inventory
from guanxi.records import reading, writing
from guanxi.records.reading import Asked
from tests.integration import plant
from tests.journeys.conftest import come_anew, picture, sign_in
from tests.journeys.product import Product

pytestmark = [
    pytest.mark.journey,
    pytest.mark.slow,
    pytest.mark.xdist_group("journeys"),
]
PATIENCE = 120_000


@pytest.fixture
def two_departments(product: Product, tmp_path: Path) -> None:
    """Put the sources of two departments into the inventory."""
    plant.sources(tmp_path / "sources")
    with product.store.transaction("test") as tx:
        for each in plant.plan_of(tmp_path / "sources").sources:
            inventory.note_source(tx, SYSTEM, each)


def customers(product: Product) -> list[str]:
    with product.store.transaction("test") as tx:
        found = reading.find(tx, SYSTEM, Asked(object="customer", fields=("name",), limit=100)).records
        return sorted(each.values["name"] for each in found)


@pytest.mark.usefixtures("two_departments")
def test_a_run_is_loaded_step_by_step_and_taken_back_and_what_was_edited_stays(desk: Page, product: Product):
    sign_in(desk, product.address, "administrator")
    desk.goto(product.address + "/runs")
    picture(desk, "run-0-none")
    desk.click(".blank .btn-primary")
    for box in desk.locator("input[name=source]").all():
        box.check()
    desk.fill("#name", "两个部门的客户")
    picture(desk, "run-1-new")
    desk.click(".plan-form .btn-primary")
    go_on = desk.locator(".next-acts .btn-primary")
    expect(go_on).to_contain_text("1", timeout=PATIENCE)
    come_anew(desk)
    assert customers(product) == []
    picture(desk, "run-2-prepared")
    go_on.click()
    expect(go_on).to_contain_text("6", timeout=PATIENCE)
    come_anew(desk)
    assert len(customers(product)) == 1
    go_on.click()
    expect(desk.locator(".next-good, .next-wait")).to_be_visible(timeout=PATIENCE)
    come_anew(desk)
    assert len(customers(product)) == 7
    picture(desk, "run-3-finished")

    with product.store.transaction("test") as tx:
        first = reading.find(tx, SYSTEM, Asked(object="customer", fields=("name",), limit=1)).records[0]
        writing.update(tx, SYSTEM, "customer", first.id, {"contact_name": "李晓红"})
    address = desk.url
    desk.locator(".next-acts a[href$='/roll-back']").click()
    expect(desk.locator("#kept")).to_contain_text(first.values["name"])
    picture(desk, "run-4-roll-back")
    desk.click(".ask .btn-danger")
    expect(desk.locator(".next-acts a[href$='/roll-back']")).to_be_visible(timeout=PATIENCE)
    assert customers(product) == [first.values["name"]]
    desk.goto(address + "/roll-back")
    expect(desk.locator("#kept")).to_contain_text(first.values["name"])
    picture(desk, "run-5-taken-back")
    desk.goto(product.address + "/runs")
    picture(desk, "run-6-list")
    desk.set_viewport_size({"width": 390, "height": 844})
    for name, page in (
        ("run", address),
        ("roll-back", address + "/roll-back"),
        ("list", product.address + "/runs"),
    ):
        desk.goto(page)
        assert desk.evaluate("document.documentElement.scrollWidth") <= 390, page
        picture(desk, f"run-phone-{name}")
