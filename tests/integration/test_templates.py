"""Laws of the templates: every heading is understood, what is filled in arrives as it was meant."""

from datetime import date, datetime
from pathlib import Path

import openpyxl
import polars as pl
import pytest

from guanxi.integration.mapping import suggest
from guanxi.integration.sources import SOURCE_KINDS, ReadReceipt
from guanxi.integration.standardise import VERDICT, standardise
from guanxi.integration.template_checks import choices_of, rule_for
from guanxi.integration.template_words import RULES, STEPS
from guanxi.integration.templates import TemplateColumn, make_template, template_columns
from guanxi.kernel.errors import Invalid, Refused, UnknownName
from guanxi.metadata.catalog import catalog_of
from guanxi.metadata.field_types import FIELD_TYPES
from guanxi.metadata.labels import Label
from guanxi.metadata.objects import Choice, Field, ObjectType
from guanxi.packs.loading import BASE, load_pack, load_shipped

CATALOG = catalog_of(1, load_shipped())
OBJECTS = [each.name for each in load_pack(BASE)]
EXCEL = SOURCE_KINDS["excel"]


def made(path: Path, name: str = "customer", **more) -> openpyxl.Workbook:
    make_template(CATALOG.object(name), path, **{"catalog": CATALOG, "language": "zh", **more})
    return openpyxl.load_workbook(path)


def columns(name: str, language: str = "zh", **more) -> tuple[TemplateColumn, ...]:
    return template_columns(CATALOG.object(name), CATALOG, language=language, **more)


def filled(path: Path, *lines: dict[str, object], name: str = "customer", **more) -> ReadReceipt:
    """Return what reading finds after a department filled in *lines* (field path -> value)."""
    book = made(path, name, **more)
    sheet = book.worksheets[0]
    given = {"language": "zh", **more}
    places = {each.path: place for place, each in enumerate(columns(name, given["language"]), 1)}
    for row, line in enumerate(lines, 2):
        for field, value in line.items():
            sheet.cell(row, places[field]).value = value
    book.save(path)
    return EXCEL.read(EXCEL.options({"path": str(path)}), path.parent / "read")


def mapped(receipt: ReadReceipt):
    (table,) = receipt.tables
    raw = pl.read_parquet(table.path)
    samples = {name: raw[name].drop_nulls().to_list() for name in table.columns}
    return raw, suggest(table.name, samples, CATALOG, main=table.object, told=table.fields)


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("name", OBJECTS)
def test_every_heading_is_understood_without_the_hidden_sheet(name, language):
    made_of = columns(name, language)
    label = CATALOG.object(name).label.in_language(language)
    mapping = suggest(label, {each.title: [] for each in made_of}, CATALOG)
    wrong = {
        each.title: mapping.column(each.title).path
        for each in made_of
        if mapping.column(each.title).path != each.path
    }
    assert (mapping.main, wrong) == (name, {})


@pytest.mark.parametrize("name", OBJECTS)
def test_a_template_tells_every_column_for_sure(tmp_path, name):
    receipt = filled(tmp_path / "a.xlsx", name=name)
    (table,) = receipt.tables
    assert table.object == name
    assert list(table.fields.values()) == [each.path for each in columns(name)]
    _, mapping = mapped(receipt)
    assert mapping.main == name
    assert {each.confidence for each in mapping.columns} == {1.0}
    assert {each.column: each.target for each in mapping.columns} == table.fields


CUSTOMER = {
    "customer.name": "杭州青禾机械有限公司",
    "customer.mobile": "13900010001",
    "customer.phone": "0571-88886666",
    "customer.email": "Li.Wei@Example.com",
    "customer.credit_code": "91510100768633016U",
    "customer.kind": "企业客户",
    "customer.level": "A级（重点）",
    "customer.industry": "零售业",
    "customer.postcode": "010020",
    "customer.employees": 120,
    "customer.cooperation_years": 3.5,
    "customer.total_amount": 125000.5,
    "customer.last_order_on": date(2026, 3, 5),
    "customer.address": "浙江省杭州市西湖区文三路8号",
}
STANDARD = {
    **CUSTOMER,
    "customer.email": "Li.Wei@example.com",
    "customer.kind": "company",
    "customer.level": "A",
    "customer.industry": "F52",
    "customer.employees": "120",
    "customer.cooperation_years": "3.5",
    "customer.last_order_on": "2026-03-05",
}


def test_what_a_department_fills_in_arrives_brought_to_standard(tmp_path):
    raw, mapping = mapped(filled(tmp_path / "客户.xlsx", CUSTOMER))
    (row,) = standardise(raw, mapping, CATALOG, {}, source="desk").frame.to_dicts()
    said = {path: row[path] for path in STANDARD if path not in ("customer.total_amount", "customer.address")}
    expected = {path: STANDARD[path] for path in said}
    assert said["customer.email"].casefold() == expected["customer.email"].casefold()
    assert said | {"customer.email": ""} == expected | {"customer.email": ""}
    assert float(row["customer.total_amount"]["amount"]) == 125000.5
    assert row["customer.address"]["district"] == "西湖区"
    assert not [path for path in CUSTOMER if row[path + VERDICT] == "rejected"]


