"""The database beside the source: what was standardised or survived is explained, what differs is an error."""

from datetime import date
from decimal import Decimal

import polars as pl
import pytest

from guanxi.integration.verification import (
    RawTable,
    StoredRecord,
    check_references,
    compare_sample,
    measure_completeness,
    reader_of,
)
from guanxi.metadata.field_types.address import Address
from guanxi.metadata.field_types.money import Money
from guanxi.packs.loading import load_shipped
from guanxi.records import bulk, writing
from guanxi.store import batches

CUSTOMER = {each.name: each for each in load_shipped()}["customer"]

CRM = RawTable(
    source="crm",
    table="客户",
    frame=pl.DataFrame(
        {
            "_row": [2, 3],
            "名称": ["甲公司", "乙公司"],
            "手机": ["+86 138-0000-0001", "不详"],
            "日期": ["2024/5/21", ""],
            "地址": ["广东深圳南山科技路1号", None],
            "金额": ["1.5万", None],
        }
    ),
    columns={
        "name": ["名称"],
        "mobile": ["手机"],
        "last_order_on": ["日期"],
        "address": ["地址"],
        "total_amount": ["金额"],
    },
    standards={"mobile": "mobile", "last_order_on": "date", "address": "address", "total_amount": "money"},
)
SHOP = RawTable(
    source="shop",
    table="会员",
    frame=pl.DataFrame({"_row": [2], "name": ["甲"], "amount": ["500"], "note": ["b"]}),
    columns={"name": ["name"], "total_amount": ["amount"]},
    standards={},
)
STANDARDISED = pl.DataFrame(
    {
        "source": ["crm", "crm", "shop"],
        "table": ["客户", "客户", "会员"],
        "row": [2, 3, 2],
        "name": ["甲公司", "乙公司", "甲"],
        "mobile": ["13800000001", None, None],
        "last_order_on": ["2024-05-21", None, None],
        "address": [
            {"province": "广东省", "city": "深圳市", "district": "南山区", "detail": "科技路1号"},
            None,
            None,
        ],
        "total_amount": [
            {"amount": "15000", "currency": "CNY"},
            None,
            {"amount": "500", "currency": "CNY"},
        ],
    }
)
SAMPLE = pl.DataFrame(
    {
        "source": ["crm", "crm", "shop"],
        "table": ["客户", "客户", "会员"],
        "row": [2, 3, 2],
        "record": [1, 2, 1],
    }
)


def from_place(source, table, row, rule="trust", others=None):
    return {"source": source, "table": table, "row": row, "rule": rule, "at": None, "others": others}


GOOD = {
    1: StoredRecord(
        values={
            "name": "甲公司",
            "mobile": "13800000001",
            "last_order_on": date(2024, 5, 21),
            "address": Address("广东省", "深圳市", "南山区", "科技路1号"),
            "total_amount": Money(Decimal("15500.00"), "CNY"),
        },
        origin={
            "name": from_place("crm", "客户", 2, "longest"),
            "total_amount": from_place(
                "crm",
                "客户",
                2,
                "sum",
                [{"source": "crm", "table": "客户", "row": 2}, {"source": "shop", "table": "会员", "row": 2}],
            ),
        },
    ),
    2: StoredRecord(values={"name": "乙公司"}, origin={}),
}


def compared(stored):
    cells = compare_sample(
        SAMPLE,
        object_type=CUSTOMER,
        raw=[CRM, SHOP],
        standardised=STANDARDISED,
        fetch=lambda ids: {each: stored[each] for each in ids if each in stored},
    )
    return {(each.source, each.row, each.field): each for each in cells}


