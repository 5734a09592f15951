"""A run is stopped, gone on with, mended and taken back; what it does can be followed from another process."""

import subprocess
import sys
from pathlib import Path

import pytest
from tests.integration import plant
from tests.integration.finished import Finished

from guanxi.app import Guanxi
from guanxi.expressions.conditions import equals
from guanxi.identity.actor import SYSTEM
from guanxi.integration import milestones, pipeline, rollback, runs, steering
from guanxi.jobs import progress, work
from guanxi.jobs.work import State
from guanxi.kernel.errors import GuanxiError, Refused
from guanxi.records import reading, writing
from guanxi.records.reading import Asked

pytestmark = pytest.mark.slow
ROOT = Path(__file__).resolve().parents[2]
FOLLOWER = """
import sys
from pathlib import Path
from guanxi.jobs import progress, runtime
from guanxi.kernel import log
from guanxi.store.presence import Presence
log.configure(json_lines=True, level="ERROR")
url, run = sys.argv[1:]
with Presence(url) as presence:
    runtime.launch(url, presence=presence, takes_work=False)
    print("ready", flush=True)
    for event in progress.follow(run, patience_seconds=300):
        print(event.number, event.stage, flush=True)
    runtime.shutdown()
"""


def state_of(guanxi: Guanxi, run: str) -> tuple[str, str | None]:
    with guanxi.store.transaction("test") as tx:
        found = reading.get(tx, SYSTEM, "run", runs.record_id(tx, run), ("state", "problem"))
        return found.values["state"], found.values["problem"]


def act(guanxi: Guanxi, run: str, action: str) -> None:
    with guanxi.store.transaction("test") as tx:
        if action == "roll_back":
            steering.take_back(tx, SYSTEM, run)
        else:
            steering.act(tx, SYSTEM, run, action)


def test_a_run_paused_in_the_middle_goes_on_where_it_stopped(guanxi: Guanxi, folder):
    plan = plant.plan_of(folder)
    run = runs.start(guanxi.workshop, SYSTEM, plan)
    work.start(pipeline.integrate, run, run)
    for event in progress.follow(run, patience_seconds=plant.PATIENCE_SECONDS):
        if event.stage == "profile":
            act(guanxi, run, "pause")
            break
    with pytest.raises(Refused, match="was cancelled"):
        work.wait(run, timeout_seconds=plant.PATIENCE_SECONDS)
    assert state_of(guanxi, run)[0] == "paused"
    stopped = guanxi.workshop.folder(run).path
    read = {file: file.stat().st_mtime_ns for file in stopped.glob("01-read/*/*.parquet")}
    act(guanxi, run, "resume")
    work.wait(run, timeout_seconds=plant.PATIENCE_SECONDS)
    assert state_of(guanxi, run)[0] == "finished"
    assert {file: file.stat().st_mtime_ns for file in read} == read
    assert plant.loaded(guanxi, run)["customer"] == {"created": 7}


def test_a_missing_file_parks_the_run_with_its_name_and_after_the_repair_it_finishes(guanxi: Guanxi, folder):
    missing = folder / "desk.csv"
    missing.rename(folder / "away.csv")
    run = runs.start(guanxi.workshop, SYSTEM, plant.plan_of(folder))
    work.start(pipeline.integrate, run, run)
    with pytest.raises(GuanxiError, match=r"there is no file desk\.csv"):
        work.wait(run, timeout_seconds=plant.PATIENCE_SECONDS)
    assert work.status(run).state is State.PARKED
    assert state_of(guanxi, run) == ("failed", "there is no file desk.csv")
    with guanxi.store.transaction("test") as tx:
        assert steering.actions(tx, SYSTEM, run) == ("again", "resume", "cancel")  # nothing to take back
    (folder / "away.csv").rename(missing)
    work.resume(run)
    work.wait(run, timeout_seconds=plant.PATIENCE_SECONDS)
    assert state_of(guanxi, run) == ("finished", None)
    assert plant.loaded(guanxi, run)["customer"] == {"created": 7}


def test_progress_is_followed_from_another_process(guanxi: Guanxi, folder):
    run = runs.start(guanxi.workshop, SYSTEM, plant.plan_of(folder))
    work.start(pipeline.integrate, run, run)
    command = [sys.executable, "-c", FOLLOWER, guanxi.settings.database_url, run]
    followed = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True, timeout=300)
    lines = [line.split() for line in followed.stdout.splitlines() if line[0].isdigit()]
    assert [int(number) for number, _ in lines] == list(range(1, len(lines) + 1))
    stages = list(dict.fromkeys(stage for _, stage in lines))
    assert stages == [
        "read",
        "profile",
        "mapping",
        "standard",
        "match",
        "golden",
        "tasks",
        "pilot",
        "verify",
        "load",
    ]


