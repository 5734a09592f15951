"""Bringing the same sources in again writes nothing; what changed in them, and only that, changes here."""

import shutil
from dataclasses import replace

import pytest
from tests.integration import plant

from guanxi.app import Guanxi
from guanxi.identity.actor import SYSTEM
from guanxi.integration import proof, runs
from guanxi.records import reading, writing

pytestmark = pytest.mark.slow


def test_the_first_run_brings_every_row_in_and_tells_what_it_refused(guanxi: Guanxi, folder):
    name = plant.run(guanxi, plant.plan_of(folder))
    assert plant.loaded(guanxi, name) == {
        "customer": {"created": 7},
        "ticket": {"created": 3, "refused": 1},
    }


def test_the_same_plan_again_writes_no_row(guanxi: Guanxi, folder):
    plan = plant.plan_of(folder)
    plant.run(guanxi, plan)
    before = plant.bytes_of(guanxi.store)
    again = plant.loaded(guanxi, plant.run(guanxi, plan))
    assert again == {"customer": {"unchanged": 7}, "ticket": {"unchanged": 3, "refused": 1}}
    assert plant.bytes_of(guanxi.store) == before


def test_one_changed_and_one_new_row_change_exactly_these(guanxi: Guanxi, folder):
    plan = plant.plan_of(folder)
    plant.run(guanxi, plan)
    before = {row["name"]: row for row in plant.rows_of(guanxi.store, "crm.customer")}
    changed = [*plant.LEDGER[0][:4], "专用设备制造业", plant.LEDGER[0][5]]
    new = ("K7", "武汉江城光电有限公司", "周敏", "13900010008", "", "9")
    plant.sources(folder, ledger=[changed, *plant.LEDGER[1:], new])
    again = plant.loaded(guanxi, plant.run(guanxi, plan))
    assert again == {
        "customer": {"created": 1, "updated": 1, "unchanged": 6},
        "ticket": {"unchanged": 3, "refused": 1},
    }
    after = {row["name"]: row for row in plant.rows_of(guanxi.store, "crm.customer")}
    assert after.keys() - before.keys() == {"武汉江城光电有限公司"}
    assert {name for name in before if before[name] != after[name]} == {"杭州青禾机械有限公司"}
    assert after["杭州青禾机械有限公司"]["industry"] == "C35"


def test_a_department_that_sends_its_file_alone_undoes_nothing_the_others_said(guanxi: Guanxi, folder):
    plan = plant.plan_of(folder)
    plant.run(guanxi, plan)
    before = plant.bytes_of(guanxi.store)
    for alone in plan.sources:
        run = plant.run(guanxi, replace(plan, sources=(alone,)))
        assert {what for counts in plant.loaded(guanxi, run).values() for what in counts} <= {
            "unchanged",
            "refused",
        }
        assert plant.bytes_of(guanxi.store) == before
        assert found_wrong(guanxi, run) == []


def test_only_customers_that_a_row_speaks_of_are_loaded_again(guanxi: Guanxi, folder):
    plan = plant.plan_of(folder)
    plant.run(guanxi, plan)
    run = plant.run(guanxi, replace(plan, sources=(plan.source("desk"),)))
    assert plant.loaded(guanxi, run)["customer"] == {"unchanged": 3}
    [matched] = runs.counts(guanxi.workshop, run)["match"].values()
    assert matched["customers"] == 3


def test_rows_that_moved_in_their_file_are_held_against_what_stands_there_now(guanxi: Guanxi, folder):
    ledger = [
        (f"K{each}", f"杭州{each}号机械有限公司", "", f"139000{each}", "", "9")
        for each in range(10000, 10040)
    ]
    desk = [(f"GD{key}", name[2:-4], mobile, "", "", "2026-03-01") for key, name, _, mobile, *_ in ledger]
    plan = plant.plan_of(folder, sample_share=0.1)
    plant.sources(folder, ledger=ledger[1:], desk=desk[1:])
    plant.run(guanxi, plan)
    plant.sources(folder, ledger=ledger, desk=desk)
    again = plant.run(guanxi, plan)
    assert plant.loaded(guanxi, again)["customer"] == {"created": 1, "unchanged": 39}
    assert found_wrong(guanxi, again) == []


