"""Laws of the page of a run: one next step in words, every row accounted for, errors with what to do."""

import pytest

from guanxi.integration import following, inventory
from guanxi.integration.following import StageProgress
from guanxi.integration.staging import RunFolder
from guanxi.kernel.text import say
from tests.web.conftest import text_of
from tests.web.records import create

SOURCES = [
    {
        "name": "ledger",
        "kind": "delimited",
        "path": "/x/ledger.csv",
        "label": {"en": "Ledger", "zh": "台账"},
        "department": "销售部",
    },
    {
        "name": "desk",
        "kind": "delimited",
        "path": "/x/desk.csv",
        "label": {"en": "Desk", "zh": "工单"},
        "department": "服务部",
    },
]
PREPARED = {
    "read": {"numbers": {"rows_seen": 3012, "rows": 2990, "blank": 12, "quarantined": 10}},
    "match": {"numbers": {"mentions": 2900, "customers": 1220}},
    "golden": {"numbers": {"customer": 1200, "pilot": 120, "nameless": 20}},
}
LOADED = {
    **PREPARED,
    "load": {
        "numbers": {"rows": 1200},
        "objects": {"customer": {"created": 1150, "updated": 50, "unchanged": 0}},
    },
    "verify": {"numbers": {"new": 1150, "merged": 1700, "unchanged": 40, "refused": 100, "errors": 0}},
}
STATES = (
    "waiting",
    "running",
    "prepared",
    "pilot",
    "paused",
    "finished",
    "failed",
    "cancelled",
    "rolling_back",
    "rolled_back",
)
LIVE = ("waiting", "running", "rolling_back")


def run_with(store, actor, state: str, **values) -> int:
    given = {
        "name": "All departments",
        "plan": {"source": SOURCES},
        "counts": LOADED,
        "folder": "first",
        **values,
    }
    return create(store, actor, "run", state=state, **given)


@pytest.mark.parametrize("state", STATES)
def test_a_run_shows_where_it_stands_and_is_followed_only_while_it_lives(
    steward_browser, store, steward, state
):
    page = steward_browser.get(f"/runs/{run_with(store, steward, state)}")
    assert page.status_code == 200
    assert "All departments" in page.text
    assert ("data-follow" in page.text) == (state in LIVE)
    assert page.text.partition('id="main"')[2].count("btn btn-primary") <= 1


@pytest.mark.parametrize(
    ("state", "button"),
    [
        ("prepared", "Load the pilot: 120 customers"),
        ("pilot", "Load the other 0"),
        ("paused", "Go on"),
        ("failed", "Try again"),
        ("finished", "Check the proof and sign"),
    ],
)
def test_one_button_says_in_words_what_comes_next(steward_browser, store, steward, state, button):
    page = steward_browser.get(f"/runs/{run_with(store, steward, state)}").text
    assert button in text_of(page[page.index('class="next-acts"') :][:900])


def test_every_row_is_accounted_for_and_the_number_says_where_it_is_listed(steward_browser, store, steward):
    number = run_with(store, steward, "finished")
    page = steward_browser.get(f"/runs/{number}").text
    told = text_of(page)
    for part in (
        "3,012 rows were read",
        "1,150 became new records",
        "100 left out",
        "10 in quarantine",
        "12 blank",
    ):
        assert part in told
    assert "every row has exactly one fate" in told
    assert f'href="/runs/{number}/quarantine"' in page
    assert f'href="/runs/{number}/left-out"' in page


def test_rows_nobody_can_account_for_are_told(steward_browser, store, steward):
    broken = {**LOADED, "verify": {"numbers": {**LOADED["verify"]["numbers"], "new": 1149, "errors": 1}}}
    told = text_of(steward_browser.get(f"/runs/{run_with(store, steward, 'finished', counts=broken)}").text)
    assert "1 not accounted for" in told
    assert "The numbers do not add up" in told


def test_decisions_made_since_call_for_preparing_again(steward_browser, store, steward):
    number = run_with(store, steward, "prepared", counts=PREPARED, prepared_at="2026-01-01T08:00:00+08:00")
    create(
        *(store, steward, "review"),
        title="A ↔ B",
        run=number,
        decision="join",
        decided_at="2026-01-02T08:00:00+08:00",
    )
    told = text_of(steward_browser.get(f"/runs/{number}").text)
    assert "Prepare again with one decision" in told
    assert "Load without them" in told


def test_a_failed_run_says_what_went_wrong_and_what_to_do(steward_browser, store, steward, settings):
    number = run_with(store, steward, "failed", stage="prepare", problem="there is no file desk.csv")
    failure = {
        "message": inventory.message_to_data(say("there is no file {name}", name="desk.csv")),
        "kind": "Refused",
        "cause": "",
    }
    RunFolder(settings.home / "runs" / "first").write_json("verification", "failure", failure)
    told = text_of(steward_browser.get(f"/runs/{number}").text)
    assert "there is no file desk.csv" in told
    assert "What to do: Upload the file again at its source" in told
    assert "To the sources" in told


@pytest.mark.parametrize("state", ["failed", "paused", "cancelled"])
def test_a_run_that_changed_nothing_offers_nothing_to_take_back(steward_browser, store, steward, state):
    number = run_with(store, steward, state, counts={})
    page = steward_browser.get(f"/runs/{number}").text
    assert "roll-back" not in page
    assert "removes what it asked people for" not in page
    refused = steward_browser.get(f"/runs/{number}/roll-back")
    assert refused.status_code == 400
    assert "there is nothing to take back" in refused.text


