"""What earlier runs read is found again: when, from which file, and the rows that this run has not read itself."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import pytest
from tests.world import database_server, store

from guanxi.identity.actor import SYSTEM
from guanxi.integration import recall
from guanxi.integration.plans import SourcePlan
from guanxi.integration.recall import Reading, reading_of
from guanxi.integration.sources.base import ReadReceipt
from guanxi.integration.workshop import Workshop
from guanxi.metadata.labels import Label
from guanxi.records import writing

__all__ = ["database_server", "store"]

NOW = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
WHOLE = Reading(at=NOW, file="shop.csv", whole=True)
PART = replace(WHOLE, whole=False)
RECEIPT = ReadReceipt(kind="delimited", tables=(), quarantine_path="", quarantined=0)


@pytest.fixture
def shop(store, tmp_path: Path) -> Workshop:
    return Workshop(store, tmp_path)


def write_run(
    shop: Workshop, folder: str, readings: dict[str, Reading], *mentions: tuple, state="finished"
) -> int:
    """Write a run with its record and its files; a mention is (source, key, what it says)."""
    with shop.store.transaction("test") as tx:
        told = {name: each.as_data() for name, each in readings.items()}
        given = {"name": folder, "folder": folder, "state": state, "readings": told}
        number = writing.create(tx, SYSTEM, "run", given)
    files = shop.folder(folder)
    files.path.mkdir(parents=True)
    rows = [
        {"id": place, "source": source, "key": key, "existing": source == "guanxi", "name": said}
        for place, (source, key, said) in enumerate(mentions, 1)
    ]
    frame = pl.DataFrame(rows)
    files.write_frame("match", "mentions", frame)
    files.write_frame("match", "groups", frame.select("id", group=pl.lit(1, pl.Int64)))
    return number


def unread(shop: Workshop, readings: dict[str, Reading], *known: tuple[str, str]) -> recall.Unread:
    """Return what the run "now" has not read: of the record 7, which the source rows *known* became."""
    write_run(shop, "now", readings, ("desk", "d1", "now"), ("guanxi", "7", "ours"))
    schema = {"source": pl.String, "key": pl.String, "record": pl.String}
    frame = pl.DataFrame([(*each, "7") for each in known], schema=schema, orient="row")
    with shop.store.transaction("test") as tx:
        return recall.unread(tx, shop, "now", readings, frame)


def said(found: recall.Unread) -> list[tuple]:
    """Return (source, key, what it says, record) of every row."""
    return sorted(
        (each["source"], each["key"], each["name"], each["record"]) for each in found.rows.to_dicts()
    )


def test_of_a_source_that_is_not_read_the_newest_run_that_read_it_tells(shop):
    write_run(shop, "first", {"shop": WHOLE}, ("shop", "s1", "old"))
    second = write_run(shop, "second", {"shop": WHOLE, "other": WHOLE}, ("shop", "s1", "new"))
    found = unread(shop, {"desk": WHOLE}, ("shop", "s1"), ("desk", "d1"))
    assert said(found) == [("shop", "s1", "new", "7")]
    assert found.rows["run"].to_list() == [second]
    assert found.forgotten == frozenset()


def test_a_row_that_its_source_no_longer_holds_is_silent(shop):
    write_run(shop, "first", {"shop": WHOLE}, ("shop", "s1", "old"))
    write_run(shop, "second", {"shop": WHOLE}, ("shop", "s2", "new"))
    assert said(unread(shop, {"desk": WHOLE}, ("shop", "s1"))) == []


def test_where_only_changes_were_read_the_other_rows_are_found_in_earlier_runs(shop):
    write_run(shop, "first", {"shop": WHOLE}, ("shop", "s1", "old"), ("shop", "s2", "old"))
    write_run(shop, "second", {"shop": PART}, ("shop", "s2", "new"))
    found = unread(shop, {"desk": WHOLE}, ("shop", "s1"), ("shop", "s2"))
    assert said(found) == [("shop", "s1", "old", "7"), ("shop", "s2", "new", "7")]


def test_a_source_read_in_part_this_time_speaks_with_its_other_rows_and_one_read_whole_does_not(shop):
    write_run(shop, "first", {"desk": WHOLE}, ("desk", "d1", "old"), ("desk", "d2", "old"))
    known = ("desk", "d1"), ("desk", "d2")
    assert said(unread(shop, {"desk": PART}, *known)) == [("desk", "d2", "old", "7")]


def test_a_source_read_whole_this_time_is_not_asked_about_rows_it_no_longer_holds(shop):
    write_run(shop, "first", {"desk": WHOLE}, ("desk", "d2", "old"))
    assert said(unread(shop, {"desk": WHOLE}, ("desk", "d2"))) == []


@pytest.mark.parametrize("state", ["rolled_back", "failed", "cancelled", "prepared", "pilot"])
def test_a_run_that_did_not_come_to_its_end_or_was_taken_back_tells_nothing(shop, state):
    write_run(shop, "first", {"shop": WHOLE}, ("shop", "s1", "old"), state=state)
    found = unread(shop, {"desk": WHOLE}, ("shop", "s1"))
    assert said(found) == []
    assert found.forgotten == {"shop"}


def test_customers_no_row_of_this_run_speaks_of_are_left_alone(shop):
    write_run(shop, "first", {"shop": WHOLE}, ("shop", "s1", "old"))
    write_run(shop, "now", {"desk": WHOLE}, ("desk", "d1", "now"), ("guanxi", "7", "ours"))
    frame = pl.DataFrame({"source": ["shop"], "key": ["s1"], "record": ["8"]})
    with shop.store.transaction("test") as tx:
        assert said(recall.unread(tx, shop, "now", {"desk": WHOLE}, frame)) == []


def test_rows_of_several_runs_stand_together_in_the_shape_of_the_newest():
    old = pl.DataFrame({"id": [9], "source": ["a"], "level": [3], "note": ["x"]})
    new = pl.DataFrame({"id": [9], "source": ["b"], "level": ["A"]})
    together = recall.together([new, old])
    assert together.rows(named=True) == [
        {"id": 1, "source": "a", "level": None, "note": "x"},
        {"id": 2, "source": "b", "level": "A", "note": None},
    ]


def plan(**options) -> SourcePlan:
    return SourcePlan(name="shop", kind="delimited", label=Label(en="Shop", zh="商城"), options=options)


def test_a_reading_names_its_file_and_says_whether_all_was_read(tmp_path):
    file = tmp_path / "六月.csv"
    file.write_text("a")
    assert reading_of(plan(path=str(file)), RECEIPT, NOW) == Reading(at=NOW, file="六月.csv", whole=True)
    assert reading_of(plan(path=str(tmp_path)), RECEIPT, NOW).file == ""
    assert reading_of(plan(url="http://127.0.0.1/orders"), RECEIPT, NOW).file == ""
    assert not reading_of(plan(changed_since="2026-01-01"), RECEIPT, NOW).whole
    assert not reading_of(plan(), replace(RECEIPT, complete=False), NOW).whole
    assert not reading_of(plan(), replace(RECEIPT, unread=("a.csv",)), NOW).whole


def test_the_readings_of_runs_are_told_by_their_numbers(shop):
    number = write_run(shop, "first", {"shop": WHOLE}, ("shop", "s1", "old"))
    with shop.store.transaction("test") as tx:
        assert recall.readings_of(tx, [number, 999_999]) == {number: {"shop": WHOLE}}
        assert recall.readings_of(tx, []) == {}