def test_what_this_run_makes_of_rows_it_has_not_read_is_proven_by_them(guanxi: Guanxi, folder):
    plan = plant.plan_of(folder, sample_share=0.1)
    plant.run(guanxi, plan)
    plant.sources(folder, desk=[("GD5", "青禾机械", "13900010001", "设备故障", "又报警", "2026-03-05")])
    run = plant.run(guanxi, replace(plan, sources=(plan.source("desk"),)))
    after = {row["name"]: row for row in plant.rows_of(guanxi.store, "crm.customer")}
    assert set(after["杭州青禾机械有限公司"]["also_called"].split("；")) == {"杭州青禾机械", "青禾机械"}
    assert found_wrong(guanxi, run) == []


def test_the_files_of_earlier_runs_gone_what_stands_here_stays(guanxi: Guanxi, folder):
    plan = plant.plan_of(folder)
    first = plant.run(guanxi, plan)
    before = plant.bytes_of(guanxi.store)
    shutil.rmtree(guanxi.workshop.folder(first).path)
    plant.run(guanxi, replace(plan, sources=(plan.source("desk"),)))
    assert plant.bytes_of(guanxi.store) == before


def test_what_is_kept_of_a_person_s_word_is_no_fault_of_the_run(guanxi: Guanxi, folder):
    plan = plant.plan_of(folder)
    plant.run(guanxi, plan)
    edit(guanxi, contact_name="张卫民")
    assert found_wrong(guanxi, plant.run(guanxi, plan)) == []


def test_of_two_mobiles_the_one_of_the_row_changed_last_survives_and_says_of_when_it_is(
    guanxi: Guanxi, folder
):
    old, new = ("K1", "13900010001", "2026-01-05"), ("A9", "13900010099", "2026-03-02 10:00")
    for name, (key, mobile, changed) in {"ledger": old, "desk": new}.items():
        head = "客户编号,单位名称,统一社会信用代码,手机,更新时间"
        row = f"{key},杭州青禾机械有限公司,91330106MA2CDABE08,{mobile},{changed}"
        (folder / f"{name}.csv").write_text(f"{head}\n{row}\n", "utf-8")
    plant.run(guanxi, plant.plan_of(folder))
    [one] = plant.rows_of(guanxi.store, "crm.customer")
    assert one["mobile"] == "13900010099"
    assert one["origin"]["mobile"]["source"] == "desk"
    assert one["origin"]["mobile"]["at"].startswith("2026-03-02T10:00")


def found_wrong(guanxi: Guanxi, run: str) -> list:
    """Return the sampled cells that differ from what their source says, in the proof of *run*."""
    proven = proof.latest(guanxi.workshop.folder(run))
    assert proven is not None
    assert proven["sample"]
    return [each for each in proven["sample"] if each["verdict"] == "differs"]


def edit(guanxi: Guanxi, **given: str) -> None:
    """Change 杭州青禾机械有限公司 by hand."""
    with guanxi.store.transaction("test") as tx:
        found = reading.find(tx, SYSTEM, reading.Asked(object="customer", fields=("name",))).records
        number = next(each.id for each in found if each.values["name"] == "杭州青禾机械有限公司")
        writing.update(tx, SYSTEM, "customer", number, given)


def test_what_a_person_corrected_here_is_not_overwritten_by_the_next_run(guanxi: Guanxi, folder):
    plan = plant.plan_of(folder)
    plant.run(guanxi, plan)
    edit(guanxi, contact_name="张卫民")
    plant.run(guanxi, plan)
    after = {row["name"]: row for row in plant.rows_of(guanxi.store, "crm.customer")}
    assert after["杭州青禾机械有限公司"]["contact_name"] == "张卫民"