def test_each_cell_says_how_it_stands_to_the_source():
    cells = compared(GOOD)
    verdicts = {place: (each.verdict, each.shows) for place, each in cells.items()}
    assert verdicts == {
        ("crm", 2, "name"): ("equal", ""),
        ("crm", 2, "mobile"): ("standardised", "mobile"),
        ("crm", 2, "last_order_on"): ("standardised", "date"),
        ("crm", 2, "address"): ("standardised", "address"),
        ("crm", 2, "total_amount"): ("gathered", "crm/客户/2；shop/会员/2"),
        ("crm", 3, "name"): ("equal", ""),
        ("crm", 3, "mobile"): ("set_aside", "mobile"),
        ("shop", 2, "name"): ("survived", "crm/客户/2"),
        ("shop", 2, "total_amount"): ("gathered", "crm/客户/2；shop/会员/2"),
    }
    assert cells["crm", 2, "mobile"].said == "+86 138-0000-0001"
    assert cells["crm", 2, "address"].stored is not None


def test_what_was_right_for_another_field_is_found_there():
    old = "320584000020842"
    table = RawTable(
        source="register",
        table="list",
        frame=pl.DataFrame({"_row": [2], "code": [old]}),
        columns={"credit_code": ["code"]},
        standards={"credit_code": "credit_code"},
        spares={"credit_code": "registration_number"},
    )
    meant = pl.DataFrame(
        {
            "source": ["register"],
            "table": ["list"],
            "row": [2],
            "credit_code": [None],
            "registration_number": [old],
        },
        schema_overrides={"credit_code": pl.String},
    )
    sample = pl.DataFrame({"source": ["register"], "table": ["list"], "row": [2], "record": [1]})

    def verdict(**values):
        stored = StoredRecord(values=values, origin={})
        cells = compare_sample(
            sample, object_type=CUSTOMER, raw=[table], standardised=meant, fetch=lambda _: {1: stored}
        )
        return cells[0].verdict

    assert verdict(registration_number=old) == "moved"
    assert verdict(registration_number="320584000020843") == "set_aside"
    assert verdict() == "set_aside"


def test_who_owns_a_record_is_held_against_its_row_like_any_value():
    table = RawTable(
        source="ledger",
        table="list",
        frame=pl.DataFrame({"_row": [2], "负责人": ["刘洋"]}),
        columns={"owner": ["负责人"]},
        standards={"owner": ""},
    )
    place = {"source": ["ledger"], "table": ["list"], "row": [2]}

    def verdict(meant, owner):
        cells = compare_sample(
            pl.DataFrame({**place, "record": [1]}),
            object_type=CUSTOMER,
            raw=[table],
            standardised=pl.DataFrame({**place, "owner": pl.Series([meant], dtype=pl.String)}),
            fetch=lambda _: {1: StoredRecord(values={"owner": owner}, origin={})},
        )
        return cells[0].verdict

    assert verdict("3", 3) == "standardised"
    assert verdict("3", 4) == "differs"
    assert verdict("3", None) == "differs"
    assert verdict(None, None) == "set_aside"


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("name", "甲公词"),
        ("mobile", "13800000002"),
        ("mobile", None),
        ("last_order_on", date(2024, 12, 5)),
        ("address", Address("广东省", "深圳市", "福田区", "科技路1号")),
        ("total_amount", Money(Decimal(15501), "CNY")),
    ],
)
def test_a_stored_value_that_was_changed_is_found(field, wrong):
    changed = StoredRecord(values={**GOOD[1].values, field: wrong}, origin=GOOD[1].origin)
    assert compared({**GOOD, 1: changed})["crm", 2, field].verdict == "differs"


def test_a_claimed_origin_is_not_believed():
    claim = StoredRecord(
        values={**GOOD[1].values, "name": "丙公司"}, origin={"name": from_place("crm", "客户", 3)}
    )
    assert compared({**GOOD, 1: claim})["shop", 2, "name"].verdict == "differs"


