"""Laws of the kept preview: worked out once, the same as worked out anew, and never older than the records."""

import pytest
from tests.integration.rollback.test_rollback import load

from guanxi.integration import rollback
from guanxi.integration.rollback import foreseeing
from guanxi.integration.rollback.foreseeing import foresee
from guanxi.integration.staging import RunFolder
from guanxi.kernel.errors import NotAllowed
from guanxi.records import writing
from guanxi.store import batches


@pytest.fixture
def folder(tmp_path):
    return RunFolder(tmp_path)


def look(store, actor, folder, start=0):
    """Return what is foreseen, and whether it was worked out anew: that leaves a temporary table."""
    with store.transaction("web") as tx:
        seen = foresee(tx, actor, folder, "ledger", start=start)
        made = tx.connection.exec_driver_sql("SELECT to_regclass('pg_temp.undoing') IS NOT NULL").scalar()
        return seen, made


def anew(store, actor, start=0):
    with store.transaction("web") as tx:
        return rollback.preview(tx, actor, "ledger", start=start)


def test_what_was_worked_out_is_kept_and_is_the_same(store, steward, folder):
    load(store, steward, "ledger", {"name": ["甲公司", "乙公司", "丙公司"]})
    assert look(store, steward, folder) == (anew(store, steward), True)
    assert look(store, steward, folder) == (anew(store, steward), False)
    assert look(store, steward, folder, start=2) == (anew(store, steward, start=2), False)


def test_a_record_changed_since_is_seen_at_once(store, steward, folder):
    edited, _ = load(store, steward, "ledger", {"name": ["甲公司", "乙公司"]})
    look(store, steward, folder)
    with store.transaction("web") as tx:
        writing.update(tx, steward, "customer", edited, {"level": "A"})
    seen, worked_out = look(store, steward, folder)
    assert worked_out
    assert [(each.record_id, each.why) for each in seen.kept] == [(edited, "edited")]


def test_a_change_that_was_under_way_while_it_was_worked_out_is_seen_when_it_is_committed(
    store, steward, folder
):
    edited, _ = load(store, steward, "ledger", {"name": ["甲公司", "乙公司"]})
    with store.transaction("web") as tx:
        writing.update(tx, steward, "customer", edited, {"level": "A"})
        with store.transaction("web") as later:  # a younger transaction that is done first
            writing.create(later, steward, "customer", {"name": "丁公司"})
        seen, _ = look(store, steward, folder)
        assert not seen.kept
    seen, worked_out = look(store, steward, folder)
    assert worked_out
    assert [each.record_id for each in seen.kept] == [edited]


def test_a_load_that_only_noted_whose_rows_they_are_counts_as_a_change(store, steward, folder):
    (found,) = load(store, steward, "ledger", {"name": ["甲公司"]})
    look(store, steward, folder)
    load(store, steward, "second", {"name": ["甲公司"]}, ids=[found])
    seen, worked_out = look(store, steward, folder)
    assert worked_out
    assert [each.why for each in seen.kept] == ["used"]


def test_beyond_what_is_kept_the_lists_go_on(store, steward, folder, monkeypatch):
    monkeypatch.setattr(foreseeing, "MOST_KEPT", 2)
    load(store, steward, "ledger", {"name": ["甲公司", "乙公司", "丙公司"]})
    assert look(store, steward, folder, start=2) == (anew(store, steward, start=2), True)


def test_only_who_may_integrate_is_shown_what_was_kept(store, steward, reader, folder):
    load(store, steward, "ledger", {"name": ["甲公司"]})
    look(store, steward, folder)
    with pytest.raises(NotAllowed):
        look(store, reader, folder)


def test_a_batch_has_written_once_anything_was_changed_in_it(store, steward):
    with store.transaction("test") as tx:
        batches.begin(tx, "ledger")
        assert not batches.has_written(tx, "ledger")
    load(store, steward, "ledger", {"name": ["甲公司"]})
    with store.transaction("test") as tx:
        assert batches.has_written(tx, "ledger")
