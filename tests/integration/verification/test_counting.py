"""Counts that add up to the last row, and say so when they do not."""

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from guanxi.integration.verification import (
    DefectCount,
    TableRead,
    VerificationReport,
    count_defects,
    count_rows,
)
from guanxi.integration.verification.counting import FATES


def fates_of(*lines, table="客户"):
    return pl.DataFrame(
        {
            "source": ["crm"] * len(lines),
            "table": [table] * len(lines),
            "row": [row for row, _ in lines],
            "fate": [fate for _, fate in lines],
        },
        schema_overrides={"row": pl.Int64, "source": pl.String, "table": pl.String, "fate": pl.String},
    )


def report_on(counts, **parts):
    return VerificationReport(run="r", at="", seed=1, sampled_rows=0, sample_of=0, counts=counts, **parts)


READ = TableRead(source="crm", table="客户", seen=6, blank=1, quarantined=1)


def test_every_row_with_one_fate_adds_up():
    fates = fates_of((2, "new"), (3, "merged"), (4, "unchanged"), (5, "refused"))
    (counts,) = count_rows([READ], fates)
    assert (counts.new, counts.merged, counts.unchanged, counts.refused) == (1, 1, 1, 1)
    assert counts.adds_up
    assert report_on((counts,)).passed


def test_a_lost_row_is_an_error_with_its_number():
    counts = count_rows([READ], fates_of((2, "new"), (3, "merged"), (4, "new")))
    assert counts[0].missing == 1
    assert [str(each) for each in report_on(counts).errors] == [
        "crm/客户: rows read: 6, accounted for: 5, difference: 1"
    ]


def test_a_row_counted_twice_cannot_hide_a_lost_one():
    counts = count_rows([READ], fates_of((2, "new"), (3, "merged"), (4, "new"), (4, "merged")))
    assert (counts[0].missing, counts[0].twice) == (0, 1)
    assert not counts[0].adds_up
    assert "more than once" in str(report_on(counts).errors[0])


def test_rows_of_a_table_nobody_read_do_not_go_unnoticed():
    counts = count_rows([], fates_of((2, "new")))
    assert (counts[0].seen, counts[0].missing) == (0, -1)


def test_a_table_without_any_fate_is_missing_whole():
    (counts,) = count_rows([READ], fates_of())
    assert counts.missing == 4


@given(
    st.lists(
        st.tuples(st.integers(1, 40), st.sampled_from(FATES)), unique_by=lambda each: each[0], max_size=30
    )
)
def test_counts_add_up_exactly_when_every_row_is_there(lines):
    read = TableRead(source="crm", table="客户", seen=len(lines), blank=0, quarantined=0)
    assert count_rows([read], fates_of(*lines))[0].adds_up
    if lines:
        assert not count_rows([read], fates_of(*lines[1:]))[0].adds_up


def test_defects_are_counted_by_kind_and_by_what_became_of_them():
    changes = pl.DataFrame(
        {
            "reason": ["width", "width", "not_a_number", "area_unknown", None],
            "verdict": ["changed", "changed", "rejected", "suspect", "changed"],
        }
    )
    counted = {each.kind: each for each in count_defects(changes)}
    assert counted["width"] == DefectCount(kind="width", found=2, corrected=2, marked=0, set_aside=0)
    assert (counted["not_a_number"].set_aside, counted["area_unknown"].marked) == (1, 1)
    assert report_on((), defects=tuple(counted.values())).passed
    lost = DefectCount(kind="width", found=2, corrected=1, marked=0, set_aside=0)
    assert not report_on((), defects=(lost,)).passed