@pytest.mark.parametrize(
    ("origin", "untouched", "verdict"),
    [
        ({}, {"name"}, "kept"),
        ({"name": from_place("absent", "客户", 9)}, {"name"}, "kept"),
        ({"name": from_place("absent", "客户", 9)}, {"mobile"}, "differs"),
        ({"name": from_place("crm", "客户", 3)}, {"name"}, "differs"),
        ({}, set(), "differs"),
    ],
)
def test_what_the_run_had_to_leave_alone_is_no_fault_of_it(origin, untouched, verdict):
    stood = StoredRecord(
        values={**GOOD[1].values, "name": "丙公司"}, origin=origin, untouched=frozenset(untouched)
    )
    assert compared({**GOOD, 1: stood})["crm", 2, "name"].verdict == verdict


def test_a_record_that_is_not_there_differs_in_every_cell():
    cells = compared({2: GOOD[2]})
    assert {each.verdict for (source, row, _), each in cells.items() if (source, row) == ("crm", 2)} == {
        "differs"
    }


def test_completeness_counts_cells_before_and_records_after():
    after = pl.DataFrame({"name": ["甲公司", "乙公司"], "mobile": ["13800000001", ""]})
    measured = {each.field: each for each in measure_completeness(CUSTOMER, [CRM, SHOP], after)}
    assert (measured["name"].share_before, measured["name"].share_after) == (1.0, 1.0)
    assert (measured["mobile"].filled_before, measured["mobile"].rows_before) == (2, 3)
    assert measured["mobile"].share_after == 0.5
    assert measured["address"].filled_before == 1
    assert measured["industry"].share_before == 0
    assert set(measured) == {each.name for each in CUSTOMER.live_fields if each.key}
    assert measure_completeness(CUSTOMER, [], after.clear())[0].share_after is None


def test_the_sample_reads_the_database_itself(store, steward):
    with store.transaction("test") as tx:
        given = {
            "name": ["甲公司", "乙公司"],
            "mobile": ["13800000001", None],
            "last_order_on": ["2024-05-21", None],
            "address": ["广东省-深圳市-南山区-科技路1号", None],
            "total_amount": ["15500", None],
        }
        origins = [dict(GOOD[1].origin), None]
        batch = batches.begin(tx, "the run")
        ids = bulk.save(tx.in_batch(batch), steward, "customer", given, origins=origins).ids
        sample = SAMPLE.with_columns(record=pl.Series([ids[0], ids[1], ids[0]]))
        customer = tx.catalog.object("customer")

        def verdicts():
            cells = compare_sample(
                sample,
                object_type=customer,
                raw=[CRM, SHOP],
                standardised=STANDARDISED,
                fetch=reader_of(tx, customer, batch),
            )
            return [each.verdict for each in cells]

        assert "differs" not in verdicts()
        writing.update(tx, steward, "customer", ids[0], {"mobile": "13900000009"})
        assert verdicts().count("differs") == 1
        writing.delete(tx, steward, "customer", [ids[1]])
        assert verdicts().count("differs") == 2


def test_links_that_are_missing_or_lead_to_deleted_records_are_counted(store, steward):
    with store.transaction("test") as tx:
        one = writing.create(tx, steward, "customer", {"name": "甲公司"})
        other = writing.create(tx, steward, "customer", {"name": "乙公司"})
        for number, customer in enumerate([one, one, other, one]):
            writing.create(tx, steward, "order", {"number": f"D{number}", "customer": customer})
        tx.connection.exec_driver_sql("UPDATE crm.\"order\" SET customer_id = NULL WHERE number = 'D3'")
        objects = [tx.catalog.object(name) for name in ("order", "order_line")]
        sound = {(each.object, each.field): each for each in check_references(tx, objects)}
        assert (sound["order", "customer"].linked, sound["order", "customer"].missing) == (3, 1)
        writing.delete(tx, steward, "customer", [other])
        checked = {(each.object, each.field): each for each in check_references(tx, objects)}
        assert checked["order", "customer"].to_deleted == 1
        assert not checked["order", "customer"].sound
        assert checked["order_line", "order"].sound
