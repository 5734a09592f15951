"""Laws of a study: a source is looked at outside any run, and what was seen before stays until the next is finished."""

import pytest
from tests.integration import plant

from guanxi.app import Guanxi
from guanxi.identity.actor import SYSTEM
from guanxi.integration import intake, inventory, study
from guanxi.jobs import work
from guanxi.kernel.errors import GuanxiError, Refused
from guanxi.records import writing

pytestmark = pytest.mark.slow
PATIENCE_SECONDS = 300


def sources_of(guanxi: Guanxi, folder) -> list[int]:
    with guanxi.store.transaction("test") as tx:
        return [inventory.note_source(tx, SYSTEM, each) for each in plant.plan_of(folder).sources]


def record_of(guanxi: Guanxi, source_id: int):
    with guanxi.store.transaction("test") as tx:
        return inventory.load_source(tx, SYSTEM, source_id)


def studied(guanxi: Guanxi, source_id: int) -> str:
    name = study.begin(guanxi.workshop, SYSTEM, source_id)
    work.wait(name, timeout_seconds=PATIENCE_SECONDS)
    return name


def test_a_study_reads_profiles_and_maps_one_source_and_says_so(guanxi, folder):
    ledger, _ = sources_of(guanxi, folder)
    assert study.standing(guanxi.workshop, plant.plan_of(folder).source("ledger")) is None
    studied(guanxi, ledger)
    record = record_of(guanxi, ledger)
    source = inventory.source_plan(record)
    found = study.standing(guanxi.workshop, source)
    assert (found.state, found.tables, found.rows, found.quarantined) == ("done", 1, len(plant.LEDGER), 0)
    files = study.folder(guanxi.workshop, "ledger")
    mapping = intake.mappings_of(files, source)["ledger"]
    assert mapping.column("单位名称").target == "customer.name"
    assert files.read_json("profile", "ledger")
    assert record.values["health"] == "good"
    assert record.values["rows"] == len(plant.LEDGER)
    assert record.values["studied_at"] is not None


def test_a_source_that_cannot_be_read_says_why_and_keeps_what_was_seen_before(guanxi, folder):
    ledger, _ = sources_of(guanxi, folder)
    studied(guanxi, ledger)
    (folder / "ledger.csv").unlink()
    with pytest.raises(GuanxiError, match=r"there is no file ledger\.csv"):
        studied(guanxi, ledger)
    record = record_of(guanxi, ledger)
    source = inventory.source_plan(record)
    found = study.standing(guanxi.workshop, source)
    assert found.state == "broken"
    assert str(found.problem) == "there is no file ledger.csv"
    assert record.values["health"] == "broken"
    assert inventory.problem_of(record) == found.problem
    assert intake.receipt_of(study.folder(guanxi.workshop, "ledger"), source).tables[0].rows == 6


def test_a_second_study_takes_the_place_of_the_first_one(guanxi, folder):
    ledger, _ = sources_of(guanxi, folder)
    studied(guanxi, ledger)
    plant.sources(folder, ledger=plant.LEDGER[:2])
    for _ in range(3):
        studied(guanxi, ledger)
    source = inventory.source_plan(record_of(guanxi, ledger))
    assert study.standing(guanxi.workshop, source).rows == 2
    assert study.has_files(guanxi.workshop, "ledger")
    assert len(list(study.folder(guanxi.workshop, "ledger").path.parent.iterdir())) == study.KEPT_STUDIES


def test_a_retired_source_is_not_studied(guanxi, folder):
    ledger, _ = sources_of(guanxi, folder)
    with guanxi.store.transaction("test") as tx:
        writing.update(tx, SYSTEM, "source", ledger, {"retired": True})
    with pytest.raises(Refused, match="retired"):
        study.begin(guanxi.workshop, SYSTEM, ledger)


def test_a_persons_word_on_a_column_is_what_the_study_says(guanxi, folder):
    ledger, _ = sources_of(guanxi, folder)
    with guanxi.store.transaction("test") as tx:
        said = {
            "mapping": {"ledger": {"客户编号": ""}},
            "value_maps": {"ledger": {"所属行业": {"食品": "食品制造业"}}},
        }
        writing.update(tx, SYSTEM, "source", ledger, said)
    studied(guanxi, ledger)
    source = inventory.source_plan(record_of(guanxi, ledger))
    mapping = intake.mappings_of(study.folder(guanxi.workshop, "ledger"), source)["ledger"]
    assert mapping.column("客户编号").target == ""
    assert mapping.column("所属行业").values["食品"] == "食品制造业"


def test_what_a_run_read_is_the_latest_study_of_each_of_its_sources(guanxi, folder):
    ledger, _ = sources_of(guanxi, folder)
    plant.run(guanxi, plant.plan_of(folder))
    source = inventory.source_plan(record_of(guanxi, ledger))
    found = study.standing(guanxi.workshop, source)
    assert (found.state, found.tables, found.rows) == ("done", 1, len(plant.LEDGER))
    files = study.folder(guanxi.workshop, source.name)
    assert len(intake.table(files, source, intake.receipt_of(files, source).tables[0].name)) == len(
        plant.LEDGER
    )
    assert intake.mappings_of(files, source)
    assert files.read_json("profile", source.name)
    assert record_of(guanxi, ledger).values["studied_at"] is not None