def gone_on(guanxi: Guanxi, run: str, action: str = "go_on") -> str:
    """Let the run go on, wait until it does nothing more, and return its state."""
    act(guanxi, run, action)
    with guanxi.store.transaction("test") as tx:
        name = steering.standing(tx, run).work
    work.wait(name, timeout_seconds=plant.PATIENCE_SECONDS)
    return state_of(guanxi, run)[0]


def test_a_plan_may_stop_behind_each_phase_and_a_person_lets_it_go_on(guanxi: Guanxi, folder):
    run = plant.run(guanxi, plant.plan_of(folder, stop_after=["prepare", "pilot"], pilot_share=0.3))
    assert state_of(guanxi, run)[0] == "prepared"
    assert plant.rows_of(guanxi.store, "crm.customer") == []
    assert gone_on(guanxi, run) == "pilot"
    assert plant.loaded(guanxi, run)["customer"] == {"created": 2}
    assert gone_on(guanxi, run) == "finished"
    assert plant.loaded(guanxi, run)["customer"] == {"created": 7}


def test_a_run_in_phases_loads_what_a_run_in_one_go_does(finished: Finished):
    guanxi, whole, folder = finished.guanxi, finished.run, finished.folder
    wanted = plant.contents(guanxi.store)
    act(guanxi, whole, "roll_back")
    run = plant.run(guanxi, plant.plan_of(folder, stop_after=["prepare", "pilot"]))
    gone_on(guanxi, run)
    gone_on(guanxi, run)
    assert plant.contents(guanxi.store) == wanted


def test_prepared_again_a_run_takes_the_mapping_people_corrected_and_nothing_twice(guanxi: Guanxi, folder):
    run = plant.run(guanxi, plant.plan_of(folder, stop_after=["prepare"]))
    read = {
        file: file.stat().st_mtime_ns for file in guanxi.workshop.folder(run).path.glob("01-read/*/*.parquet")
    }
    with guanxi.store.transaction("test") as tx:
        desk = reading.find(tx, SYSTEM, Asked(object="source", where=equals("name", "desk"))).records[0]
        writing.update(tx, SYSTEM, "source", desk.id, {"mapping": {"desk": {"问题类型": ""}}})
    assert gone_on(guanxi, run, "again") == "prepared"
    assert {file: file.stat().st_mtime_ns for file in read} == read
    assert gone_on(guanxi, run) == "finished"
    tickets = plant.rows_of(guanxi.store, "crm.ticket")
    assert len(tickets) == 3
    assert {row["kind"] for row in tickets} <= {None, "other"}


def test_two_who_let_a_run_go_on_at_once_begin_one_phase(guanxi: Guanxi, folder):
    run = plant.run(guanxi, plant.plan_of(folder, stop_after=["prepare"]))
    act(guanxi, run, "go_on")
    with pytest.raises(Refused):
        act(guanxi, run, "go_on")
    with guanxi.store.transaction("test") as tx:
        work.wait(steering.standing(tx, run).work, timeout_seconds=plant.PATIENCE_SECONDS)
    assert plant.loaded(guanxi, run)["customer"] == {"created": 7}


def test_a_cancelled_run_has_ended_and_what_it_loaded_can_be_taken_back(guanxi: Guanxi, folder):
    run = plant.run(guanxi, plant.plan_of(folder, stop_after=["pilot"], pilot_share=0.3))
    act(guanxi, run, "cancel")
    with pytest.raises(Refused, match="cannot be asked to go on now"):
        act(guanxi, run, "go_on")
    assert len(plant.rows_of(guanxi.store, "crm.customer")) == 2
    act(guanxi, run, "roll_back")
    assert plant.rows_of(guanxi.store, "crm.customer") == []
    with pytest.raises(Refused, match="rolled back already"):
        act(guanxi, run, "roll_back")


def test_a_run_closed_meanwhile_loads_nothing_more(guanxi: Guanxi, folder):
    run = plant.run(guanxi, plant.plan_of(folder, stop_after=["prepare"]))
    act(guanxi, run, "cancel")
    work.start(pipeline.integrate, run + ".late", run, "pilot", False)
    with pytest.raises(Refused, match="cancelled or taken back meanwhile"):
        work.wait(run + ".late", timeout_seconds=plant.PATIENCE_SECONDS)
    assert state_of(guanxi, run)[0] == "cancelled"
    assert plant.rows_of(guanxi.store, "crm.customer") == []


