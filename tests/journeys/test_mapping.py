"""The profile and the mapping of a source in a real browser: by keyboard and by click."""

import pytest

from tests.journeys.conftest import picture, sign_in
from tests.web.studies import LEDGER, studied

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("journeys")]

LEVEL, NOTE, HOTLINE = (LEDGER[0].index(name) for name in ("客户等级", "区域经理备注", "热线"))


@pytest.fixture
def ledger(store, tmp_path):
    return studied(store, tmp_path)


def test_a_steward_maps_by_keyboard_and_gives_a_value_its_meaning(desk, address, ledger):
    sign_in(desk, address, "steward")
    desk.goto(f"{address}/sources/{ledger}/mapping")
    line = desk.locator(f"#column-{HOTLINE}")
    line.locator("[data-combo] input").focus()
    desk.keyboard.press("ArrowDown")
    desk.keyboard.type("客户 · 电话")
    desk.keyboard.press("Enter")
    line.locator(".sureness-confirmed").wait_for()
    assert line.locator("[data-combo] input").input_value() == "客户 · 电话"
    assert line.locator(".after").first.inner_text() == "0571-88886601"
    picture(desk, "mapping-desk")
    level = desk.locator(f"#column-{LEVEL}")
    level.locator("summary").click()
    meaning = level.locator('select[aria-label*="铁杆"]')
    meaning.select_option(":A")
    level.locator(".verdict-rejected").wait_for(state="detached")
    picture(desk, "mapping-values")
    desk.get_by_role("button", name="确认映射").or_(
        desk.get_by_role("button", name="Accept the mapping")
    ).click()
    desk.locator(".coverage-good").wait_for()


def test_an_administrator_makes_a_field_of_a_column(desk, address, ledger):
    sign_in(desk, address, "administrator")
    desk.goto(f"{address}/sources/{ledger}/mapping")
    desk.locator(f"#column-{NOTE} a[hx-get]").click()
    form = desk.locator("#field-dialog form")
    form.locator("#new-en").fill("Region note")
    form.locator("button[value=preview]").click()
    picture(desk, "mapping-new-field")
    form.locator("button[value=make]").click()
    line = desk.locator(f"#column-{NOTE} .sureness-confirmed")
    line.wait_for()


def test_a_number_of_the_profile_opens_its_rows(desk, address, ledger):
    sign_in(desk, address, "steward")
    desk.goto(f"{address}/sources/{ledger}/profile")
    desk.locator(".column-link", has_text="联系电话").click()
    desk.locator("[data-panel] .bars a", has_text="139-0001-0002").first.click()
    drawer = desk.locator("[data-rows]")
    drawer.wait_for()
    assert drawer.locator("tbody tr").count() == 1
    assert "宁波远帆包装有限公司" in drawer.inner_text()
    picture(desk, "profile-rows")
    desk.keyboard.press("Escape")
    drawer.wait_for(state="detached")
