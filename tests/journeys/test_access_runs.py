"""Everybody can use the page of a run, whatever its state: axe-core finds nothing serious."""

import pytest
from playwright.sync_api import Page

from guanxi.identity.actor import Actor
from guanxi.store.transactions import Store
from tests.journeys.conftest import sign_in
from tests.journeys.test_access import AXE, judged
from tests.web.records import create
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


def test_axe_finds_nothing_serious_in_any_state_of_a_run(
    desk: Page, address: str, store: Store, administrator
):
    if not AXE.is_file():
        pytest.skip("axe-core is not there; run `make parts`")
    sign_in(desk, address, "administrator")
    found = {}
    for path in runs_in_every_state(store, administrator):
        answer = desk.goto(address + path)
        assert answer is not None
        assert answer.status == 200
        found[path] = judged(desk)
    assert {path: problems for path, problems in found.items() if problems} == {}