def test_a_run_from_before_there_were_two_stops_is_read_as_it_was_meant(guanxi: Guanxi, folder):
    run = runs.start(guanxi.workshop, SYSTEM, plant.plan_of(folder))
    place = guanxi.workshop.folder(run)
    old = place.read_json("read", "plan")
    del old["stop_after"]
    place.write_json("read", "plan", {**old, "stop_after_pilot": True})
    assert runs.plan_of(guanxi.workshop, run).stop_after == ("pilot",)


def test_taking_a_run_back_leaves_every_table_as_it_was(guanxi: Guanxi, folder):
    empty = plant.bytes_of(guanxi.store)
    plan = plant.plan_of(folder)
    first = plant.run(guanxi, plan)
    loaded = plant.bytes_of(guanxi.store)
    changed = [*plant.LEDGER[0][:4], "专用设备制造业", "99"]
    new = ("K7", "武汉江城光电有限公司", "周敏", "13900010008", "", "9")
    plant.sources(folder, ledger=[changed, *plant.LEDGER[1:], new])
    second = plant.run(guanxi, plan)
    assert plant.bytes_of(guanxi.store) != loaded
    act(guanxi, second, "roll_back")
    assert plant.bytes_of(guanxi.store) == loaded
    act(guanxi, first, "roll_back")
    assert plant.bytes_of(guanxi.store) == empty
    assert state_of(guanxi, first)[0] == "rolled_back"


def test_a_record_somebody_edited_stays_when_the_run_is_taken_back(finished: Finished):
    guanxi, run = finished.guanxi, finished.run
    edited = next(row for row in plant.rows_of(guanxi.store, "crm.customer") if row["former_number"] == "K2")
    with guanxi.store.transaction("test") as tx:
        writing.update(tx, SYSTEM, "customer", edited["id"], {"contact_name": "李晓红"})
    with guanxi.store.transaction("test") as tx:
        done = rollback.preview(tx, SYSTEM, run)
    assert [(found.record_id, found.why) for found in done.kept if found.object == "customer"] == [
        (edited["id"], "edited")
    ]
    act(guanxi, run, "roll_back")
    left = plant.rows_of(guanxi.store, "crm.customer")
    assert [(row["id"], row["contact_name"]) for row in left] == [(edited["id"], "李晓红")]
    assert plant.rows_of(guanxi.store, "crm.ticket") == []


def test_taken_back_as_durable_work_a_run_says_what_became_of_its_records(finished: Finished):
    guanxi, run = finished.guanxi, finished.run
    edited = next(row for row in plant.rows_of(guanxi.store, "crm.customer") if row["former_number"] == "K2")
    with guanxi.store.transaction("test") as tx:
        writing.update(tx, SYSTEM, "customer", edited["id"], {"contact_name": "李晓红"})
    with guanxi.store.transaction("test") as tx:
        steering.act(tx, SYSTEM, run, "roll_back")
    with guanxi.store.transaction("test") as tx:
        work.wait(steering.standing(tx, run).work, timeout_seconds=plant.PATIENCE_SECONDS)
    assert state_of(guanxi, run)[0] == "rolled_back"
    told = milestones.taken_back(guanxi.workshop.folder(run))
    assert [each.record_id for each in told["kept"] if each.object == "customer"] == [edited["id"]]
    assert {each.object for each in told["reversed"]} >= {"customer", "ticket"}
    assert len(plant.rows_of(guanxi.store, "crm.customer")) == 1


def test_while_a_run_is_taken_back_another_waits_and_then_loads_what_it_should(finished: Finished):
    with finished.guanxi.store.transaction("test") as tx:
        steering.act(tx, SYSTEM, finished.run, "roll_back")
    again = plant.run(finished.guanxi, finished.plan)
    assert state_of(finished.guanxi, finished.run)[0] == "rolled_back"
    assert plant.loaded(finished.guanxi, again)["customer"] == {"created": 7}


def test_after_it_was_taken_back_the_same_plan_loads_the_same_again(finished: Finished):
    guanxi, plan, first = finished.guanxi, finished.plan, finished.run
    before = plant.contents(guanxi.store)
    act(guanxi, first, "roll_back")
    plant.run(guanxi, plan)
    assert plant.contents(guanxi.store) == before
