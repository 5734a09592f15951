"""Gaps in key facts: who is asked, for what, and that nobody is asked twice."""

import pytest
from tests.integration import plant
from tests.integration.finished import Finished

from guanxi.app import Guanxi
from guanxi.identity.actor import SYSTEM
from guanxi.integration import gaps
from guanxi.records import reading
from guanxi.records.reading import Asked

pytestmark = pytest.mark.slow

FIELDS = ("title", "customer", "field", "kind", "department", "found")


def asked_for(guanxi: Guanxi) -> list[tuple]:
    """Return every gap as (kind, field, department, about one customer?, what is there)."""
    with guanxi.store.transaction("test") as tx:
        found = reading.find(tx, SYSTEM, Asked(object="gap", fields=FIELDS, limit=500)).records
    return sorted(
        (
            each.values["kind"],
            each.values["field"],
            each.values["department"],
            each.values["customer"] is not None,
            each.values["found"] or "",
        )
        for each in found
    )


def test_a_fact_that_no_source_holds_is_one_gap_per_source_not_one_per_customer(finished: Finished):
    emails = [each for each in asked_for(finished.guanxi) if each[1] == "email"]
    assert emails == [
        ("missing", "email", "服务部", False, ""),
        ("missing", "email", "销售部", False, ""),
    ]


def test_the_most_trusted_source_that_knows_the_customer_is_asked_for_what_it_lacks(finished: Finished):
    industries = [each for each in asked_for(finished.guanxi) if each[1] == "industry"]
    assert industries == [
        ("missing", "industry", "服务部", True, ""),
        ("missing", "industry", "销售部", True, ""),
        ("missing", "industry", "销售部", True, ""),
    ]


def test_a_wrong_value_is_asked_for_with_what_is_there(guanxi: Guanxi, folder):
    wrong = [*plant.LEDGER[0][:3], "139000100", *plant.LEDGER[0][4:]]
    plant.sources(folder, ledger=[wrong, *plant.LEDGER[1:]])
    plant.run(guanxi, plant.plan_of(folder))
    assert ("wrong", "mobile", "销售部", True, "139000100") in asked_for(guanxi)


def test_nobody_is_asked_twice(finished: Finished):
    guanxi, plan = finished.guanxi, finished.plan
    before = asked_for(guanxi)
    plant.run(guanxi, plan)
    assert asked_for(guanxi) == before


def test_people_get_no_more_than_they_can_work_on_and_the_next_run_hands_out_the_next(
    guanxi: Guanxi, folder, monkeypatch
):
    monkeypatch.setattr(gaps, "MOST_GAPS", 1)
    plan, left = plant.plan_of(folder), []
    for handed_out in (1, 2):
        name = plant.run(guanxi, plan)
        assert len([each for each in asked_for(guanxi) if each[3]]) == handed_out
        left.append(guanxi.workshop.folder(name).read_json("verification", "counts.tasks.gaps")["gaps_left"])
    assert left[0] == left[1] + 1
