"""Everybody can use the pages of runs and duplicates when something is on them: axe-core finds nothing serious."""

from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest
from playwright.sync_api import Browser

from guanxi.identity.actor import Actor
from guanxi.integration import proof as proofs
from guanxi.integration.sources.base import QUARANTINE_FILE
from guanxi.integration.staging import RunFolder
from guanxi.store.transactions import Store
from tests.journeys.conftest import sign_in
from tests.journeys.test_access import AXE, RUN
from tests.web.records import create
from tests.web.stewardship import pair, row, run_files
from tests.web.test_proof import BROKEN, SOUND
from tests.web.test_run import LOADED, PREPARED, SOURCES

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("journeys")]

STATES = (
    "waiting",
    "running",
    "prepared",
    "pilot",
    "paused",
    "failed",
    "cancelled",
    "finished",
    "rolled_back",
)
LONG = "上海青禾云帆精密机械设备制造（集团）股份有限公司乌鲁木齐高新技术产业开发区第一分公司"


def runs_in_every_state(store: Store, actor: Actor) -> list[str]:
    """Make a run in each state; return their pages."""
    pages = []
    for state in STATES:
        counts = PREPARED if state in ("prepared", "paused") else LOADED
        given = {
            "name": LONG,
            "plan": {"source": SOURCES},
            "counts": counts,
            "folder": state,
            "stage": "load",
        }
        number = create(store, actor, "run", state=state, problem="there is no file desk.csv", **given)
        pages.append(f"/runs/{number}")
    return pages


def pages_of_the_first_run(store: Store, actor: Actor, home: Path) -> list[str]:
    """Make a run with its files, proofs, gaps and a group of three rows; return the pages that show them."""
    folder = RunFolder(home / "runs" / "first")
    one = row(store, actor, "ledger", "1", name=LONG, mobile="13800138000")
    row(store, actor, "desk", "2", name="杭州云帆机械", email="a@example.com")
    row(store, actor, "ledger", "3", name="杭州云帆")
    review = pair(store, actor, ("ledger|1", LONG), ("desk|2", "杭州云帆机械"))
    pair(store, actor, ("desk|2", "杭州云帆机械"), ("ledger|3", "杭州云帆"))
    run_files(folder, [("ledger", "1", {"name": LONG}), ("desk", "2", {"name": "杭州云帆机械"})])
    set_aside = {"table": ["t"], "row": [7], "text": [LONG * 3], "reason": ["too_many_columns"]}
    (folder.stage("read") / "ledger").mkdir(parents=True)
    pl.DataFrame(set_aside).write_parquet(folder.stage("read") / "ledger" / QUARANTINE_FILE)
    proofs.keep(folder, "all", BROKEN)
    proofs.keep(RunFolder(home / "runs" / "pilot"), "pilot", replace(SOUND, counts=()))
    create(
        store, actor, "gap", title="缺口", customer=one, field="email", department="销售部", kind="missing"
    )
    with store.transaction("test") as tx:
        run = tx.connection.exec_driver_sql("SELECT id FROM crm.run WHERE folder = 'first'").scalar()
    below = ("", "/proof", "/quarantine", "/left-out", "/roll-back", "/end")
    return [
        *(f"/runs/{run}{each}" for each in below),
        *(f"/duplicates/{review}", f"/duplicates/{review}/group", f"/o/customer/{one}/rows"),
        *("/runs", "/duplicates", "/gaps", "/merged", "/merged?q=nobody"),
    ]


@pytest.mark.parametrize(("width", "scheme"), [(1440, "light"), (390, "dark")])
def test_axe_finds_nothing_serious_where_there_is_something_to_show(
    chrome: Browser, address: str, store: Store, administrator, tmp_path: Path, width: int, scheme: str
):
    if not AXE.is_file():
        pytest.skip("axe-core is not there; run `make parts`")
    paths = pages_of_the_first_run(store, administrator, tmp_path)
    paths += runs_in_every_state(store, administrator)
    context = chrome.new_context(
        viewport={"width": width, "height": 900}, color_scheme=scheme, locale="zh-CN"
    )
    page = context.new_page()
    sign_in(page, address, "administrator")
    found = {}
    for path in paths:
        answer = page.goto(address + path)
        assert answer is not None
        page.evaluate(AXE.read_text())
        too_wide = page.evaluate(
            "document.documentElement.scrollWidth > document.documentElement.clientWidth"
        )
        found[path] = [
            *page.evaluate(RUN),
            *(["the page itself scrolls sideways"] if too_wide else []),
            *([f"answered {answer.status}"] if answer.status != 200 else []),
        ]
    context.close()
    assert {path: problems for path, problems in found.items() if problems} == {}
