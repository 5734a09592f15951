"""Laws of the phone: what a finger touches is big enough, nothing leaves the page at its side."""

import pytest
from playwright.sync_api import Page

from tests.journeys.conftest import picture, sign_in
from tests.web.records import create, customer

LONG = "Donaudampfschifffahrtselektrizitaetenhauptbetriebswerkbauunterbeamtengesellschaft"
SMALLEST = 40
"""Pixels a finger needs from top to bottom."""
TOO_SMALL = """smallest => [...document.querySelectorAll(
  '.top :is(a, button, summary), .main :is(.btn, .chip, .tabs a, .crumbs a, .fact-edit, .form-control),'
  + '.main :is(td a, dd a, .timeline a, .plain-list a, a.tag, .wait, .fold, summary)'
)]
  .filter(each => each.checkVisibility() && each.getClientRects().length)
  .filter(each => !each.closest('details:not([open]) > :not(summary)'))
  .filter(each => each.getBoundingClientRect().height < smallest)
  .map(each => each.outerHTML.slice(0, 90))"""
TOO_WIDE = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.fixture
def record(store, steward) -> int:
    """Create a customer with a name nobody wants to read, and something around it."""
    number = customer(
        store, steward, name=LONG, email="somebody.with.a.long.name@an-even-longer-name.example.com"
    )
    create(store, steward, "contact", customer=number, name="欧阳娜娜", mobile="13800138001")
    create(store, steward, "ticket", customer=number, subject=LONG)
    step = {"person": steward.id, "next_step": LONG, "next_on": "2020-01-01"}
    create(store, steward, "activity", customer=number, subject=LONG, content="Talk. " * 200, **step)
    return number


def test_on_a_phone_a_finger_finds_everything_and_nothing_leaves_the_page(
    phone: Page, address: str, store, record: int
):
    sign_in(phone, address, "steward")
    at = f"/o/customer/{record}"
    wide = "/o/customer?columns=number,kind,industry,contact_name,mobile,email,address,source,level,stage,phone,website"
    for path in (
        "/",
        "/o/customer",
        wide,
        "/o/ticket",
        at,
        f"{at}?tab=history",
        "/o/customer/new",
        "/habits",
        "/notices",
    ):
        phone.goto(address + path)
        assert phone.evaluate(TOO_SMALL, SMALLEST) == [], path
        assert phone.evaluate(TOO_WIDE) <= 0, path
    picture(phone, "touch")


def test_the_open_tab_is_in_sight_however_many_there_are(phone: Page, address: str, record: int):
    sign_in(phone, address, "steward")
    phone.goto(f"{address}/o/customer/{record}?tab=history")
    box = phone.locator(".tabs [aria-current]").bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 390


def test_a_picked_line_stays_a_line(desk: Page, address: str, record: int):
    sign_in(desk, address, "steward")
    desk.goto(f"{address}/o/customer")
    line = desk.locator("tbody tr").first
    before = line.bounding_box()
    line.locator("td.pick input").check()
    after = line.bounding_box()
    assert before is not None
    assert after is not None
    assert after["height"] == before["height"]


def test_what_is_written_into_a_cell_at_the_edge_can_be_seen_whole(desk: Page, address: str, record: int):
    sign_in(desk, address, "steward")
    desk.set_viewport_size({"width": 900, "height": 800})
    desk.goto(f"{address}/o/customer")
    cell = desk.locator("tbody tr").first.locator("[data-edit-at]").last
    cell.dblclick()
    form = desk.locator("[data-cell]")
    form.wait_for()
    sheet, box = desk.locator(".sheet-wide").bounding_box(), form.bounding_box()
    assert sheet is not None
    assert box is not None
    assert box["x"] + box["width"] <= sheet["x"] + sheet["width"] + 1


def test_on_a_record_n_begins_a_note(desk: Page, address: str, record: int):
    sign_in(desk, address, "steward")
    desk.goto(f"{address}/o/customer/{record}")
    desk.keyboard.press("n")
    desk.keyboard.type("no news")
    assert desk.input_value("#composer textarea") == "no news"


def test_a_long_note_shows_its_first_lines_and_the_rest_when_asked(desk: Page, address: str, store, steward):
    number = customer(store, steward, description="\n".join(f"line {each}" for each in range(30)))
    sign_in(desk, address, "steward")
    desk.goto(f"{address}/o/customer/{number}")
    note = desk.locator("[data-fact=description] .long-text")
    short = note.bounding_box()
    desk.locator(".fold").click()
    whole = note.bounding_box()
    desk.locator(".fold").click()
    again = note.bounding_box()
    assert short is not None
    assert whole is not None
    assert again is not None
    assert whole["height"] > 4 * short["height"]
    assert again["height"] == short["height"]


def test_a_note_of_a_few_lines_is_not_folded(desk: Page, address: str, store, steward):
    number = customer(store, steward, description="\n".join(f"line {each}" for each in range(7)))
    sign_in(desk, address, "steward")
    desk.goto(f"{address}/o/customer/{number}")
    assert desk.locator(".fold").count() == 0


def test_a_list_is_printed_whole_and_without_what_cannot_be_pressed_on_paper(
    desk: Page, address: str, record: int
):
    sign_in(desk, address, "steward")
    desk.goto(f"{address}/o/customer")
    desk.emulate_media(media="print")
    assert not desk.locator(".side, .top, .tools").filter(visible=True).count()
    assert (
        desk.evaluate("(each => each.scrollWidth - each.clientWidth)(document.querySelector('.sheet'))") <= 0
    )
