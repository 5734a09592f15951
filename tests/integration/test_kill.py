"""A run killed again and again, at every stage, ends with the same records as one nobody touched."""

import json
import os
import subprocess
import sys
from contextlib import AbstractContextManager, ExitStack
from pathlib import Path

import pytest
from tests.integration import plant
from tests.processes import living

from guanxi.app import running
from guanxi.integration.plans import read_plan
from guanxi.packs.practice import TOKEN_ENVIRONMENT, build_world, open_shop, write_plan
from guanxi.settings import load_settings
from guanxi.store.embedded import Lease

pytestmark = [pytest.mark.slow, pytest.mark.timeout(2400)]
HERE = "guanxi.integration"
DEATHS = (
    f"{HERE}.intake:read:1:before",
    f"{HERE}.nested:with_nested:2:before",  # its Parquet is written, its receipt is not
    f"{HERE}.runs:note_source:2:after",  # the inventory is written, the transaction is not committed
    f"{HERE}.standardise:standardise:2:after",
    f"{HERE}.matching:find_matches:1:after",
    f"{HERE}.unite:make_golden:1:after",
    f"{HERE}.tasks:hand_out_reviews:1:after",
    f"{HERE}.milestones:begin:1:after",  # in the transaction that begins the pilot
    "guanxi.store.batches:cross:1:after",  # in the transaction of the first part
    f"{HERE}.runs:note_refusals:1:before",  # committed, but the step has no mark
    "guanxi.store.batches:finish_part:3:before",
    f"{HERE}.proof:prove:1:before",
    f"{HERE}.milestones:begin:1:before",  # the pilot is verified, the rest has not begun
    "guanxi.records.bulk:save:2:after",  # in the transaction of a later part
    f"{HERE}.tasks:hand_out_gaps:1:after",
    f"{HERE}.proof:prove:1:after",
    f"{HERE}.milestones:arrive:1:after",  # all is done but the last mark
)


def test_a_run_killed_by_kill_9_at_every_stage_loses_nothing_and_does_nothing_twice(
    database_server: Lease, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    world = build_world(tmp_path / "world", customers=120)
    with open_shop(world.folder) as shop:
        monkeypatch.setenv(TOKEN_ENVIRONMENT, shop.token)
        plan = in_small_parts(write_plan(world.folder, shop_url=shop.url))
        with plant.product(database_server, tmp_path / "undisturbed") as guanxi:
            run = plant.run(guanxi, read_plan(plan))
            counts, wanted = plant.loaded(guanxi, run), plant.contents(guanxi.store)
        run = die_and_live_again(plan, tmp_path / "home")
    with running(load_settings({"GUANXI_HOME": str(tmp_path / "home")})) as guanxi:
        assert plant.loaded(guanxi, run) == counts
        found = plant.contents(guanxi.store)
    for name, records in wanted.items():
        assert found[name] == records, name


def in_small_parts(plan: Path) -> Path:
    """Let the plan load in parts small enough that every object has several."""
    text = plan.read_text(encoding="utf-8")
    plan.write_text(text.replace("\n\n", "\nbatch_rows = 40\n\n", 1), "utf-8")
    return plan


def die_and_live_again(plan: Path, home: Path) -> str:
    """Go through all deaths and one whole life; return the name of the run."""
    environment = {**os.environ, "GUANXI_HOME": str(home)}
    run = ""
    with ExitStack() as stack:
        spare = stack.enter_context(life(environment))
        for death in (*DEATHS, ""):
            # The next life does its imports, seconds on a busy machine, while this one works.
            current, spare = spare, stack.enter_context(life(environment))
            told, _ = current.communicate(json.dumps([str(plan), run, death]) + "\n", timeout=300)
            run = run or told.strip()
            assert current.returncode == (-9 if death else 0), death
    return run


def life(environment: dict[str, str]) -> AbstractContextManager[subprocess.Popen[str]]:
    """Start a process that waits for its orders, and end it with the test whatever happens."""
    return living([sys.executable, "-m", "tests.integration.mortal"], environment)
