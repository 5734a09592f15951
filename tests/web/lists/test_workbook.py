"""Laws of exported lists: typed values, no text is ever a formula, only what the person may read, all rows that fit."""

from datetime import date, datetime
from io import BytesIO
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from guanxi.web.lists import workbook
from guanxi.web.lists.filters import Group, Rule, write_filter
from guanxi.web.pages import export
from tests.web.conftest import browser, queries, settings, steward_browser
from tests.web.records import create, customer
from tests.world import administrator, database_server, reader, steward, store

LIST = "/o/customer/export"
EVIL = (
    "=1+1",
    "+49",
    "-2",
    "@SUM(A1)",
    "\t=1",
    " =cmd|'/c calc'!A1",
    "＝1+1",
    '=HYPERLINK("http://a.example")',
)


def opened(answer):
    assert answer.status_code == 200
    assert "attachment" in answer.headers["content-disposition"]
    return load_workbook(BytesIO(answer.content))


def test_an_export_holds_every_row_that_fits_with_typed_values(steward_browser, store, steward):
    customer(store, steward, total_amount="1234.5", last_order_on="2026-05-20", employees="12", level="A")
    customer(store, steward, name="Other", level="B")
    rule = quote(write_filter(Group(members=(Rule(path="level", operator="any_of", values=("A",)),))))
    columns = "name,total_amount,last_order_on,employees,level,created_at,owner"
    book = opened(steward_browser.get(f"{LIST}?columns={columns}&where={rule}"))
    heads, row = book.worksheets[0].iter_rows(values_only=True)
    assert heads[:3] == ("Customer name", "Total amount", "Last order")
    assert row[1:5] == (1234.5, datetime(2026, 5, 20), 12, "A (key)")  # noqa: DTZ001 (a workbook knows no zone)
    assert isinstance(row[5], datetime)
    assert row[6] == "李数据"
    told = [" ".join(map(str, line)) for line in book.worksheets[1].iter_rows(values_only=True)]
    assert any("Level is A (key)" in line for line in told)


@pytest.mark.parametrize("evil", EVIL)
def test_no_text_becomes_a_formula(steward_browser, store, steward, evil):
    create(store, steward, "customer", name=f"Firm{evil}", description=evil, tags="x")
    book = opened(steward_browser.get(f"{LIST}?columns=description,name&q={quote('Firm')}"))
    for sheet in book.worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                assert cell.data_type != "f"
                assert cell.hyperlink is None
    said = book.worksheets[0]["B2"]
    assert said.value.strip() == evil.strip()
    assert said.quotePrefix


@given(st.text(max_size=20))
def test_whatever_begins_like_a_formula_is_marked(text):
    assert workbook.is_dangerous("=" + text)
    assert workbook.is_dangerous("  +" + text)
    assert not workbook.is_dangerous("a" + text)


def test_only_picked_records_are_exported_when_some_are_picked(steward_browser, store, steward):
    first, _, third = (customer(store, steward, name=f"Firm {at}") for at in range(3))
    steward_browser.get("/o/customer")
    answer = steward_browser.post(LIST, {"id": [str(first), str(third)], "look": "sort=name"})
    rows = list(opened(answer).worksheets[0].iter_rows(min_row=2, max_col=1, values_only=True))
    assert rows == [("Firm 0",), ("Firm 2",)]
    everything = opened(steward_browser.post(LIST, {"all": "1", "id": str(first)}))
    assert everything.worksheets[0].max_row == 4


def test_a_list_that_is_too_long_says_what_is_missing(steward_browser, store, steward, monkeypatch):
    monkeypatch.setattr(export, "MOST_ROWS", 2)
    for at in range(3):
        customer(store, steward, name=f"Firm {at}")
    book = opened(steward_browser.get(LIST))
    assert book.worksheets[0].max_row == 3
    assert any("Only the first 2 rows" in str(row) for row in book.worksheets[1].iter_rows(values_only=True))


def test_masked_fields_stay_masked_and_hidden_ones_out(steward_browser, store, steward):
    customer(store, steward, email="ann@example.com")
    with store.transaction("web") as tx:
        tx.connection.exec_driver_sql(
            """UPDATE guanxi.definition SET body = jsonb_set(body, '{fields}',
               '{"customer.mobile": "masked", "customer.email": "hidden"}') WHERE kind = 'role' AND name = 'steward'"""
        )
        tx.connection.exec_driver_sql("UPDATE guanxi.catalog_version SET version = version + 1")
    sheet = opened(steward_browser.get(f"{LIST}?columns=name,mobile,email")).worksheets[0]
    rows = list(sheet.iter_rows(values_only=True))
    assert rows[0] == ("Customer name", "Mobile")
    assert rows[1][1] == "138****8000"
    rule = quote(write_filter(Group(members=(Rule(path="mobile", operator="contains", values=("1380",)),))))
    assert "13800138000" not in steward_browser.get(f"/o/customer?where={rule}").text
    assert opened(steward_browser.get(f"{LIST}?where={rule}")).worksheets[0].max_row == 1


def test_days_before_the_calendar_of_workbooks_stay_texts(steward_browser, store, steward):
    customer(store, steward, registered_on=date(1850, 1, 1))
    sheet = opened(steward_browser.get(f"{LIST}?columns=name,registered_on")).worksheets[0]
    assert sheet["B2"].value == "1 Jan 1850"


__all__ = [
    "administrator", "browser", "database_server", "queries", "reader", "settings", "steward",
    "steward_browser", "store",
]  # fmt: skip
