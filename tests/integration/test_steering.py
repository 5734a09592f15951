"""A run is stopped, gone on with, mended and taken back; what it does can be followed from another process."""

import subprocess
import sys
from pathlib import Path

import pytest
from tests.integration import plant

from guanxi.app import Guanxi
from guanxi.identity.actor import SYSTEM
from guanxi.integration import pipeline, rollback, runs, steering
from guanxi.jobs import progress, work
from guanxi.jobs.work import State
from guanxi.kernel.errors import GuanxiError, Refused
from guanxi.records import reading, writing

pytestmark = pytest.mark.slow
ROOT = Path(__file__).resolve().parents[2]
FOLLOWER = """
import sys
from pathlib import Path
from guanxi.jobs import progress, runtime
from guanxi.store.presence import Presence
url, run = sys.argv[1:]
with Presence(url) as presence:
    runtime.launch(url, presence=presence, takes_work=False)
    print("ready", flush=True)
    for event in progress.follow(run, patience_seconds=60):
        print(event.number, event.stage, flush=True)
    runtime.shutdown()
"""


def state_of(guanxi: Guanxi, run: str) -> tuple[str, str | None]:
    with guanxi.store.transaction("test") as tx:
        found = reading.get(tx, SYSTEM, "run", runs.record_id(tx, run), ("state", "problem"))
        return found.values["state"], found.values["problem"]


def act(guanxi: Guanxi, run: str, action: str) -> None:
    with guanxi.store.transaction("test") as tx:
        steering.act(tx, SYSTEM, run, action)


def test_a_run_cancelled_in_the_middle_goes_on_where_it_stopped(guanxi: Guanxi, folder):
    plan = plant.plan_of(folder)
    run = runs.start(guanxi.workshop, SYSTEM, plan)
    work.start(pipeline.integrate, run, run)
    for event in progress.follow(run, patience_seconds=30):
        if event.stage == "profile":
            act(guanxi, run, "cancel")
            break
    with pytest.raises(Refused, match="was cancelled"):
        work.wait(run, timeout_seconds=30)
    assert state_of(guanxi, run)[0] == "cancelled"
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
        work.wait(run, timeout_seconds=30)
    assert work.status(run).state is State.PARKED
    assert state_of(guanxi, run) == ("failed", "there is no file desk.csv")
    (folder / "away.csv").rename(missing)
    work.resume(run)
    work.wait(run, timeout_seconds=plant.PATIENCE_SECONDS)
    assert state_of(guanxi, run) == ("finished", None)
    assert plant.loaded(guanxi, run)["customer"] == {"created": 7}


def test_progress_is_followed_from_another_process(guanxi: Guanxi, folder):
    run = runs.start(guanxi.workshop, SYSTEM, plant.plan_of(folder))
    work.start(pipeline.integrate, run, run)
    command = [sys.executable, "-c", FOLLOWER, guanxi.settings.database_url, run]
    followed = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True, timeout=90)
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
        "pilot",
        "verify",
        "load",
        "tasks",
    ]


def test_a_plan_may_stop_behind_the_pilot_and_a_person_lets_it_go_on(guanxi: Guanxi, folder):
    plan = plant.plan_of(folder, stop_after_pilot=True, pilot_share=0.3)
    run = plant.run(guanxi, plan)
    assert state_of(guanxi, run)[0] == "pilot"
    assert plant.loaded(guanxi, run)["customer"] == {"created": 2}
    act(guanxi, run, "resume")
    work.wait(run + ".rest", timeout_seconds=plant.PATIENCE_SECONDS)
    assert state_of(guanxi, run)[0] == "finished"
    assert plant.loaded(guanxi, run)["customer"] == {"created": 7}


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


def test_a_record_somebody_edited_stays_when_the_run_is_taken_back(guanxi: Guanxi, folder):
    run = plant.run(guanxi, plant.plan_of(folder))
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


def test_after_it_was_taken_back_the_same_plan_loads_the_same_again(guanxi: Guanxi, folder):
    plan = plant.plan_of(folder)
    first = plant.run(guanxi, plan)
    before = plant.contents(guanxi.store)
    act(guanxi, first, "roll_back")
    plant.run(guanxi, plan)
    assert plant.contents(guanxi.store) == before
