"""What a steward decided about a pair of rows holds in every later run, and the run says so."""

from collections.abc import Mapping

import polars as pl
import pytest
from tests.integration import plant
from tests.integration.finished import Finished

from guanxi.app import Guanxi
from guanxi.identity.actor import SYSTEM
from guanxi.integration import runs, steering
from guanxi.integration.matching.explaining import explain
from guanxi.integration.mentions import to_match
from guanxi.records import writing

pytestmark = pytest.mark.slow


def mentions(guanxi: Guanxi, run: str) -> Mapping[str, Mapping]:
    """Return the mentions of a run by the number its source knows the row by, or by the name it says."""
    found = guanxi.workshop.folder(run).read_frame("match", "mentions").to_dicts()
    return {each.get("former_number") or each["name"]: each for each in found if each["source"] != "guanxi"}


def decide(guanxi: Guanxi, run: str, left: Mapping, right: Mapping, decision: str) -> None:
    with guanxi.store.transaction("test") as tx:
        review = {
            "title": f"{left['name']} ↔ {right['name']}",
            "run": runs.record_id(tx, run),
            "left_key": f"{left['source']}|{left['key']}",
            "right_key": f"{right['source']}|{right['key']}",
            "decision": decision,
            "decided_at": tx.now,
        }
        writing.create(tx, SYSTEM, "review", review)


def take_back(guanxi: Guanxi, run: str) -> None:
    with guanxi.store.transaction("test") as tx:
        steering.act(tx, SYSTEM, run, "roll_back")


def group_of(guanxi: Guanxi, run: str, mention: Mapping) -> int:
    groups = guanxi.workshop.folder(run).read_frame("match", "groups")
    return groups.filter(pl.col("id") == mention["id"])["group"].item()


def pair_of(guanxi: Guanxi, run: str, one: Mapping, other: Mapping) -> dict:
    left, right = sorted((one["id"], other["id"]))
    pairs = guanxi.workshop.folder(run).read_frame("match", "pairs")
    return pairs.filter((pl.col("left") == left) & (pl.col("right") == right)).to_dicts()[0]


def sentences(guanxi: Guanxi, run: str, pair: Mapping) -> str:
    everyone = guanxi.workshop.folder(run).read_frame("match", "mentions")
    sides = {each["id"]: each for each in to_match(everyone).to_dicts()}
    return " ".join(map(str, explain(pair, sides[pair["left"]], sides[pair["right"]]).sentences))


@pytest.mark.parametrize(
    ("one", "other", "decision"), [("K2", "西安秦川仪表有限公司", "join"), ("K1", "杭州青禾机械", "apart")]
)
def test_a_decision_overrules_the_matching_in_the_next_run(finished: Finished, one, other, decision):
    guanxi, plan, first = finished.guanxi, finished.plan, finished.run
    found = mentions(guanxi, first)
    together = group_of(guanxi, first, found[one]) == group_of(guanxi, first, found[other])
    assert together == (decision == "apart")
    decide(guanxi, first, found[one], found[other], decision)
    take_back(guanxi, first)
    second = plant.run(guanxi, plan)
    found = mentions(guanxi, second)
    together = group_of(guanxi, second, found[one]) == group_of(guanxi, second, found[other])
    assert together == (decision == "join")
    pair = pair_of(guanxi, second, found[one], found[other])
    assert (pair["decision"], pair["rule"]) == (decision, "steward")
    assert "steward" in sentences(guanxi, second, pair)
    customers = {"join": 6, "apart": 8}[decision]
    assert plant.loaded(guanxi, second)["customer"] == {"created": customers}
