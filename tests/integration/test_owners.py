"""Who owns a customer is a value like any other: sources say it, it survives, and what a person says stays."""

from pathlib import Path

import pytest
from tests.integration import plant
from tests.integration.test_again import found_wrong
from tests.integration.test_steering import act

from guanxi.app import Guanxi
from guanxi.identity import users
from guanxi.identity.actor import SYSTEM
from guanxi.identity.users import NewUser
from guanxi.integration import proof
from guanxi.records import writing

pytestmark = pytest.mark.slow

COLUMNS = (*plant.LEDGER_COLUMNS, "负责人")
NAMES = ("刘洋", "刘洋", "何芳", "谁也不是", "", "何芳")


@pytest.fixture
def people(guanxi: Guanxi) -> dict[str, int]:
    """Return the numbers of the two people who work here."""
    with guanxi.store.transaction("test") as tx:
        return {
            name: users.create(tx, SYSTEM, NewUser(login=login, name=name))
            for name, login in (("刘洋", "liu.yang"), ("何芳", "he.fang"))
        }


def write(folder: Path, names: tuple[str, ...] = NAMES) -> None:
    rows = [(*row, owner) for row, owner in zip(plant.LEDGER, names, strict=True)]
    text = "\n".join(",".join(each) for each in (COLUMNS, *rows)) + "\n"
    (folder / "ledger.csv").write_text(text, encoding="utf-8")


def owners(guanxi: Guanxi) -> dict[str, int | None]:
    return {row["former_number"]: row["owner_id"] for row in plant.rows_of(guanxi.store, "crm.customer")}


def test_customers_belong_to_whom_the_source_names(guanxi: Guanxi, folder, people):
    write(folder)
    run = plant.run(guanxi, plant.plan_of(folder))
    found = owners(guanxi)
    assert [found[f"K{number}"] for number in range(1, 7)] == [people.get(name) for name in NAMES]
    assert found_wrong(guanxi, run) == []
    told = proof.latest(guanxi.workshop.folder(run))
    assert told is not None
    shown = {
        (each["said"], each["stored"], each["verdict"]) for each in told["sample"] if each["field"] == "owner"
    }
    assert shown <= {
        ("刘洋", "刘洋", "standardised"),
        ("何芳", "何芳", "standardised"),
        ("谁也不是", None, "set_aside"),
    }


def test_a_source_that_names_another_owner_changes_it_and_the_run_can_be_taken_back(
    guanxi: Guanxi, folder, people
):
    write(folder)
    plan = plant.plan_of(folder)
    plant.run(guanxi, plan)
    before = plant.bytes_of(guanxi.store)
    plant.run(guanxi, plan)
    assert plant.bytes_of(guanxi.store) == before
    write(folder, ("何芳", *NAMES[1:]))
    second = plant.run(guanxi, plan)
    assert owners(guanxi)["K1"] == people["何芳"]
    act(guanxi, second, "roll_back")
    assert plant.bytes_of(guanxi.store) == before


def test_an_owner_a_person_gave_stays_whatever_the_sources_say(guanxi: Guanxi, folder, people):
    write(folder)
    plan = plant.plan_of(folder)
    plant.run(guanxi, plan)
    record = next(
        row["id"] for row in plant.rows_of(guanxi.store, "crm.customer") if row["former_number"] == "K1"
    )
    with guanxi.store.transaction("test") as tx:
        writing.update(tx, SYSTEM, "customer", record, {"owner": people["何芳"]})
    run = plant.run(guanxi, plan)
    assert owners(guanxi)["K1"] == people["何芳"]
    assert found_wrong(guanxi, run) == []
