"""Laws of rows in their own words: every cell that holds something, found by the place people see."""

from pathlib import Path

import pytest

from guanxi.integration import intake, verbatim
from guanxi.integration.plans import Plan, plan_from
from guanxi.integration.staging import RunFolder


@pytest.fixture
def plan(tmp_path: Path) -> Plan:
    (tmp_path / "ledger.csv").write_text(
        "单位名称,电话,备注\n云帆机械,13800138000,\n,," + "长" * 400 + "\n合计,,\n",
        "utf-8",
    )
    source = {"name": "ledger", "kind": "delimited", "path": "ledger.csv"}
    return plan_from({"source": [source]}, folder=tmp_path)


@pytest.fixture
def folder(tmp_path: Path, plan: Plan) -> RunFolder:
    made = RunFolder(tmp_path / "run")
    intake.read(made, plan.source("ledger"))
    return made


def test_a_row_says_every_cell_that_holds_something_shortened(folder, plan):
    (table,) = (each.name for each in intake.receipt_of(folder, plan.source("ledger")).tables)
    first, long, total = (("ledger", table, row) for row in ("2", "3", "4"))
    found = verbatim.said(folder, plan, [first, long, total])
    assert found[first] == "单位名称: 云帆机械 · 电话: 13800138000"
    assert found[total] == "单位名称: 合计"
    assert len(found[long]) == verbatim.LONGEST
    assert found[long].endswith("…")


def test_a_place_that_is_not_there_says_nothing(folder, plan):
    places = [
        ("ledger", "elsewhere", "2"),
        ("nobody", "t", "2"),
        ("ledger", "ledger", "K1"),
        ("ledger", "", ""),
    ]
    assert verbatim.said(folder, plan, places) == {}
