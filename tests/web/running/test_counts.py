"""Laws of the counts of a run: the order of the run, words for every number, nothing that is not understood."""

import json
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guanxi.integration import runs
from guanxi.integration.loading import PartReceipt
from guanxi.web.reader import Reader
from guanxi.web.running.counts import read_counts, stage_label

NOW = datetime(2026, 3, 1, tzinfo=UTC)
CHINESE, ENGLISH = (Reader(language=each, zone=ZoneInfo("UTC"), now=NOW) for each in ("zh", "en"))
STAGES = ("read", "profile", "mapping", "standard", "match", "golden", "load", "tasks", "verify")
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**15), 10**15) | st.floats(-1e15, 1e15) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=12,
)


@given(st.permutations(STAGES))
def test_stages_stand_in_the_order_of_the_run_whatever_order_the_database_keeps(stages):
    found = read_counts({name: {"numbers": {"rows": 1}} for name in stages}, ENGLISH)
    assert tuple(each.name for each in found) == STAGES


@given(JSON)
def test_whatever_a_record_holds_can_be_shown(counts):
    for stage in read_counts(counts, CHINESE):
        assert stage.numbers
        assert all(isinstance(text, str) for pair in stage.numbers for text in pair)


def test_a_truth_value_is_no_number():
    assert read_counts({"verify": {"numbers": {"go_on": True}}}, ENGLISH) == ()


def test_a_stage_may_bring_its_own_name_in_both_languages():
    given_counts = {"harvest": {"label": {"en": "Harvest", "zh": "收割"}, "numbers": {"rows": 1234}}}
    assert [each.label for each in read_counts(given_counts, CHINESE)] == ["收割"]
    assert read_counts(given_counts, ENGLISH)[0].numbers == (("rows", "1,234"),)


@pytest.mark.parametrize("name", STAGES)
def test_every_stage_of_the_pipeline_has_a_chinese_name(name):
    assert stage_label(name, CHINESE) not in (name, stage_label(name, ENGLISH))


def test_the_summary_of_a_run_adds_up_its_parts_and_is_read_in_words():
    receipt = PartReceipt(rows=3, created=2, updated=1, unchanged=0, refused=0, refusals=())
    counts = {
        "verify": {"pilot": {"errors": 5}, "all": {"errors": 1, "go_on": True}},
        "load": {"customer": receipt.as_data(), "order": receipt.as_data()},
        "read": {"ledger": {"rows": 3, "kind": "excel"}, "desk": {"rows": 4}},
    }
    summary = runs.summary(counts)
    assert summary["read"]["numbers"] == {"rows": 7}
    assert summary["load"]["numbers"]["created"] == 4
    assert summary["verify"]["numbers"] == {"errors": 1}, "the pilot's proof is not added to the whole one"
    shown = read_counts(json.loads(json.dumps(summary)), ENGLISH)
    assert [each.label for each in shown] == ["Read", "Load", "Verify"]
    assert ("created", "4") in shown[1].numbers
