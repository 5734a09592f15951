"""The whole practice company through the pipeline: customers found, traps avoided, every planted defect told of."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace

import polars as pl
import pytest
from tests.integration import plant

from guanxi.integration import intake, runs
from guanxi.integration.columns import column_name
from guanxi.integration.loading import LINK
from guanxi.integration.plans import Plan, read_plan
from guanxi.integration.staging import RunFolder
from guanxi.integration.standardise import SPARE_FIELDS
from guanxi.packs.practice import TOKEN_ENVIRONMENT, Truth, build_world, open_shop, score, write_plan
from guanxi.store.embedded import Lease

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("practice")]

TELLING = (
    *("address_full_width", "address_incomplete", "address_moved", "amount_hundredfold", "amount_negative"),
    *("amount_text", "amount_total_differs", "amount_unit", "credit_code_format", "credit_code_old_number"),
    *("credit_code_wrong", "date_impossible", "date_serial", "date_spelling", "email_dirt"),
    *(
        "industry_colloquial",
        "name_brackets",
        "name_full_width",
        "name_note",
        "name_spaces",
        "order_orphaned",
    ),
    *("person_spaces", "phone_country_code", "phone_decimal", "phone_digit_missing", "phone_full_width"),
    *("phone_separators", "phone_two_in_cell", "test_row", "ticket_orphaned"),
)
"""Kinds a run can see in the cell itself: each must be among the cells it reports."""
MATCHED = (
    *("duplicate_row", "name_brand_only", "name_legal_form_dropped", "name_place_and_brand"),
    *("name_place_dropped", "name_traditional", "name_typo", "person_title_only", "phone_digit_wrong"),
    *(
        "phone_landline_in_mobile",
        "credit_code_missing",
        "address_missing",
        "industry_missing",
        "phone_missing",
    ),
)
"""Kinds whose cell looks right or is empty: what counts is that the row finds its customer."""
NOT_ENOUGH = ("company_missing",)
"""A follower without a company shares one mobile number with it and nothing else: too little to join by itself."""


@dataclass(frozen=True)
class Result:
    """What one run of the practice company left."""

    truth: Truth
    plan: Plan
    folder: RunFolder
    counts: dict
    refused: list
    records: dict[str, list[dict]]
    again: dict
    without: dict


@pytest.fixture(scope="module")
def result(database_server: Lease, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Result]:
    folder = tmp_path_factory.mktemp("practice")
    world = build_world(folder / "world")
    with pytest.MonkeyPatch.context() as patch, open_shop(world.folder) as shop:
        patch.setenv(TOKEN_ENVIRONMENT, shop.token)
        plan = read_plan(write_plan(world.folder, shop_url=shop.url))
        with plant.product(database_server, folder / "home") as guanxi:
            run = plant.run(guanxi, plan)
            records = {name: plant.rows_of(guanxi.store, f'crm."{name}"') for name in (*plant.OBJECTS, "gap")}
            yield Result(
                truth=world.truth,
                plan=plan,
                folder=guanxi.workshop.folder(run),
                counts=runs.counts(guanxi.workshop, run),
                refused=runs.refusals(guanxi.workshop.folder(run)),
                records=records,
                again=plant.loaded(guanxi, plant.run(guanxi, plan)),
                without=plant.loaded(guanxi, plant.run(guanxi, without_the_most_telling(plan))),
            )


def without_the_most_telling(plan: Plan) -> Plan:
    """Return the plan without the source that most values come from."""
    return replace(plan, sources=tuple(each for each in plan.sources if each.name != "sales_ledger"))


@pytest.fixture(scope="module")
def scored(result: Result):
    return score(result.truth, assignment(result), accounted=reported(result))


def assignment(result: Result) -> dict:
    rows, groups = (result.folder.read_frame("match", name) for name in ("rows", "groups"))
    found = rows.join(groups, left_on="mention", right_on="id")
    known = {row.place for row in result.truth.rows if row.role != "part"}
    places = found.select("source", "table", "row", "group").iter_rows()
    return {place: group for *place_, group in places if (place := tuple(place_)) in known}


def reported(result: Result) -> set:
    """Return the cells among the changes, and all planted ones of rows that loading refused."""
    changes = pl.concat(
        frame
        for source in result.plan.sources
        for frame in intake.standard_frames(result.folder, source, "changes")
    )
    told = changes.select("source", "table", "row", "column").iter_rows()
    cells = {(source, table, row, one) for source, table, row, column in told for one in column.split("+")}
    refused = refused_rows(result)
    return cells | {(*each.place, each.field) for each in result.truth.defects if each.place in refused}


def refused_rows(result: Result) -> set:
    keys = {(each["object"], each["source"], each["key"]) for each in result.refused if not each["cell"]}
    places = set()
    for name in {each["object"] for each in result.refused}:
        for row in (
            result.folder.read_frame("golden", name).select("source", "table", "row", "key").iter_rows()
        ):
            if (name, row[0], row[3]) in keys:
                places.add(row[:3])
    return places


def share(part: float, whole: int) -> float:
    return part / whole if whole else 1.0


def test_every_field_a_column_became_is_in_the_golden_records(result: Result):
    for source in result.plan.sources:
        for mapping in intake.mappings_of(result.folder, source).values():
            for target in mapping.targets:
                object_name, _, field = SPARE_FIELDS.get(target, target).partition(".")
                golden = result.folder.scan("golden", object_name).collect_schema().names()
                assert {column_name(object_name, field), field + LINK} & {*golden}, target


def test_customers_are_found(scored):
    assert scored.pairs.f1 >= 0.97
    assert scored.pairs.precision >= 0.995
    assert scored.clusters.f1 >= 0.97


def test_no_trap_is_joined(scored):
    assert {trap.kind: trap.joined for trap in scored.traps if trap.joined} == {}
    assert sum(trap.planted for trap in scored.traps) == 90


def test_every_kind_of_defect_is_known_to_these_tests(scored):
    assert {each.kind for each in scored.defects} == {*TELLING, *MATCHED, *NOT_ENOUGH}


@pytest.mark.parametrize("kind", TELLING)
def test_a_defect_that_shows_is_reported_with_its_cell(scored, kind):
    found = next(each for each in scored.defects if each.kind == kind)
    assert share(found.accounted, found.planted) >= 0.95, found


@pytest.mark.parametrize("kind", MATCHED)
def test_a_defect_that_hides_does_not_lose_the_row_its_customer(scored, kind):
    found = next(each for each in scored.defects if each.kind == kind)
    assert found.pairs.f1 >= 0.95, found


def test_a_follower_without_a_company_stays_a_person_of_his_own_or_finds_it(scored):
    found = next(each for each in scored.defects if each.kind == "company_missing")
    assert found.pairs.precision == 1.0
    assert found.pairs.recall >= 0.5


def test_a_key_value_that_no_source_has_is_asked_for(result: Result):
    """Wherever a value was left out and no other row of the customer gives it, there is a gap for a department."""
    asked = Counter(gap["field"] for gap in result.records["gap"] if gap["kind"] == "missing")
    left = result.counts["tasks"]["gaps"]["gaps_left"]
    for field in ("industry", "mobile"):
        empty = sum(row[field] is None for row in result.records["customer"])
        assert asked[field] <= empty
        assert asked[field] + left >= empty


def test_a_total_is_no_customer(result: Result):
    assert not {row["name"] for row in result.records["customer"]} & {"合计", "总计", "小计"}
    frames = {row.place for row in result.truth.rows if row.role == "frame"}
    assert not {place for place in assignment(result) if place in frames}


def test_orders_of_nobody_are_refused_and_listed_with_their_lines(result: Result):
    refused = Counter(each["object"] for each in result.refused if not each["cell"])
    orphans = {each.place for each in result.truth.defects if each.kind == "order_orphaned"}
    assert orphans <= refused_rows(result)
    assert refused["order_line"] >= len(orphans)


def test_what_was_loaded_adds_up_to_what_was_found(result: Result):
    for name, numbers in result.counts["load"].items():
        found = result.counts["golden"]["all"][name]
        assert numbers["created"] + numbers["updated"] + numbers["unchanged"] + numbers["refused"] == found, (
            name
        )
        assert numbers["created"] == len(result.records[name])


def test_the_items_of_a_shop_order_are_its_lines(result: Result):
    orders = {row["id"]: row for row in result.records["order"]}
    lines = defaultdict(list)
    for line in result.records["order_line"]:
        lines[orders[line["order_id"]]["number"]].append(line)
    shop = [row for row in result.records["order"] if row["number"].startswith("WD")]
    assert shop
    assert all(lines[order["number"]] for order in shop)
    first = next(row for row in shop if row["number"] == "WD0000001")
    assert first["amount"] == sum(line["quantity"] * line["unit_price"] for line in lines["WD0000001"])


def test_a_department_left_out_changes_no_customer_however_many_values_came_from_it(result: Result):
    assert set(result.without["customer"]) == {"unchanged"}


def test_bringing_it_in_again_writes_no_record(result: Result):
    assert set(result.again) == set(result.counts["load"])
    for name, numbers in result.again.items():
        assert set(numbers) <= {"unchanged", "refused"}, name
        assert numbers["unchanged"] == len(result.records[name])
