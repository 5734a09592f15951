"""Laws of the lists on a record's page."""

import re

from tests.web.records import create, customer


def test_what_belongs_to_a_record_stands_newest_first_and_without_a_date_last(
    steward_browser, store, steward
):
    whom = customer(store, steward)
    for number, day in (("A-1", "2024-05-01"), ("A-2", None), ("A-3", "2026-05-01"), ("A-4", "2025-05-01")):
        create(store, steward, "order", customer=whom, number=number, ordered_on=day)
    page = steward_browser.get(f"/o/customer/{whom}?tab=order.customer").text
    assert re.findall(r'line-link"[^>]*>(A-\d)<', page) == ["A-3", "A-4", "A-1", "A-2"]


def test_numbers_stand_below_heads_that_stand_at_the_same_side(steward_browser, store, steward):
    whom = customer(store, steward)
    create(store, steward, "order", customer=whom, number="A-1", ordered_on="2024-05-01", amount="10")
    page = steward_browser.get(f"/o/customer/{whom}?tab=order.customer").text
    assert '<th scope="col" class="kind-money">' in page
    assert '<td class="kind-money"' in page


def test_an_empty_list_asks_only_those_to_create_who_may(steward_browser, reader_browser):
    assert "Create the first record" in steward_browser.get("/o/need").text
    page = reader_browser.get("/o/need").text
    assert "Create the first record" not in page
    assert "As soon as colleagues" in page


def test_of_several_people_of_one_name_one_is_offered_beside_a_note(steward_browser, store, steward):
    whom = customer(store, steward)
    for name in ("程海良", "程海良", "欧阳娜娜", "程海良"):
        create(store, steward, "contact", customer=whom, name=name)
    page = steward_browser.get(f"/o/customer/{whom}").text
    offered = re.search(r'<div class="picked".*?</div>', page, re.DOTALL)
    assert offered is not None
    assert re.findall(r"<span>([^<]+)</span>", offered[0]) == ["程海良", "欧阳娜娜"]