def test_counts_that_are_no_counts_are_left_out(steward_browser, store, steward):
    odd = {"read": 7, "odd": "no number", "load": {"created": 7}, "match": {"numbers": {"mentions": "many"}}}
    page = steward_browser.get(f"/runs/{run_with(store, steward, 'running', counts=odd)}")
    assert page.status_code == 200


def test_a_reader_sees_the_run_and_finds_nothing_to_press(reader_browser, store, steward):
    number = run_with(store, steward, "prepared", counts=PREPARED)
    page = reader_browser.get(f"/runs/{number}").text
    assert "Prepared: 1,200 customers" in page
    assert f'action="/runs/{number}' not in page
    assert reader_browser.post(f"/runs/{number}/go_on").status_code == 403


def test_an_action_that_is_not_possible_now_is_refused(steward_browser, store, steward):
    number = run_with(store, steward, "finished")
    steward_browser.get(f"/runs/{number}")
    assert steward_browser.post(f"/runs/{number}/go_on").status_code == 400
    assert steward_browser.post(f"/runs/{number}/dance").status_code == 404


def test_ending_a_run_asks_first(steward_browser, store, steward):
    number = run_with(store, steward, "pilot")
    page = steward_browser.get(f"/runs/{number}/end").text
    assert f'action="/runs/{number}/cancel"' in page


def test_the_events_of_a_run_end_when_nothing_more_happens_by_itself(steward_browser, store, steward):
    stream = steward_browser.get(f"/runs/{run_with(store, steward, 'prepared')}/events")
    assert stream.headers["content-type"].startswith("text/event-stream")
    assert "event: state" in stream.text
    assert "event: end" in stream.text


def test_a_run_costs_few_questions(steward_browser, store, steward, queries):
    number = run_with(store, steward, "finished")
    steward_browser.get(f"/runs/{number}")
    with queries() as sent:
        steward_browser.get(f"/runs/{number}")
    assert len(sent) <= 12, sent


def test_the_page_is_in_the_readers_language(browser, store, steward):
    page = text_of(
        browser().sign_in("steward", "zh").get(f"/runs/{run_with(store, steward, 'finished')}").text
    )
    assert "台账" in page
    assert "rows were read" not in page


@pytest.mark.parametrize(
    ("errors", "said"),
    [
        (0, "The proof sets a sample beside its sources."),
        (1, "One thing in the pilot does not hold."),
        (15, "15 things in the pilot do not hold."),
    ],
)
def test_a_pilot_leads_to_its_proof_and_says_what_does_not_hold(
    steward_browser, store, steward, errors, said
):
    proven = {**LOADED, "verify": {"numbers": {}, "pilot": {"sampled_cells": 2403, "errors": errors}}}
    number = run_with(store, steward, "pilot", counts=proven)
    page = steward_browser.get(f"/runs/{number}").text
    assert said in page
    assert page.count(f'href="/runs/{number}/proof"') == 1
    assert page.index(f'href="/runs/{number}/proof"') < page.index(f'href="/runs/{number}/end"')


def test_a_prepared_run_leads_to_the_pairs_it_asks_about(steward_browser, store, steward):
    number = run_with(store, steward, "prepared", counts=PREPARED)
    pairs = f'class="btn " href="/duplicates?run={number}"'
    assert pairs not in steward_browser.get(f"/runs/{number}").text
    create(store, steward, "review", title="A ↔ B", run=number)
    assert pairs in steward_browser.get(f"/runs/{number}").text


def test_a_paused_run_still_shows_how_far_it_came(steward_browser, store, steward, monkeypatch):
    number = run_with(store, steward, "paused", counts={}, stage="prepare")
    assert "Nothing was read" in steward_browser.get(f"/runs/{number}").text
    reported = (
        StageProgress(stage="read", done=2, total=2, message=None),
        StageProgress(stage="match", done=5, total=None, message=None),
    )
    monkeypatch.setattr(following, "stages", lambda stands: reported)
    page = steward_browser.get(f"/runs/{number}").text
    assert "Nothing was read" not in page
    assert page.count('class="stage-bar"') == 2
    assert page.count("value=") >= page.count("<progress")


def test_what_a_stage_reports_names_sources_and_numbers_as_people_write_them(
    browser, store, steward, monkeypatch
):
    number = run_with(store, steward, "running")
    told = say("{source}: {rows} rows read", source="ledger", rows=3012)
    reported = (StageProgress(stage="read", done=1, total=2, message=told),)
    monkeypatch.setattr(following, "stages", lambda stands: reported)
    assert "Ledger: 3,012 rows read" in browser().sign_in("steward").get(f"/runs/{number}").text


def test_a_pause_is_no_alarm(steward_browser, store, steward):
    for state, look, name in (("paused", "paused", "player-pause"), ("failed", "stopped", "alert-triangle")):
        page = steward_browser.get(
            f"/runs/{run_with(store, steward, state, stage='prepare', counts={})}"
        ).text
        step = page.partition(f'class="way-{look}"')[2].partition("</li>")[0]
        assert name in step
