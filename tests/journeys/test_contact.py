"""A department's contact fills the gaps of the own department by typing through the table, and signs the proof."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from guanxi.identity import users
from guanxi.identity.actor import SYSTEM
from guanxi.integration.staging import RunFolder
from guanxi.records import reading
from guanxi.store.transactions import Store
from tests.journeys.conftest import picture, sign_in
from tests.web.records import create, customer
from tests.world import PASSWORD

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("journeys")]
PROOF = {
    "run": "practice",
    "at": "2026-03-01T10:00:00+00:00",
    "seed": 7,
    "sampled_rows": 0,
    "sample_of": 3,
    "counts": [],
    "completeness": [],
    "sample": [],
    "references": [],
    "errors": [],
    "sign_offs": [{"department": "销售部"}, {"department": "服务部"}],
}


@pytest.fixture
def gap(store: Store) -> Callable[..., int]:
    """Return a maker of gaps of the sales department."""
    with store.transaction("test") as tx:
        person = users.NewUser(
            login="contact", name="周婷", password=PASSWORD, department="销售部", roles=("contact",)
        )
        users.create(tx, SYSTEM, person)

    def make(number: int, **values: object) -> int:
        given = {"title": "缺口", "customer": number, "department": "销售部", "kind": "missing", **values}
        return create(store, SYSTEM, "gap", **given)

    return make


def held(store: Store, number: int, field: str) -> object:
    with store.transaction("test") as tx:
        return reading.get(tx, SYSTEM, "customer", number, (field,)).values[field]


def test_a_contact_types_through_the_gaps_without_touching_the_mouse(
    desk: Page, address: str, store: Store, gap: Callable[..., int]
):
    first = customer(store, SYSTEM)
    second = customer(store, SYSTEM, name="宁波远帆包装有限公司", mobile="13800138001")
    mail = gap(first, field="email")
    phone = gap(second, field="mobile", kind="wrong", found="1380013")
    place = gap(second, field="address")
    sign_in(desk, address, "contact")
    desk.goto(address + "/gaps")
    expect(desk.locator("tr[data-gap]")).to_have_count(3)
    picture(desk, "contact-gaps")
    desk.fill(f"#gap-{mail}-field-email", "info@example.com")
    desk.keyboard.press("Tab")
    expect(desk.locator(f"tr[data-gap='{mail}'] .gap-done")).to_contain_text("info@example.com")
    expect(desk.locator(f"#gap-{phone}-field-mobile")).to_be_focused()
    desk.keyboard.press("Control+A")
    desk.keyboard.type("123")
    desk.keyboard.press("Enter")
    expect(desk.locator(f"tr[data-gap='{phone}'] .problem")).to_be_visible()
    expect(desk.locator(f"#gap-{phone}-field-mobile")).to_have_value("123")
    picture(desk, "contact-problem")
    desk.fill(f"#gap-{phone}-field-mobile", "13955556666")
    desk.keyboard.press("Enter")
    expect(desk.locator(f"tr[data-gap='{phone}'] .gap-done")).to_contain_text("13955556666")
    row = desk.locator(f"tr[data-gap='{place}']")
    for part, text in (("province", "浙江"), ("city", "杭州"), ("district", "西湖"), ("detail", "文三路1号")):
        row.locator(f"[name='address.{part}']").fill(text)
    desk.keyboard.press("Enter")
    expect(row.locator(".gap-done")).to_contain_text("文三路1号")
    picture(desk, "contact-done")
    assert held(store, first, "email") == "info@example.com"
    assert held(store, second, "mobile") == "13955556666"
    assert getattr(held(store, second, "address"), "city", "") == "杭州市"


def test_a_contact_signs_for_the_own_department_and_no_other(
    desk: Page, address: str, store: Store, tmp_path, gap: Callable[..., int]
):
    run = create(store, SYSTEM, "run", name="整合", state="finished", folder="practice")
    RunFolder(tmp_path / "runs" / "practice").write_json("verification", "all", PROOF)
    sign_in(desk, address, "contact")
    desk.goto(f"{address}/runs/{run}/proof")
    expect(desk.locator(".sign-form")).to_have_count(1)
    desk.select_option(".sign-form select", "accepted")
    desk.fill(".sign-form input[name=comment]", "已核对")
    desk.click(".sign-form button")
    expect(desk.locator("#signatures")).to_contain_text("周婷")
    picture(desk, "contact-signed")
    with store.transaction("test") as tx:
        asked = reading.Asked(object="sign_off", fields=("department", "person"))
        (signed,) = reading.find(tx, SYSTEM, asked).records
    assert (signed.values["department"], signed.titles["person"]) == ("销售部", "周婷")


def test_gaps_are_filled_on_a_phone(phone: Page, address: str, store: Store, gap: Callable[..., int]):
    number = customer(
        store, SYSTEM, name="深圳市前海一个名字特别特别特别长的进出口贸易有限责任公司南山分公司"
    )
    asked = gap(number, field="email")
    sign_in(phone, address, "contact")
    phone.goto(address + "/gaps")
    picture(phone, "contact-phone")
    phone.fill(f"#gap-{asked}-field-email", "info@example.com")
    phone.locator(f"tr[data-gap='{asked}'] .gap-save").click()
    expect(phone.locator(f"tr[data-gap='{asked}'] .gap-done")).to_contain_text("info@example.com")
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390
