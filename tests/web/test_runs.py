"""Laws of the pages of runs over the whole product: begun by a click, gone on with, listed, rolled back."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from litestar.testing import TestClient

from guanxi.app import Guanxi
from guanxi.identity import users
from guanxi.identity.actor import SYSTEM
from guanxi.integration import inventory, steering
from guanxi.jobs import work
from guanxi.records import writing
from guanxi.web.site import build_site
from tests.integration import plant
from tests.web.conftest import ORIGIN, Browser, statements, text_of
from tests.world import PASSWORD

pytestmark = pytest.mark.slow
MOST_QUERIES = 12


@pytest.fixture
def guanxi(database_server, tmp_path: Path) -> Iterator[Guanxi]:
    """Return a running product with two sources in its inventory and a steward."""
    plant.sources(tmp_path / "sources")
    with plant.product(database_server, tmp_path / "home") as running:
        with running.store.transaction("test") as tx:
            for each in plant.plan_of(tmp_path / "sources").sources:
                inventory.note_source(tx, SYSTEM, each)
            for login, role in (("steward", "steward"), ("reader", "reader")):
                person = users.NewUser(
                    login=login, name=login.title(), password=PASSWORD, department="销售部", roles=(role,)
                )
                users.create(tx, SYSTEM, person)
        yield running


@pytest.fixture
def client(guanxi: Guanxi) -> Iterator[TestClient]:
    with TestClient(build_site(guanxi.store, guanxi.settings), base_url=ORIGIN) as opened:
        yield opened


@pytest.fixture
def steward(client: TestClient) -> Browser:
    return Browser(client).sign_in("steward")


def sources_on(page: str) -> list[str]:
    return re.findall(r'name="source" value="(\d+)"', page)


def arrived(guanxi: Guanxi, address: str) -> str:
    """Wait until the run at *address* does nothing more; return its name."""
    number = int(address.rpartition("/")[2])
    with guanxi.store.transaction("test") as tx:
        found = tx.connection.exec_driver_sql("SELECT folder FROM crm.run WHERE id = %(id)s", {"id": number})
        stands = steering.standing(tx, found.scalar())
    work.wait(stands.work, timeout_seconds=plant.PATIENCE_SECONDS)
    return stands.name


def begun(steward: Browser, **more: str) -> str:
    """Begin a run of both sources by the form; return its address."""
    chosen = sources_on(steward.get("/runs/new").text)
    form = {
        "source": chosen,
        "name": "两个部门",
        "pilot": "20",
        "sample": "5",
        "stop": ["prepare", "pilot"],
        **more,
    }
    answer = steward.post("/runs", form)
    assert answer.status_code == 303, text_of(answer.text)
    return answer.headers["location"]


def test_by_clicking_a_run_is_begun_piloted_loaded_and_rolled_back(guanxi: Guanxi, steward: Browser):
    address = begun(steward)
    arrived(guanxi, address)
    assert "Load the pilot: one customer" in text_of(steward.get(address).text)
    assert plant.rows_of(guanxi.store, "crm.customer") == []
    assert steward.post(f"{address}/go_on").headers["location"] == address
    arrived(guanxi, address)
    assert "Load the other 6" in text_of(steward.get(address).text)
    steward.post(f"{address}/go_on")
    arrived(guanxi, address)
    told = text_of(steward.get(address).text)
    assert "Finished: 7 customers are in" in told
    assert "every row has exactly one fate" in told
    assert "两个部门" in text_of(steward.get("/runs").text)

    edited = plant.rows_of(guanxi.store, "crm.customer")[0]
    with guanxi.store.transaction("test") as tx:
        writing.update(tx, SYSTEM, "customer", edited["id"], {"contact_name": "李晓红"})
    preview = steward.get(f"{address}/roll-back").text
    assert f'href="/o/customer/{edited["id"]}"' in preview
    assert "changed since: Contact" in text_of(preview)
    assert re.search(r"Take \d+ records back", preview)
    with statements(guanxi.store) as sent:
        further = steward.get(f"{address}/roll-back?list=reversed&start=2").text
    assert len(sent) <= MOST_QUERIES
    assert 'id="reversed"' in further
    assert 'id="kept"' not in further
    assert "btn-danger" not in further
    steward.post(f"{address}/roll_back")
    arrived(guanxi, address)
    done = text_of(steward.get(f"{address}/roll-back").text)
    assert "What was rolled back" in done
    assert [row["id"] for row in plant.rows_of(guanxi.store, "crm.customer")] == [edited["id"]]


def test_rows_left_out_are_listed_with_their_reason(guanxi: Guanxi, steward: Browser):
    address = begun(steward, stop=[])
    arrived(guanxi, address)
    left = text_of(steward.get(f"{address}/left-out").text)
    assert "GD4" in left
    assert "Every row could be understood." in text_of(steward.get(f"{address}/quarantine").text)


def test_a_missing_file_is_told_with_what_to_do_and_trying_again_goes_on(
    guanxi: Guanxi, steward: Browser, tmp_path
):
    missing = tmp_path / "sources" / "desk.csv"
    missing.rename(tmp_path / "away.csv")
    address = begun(steward)
    with pytest.raises(Exception, match=r"there is no file desk\.csv"):
        arrived(guanxi, address)
    told = text_of(steward.get(address).text)
    assert "there is no file desk.csv" in told
    assert "What to do: Upload the file again at its source" in told
    (tmp_path / "away.csv").rename(missing)
    steward.post(f"{address}/again")
    arrived(guanxi, address)
    assert "Load the pilot" in text_of(steward.get(address).text)


def test_what_is_wrong_with_the_form_is_said_beside_its_field_and_what_was_typed_stays(steward: Browser):
    steward.get("/runs/new")
    answer = steward.post("/runs", {"name": "Autumn", "pilot": "99", "sample": "5"})
    assert answer.status_code == 422
    assert "Choose at least one source" in answer.text
    assert "Choose one of the shares" in answer.text
    assert 'value="Autumn"' in answer.text


def test_a_source_chosen_at_its_page_is_chosen_here(steward: Browser):
    number = sources_on(steward.get("/runs/new").text)[0]
    page = steward.get(f"/runs/new?source={number}").text
    assert f'value="{number}" checked' in page


def test_a_reader_sees_the_runs_and_can_begin_none(guanxi: Guanxi, client: TestClient, steward: Browser):
    address = begun(steward)
    arrived(guanxi, address)
    reader = Browser(client).sign_in("reader")
    page = reader.get("/runs").text
    assert "两个部门" in page
    assert "/runs/new" not in page
    for closed in ("/runs/new", f"{address}/left-out", f"{address}/roll-back"):
        assert reader.get(closed).status_code == 403
    assert reader.post("/runs", {"name": "x"}).status_code == 403


def test_without_runs_and_sources_the_pages_say_what_to_do_first(steward_browser):
    assert "No run yet" in steward_browser.get("/runs").text
    assert "Add a source" in steward_browser.get("/runs/new").text