def test_a_row_of_what_belongs_to_a_customer_names_the_customer(tmp_path):
    line = {
        "ticket.number": "GD1",
        "customer.name": "宁波远帆包装有限公司",
        "ticket.opened_at": datetime.fromisoformat("2026-03-05 14:30"),
    }
    raw, mapping = mapped(filled(tmp_path / "a.xlsx", line, name="ticket"))
    assert mapping.objects == ("ticket", "customer")
    (row,) = standardise(raw, mapping, CATALOG, {}, source="desk").frame.to_dicts()
    assert (row["ticket.number"], row["customer.name"]) == ("GD1", "宁波远帆包装有限公司")
    assert row["ticket.opened_at"].startswith("2026-03-05")


def test_every_choice_offered_is_understood(tmp_path):
    for language in ("zh", "en"):
        for each in (field for name in OBJECTS for field in CATALOG.object(name).live_fields):
            if each.type == "single_select":
                object_name = next(
                    name for name in OBJECTS if CATALOG.object(name).fields.get(each.name) is each
                )
                path = f"{object_name}.{each.name}"
                told = suggest(
                    "t",
                    {"列": list(choices_of(each, language))},
                    CATALOG,
                    main=object_name,
                    told={"列": path},
                )
                assert told.column("列").unmapped == ()


def test_an_empty_template_gives_a_table_without_rows_and_nothing_else(tmp_path):
    receipt = filled(tmp_path / "a.xlsx")
    assert [(each.name, each.rows_seen, each.header_row) for each in receipt.tables] == [("客户", 0, 1)]
    assert receipt.skipped == ()


def test_a_template_in_a_folder_is_recognised(tmp_path):
    place = tmp_path / "in"
    place.mkdir()
    filled(place / "销售部.xlsx", CUSTOMER)
    kind = SOURCE_KINDS["folder"]
    found = kind.read(kind.options({"path": str(place), "settle_seconds": 0}), tmp_path / "out")
    assert [(each.name, each.object, each.rows) for each in found.tables] == [("销售部/客户", "customer", 1)]


def test_a_renamed_sheet_a_title_above_and_a_column_more_do_no_harm(tmp_path):
    path = tmp_path / "a.xlsx"
    book = made(path)
    sheet = book.worksheets[0]
    sheet.cell(1, len(columns("customer")) + 1).value = "手机"
    sheet.insert_rows(1)
    sheet["A1"] = "销售部提交"
    sheet.title = "三月"
    headers = [cell.value for cell in sheet[2]]
    sheet.cell(3, headers.index("客户名称 *") + 1).value = "杭州青禾机械有限公司"
    sheet.cell(3, len(headers)).value = "13900010001"
    book.save(path)
    receipt = EXCEL.read(EXCEL.options({"path": str(path)}), tmp_path / "read")
    assert [(each.name, each.header_row) for each in receipt.tables] == [("三月", 2)]
    _, mapping = mapped(receipt)
    assert mapping.column("客户名称 *").path == "customer.name"
    assert [each.column for each in mapping.taken("customer.mobile")] == ["手机号码"]


def test_a_hidden_sheet_of_another_kind_makes_no_template(tmp_path):
    for place, lines in enumerate(
        ([["guanxi", "99"], ["object", "customer"], ["sheet", "x"]], [["别的"]], [])
    ):
        path = tmp_path / f"{place}.xlsx"
        book = openpyxl.Workbook()
        book.active.append(["客户名称", "手机"])
        book.active.append(["杭州青禾机械有限公司", "139"])
        sheet = book.create_sheet("guanxi")
        for line in lines:
            sheet.append(line)
        book.save(path)
        receipt = EXCEL.read(EXCEL.options({"path": str(path)}), tmp_path / f"read{place}")
        assert receipt.tables[0].columns == ("客户名称", "手机")
        assert receipt.tables[0].fields == {}


def test_fields_nobody_knows_any_more_are_passed_over():
    told = {"甲": "customer.gone", "乙": "nothing.name", "丁": "nonsense", "客户名称": "customer.name"}
    mapping = suggest("t", {"甲": [], "乙": [], "客户名称": []}, CATALOG, main="nothing", told=told)
    assert [each.target for each in mapping.columns] == ["", "", "customer.name"]


def checks(book: openpyxl.Workbook) -> dict[str, object]:
    """Return the checks of the sheet to fill in, by the heading of their column."""
    sheet = book.worksheets[0]
    found = {}
    for each in sheet.data_validations.dataValidation:
        (place,) = each.sqref.ranges
        assert (place.min_row, place.max_row) == (2, 51)
        found[sheet.cell(1, place.min_col).value] = each
    return found


