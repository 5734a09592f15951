"""Laws of home: what waits for whom, figures that are true, the way in when nothing is there."""

import pytest

from guanxi.identity.actor import SYSTEM
from guanxi.records import writing
from guanxi.records.fullness import completeness
from guanxi.records.totals import about_how_many
from guanxi.web.today import figures
from tests.web.records import create, customer

MOST_QUERIES = 12


PLAN = {"name": "夜间", "source": [{"name": "a", "department": "信息部"}]}


def a_run(store, actor, state="pilot", name="夜间"):
    with store.transaction("test") as tx:
        given = {"name": name, "state": state, "plan": PLAN, "finished_at": tx.now.isoformat()}
        return writing.create(tx, actor, "run", given)


def test_an_empty_house_shows_the_way_in_to_those_who_bring_data(steward_browser, reader_browser):
    page = steward_browser.get("/").text
    assert "Add the first source" in page
    assert 'class="btn btn-primary btn-big" href="/sources"' in page
    page = reader_browser.get("/").text
    assert "Add the first source" not in page
    assert "no customers yet" in page


def test_home_says_when_nothing_waits(reader_browser, store, steward):
    customer(store, steward)
    assert "Nothing waits for you." in reader_browser.get("/").text


@pytest.mark.parametrize("state", ["pilot", "failed"])
def test_a_run_that_waits_or_stopped_stands_on_home_of_those_who_integrate(
    steward_browser, reader_browser, store, steward, state
):
    run = a_run(store, steward, state)
    page = steward_browser.get("/").text
    assert f'href="/runs/{run}" class="wait' in page
    assert f'href="/runs/{run}" class="wait' not in reader_browser.get("/").text


def test_a_department_is_asked_for_its_signature_until_it_signed(
    steward_browser, reader_browser, store, steward
):
    run = a_run(store, steward, "finished")
    assert f'href="/runs/{run}/proof" class="wait' in steward_browser.get("/").text
    assert f"/runs/{run}/proof" not in reader_browser.get("/").text
    create(
        store,
        SYSTEM,
        "sign_off",
        run=run,
        department="信息部",
        person=steward.id,
        signed_at="2026-11-20T10:00:00+08:00",
        verdict="accepted",
    )
    assert f'href="/runs/{run}/proof" class="wait' not in steward_browser.get("/").text


def test_a_reader_finds_the_facts_asked_of_the_own_department_only(reader_browser, store, steward):
    customer(store, steward)
    for department in ("销售部", "服务部"):
        create(store, steward, "gap", title="行业", kind="missing", state="open", department=department)
    page = reader_browser.get("/").text
    assert 'wait-number">1<' in page
    assert "fact for 销售部 to fill in" in page


def test_figures_are_true_and_say_their_period(steward_browser, store, steward, queries):
    for number in range(3):
        number_of = customer(store, steward, name=f"云帆 {number}")
    create(store, steward, "ticket", number="T1", customer=number_of, subject="坏了", status="new")
    with queries() as sent:
        page = steward_browser.get("/").text
    assert len(sent) <= MOST_QUERIES, sent
    assert 'tile-number">3<' in page
    assert "3 new this week, 0 last week" in page
    assert "1 of them new" in page


def test_completeness_is_the_share_of_key_facts_that_are_known(store, steward):
    with store.transaction("test") as tx:
        assert completeness(tx, steward, "customer") is None
        keys = [each for each in tx.catalog.object("customer").live_fields if each.key]
    customer(store, steward)
    with store.transaction("test") as tx:
        found = completeness(tx, steward, "customer")
        assert found is not None
        assert (found.records, found.fields, found.is_everything) == (1, len(keys), True)
        assert 0 < found.share <= 1


def test_a_large_house_is_counted_roughly_and_at_once(steward_browser, store, steward, monkeypatch):
    monkeypatch.setattr(figures, "MOST", 2)
    for number in range(4):
        customer(store, steward, name=f"云帆 {number}")
    with store.transaction("test") as tx:
        tx.connection.exec_driver_sql("ANALYZE crm.customer")
        assert about_how_many(tx, "customer") == 4
    assert "about " in steward_browser.get("/").text


def test_first_steps_are_shown_to_somebody_new_and_then_leave(administrator_browser, store):
    assert "First steps" in administrator_browser.get("/").text
    with store.transaction("test") as tx:
        tx.connection.exec_driver_sql(
            "UPDATE guanxi.user_account SET created_at = created_at - interval '1 month'"
        )
    assert "First steps" not in administrator_browser.get("/").text


def test_only_who_may_fill_gaps_is_shown_to_them_first(reader_browser, store, steward):
    customer(store, steward)
    page = reader_browser.get("/").text
    assert "First steps" in page
    assert "Fill in what only your department knows" not in page


def test_one_thing_that_waits_is_said_in_the_singular(steward_browser, store, steward):
    due = {"person": steward.id, "next_step": "Call again", "next_on": "2020-01-01"}
    whom = customer(store, steward)
    create(store, steward, "activity", customer=whom, subject="First", **due)
    assert "of my next steps is due" in steward_browser.get("/").text
    create(store, steward, "activity", customer=whom, subject="Second", **due)
    assert "of my next steps are due" in steward_browser.get("/").text
