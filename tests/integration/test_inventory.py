"""Laws of the inventory: it knows of each source what the plan says and what the last reading found."""

from pathlib import Path

import pytest
from tests.integration import plant

from guanxi.app import Guanxi
from guanxi.expressions.conditions import equals
from guanxi.identity.actor import SYSTEM
from guanxi.integration import intake, runs
from guanxi.integration.plans import Plan, plan_from, plan_to_data
from guanxi.kernel.errors import Invalid
from guanxi.records import reading, writing
from guanxi.records.reading import Asked

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
