"""A proof in people's words: nothing in it that only a program calls so."""

from tests.integration.verification.test_workbook import report

from guanxi.integration.proof import readable
from guanxi.integration.verification import (
    FieldCompleteness,
    ReferenceCheck,
    SampleCell,
    SourceCounts,
    in_words,
)
from guanxi.metadata.catalog import Catalog
from guanxi.metadata.labels import Label
from guanxi.packs.loading import load_shipped

CATALOG = Catalog(1, {each.name: each for each in load_shipped()})
SOURCES = {"crm_2024": Label(en="Sales ledger", zh="销售台账")}
CELL = SampleCell(
    source="crm_2024",
    table="Sheet1",
    row=3,
    object="customer",
    record=7,
    field="contact_name",
    said="张 三",
    stored="张三",
    verdict="standardised",
    shows="person_name",
)
WHOLE = report(
    counts=(SourceCounts(source="crm_2024", table="Sheet1", seen=5, new=4),),
    completeness=(
        FieldCompleteness(
            object="customer",
            field="name",
            label={"en": "Name", "zh": "名称"},
            rows_before=1,
            filled_before=1,
            records_after=1,
            filled_after=1,
        ),
    ),
    sample=(CELL,),
    references=(
        ReferenceCheck(
            object="order", field="customer", target="customer", records=2, linked=1, missing=1, to_deleted=0
        ),
    ),
)


def test_sources_objects_fields_and_standards_are_called_as_people_call_them():
    told = in_words(WHOLE, CATALOG, SOURCES, "zh")
    assert (told.counts[0].source, told.completeness[0].object) == ("销售台账", "客户")
    cell, link = told.sample[0], told.references[0]
    assert (cell.source, cell.object, cell.field, cell.shows) == ("销售台账", "客户", "联系人姓名", "人名")
    assert (link.object, link.field, link.target) == ("订单", "客户", "客户")
    assert "Sales ledger/Sheet1: rows read: 5" in str(in_words(WHOLE, CATALOG, SOURCES, "en").errors[0])


def test_where_a_value_came_from_is_named_by_its_source_and_what_is_unknown_stays():
    other = CELL.__class__(**{**CELL.__dict__, "shows": "crm_2024/Sheet1/9；shop/orders/2", "field": "gone"})
    cell = in_words(report(sample=(other,)), CATALOG, SOURCES, "en").sample[0]
    assert (cell.shows, cell.field) == ("Sales ledger/Sheet1/9；shop/orders/2", "gone")


def test_an_industry_and_a_person_are_read_by_their_names_and_other_values_as_they_are():
    told = CELL.__class__(**{**CELL.__dict__, "field": "industry", "said": "做家具的", "stored": "C21"})
    assert readable(told, CATALOG, {}).stored == "家具制造业"
    owned = CELL.__class__(**{**CELL.__dict__, "field": "owner", "said": "刘洋", "stored": "3"})
    assert readable(owned, CATALOG, {"3": "刘洋"}).stored == "刘洋"
    assert readable(CELL, CATALOG, {}) == CELL
