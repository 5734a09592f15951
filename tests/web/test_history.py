"""Laws of a record's history as people read it: every kind of change in words, only what they may see."""

import re
from typing import get_args

import pytest

from guanxi.integration import rollback
from guanxi.records import bulk, reading, writing
from guanxi.store import batches, journal
from guanxi.store.transactions import Store
from tests.web.records import customer


def load(store: Store, actor, number: int, **values) -> None:
    """Change one record as a load in the batch ``ledger`` does."""
    with store.transaction("integration") as tx:
        within = tx.in_batch(batches.begin(tx, "ledger"))
        given = {name: [value] for name, value in values.items()}
        bulk.save(within, actor, "customer", given, ids=[number], origins=[{"level": {"source": "ledger"}}])


def journaled(store: Store, number: int, action: str, before=None, after=None) -> None:
    """Write one line into the journal of a customer."""
    with store.transaction("web") as tx:
        change = journal.Change(
            object="customer", record_id=number, action=action, version=9, before=before, after=after
        )
        journal.write(tx, None, [change])


def lines(page: str) -> list[str]:
    """Return the text of each line of a history, without markup."""
    found = re.search(r'<ol class="history".*?</ol>', page, re.DOTALL)
    items = re.findall(r"<li.*?</li>", found[0] if found else "", re.DOTALL)
    return [" ".join(re.sub(r"<[^>]+>", " ", each).split()) for each in items]


def test_values_that_a_rollback_gave_back_are_told_before_and_after(steward_browser, store, steward):
    number = customer(store, steward)
    load(store, steward, number, level="A")
    with store.transaction("web") as tx:
        rollback.roll_back(tx, steward, "ledger")
    newest, loaded, _created = lines(steward_browser.get(f"/o/customer/{number}?tab=history").text)
    assert "given back by a rollback" in newest
    assert re.search(r"Level A [^→]*→ B", newest)
    assert "by data integration" in loaded
    steward_browser.post("/habits/language", {"language": "zh"})
    assert "回滚时恢复" in steward_browser.get(f"/o/customer/{number}?tab=history").text


@pytest.mark.parametrize("action", get_args(journal.Action))
def test_every_action_of_the_journal_has_words(steward_browser, store, steward, action):
    number = customer(store, steward)
    journaled(store, number, action, before={"level": "A"}, after={"level": "B"})
    page = steward_browser.get(f"/o/customer/{number}?tab=history")
    assert page.status_code == 200
    assert len(lines(page.text)) == 2


def test_a_change_of_nothing_but_the_origin_is_no_line(steward_browser, store, steward):
    number = customer(store, steward)
    before = lines(steward_browser.get(f"/o/customer/{number}?tab=history").text)
    places = {"level": {"source": "ledger", "row": 7}}
    for action in ("update", "return"):
        journaled(store, number, action, before={"origin": None}, after={"origin": places})
    page = steward_browser.get(f"/o/customer/{number}?tab=history").text
    assert lines(page) == before
    assert "ledger" not in page


def test_only_who_may_write_is_offered_to_take_a_change_back(steward_browser, reader_browser, store, steward):
    number = customer(store, steward)
    steward_browser.post(f"/o/customer/{number}/edit/level", {"level": "A", "version": "1"})
    address = f"/o/customer/{number}?tab=history"
    assert "/undo/" in steward_browser.get(address).text
    assert "/undo/" not in reader_browser.get(address).text


def test_one_field_has_a_history_of_its_own_and_is_undone_there_alone(steward_browser, store, steward):
    number = customer(store, steward)
    address = f"/o/customer/{number}"
    update = {"level": "A", "contact_name": "李四"}
    with store.transaction("web") as tx:
        writing.update(tx, steward, "customer", number, update)
        writing.update(tx, steward, "customer", number, {"contact_name": "王五"})
    assert (
        f'href="{address}?tab=history&amp;field=level"' in steward_browser.get(f"{address}/edit/level").text
    )
    page = steward_browser.get(f"{address}?tab=history&field=level").text
    assert len(lines(page)) == 2
    assert "李四" not in str(lines(page))
    undo = re.search(rf"{address}/undo/\d+", page)[0]
    answer = steward_browser.post(undo, {"field": "level"})
    assert answer.headers["location"] == f"{address}?tab=history&field=level"
    with store.transaction("web") as tx:
        values = reading.get(tx, steward, "customer", number).values
    assert (values["level"], values["contact_name"]) == ("B", "王五")


def test_a_long_history_goes_on_behind_its_last_line(steward_browser, store, steward):
    number = customer(store, steward)
    with store.transaction("web") as tx:
        for each in range(60):
            writing.update(tx, steward, "customer", number, {"contact_name": f"第{each}"})
    first = steward_browser.get(f"/o/customer/{number}?tab=history").text
    further = re.search(r'href="([^"]*before=\d+)"', first)[1].replace("&amp;", "&")
    second = steward_browser.get(further).text
    assert len(lines(first)) == 50
    assert len(lines(second)) == 11
    assert "before=" not in second
