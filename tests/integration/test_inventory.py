"""Laws of the inventory: it knows of each source what the plan says and what the last reading found."""

from dataclasses import replace
from pathlib import Path

import pytest
from tests.integration import plant
from tests.world import reader, steward, store

from guanxi.app import Guanxi
from guanxi.expressions.conditions import equals
from guanxi.identity.actor import SYSTEM
from guanxi.integration import intake, runs
from guanxi.integration import inventory as sources
from guanxi.integration.plans import Plan, SourcePlan, plan_from, plan_to_data
from guanxi.kernel.errors import GuanxiError, Invalid, NotAllowed, NotFound, Refused
from guanxi.kernel.text import say
from guanxi.metadata.labels import Label
from guanxi.records import reading, writing
from guanxi.records.reading import Asked

__all__ = ["reader", "steward", "store"]

FIELDS = ("kind", "department", "refresh", "location", "columns", "rows", "last_read_at")


def plan_for(folder: Path, **more: object) -> Plan:
    source = {"name": "ledger", "kind": "folder", "path": ".", "settle_seconds": 0, **more}
    return plan_from({"source": [source]}, folder=folder)


def read_once(guanxi: Guanxi, plan: Plan) -> str:
    run = runs.start(guanxi.workshop, SYSTEM, plan)
    counts = intake.read(guanxi.workshop.folder(run), plan.source("ledger"))
    with guanxi.store.transaction("test") as tx:
        runs.note_source(tx, guanxi.workshop, run, "ledger", counts)
    return run


def inventory(guanxi: Guanxi):
    with guanxi.store.transaction("test") as tx:
        asked = Asked(object="source", where=equals("name", "ledger"), fields=FIELDS, limit=2)
        (found,) = reading.find(tx, SYSTEM, asked).records
        return found


@pytest.mark.slow
def test_reading_writes_the_columns_of_every_table_the_count_and_the_moment(guanxi, folder):
    read_once(guanxi, plan_for(folder, department="销售部", refresh="每周一"))
    values = inventory(guanxi).values
    assert values["columns"] == {"desk": list(plant.DESK_COLUMNS), "ledger": list(plant.LEDGER_COLUMNS)}
    assert values["rows"] == len(plant.LEDGER) + len(plant.DESK)
    assert values["last_read_at"] is not None
    assert (values["kind"], values["department"], values["refresh"]) == ("folder", "销售部", "每周一")
    assert values["location"] == str(folder.resolve())


@pytest.mark.slow
def test_a_plan_without_a_refresh_rule_leaves_what_a_person_wrote(guanxi, folder):
    read_once(guanxi, plan_for(folder))
    with guanxi.store.transaction("test") as tx:
        writing.update(tx, SYSTEM, "source", inventory(guanxi).id, {"refresh": "每月一日"})
    read_once(guanxi, plan_for(folder))
    assert inventory(guanxi).values["refresh"] == "每月一日"
    read_once(guanxi, plan_for(folder, refresh="每天"))
    assert inventory(guanxi).values["refresh"] == "每天"


def test_the_refresh_rule_of_a_plan_survives_being_kept(tmp_path):
    plan = plan_for(tmp_path, refresh="每周一")
    assert plan_from(plan_to_data(plan), folder=Path("/")) == plan


def test_a_refresh_rule_that_is_no_text_is_refused(tmp_path):
    with pytest.raises(Invalid, match="refresh is a text in quotes"):
        plan_for(tmp_path, refresh=7)


@pytest.mark.slow
def test_a_folder_with_a_file_that_cannot_be_read_is_counted(guanxi, folder):
    (folder / "empty.csv").write_bytes(b"")
    run = runs.start(guanxi.workshop, SYSTEM, plan_for(folder))
    counts = intake.read(guanxi.workshop.folder(run), plan_for(folder).source("ledger"))
    assert (counts["tables"], counts["unread"], counts["complete"]) == (2, 1, False)


def test_the_record_of_a_source_is_its_plan(store, steward):
    plan = SourcePlan(
        name="ledger",
        kind="delimited",
        label=Label(en="台账", zh="台账"),
        department="销售部",
        contact="李数据",
        refresh="每周一",
        trust=70,
        options={"path": "/data/ledger.csv", "delimiter": ";"},
        mapping={"ledger": {"客户编号": "", "单位": "customer.name"}},
        value_maps={"ledger": {"级别": {"甲": "A"}}},
    )
    with store.transaction("test") as tx:
        number = sources.note_source(tx, SYSTEM, plan)
        assert sources.source_plan(sources.load_source(tx, steward, number)) == plan
        again = replace(plan, mapping={}, value_maps={}, refresh="", contact="", trust=10)
        assert sources.note_source(tx, SYSTEM, again) == number
        kept = sources.source_plan(sources.load_source(tx, steward, number))
    assert kept == replace(plan, trust=10)


def test_a_plan_is_made_of_the_sources_a_person_chose_in_their_order(store, steward, reader):
    with store.transaction("test") as tx:
        numbers = [
            sources.add(
                tx, steward, SourcePlan(name="台账 (1)", kind="delimited", label=Label(en="a", zh="a"))
            )
            for _ in range(2)
        ]
        chosen = (numbers[1], numbers[0], numbers[1])
        plan = sources.plan_from_sources(tx, steward, "十月", chosen, pilot_share=0.2)
        assert [each.name for each in plan.sources] == ["台账-1-2", "台账-1"]
        assert (plan.name, plan.pilot_share) == ("十月", 0.2)
        with pytest.raises(NotAllowed):
            sources.plan_from_sources(tx, reader, "十月", numbers)
        with pytest.raises(NotAllowed):
            sources.add(tx, reader, plan.sources[0])
        with pytest.raises(Refused, match="choose at least one"):
            sources.plan_from_sources(tx, steward, "十月", ())
        with pytest.raises(NotFound):
            sources.plan_from_sources(tx, steward, "十月", (numbers[0], 987654321))
        sources.change(tx, steward, numbers[0], {"retired": True})
        with pytest.raises(Refused, match="these sources are retired: a"):
            sources.plan_from_sources(tx, steward, "十月", numbers)


def test_only_the_product_writes_how_a_source_is_read(store, steward):
    with store.transaction("test") as tx:
        number = sources.add(tx, steward, SourcePlan(name="a", kind="excel", label=Label(en="a", zh="a")))
        sources.change(tx, steward, number, {"options": {"path": Path("/data/a.xlsx")}})
        found = sources.load_source(tx, steward, number).values
        assert (found["options"], found["location"]) == ({"path": "/data/a.xlsx"}, "/data/a.xlsx")
        with pytest.raises(GuanxiError):
            writing.update(tx, steward, "source", number, {"options": {"path": "/etc/passwd"}})


def test_what_is_wrong_with_a_source_is_kept_so_that_anybody_can_read_it(store, steward):
    with store.transaction("test") as tx:
        number = sources.add(tx, steward, SourcePlan(name="a", kind="excel", label=Label(en="a", zh="a")))
        error = Refused(say("{names} in {place}", names=("a", "b"), place=Path("/data/x.csv")))
        sources.note_failure(tx, SYSTEM, number, error)
        record = sources.load_source(tx, steward, number)
    assert record.values["health"] == "broken"
    assert str(sources.problem_of(record)) == "a, b in x.csv"
