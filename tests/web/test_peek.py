"""Laws of the look at a record beside its list, and of what a record page tells about values and moments."""

import io
import json
import re

import openpyxl

from guanxi.identity.company import name_company
from tests.web.records import NAME, create, customer

PART = {"HX-Request": "true"}


def test_a_look_shows_the_head_the_filled_facts_and_what_happened_last(
    steward_browser, store, steward, queries
):
    number = customer(store, steward)
    for day in range(1, 8):
        create(
            store,
            steward,
            "order",
            number=f"order of day {day}",
            customer=number,
            ordered_on=f"2024-05-0{day}",
        )
    with queries() as sent:
        page = steward_browser.get(f"/o/customer/{number}/peek", **PART).text
    assert NAME in page
    assert "13800138000" in page
    assert "Industry" not in page
    assert page.index("order of day 7") < page.index("order of day 3")
    assert "order of day 2" not in page
    assert len(sent) <= 12


def test_a_look_without_a_script_leads_to_the_record(steward_browser, store, steward):
    number = customer(store, steward)
    answer = steward_browser.get(f"/o/customer/{number}/peek")
    assert answer.headers["location"] == f"/o/customer/{number}"
    assert steward_browser.get("/o/customer/99999999/peek", **PART).status_code == 404


def test_any_record_of_a_list_can_be_looked_at_but_not_those_in_the_bin(steward_browser, store, steward):
    number = customer(store, steward)
    contact = create(store, steward, "contact", name="Ann", customer=number)
    assert f'data-peek="/o/customer/{number}/peek"' in steward_browser.get("/o/customer").text
    assert "Ann" in steward_browser.get(f"/o/contact/{contact}/peek", **PART).text
    steward_browser.post(f"/o/contact/{contact}/delete")
    assert "data-peek" not in steward_browser.get("/o/contact?bin=1").text


def test_what_has_no_date_stands_last_and_is_not_dated_by_its_import(steward_browser, store, steward):
    number = customer(store, steward)
    create(store, steward, "order", number="W-undated", customer=number, ordered_on="")
    create(store, steward, "order", number="W-old", customer=number, ordered_on="2011-03-04")
    page = steward_browser.get(f"/o/customer/{number}").text
    assert page.index("W-old") < page.index("W-undated")
    assert page.count(">no date<") == 1


def test_an_origin_names_its_source_as_people_call_it(steward_browser, store, steward):
    number = customer(store, steward)
    create(store, steward, "source", name="shop", title="Online shop", kind="excel")
    with store.transaction("test") as tx:
        tx.connection.exec_driver_sql(
            """UPDATE crm.customer SET origin = '{"mobile": {"source": "shop"}, "level": {"source": "gone"}}'"""
        )
    page = steward_browser.get(f"/o/customer/{number}").text
    assert "<span>Online shop</span>" in page
    assert "<span>gone</span>" in page
    fact = steward_browser.get(f"/o/customer/{number}/fact/mobile", **PART).text
    assert "<span>Online shop</span>" in fact


def test_an_origin_tells_file_sheet_row_rule_when_it_changed_there_and_when_it_was_read(
    steward_browser, store, steward
):
    number = customer(store, steward)
    read = {"at": "2026-11-20T01:30:00+00:00", "file": "customers.xlsx", "whole": True}
    run = create(store, steward, "run", name="first", state="finished", readings={"shop": read})
    origin = {"run": run, "source": "shop", "table": "East", "row": 12, "rule": "newest"}
    changed = {"mobile": "2026-03-02T10:00:00+00:00", "level": "2026-03-02T00:00:00+00:00"}
    told = {name: {**origin, "at": at} for name, at in changed.items()}
    told["mobile"]["others"] = [origin, {**origin, "source": "desk"}]
    with store.transaction("test") as tx:
        tx.connection.exec_driver_sql("UPDATE crm.customer SET origin = %s::jsonb", (json.dumps(told),))
    page = steward_browser.get(f"/o/customer/{number}").text
    lines = dict(re.findall(r'"origin-line"><span>(.*?)</span><span>(.*?)</span>', fact(page, "mobile")))
    assert lines == {
        "Source": "shop",
        "File": "customers.xlsx",
        "Sheet": "East",
        "Row": "12",
        "Rule": "Newest",
        "Also from": "desk",
        "Changed there": "2 Mar 2026, 10:00",
        "Read on": "20 Nov 2026, 09:30",
    }
    assert "<span>2 Mar 2026</span>" in fact(page, "level")


def fact(page: str, field: str) -> str:
    """Return the part of a record's page that shows one field."""
    return page.split(f'data-fact="{field}"', 1)[1].split("data-fact=", 1)[0]


def test_links_to_several_records_stand_on_the_page_by_their_names(steward_browser, store, steward):
    sources = [
        create(store, steward, "source", name=name, title=title, kind="excel")
        for name, title in (("shop", "Online shop"), ("desk", "Service desk"))
    ]
    run = create(store, steward, "run", name="first", state="finished", sources=sources)
    page = steward_browser.get(f"/o/run/{run}").text
    for number, title in zip(sources, ("Online shop", "Service desk"), strict=True):
        assert f'href="/o/source/{number}">{title}</a>' in page


def test_a_list_taken_out_of_the_house_carries_the_company_s_name(
    steward_browser, store, steward, administrator
):
    customer(store, steward)
    with store.transaction("test") as tx:
        name_company(tx, administrator, "Qinghe: 青禾")
    answer = steward_browser.get("/o/customer/export")
    assert "Qinghe%20%20%E9%9D%92%E7%A6%BE" in answer.headers["content-disposition"]
    about = openpyxl.load_workbook(io.BytesIO(answer.content)).worksheets[1]
    assert [each.value for each in about[1]] == ["Company", "Qinghe: 青禾"]