def test_cells_are_checked_with_a_message_that_says_what_would_be_right(tmp_path):
    book = made(tmp_path / "a.xlsx", rows=50)
    found = checks(book)
    assert found["手机号码"].formula1.startswith("AND(LEN(")
    assert "11位" in found["手机号码"].error
    assert 'FIND("@"' in found["邮箱"].formula1
    assert found["统一社会信用代码"].formula1.endswith("=18")
    assert (found["最近下单日期"].type, found["员工人数"].type) == ("date", "whole")
    assert (found["合作年限"].formula1, found["合作年限"].formula2) == ("0", "100")
    assert (found["邮政编码"].type, found["邮政编码"].formula1) == ("textLength", "20")
    assert (found["客户等级"].type, found["客户等级"].errorStyle or "stop") == ("list", "stop")
    assert found["所属行业"].errorStyle == "information"
    assert all(each.error and each.errorTitle for each in found.values())


def test_lists_stand_in_a_hidden_sheet_and_hold_the_labels(tmp_path):
    book = made(tmp_path / "a.xlsx", rows=50)
    sheet, _, place = checks(book)["客户等级"].formula1.lstrip("=").partition("!")
    assert book[sheet].sheet_state == "hidden"
    offered = [cell.value for line in book[sheet][place.replace("$", "")] for cell in line]
    assert offered == list(choices_of(CATALOG.object("customer").field("level"), "zh"))
    industries = checks(book)["所属行业"].formula1
    assert industries.endswith("$97")


def test_headings_explain_themselves_and_mark_what_is_required(tmp_path):
    book = made(tmp_path / "a.xlsx")
    sheet, guide = book.worksheets[:2]
    heads = {cell.value: cell for cell in sheet[1]}
    assert "工商登记全称" in heads["客户名称 *"].comment.text
    assert "客户编号" in heads
    assert sheet.freeze_panes == "A2"
    assert book["guanxi"].sheet_state == "veryHidden"
    explained = {row[0].value: row[2].value for row in guide.iter_rows(min_row=7) if row[0].value}
    assert "微信公众号" in explained["客户来源"]


def test_only_the_fields_asked_for_are_columns_in_their_order(tmp_path):
    book = made(tmp_path / "a.xlsx", fields=["mobile", "name"], language="en")
    assert [cell.value for cell in book.worksheets[0][1]] == ["Mobile", "Customer name *"]


def test_two_fields_of_one_label_are_told_apart(tmp_path):
    same = Label(en="Name", zh="名称")
    fields = {name: Field(name=name, type="text", label=same) for name in ("one", "two")}
    odd = ObjectType(
        name="odd", label=same, plural=Label(en="In/struc:tions" * 4, zh="guanxi"), title="one", fields=fields
    )
    assert [each.header for each in template_columns(odd, catalog_of(1, [odd]), language="zh")] == [
        "名称",
        "名称 (odd.two)",
    ]
    for language in ("zh", "en"):
        make_template(odd, tmp_path / f"{language}.xlsx", catalog=catalog_of(1, [odd]), language=language)


def test_what_cannot_be_made_is_refused_in_a_sentence(tmp_path):
    with pytest.raises(UnknownName, match="colour"):
        made(tmp_path / "a.xlsx", fields=["colour"])
    with pytest.raises(Invalid, match="contact: a cell cannot hold this field"):
        made(tmp_path / "a.xlsx", "ticket", fields=["number", "contact"])
    with pytest.raises(UnknownName, match="language"):
        made(tmp_path / "a.xlsx", language="fr")
    with pytest.raises(Invalid, match="from 1 to"):
        made(tmp_path / "a.xlsx", rows=0)
    with pytest.raises(Refused, match="must end in"):
        made(tmp_path / "a.csv")
    with pytest.raises(Refused, match="cannot be written"):
        made(tmp_path / "nowhere" / "a.xlsx")
    assert list(tmp_path.iterdir()) == []


def test_a_file_somebody_may_have_filled_in_is_not_overwritten(tmp_path):
    made(tmp_path / "a.xlsx")
    before = (tmp_path / "a.xlsx").read_bytes()
    with pytest.raises(Refused, match="exists already"):
        made(tmp_path / "a.xlsx")
    assert (tmp_path / "a.xlsx").read_bytes() == before


@pytest.mark.parametrize("name", FIELD_TYPES)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_field_type_has_a_rule_whose_message_fits_into_excel(name, language):
    choices = (Choice(value="a", label=Label(en="A, or so", zh="甲，乙")),)
    each = Field(
        name="x", type=name, label=Label(en="X", zh="某"), minimum=1, maximum=9, length=5, choices=choices
    )
    rule = rule_for(each, language)
    assert len(rule.told(language)) <= 255
    assert "{" not in rule.told(language)


def test_every_sentence_is_there_in_both_languages():
    assert [each for each in (*RULES.values(), *STEPS) if not (each.en and each.zh)] == []
