"""Laws of what the product keeps itself: no form, cell, list or history rewrites runs, pairs, signatures, people."""

import pytest

from guanxi.identity.actor import SYSTEM
from guanxi.kernel.errors import NotAllowed
from guanxi.records import changes, reading, writing
from tests.web.conftest import text_of
from tests.web.records import NAME, create, customer
from tests.web.stewardship import pair, row

PART = {"HX-Request": "true"}


@pytest.fixture
def run(store):
    """Return the number of a run, changed once since."""
    number = create(store, SYSTEM, "run", name="first", state="failed", folder="mine")
    with store.transaction("test") as tx:
        writing.update(tx, SYSTEM, "run", number, {"state": "running", "folder": "of another"})
    return number


@pytest.fixture
def gap(store, steward):
    """Return the number of a gap."""
    about = {"customer": customer(store, steward), "object": "customer", "field": "mobile"}
    return create(store, SYSTEM, "gap", title=NAME, kind="missing", department="销售部", **about)


@pytest.fixture
def review(store, steward):
    """Return the number of a pair somebody is asked about."""
    row(store, steward, "ledger", "1", name=NAME)
    row(store, steward, "desk", "2", name=NAME)
    return pair(store, steward, ("ledger|1", NAME), ("desk|2", NAME))


def values(store, name, number):
    with store.transaction("test") as tx:
        return reading.get(tx, SYSTEM, name, number)


def test_nobody_rewrites_a_run_by_hand(administrator_browser, store, run):
    before = values(store, "run", run)
    administrator_browser.get("/o/run")
    for field, value in (("state", "finished"), ("folder", "another"), ("name", "renamed"), ("problem", "")):
        for way in ("edit", "cell"):
            answer = administrator_browser.post(f"/o/run/{run}/{way}/{field}", {field: value, "version": "9"})
            assert answer.status_code == 400, (way, field)
        form = {"act": "change", "field": field, field: value, "id": str(run), "sure": "1"}
        assert administrator_browser.post("/o/run/bulk", form).status_code == 403
    for act in ("delete", "restore"):
        assert administrator_browser.post(f"/o/run/{run}/{act}").status_code == 403
        assert (
            administrator_browser.post("/o/run/bulk", {"act": act, "id": str(run), "sure": "1"}).status_code
            == 403
        )
    assert administrator_browser.post("/o/run/new", {"name": "x", "state": "finished"}).status_code == 403
    assert values(store, "run", run) == before


def test_nobody_takes_back_what_the_product_wrote_down(administrator_browser, store, run):
    with store.transaction("test") as tx:
        latest = changes.history(tx, SYSTEM, "run", run)[0]
    assert not latest.undoable
    page = administrator_browser.get(f"/o/run/{run}?tab=history").text
    assert f"/undo/{latest.id}" not in page
    assert administrator_browser.post(f"/o/run/{run}/undo/{latest.id}").status_code == 400
    assert values(store, "run", run).values["state"] == "running"


@pytest.mark.parametrize("name", ["run", "review", "correction", "sign_off", "gap", "source"])
def test_no_list_offers_to_create_what_the_product_makes(administrator_browser, name):
    assert f'href="/o/{name}/new' not in administrator_browser.get(f"/o/{name}").text
    assert administrator_browser.get(f"/o/{name}/new").status_code == 403


def test_a_pair_is_decided_on_its_own_page_only(steward_browser, store, review):
    steward_browser.get(f"/o/review/{review}")
    for form in ({"decision": "join"}, {"left_key": "other|3"}, {"probability": "1"}):
        (field,) = form
        assert steward_browser.post(f"/o/review/{review}/edit/{field}", form).status_code == 400
    assert steward_browser.post(f"/o/review/{review}/delete").status_code == 403
    assert values(store, "review", review).values["decision"] == "undecided"
    assert steward_browser.post(f"/duplicates/{review}/decide", {"decision": "apart"}).status_code == 303


def test_what_a_gap_is_about_stays_and_who_is_asked_may_change(steward_browser, store, gap):
    steward_browser.get(f"/o/gap/{gap}")
    for field, value in (
        ("object", "user"),
        ("field", "nothing"),
        ("title", "x"),
        ("given", "1"),
        ("record", "1"),
    ):
        form = {field: value, "version": "9"}
        assert steward_browser.post(f"/o/gap/{gap}/edit/{field}", form).status_code == 400, field
    answer = steward_browser.post(f"/o/gap/{gap}/edit/department", {"department": "服务部", "version": "1"})
    assert answer.status_code == 303
    assert steward_browser.get("/gaps.xlsx").status_code == 200


def test_the_name_a_source_is_known_by_stays(steward_browser, store, ledger):
    before = values(store, "source", ledger)
    steward_browser.get(f"/o/source/{ledger}")
    for field, value in (
        ("name", "x"),
        ("kind", "folder"),
        ("location", "/"),
        ("health", "good"),
        ("rows", "1"),
    ):
        assert steward_browser.post(f"/o/source/{ledger}/edit/{field}", {field: value}).status_code == 400, (
            field
        )
    assert values(store, "source", ledger) == before
    assert steward_browser.post(f"/o/source/{ledger}/edit/trust", {"trust": "7"}).status_code == 303


@pytest.mark.parametrize("kind", ["database", "rest", "folder"])
def test_the_form_of_another_kind_changes_no_source(steward_browser, store, ledger, kind):
    before = values(store, "source", ledger)
    steward_browser.get("/sources")
    assert steward_browser.get(f"/sources/{ledger}/{kind}").status_code == 404
    form = {
        "step": "keep",
        "title": "x",
        "folder": "x",
        "url": "https://erp.example.com/a",
        "host": "db.example.com",
    }
    form |= {"dialect": "postgresql", "database": "a", "user": "b"}
    assert steward_browser.post(f"/sources/{ledger}/{kind}", form).status_code == 404
    assert values(store, "source", ledger) == before


def test_people_are_no_records(administrator_browser, store, administrator, reader):
    for address in ("", "?tab=history", "/peek", "/fact/name", "/edit/name", "/cell/name", "/rows"):
        answer = administrator_browser.get(f"/o/user/{reader.id}{address}", **PART)
        assert answer.status_code == 404, address
    administrator_browser.get("/")
    for address in ("/edit/name", "/cell/name", "/delete", "/restore", "/undo/1", "/activities"):
        assert (
            administrator_browser.post(f"/o/user/{reader.id}{address}", {"name": "x"}).status_code == 404
        ), address
    assert administrator_browser.post("/o/user/new", {"name": "x"}).status_code == 404
    with store.transaction("test") as tx:
        for act in (
            lambda: writing.create(tx, administrator, "user", {"name": "x"}),
            lambda: writing.update(tx, administrator, "user", reader.id, {"name": "x"}),
            lambda: writing.delete(tx, administrator, "user", [reader.id]),
        ):
            with pytest.raises(NotAllowed, match="administrator"):
                act()
    assert reader.name in text_of(administrator_browser.get("/settings/people").text)
