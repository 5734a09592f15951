"""Laws of the settings: roles, objects with their dictionary, packs, the state of the system."""

from datetime import UTC, datetime
from io import BytesIO
from zoneinfo import ZoneInfo

import openpyxl
import pytest

from guanxi.integration.standards import STANDARDS
from guanxi.metadata.catalog import catalog_of
from guanxi.metadata.labels import Label
from guanxi.metadata.objects import Field, ObjectType
from guanxi.store.system_state import system_state
from guanxi.web.dictionary.fields import write_dictionary
from guanxi.web.dictionary.standards import STANDARD_WORDS
from guanxi.web.reader import Reader

MOST_QUERIES = 12
PLACES = ("/settings/roles", "/settings/objects", "/settings/packs", "/settings/system")


@pytest.mark.parametrize("address", PLACES)
def test_settings_are_for_those_who_hold_the_ability(
    administrator_browser, steward_browser, queries, address
):
    with queries() as sent:
        assert administrator_browser.get(address).status_code == 200
    assert len(sent) <= MOST_QUERIES, sent
    assert steward_browser.get(address).status_code == 403
    assert address not in steward_browser.get("/").text


def test_every_standard_is_told_in_words():
    assert set(STANDARD_WORDS) == set(STANDARDS)


def test_a_roles_page_says_what_a_reader_may_do(administrator_browser):
    page = administrator_browser.get("/settings/roles?role=reader").text
    line = page.split("Customers</th>")[1].split("</tr>")[0]
    assert [line.count("right-all"), line.count("right-none")] == [1, 3]
    assert "The product itself" not in page
    assert administrator_browser.get("/settings/roles?role=nobody").status_code == 200


def test_an_objects_page_tells_choices_standards_and_what_links_to_it(administrator_browser):
    page = administrator_browser.get("/settings/objects?object=customer").text
    assert "Contact · Customer" in page
    assert "11 digits beginning with 13 to 19" in page
    assert administrator_browser.get("/settings/objects?object=nothing").status_code == 404


def test_the_dictionary_holds_every_field_and_choice(administrator_browser, store):
    answer = administrator_browser.get("/settings/objects/dictionary.xlsx")
    assert answer.headers["cache-control"] == "no-store"
    book = openpyxl.load_workbook(BytesIO(answer.content))
    assert book.sheetnames == ["Objects", "Fields", "Choices"]
    with store.transaction("test") as tx:
        fields = [f"{each.name}.{one.name}" for each in tx.catalog.live_objects for one in each.live_fields]
    assert [row[2].value for row in book["Fields"].iter_rows(min_row=2)] == fields


def test_no_name_in_the_dictionary_becomes_a_formula():
    evil = Field(name="evil", type="text", label=Label(en="=1+1"), help=Label(en="@sum"))
    label = Label(en="-2")
    thing = ObjectType(name="thing", label=label, plural=label, title="evil", fields={"evil": evil})
    reader = Reader(language="en", zone=ZoneInfo("Asia/Shanghai"), now=datetime(2026, 1, 1, tzinfo=UTC))
    book = openpyxl.load_workbook(BytesIO(write_dictionary(catalog_of(1, [thing]), reader, company="=A1")))
    cells = [cell for sheet in book for row in sheet.iter_rows(min_row=2) for cell in row if cell.value]
    assert {cell.data_type for cell in cells} <= {"s", "n"}
    assert all(cell.quotePrefix for cell in cells if str(cell.value).startswith(("=", "-", "@")))


def test_packs_tell_version_and_what_they_bring(administrator_browser):
    page = administrator_browser.get("/settings/packs").text
    assert "/settings/objects?object=customer" in page
    assert "Data integration" in page


def test_the_system_page_tells_versions_and_sizes_and_no_secret(administrator_browser, settings):
    page = administrator_browser.get("/settings/system").text
    for word in ("PostgreSQL", "Python", "crm.", "Last migration", str(settings.home)):
        assert word in page
    assert settings.secret not in page


def test_the_state_of_the_database_is_measured(store):
    with store.transaction("test") as tx:
        state = system_state(tx)
    assert state.size > 0
    assert 0 < state.connections <= state.most_connections
    assert len(state.biggest) > 1


def test_the_company_gets_its_name_and_it_stands_on_every_page(administrator_browser, steward_browser):
    administrator_browser.get("/settings/system")
    assert administrator_browser.post("/settings/system/company", {"company": "x" * 101}).status_code == 422
    administrator_browser.post("/settings/system/company", {"company": "云帆 <机械>"})
    page = steward_browser.get("/o/customer").text
    assert "云帆 &lt;机械&gt;" in page
    assert "云帆 &lt;机械&gt;" in steward_browser.get("/habits").text
    steward_browser.get("/")
    assert steward_browser.post("/settings/system/company", {"company": "Ours"}).status_code == 403
