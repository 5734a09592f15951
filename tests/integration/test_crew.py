"""Laws of loading by several processes: what one would load, once, whatever collides and whoever is killed."""

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import polars as pl
import psutil
import pytest
import sqlalchemy as sa
from tests.integration import plant

from guanxi.app import Guanxi
from guanxi.identity.actor import SYSTEM
from guanxi.integration import crew, runs
from guanxi.integration.runs import PartPlan
from guanxi.kernel.errors import Refused, Transient
from guanxi.records import writing
from guanxi.store.embedded import Lease

pytestmark = pytest.mark.slow
ROOT = Path(__file__).resolve().parents[2]
PATIENCE_SECONDS = 300
SAME = "C202601010001"
TAKEN = (
    "INSERT INTO crm.customer (id, number, name, created_at, updated_at) "
    f"VALUES (1, '{SAME}', 'x', now(), now())"
)
WORKING = """
import sys
from pathlib import Path
from guanxi.integration import crew
from guanxi.integration.runs import PartPlan
from guanxi.integration.workshop import Workshop
from guanxi.store.transactions import Store

crew.ENOUGH_ROWS = 0
if __name__ == "__main__":
    url, home, run, count = sys.argv[1:]
    parts = [PartPlan(name=str(at), object="customer", start=at, length=1) for at in range(int(count))]
    for part, _ in crew.load_parts(Workshop(Store(url), Path(home)), run, parts):
        print(part.name, flush=True)
"""


@pytest.fixture(autouse=True)
def few_are_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let several processes load however few rows there are."""
    monkeypatch.setattr(crew, "ENOUGH_ROWS", 0)
    monkeypatch.setattr("os.cpu_count", lambda: 2)


@pytest.fixture
def golden(guanxi: Guanxi, folder: Path) -> Callable[[list[str | None]], tuple[str, list[PartPlan]]]:
    """Return a way to make a run with a golden customer per given number, each in a part of its own."""

    def make(numbers: list[str | None]) -> tuple[str, list[PartPlan]]:
        run = runs.start(guanxi.workshop, SYSTEM, plant.plan_of(folder))
        rows = [
            {
                "name": f"杭州{at}号仓储有限公司",
                "number": number,
                "known_as": [{"source": "ledger", "key": str(at)}],
                "origin": None,
            }
            for at, number in enumerate(numbers)
        ]
        schema = {"name": pl.String, "number": pl.String, "origin": pl.String}
        frame = pl.DataFrame(rows, schema_overrides=schema)
        guanxi.workshop.folder(run).write_frame("golden", "customer", frame)
        parts = [PartPlan(name=str(at), object="customer", start=at, length=1) for at in range(len(numbers))]
        return run, parts

    return make


def test_several_processes_load_what_one_does(
    folder: Path, database_server: Lease, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    found = []
    for members in (2, 1):
        monkeypatch.setattr("os.cpu_count", lambda members=members: members)
        with plant.product(database_server, tmp_path / str(members)) as guanxi:
            run = plant.run(guanxi, plant.plan_of(folder, batch_rows=2))
            found.append((plant.contents(guanxi.store), plant.loaded(guanxi, run)))
    assert found[0] == found[1]


def test_two_parts_that_want_the_same_value_at_once_end_as_one_after_the_other(guanxi: Guanxi, golden):
    run, parts = golden([SAME, SAME])
    with ThreadPoolExecutor() as aside:
        with those_wait(guanxi):
            loading = aside.submit(lambda: list(crew.load_parts(guanxi.workshop, run, parts)))
            wait_until(lambda: loading.done() or _blocked(guanxi) == 2)
        receipts = [receipt for _, receipt in loading.result(PATIENCE_SECONDS)]
    assert sorted((each.created, len(each.refusals)) for each in receipts) == [(1, 0), (1, 1)]
    numbers = [each["number"] for each in plant.rows_of(guanxi.store, "crm.customer")]
    assert sorted(number == SAME for number in numbers) == [False, True]


def test_a_process_that_goes_away_may_be_tried_again_and_nothing_is_there_twice(guanxi: Guanxi, golden):
    run, parts = golden([None, SAME, None, None])
    with those_wait(guanxi):
        loading = crew.load_parts(guanxi.workshop, run, parts)
        next(loading)
        with pytest.raises(Transient):
            _kill_the_crew(loading)
    assert len(list(crew.load_parts(guanxi.workshop, run, parts))) == 4
    assert len(plant.rows_of(guanxi.store, "crm.customer")) == 4


def test_a_run_that_was_taken_back_stops_all_of_them(guanxi: Guanxi, golden):
    run, parts = golden([None] * 4)
    with guanxi.store.transaction("test") as tx:
        writing.update(tx, SYSTEM, "run", runs.record_id(tx, run), {"state": "cancelled"})
    with pytest.raises(Refused, match="taken back"):
        list(crew.load_parts(guanxi.workshop, run, parts))
    assert plant.rows_of(guanxi.store, "crm.customer") == []


def test_nobody_works_on_when_the_one_they_work_for_is_killed(guanxi: Guanxi, golden, tmp_path: Path):
    run, parts = golden([*[None] * 11, SAME])
    script = tmp_path / "working.py"
    script.write_text(WORKING, "utf-8")
    home, count = str(guanxi.workshop.home), str(len(parts))
    command = [sys.executable, str(script), guanxi.store.address, home, run, count]
    with those_wait(guanxi):
        with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as working:
            assert working.stdout is not None
            assert working.stdout.readline().strip().isdigit()
            crew_of_it = psutil.Process(working.pid).children(recursive=True)
            working.kill()
        assert crew_of_it
        assert psutil.wait_procs(crew_of_it, timeout=PATIENCE_SECONDS)[1] == []
    assert len(list(crew.load_parts(guanxi.workshop, run, parts))) == 12
    names = [each["name"] for each in plant.rows_of(guanxi.store, "crm.customer")]
    assert len(names) == len(set(names)) == 12


@contextmanager
def those_wait(guanxi: Guanxi) -> Iterator[None]:
    """Let parts with the number SAME wait for somebody outside, so that the crew is at work until then."""
    with guanxi.store.engine.connect() as outside:
        hold = outside.begin()
        outside.execute(sa.text(TAKEN))
        yield
        hold.rollback()


def _kill_the_crew(loading) -> None:
    for each in psutil.Process().children():
        if "spawn_main" in " ".join(each.cmdline()):
            each.kill()
    list(loading)


def _blocked(guanxi: Guanxi) -> int:
    asked = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    with guanxi.store.engine.connect() as connection:
        return int(connection.execute(sa.text(asked)).scalar_one())


def wait_until(true: Callable[[], bool]) -> None:
    """Wait until *true*, for a bounded time."""
    end = time.monotonic() + PATIENCE_SECONDS
    while not true():
        assert time.monotonic() < end
        time.sleep(0.05)
