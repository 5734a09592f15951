"""The world as a whole: repeatable, of the promised size, with every kind of defect and a true truth."""

import json
import tomllib
from collections import Counter

import pytest
from stdnum.cn import uscc

from guanxi.kernel.errors import Refused
from guanxi.packs.practice import World, build_world, load_truth
from guanxi.packs.practice.codes import check_character
from guanxi.packs.practice.traps import TRAP_KINDS

EVERY_KIND = {
    "address_full_width",
    "address_incomplete",
    "address_missing",
    "address_moved",
    "amount_hundredfold",
    "amount_negative",
    "amount_text",
    "amount_total_differs",
    "amount_unit",
    "company_missing",
    "credit_code_format",
    "credit_code_missing",
    "credit_code_old_number",
    "credit_code_wrong",
    "date_impossible",
    "date_serial",
    "date_spelling",
    "duplicate_row",
    "email_dirt",
    "industry_colloquial",
    "industry_missing",
    "name_brackets",
    "name_brand_only",
    "name_full_width",
    "name_legal_form_dropped",
    "name_note",
    "name_place_and_brand",
    "name_place_dropped",
    "name_spaces",
    "name_traditional",
    "name_typo",
    "order_orphaned",
    "person_spaces",
    "person_title_only",
    "phone_country_code",
    "phone_decimal",
    "phone_digit_missing",
    "phone_digit_wrong",
    "phone_full_width",
    "phone_landline_in_mobile",
    "phone_missing",
    "phone_separators",
    "phone_two_in_cell",
    "test_row",
    "ticket_orphaned",
    *TRAP_KINDS,
}


def contents(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_the_same_seed_gives_the_same_bytes_in_every_file(tmp_path):
    for name in ("once", "again"):
        build_world(tmp_path / name, seed=7, customers=120)
    assert contents(tmp_path / "once") == contents(tmp_path / "again")


def test_building_again_into_the_same_folder_replaces_the_older_world(tmp_path):
    build_world(tmp_path / "twice", seed=1, customers=60)
    build_world(tmp_path / "twice", seed=2, customers=60)
    build_world(tmp_path / "fresh", seed=2, customers=60)
    assert contents(tmp_path / "twice") == contents(tmp_path / "fresh")


def test_another_seed_gives_another_world(tmp_path):
    one, other = (build_world(tmp_path / str(seed), seed=seed, customers=60) for seed in (1, 2))
    assert one.truth.customers != other.truth.customers


@pytest.mark.parametrize("customers", [-1, 49, 10_001])
def test_a_world_too_small_for_its_traps_or_too_large_for_its_brands_is_refused(tmp_path, customers):
    with pytest.raises(Refused, match="at least 50 and at most 10000"):
        build_world(tmp_path, customers=customers)


@pytest.fixture(scope="module", params=[1, 2024, 99])
def truth(request, tmp_path_factory):
    return build_world(tmp_path_factory.mktemp("seeds"), seed=request.param).truth


def test_about_3000_rows_name_1200_customers_and_every_customer_is_named(truth):
    assert len(truth.customers) == 1200
    assert 2850 <= len(truth.customer_rows) <= 3200
    assert {row.customer for row in truth.customer_rows} == {customer.id for customer in truth.customers}


def test_every_kind_of_defect_and_trap_occurs_at_least_ten_times(truth):
    assert set(truth.counts) == EVERY_KIND
    assert {kind: count for kind, count in truth.counts.items() if count < 10} == {}


def test_the_truth_file_says_what_the_world_says(world: World):
    assert load_truth(world.folder / "truth.json") == world.truth
    found = json.loads((world.folder / "truth.json").read_text(encoding="utf-8"))
    kinds = Counter(item["kind"] for item in found["defects"] + found["traps"])
    assert found["counts"] == dict(kinds)


def test_a_file_that_is_no_truth_is_refused_by_its_name(tmp_path):
    (tmp_path / "truth.json").write_text("[]", encoding="utf-8")
    with pytest.raises(Refused, match=r"truth\.json is not a truth file"):
        load_truth(tmp_path / "truth.json")


def test_every_row_has_a_place_of_its_own(world: World):
    places = [row.place for row in world.truth.rows]
    assert len(set(places)) == len(places)


def test_only_rows_of_customers_and_their_parts_name_a_customer(world: World):
    for row in world.truth.rows:
        assert (row.customer is not None) == (row.role in {"customer", "part"})


def test_what_a_defect_shows_is_not_what_is_true(world: World):
    planted_as_they_are = {"test_row", "ticket_orphaned", "order_orphaned", "duplicate_row"}
    for defect in world.truth.defects:
        if defect.kind not in planted_as_they_are:
            assert defect.shown != defect.true, defect


def test_true_customers_share_neither_name_nor_code_nor_person(world: World):
    customers = world.truth.customers
    names = [customer.name for customer in customers]
    codes = [customer.credit_code for customer in customers if customer.credit_code]
    assert len(set(names)) == len(names)
    assert len(set(codes)) == len(codes)
    shared = {trap.customers for trap in world.truth.traps if trap.kind == "trap_person_in_two_companies"}
    owners: dict[str, list[str]] = {}
    for customer in customers:
        for mobile in customer.mobiles:
            owners.setdefault(mobile, []).append(customer.id)
    assert {tuple(found) for found in owners.values() if len(found) > 1} == shared


def test_true_credit_codes_carry_the_right_check_character(world: World):
    codes = [customer.credit_code for customer in world.truth.customers if customer.credit_code]
    assert all(uscc.is_valid(code) for code in codes)
    assert check_character("91110000600037341") == "L"


def test_each_company_that_is_part_of_a_trap_shows_its_right_code_in_the_old_system(world: World):
    trapped = {customer for trap in world.truth.traps for customer in trap.customers}
    in_crm = {
        row.place for row in world.truth.customer_rows if row.table == "account" and row.customer in trapped
    }
    customers = {row.customer for row in world.truth.customer_rows if row.place in in_crm}
    assert customers == trapped
    wrong = {defect.place for defect in world.truth.defects if defect.field == "uscc"}
    assert not wrong & in_crm


def test_no_date_in_the_truth_lies_outside_2021_to_october_2026(world: World):
    kinds = {"date_spelling", "date_serial", "date_impossible"}
    days = [defect.true for defect in world.truth.defects if defect.kind in kinds]
    assert min(days) >= "2021-01-01"
    assert max(days) <= "2026-10-31"


def test_the_plan_names_five_sources_with_a_contact_and_a_trust_each(world: World):
    plan = tomllib.loads(world.plan.read_text(encoding="utf-8"))
    sources = {source["name"]: source for source in plan["source"]}
    assert {row.source for row in world.truth.rows} == set(sources)
    for source in sources.values():
        assert set(source["label"]) == {"en", "zh"}
        assert source["department"]
        assert source["contact"]
        assert 0 <= source["trust"] <= 100
        if "path" in source:
            assert (world.folder / source["path"]).is_file()
