"""Rows of one customer that are evidently one person become one contact, in one run, in later ones, and back again."""

import csv
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

import pytest
from tests.integration import plant

from guanxi.app import Guanxi
from guanxi.identity.actor import SYSTEM
from guanxi.integration import proof, rollback, stewardship
from guanxi.integration.merging import merge_records, unmerge
from guanxi.integration.plans import Plan, plan_from
from guanxi.integration.stewardship.pairs import rows_of
from guanxi.records import writing

pytestmark = pytest.mark.slow

COLUMNS = {
    "编号": "",
    "单位名称": "customer.name",
    "信用代码": "customer.credit_code",
    "姓名": "contact.name",
    "手机": "contact.mobile",
    "邮箱": "contact.email",
    "职位": "contact.title",
}
TRUSTS = {"sales": 60, "service": 40}
QINGHE, YUANFAN, CODE = "杭州青禾机械有限公司", "宁波远帆包装有限公司", "91330106MA2CDABE08"
SALES = (
    ("S1", QINGHE, "", "李世萍", "13900010001", "", "采购经理"),
    ("S2", QINGHE, "", "张伟明", "13900010002", "wm@qinghe.example.com", ""),
    ("S3", YUANFAN, "", "王芳", "13900010003", "", ""),
)
SERVICE = (
    ("F1", QINGHE, CODE, "李世萍", "13900010001", "lsp@qinghe.example.com", "部长"),
    ("F2", QINGHE, CODE, "张偉明", "13900010088", "wm@qinghe.example.com", "厂长"),
    ("F3", YUANFAN, "", "王先生", "13900010003", "wang@yuanfan.example.com", ""),
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write(tmp_path, sales=SALES, service=SERVICE)
    return tmp_path


def write(folder: Path, **sources: Iterable[Sequence[str]]) -> None:
    """Write what departments know of people."""
    for name, rows in sources.items():
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([COLUMNS, *rows])


def plan_of(folder: Path, *names: str) -> Plan:
    """Return the plan that brings in the departments *names*: sales and service where none is named."""
    sources = [
        {
            "name": name,
            "kind": "delimited",
            "path": f"{name}.csv",
            "trust": TRUSTS[name],
            "rows_are": {name: "contact"},
            "mapping": {name: COLUMNS},
        }
        for name in names or TRUSTS
    ]
    return plan_from({"name": "people", "source": sources, "sample_share": 0.1}, folder=folder)


def people(guanxi: Guanxi) -> dict[str, dict]:
    """Return the contacts by name."""
    return {each["name"]: each for each in plant.rows_of(guanxi.store, "crm.contact")}


def customer(guanxi: Guanxi, name: str) -> int:
    return next(each["id"] for each in plant.rows_of(guanxi.store, "crm.customer") if each["name"] == name)


def proven(guanxi: Guanxi, run: str) -> Counter:
    """Return how many rows had which fate, in a proof where each has one and no cell differs from its source."""
    found = proof.latest(guanxi.workshop.folder(run))
    assert found is not None
    assert [each for each in found["sample"] if each["verdict"] == "differs"] == []
    fates = Counter()
    for each in found["counts"]:
        here = {name: each[name] for name in ("new", "merged", "unchanged", "refused")}
        assert sum(here.values()) == each["seen"]
        fates += Counter(here)
    return fates


def test_one_person_is_one_contact_with_all_that_is_known_and_where_it_comes_from(guanxi, folder):
    run = plant.run(guanxi, plan_of(folder))
    found = people(guanxi)
    assert sorted(found) == ["张伟明", "李世萍", "王芳"]
    li = found["李世萍"]
    assert (li["title"], li["email"]) == ("采购经理", "lsp@qinghe.example.com")
    assert {field: place["source"] for field, place in li["origin"].items()} == {
        "name": "sales",
        "mobile": "sales",
        "title": "sales",
        "email": "service",
    }
    assert proven(guanxi, run) == {"new": 3, "merged": 3}


def test_of_two_mobiles_the_one_of_the_row_changed_last_survives_and_says_of_when_it_is(guanxi, folder):
    mail = "lsp@qinghe.example.com"
    for name, mobile, changed in (
        ("sales", "13900010001", "2026-01-05"),
        ("service", "13900010009", "2026-03-02"),
    ):
        head, row = "单位名称,姓名,手机,邮箱,更新时间", f"{QINGHE},李世萍,{mobile},{mail},{changed}"
        (folder / f"{name}.csv").write_text(f"{head}\n{row}\n", "utf-8")
    plant.run(guanxi, plan_of(folder))
    [li] = plant.rows_of(guanxi.store, "crm.contact")
    assert li["mobile"] == "13900010009"
    assert (li["origin"]["mobile"]["source"], li["origin"]["mobile"]["at"][:10]) == ("service", "2026-03-02")


def test_the_same_files_again_write_nothing(guanxi, folder):
    plant.run(guanxi, plan_of(folder))
    before = plant.bytes_of(guanxi.store)
    again = plant.run(guanxi, plan_of(folder))
    assert plant.loaded(guanxi, again)["contact"] == {"unchanged": 3}
    assert plant.bytes_of(guanxi.store) == before
    assert proven(guanxi, again) == {"unchanged": 6}


def test_a_department_alone_undoes_nothing_the_other_said_of_a_contact(guanxi, folder):
    plant.run(guanxi, plan_of(folder))
    before = plant.bytes_of(guanxi.store)
    for alone in TRUSTS:
        run = plant.run(guanxi, plan_of(folder, alone))
        assert plant.bytes_of(guanxi.store) == before
        assert proven(guanxi, run) == {"unchanged": 3}


def test_a_department_that_comes_later_finds_the_contacts_and_its_rollback_leaves_them_as_they_were(
    guanxi, folder
):
    plant.run(guanxi, plan_of(folder, "sales"))
    before, numbers = plant.bytes_of(guanxi.store), {each["id"] for each in people(guanxi).values()}
    run = plant.run(guanxi, plan_of(folder, "service"))
    assert {each["id"] for each in people(guanxi).values()} == numbers
    assert people(guanxi)["王芳"]["email"] == "wang@yuanfan.example.com"
    assert proven(guanxi, run) == {"merged": 3}
    with guanxi.store.transaction("test") as tx:
        rollback.roll_back(tx, SYSTEM, run)
    assert plant.bytes_of(guanxi.store) == before


def test_rolling_back_the_run_that_made_them_leaves_no_contact(guanxi, folder):
    run = plant.run(guanxi, plan_of(folder))
    with guanxi.store.transaction("test") as tx:
        rollback.roll_back(tx, SYSTEM, run)
    assert people(guanxi) == {}


def test_two_people_of_one_name_with_different_numbers_and_addresses_stay_two(guanxi, folder):
    write(
        folder,
        sales=[("S1", QINGHE, "", "李世萍", "13900010001", "a@qinghe.example.com", "")],
        service=[("F1", QINGHE, "", "李世萍", "13900010009", "b@qinghe.example.com", "")],
    )
    plant.run(guanxi, plan_of(folder))
    assert len(plant.rows_of(guanxi.store, "crm.contact")) == 2


def test_what_a_person_wrote_stays_and_a_contact_written_by_hand_is_found(guanxi, folder):
    plant.run(guanxi, plan_of(folder, "sales"))
    by_hand = {"customer": customer(guanxi, YUANFAN), "name": "赵强", "mobile": "13900010005"}
    with guanxi.store.transaction("test") as tx:
        writing.update(tx, SYSTEM, "contact", people(guanxi)["李世萍"]["id"], {"title": "总经理"})
        number = writing.create(tx, SYSTEM, "contact", by_hand)
    write(folder, service=[*SERVICE, ("F4", YUANFAN, "", "赵强", "13900010005", "", "司机")])
    plant.run(guanxi, plan_of(folder))
    assert people(guanxi)["李世萍"]["title"] == "总经理"
    assert (people(guanxi)["赵强"]["id"], people(guanxi)["赵强"]["title"]) == (number, "司机")


def test_a_contact_thrown_away_does_not_take_the_rows_of_another_along(guanxi, folder):
    plant.run(guanxi, plan_of(folder, "sales"))
    plant.run(guanxi, plan_of(folder))
    with guanxi.store.transaction("test") as tx:
        writing.delete(tx, SYSTEM, "contact", [people(guanxi)["李世萍"]["id"]])
        by_hand = {"customer": customer(guanxi, QINGHE), "name": "李世萍", "mobile": "13900010001"}
        number = writing.create(tx, SYSTEM, "contact", by_hand)
    plant.run(guanxi, plan_of(folder))
    found = {each["id"]: each for each in plant.rows_of(guanxi.store, "crm.contact")}
    assert found[number]["email"] == "lsp@qinghe.example.com"


def test_a_contact_of_a_customer_without_a_name_is_refused_with_all_its_rows(guanxi, folder):
    nobody = ("", "91330106MA2CDABF1C", "赵强", "13900010005", "", "")
    write(folder, sales=[*SALES, ("S4", *nobody)], service=[*SERVICE, ("F4", *nobody)])
    run = plant.run(guanxi, plan_of(folder))
    assert plant.loaded(guanxi, run)["contact"] == {"created": 3, "refused": 1}
    assert proven(guanxi, run) == {"new": 3, "merged": 3, "refused": 2}


def test_a_split_of_the_customer_gives_each_side_the_contact_as_its_rows_say_and_comes_back(guanxi, folder):
    plan = plan_of(folder)
    plant.run(guanxi, plan)
    before, old = plant.bytes_of(guanxi.store), customer(guanxi, QINGHE)
    with guanxi.store.transaction("test") as tx:
        taken = [name for name in rows_of(tx, old) if name[0] == "service"]
        seen = stewardship.split_plan(tx, SYSTEM, guanxi.workshop, old, taken)
        done = stewardship.split(tx, SYSTEM, guanxi.workshop, old, taken)
    assert (len(seen.shared), dict(seen.moving_count)) == (2, {"contact": 2})
    told = {
        (each["customer_id"], each["mobile"]): (each["email"], each["title"])
        for each in plant.rows_of(guanxi.store, "crm.contact")
        if each["customer_id"] in (old, done.new_id)
    }
    assert told == {
        (old, "13900010001"): (None, "采购经理"),
        (old, "13900010002"): ("wm@qinghe.example.com", None),
        (done.new_id, "13900010001"): ("lsp@qinghe.example.com", "部长"),
        (done.new_id, "13900010088"): ("wm@qinghe.example.com", "厂长"),
    }
    split = plant.contents(guanxi.store)["contact"]
    again = plant.run(guanxi, plan)
    assert plant.loaded(guanxi, again)["contact"] == {"unchanged": 5}
    assert plant.contents(guanxi.store)["contact"] == split
    with guanxi.store.transaction("test") as tx:
        stewardship.put_back(tx, SYSTEM, done.batch)
    after = plant.bytes_of(guanxi.store)
    assert {name: after[name] for name in plant.OBJECTS} == {name: before[name] for name in plant.OBJECTS}


def test_customers_joined_and_taken_apart_have_their_contacts_as_before(guanxi, folder):
    write(folder, service=[("F1", YUANFAN, "", "李世萍", "13900010001", "lsp@yuanfan.example.com", "")])
    plant.run(guanxi, plan_of(folder))
    before = plant.contents(guanxi.store)["contact"]
    with guanxi.store.transaction("test") as tx:
        one, other = customer(guanxi, QINGHE), customer(guanxi, YUANFAN)
        merge = merge_records(tx, SYSTEM, "customer", one, [other])
    joined = plant.contents(guanxi.store)["contact"]
    assert len(joined) == len(before)
    plant.run(guanxi, plan_of(folder))
    assert plant.contents(guanxi.store)["contact"] == joined
    with guanxi.store.transaction("test") as tx:
        unmerge(tx, SYSTEM, merge)
    assert plant.contents(guanxi.store)["contact"] == before
