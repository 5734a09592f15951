"""Every kind of field can be given on every page that shows it, also in an object somebody has just made."""

import pytest

from guanxi.customisation import structure
from guanxi.metadata.definitions import object_from
from guanxi.metadata.field_types import FIELD_TYPES
from guanxi.records import reading, writing
from guanxi.web.widgets import widget_of
from tests.web.records import customer

PICKED = ("lookup", "many_to_many", "user")
NOT_TYPED = ("file", "json")
TYPED = {
    "text": "阀门",
    "long_text": "两行\n文字",
    "whole_number": "12",
    "decimal": "1.5",
    "money": "1.2万元",
    "percent": "12.5",
    "checkbox": "yes",
    "date": "2024-05-21",
    "date_time": "2024-05-21T13:45",
    "single_select": "company",
    "multi_select": ["", "person"],
    "tags": "重要, 老客户",
    "auto_number": "C202405210001",
    "mobile": "13800138000",
    "phone": "0571-88001234",
    "email": "li@example.com",
    "url": "https://example.com",
    "industry": "C35",
    "credit_code": "91350100M000100Y43",
    "person_name": "欧阳修",
    "company_name": "杭州云帆机械有限公司",
}
every_kind = pytest.mark.parametrize("kind", sorted({*FIELD_TYPES} - {*NOT_TYPED}))


def zoo():
    fields = {"title": {"type": "text", "label": {"en": "Title"}, "searchable": True}}
    for name, kind in FIELD_TYPES.items():
        options = dict(kind.example_options)
        if "choices" in options:
            options["choices"] = [
                {"value": each.value, "label": {"en": each.value}} for each in options["choices"]
            ]
        if "target" in options:
            options["target"] = "customer"
        fields[f"f_{name}"] = {"type": name, "label": {"en": f"Field {name}"}, **options}
    fields["team"] = {"type": "many_to_many", "label": {"en": "Team"}, "target": "user"}
    fields["friends"] = {"type": "many_to_many", "label": {"en": "Friends"}, "target": "zoo"}
    body = {"label": {"en": "Zoo"}, "plural": {"en": "Zoos"}, "title": "title", "field": fields}
    return object_from("zoo", body)


@pytest.fixture
def record(store, administrator):
    with store.transaction("test") as tx:
        ready = structure.apply(tx, administrator, [*tx.catalog.live_objects, zoo()])
        return writing.create(ready, administrator, "zoo", {"title": "甲", "f_json": '{"a": [1]}'})


def form_of(kind, store, administrator):
    name = f"f_{kind}"
    if kind == "address":
        return {
            f"{name}.province": "浙江省",
            f"{name}.city": "杭州市",
            f"{name}.district": "",
            f"{name}.detail": "文三路1号",
        }
    if kind in PICKED:
        number = administrator.id if kind == "user" else customer(store, administrator)
        return {name: ["", str(number)] if kind == "many_to_many" else str(number)}
    return {name: TYPED[kind]}


def held(store, actor, record, kind):
    with store.transaction("web") as tx:
        return reading.get(tx, actor, "zoo", record, (f"f_{kind}",)).values[f"f_{kind}"]


def test_every_kind_has_a_widget():
    assert {widget_of(each) for each in zoo().fields.values()} >= {"many_to_many", "file", "json", "industry"}


@every_kind
def test_a_value_is_given_in_place_in_a_cell_and_for_several_records(
    store, administrator, administrator_browser, record, kind
):
    form = form_of(kind, store, administrator)
    opened = administrator_browser.get(f"/o/zoo/{record}/edit/f_{kind}").text
    assert f'name="f_{kind}' in opened
    head = {"HX-Request": "true"}
    saved = administrator_browser.post(f"/o/zoo/{record}/edit/f_{kind}", {"version": "1", **form}, **head)
    assert saved.status_code == 200, saved.text
    value = held(store, administrator, record, kind)
    assert value is not None
    cell = administrator_browser.post(f"/o/zoo/{record}/cell/f_{kind}", {"version": "2", **form}, **head)
    assert cell.status_code == 200, cell.text
    assert held(store, administrator, record, kind) == value
    bulk = {"act": "change", "field": f"f_{kind}", "id": str(record), "sure": "1", **form}
    told = administrator_browser.post("/o/zoo/bulk", bulk)
    assert told.status_code == 200, told.text
    assert held(store, administrator, record, kind) == value


def test_all_kinds_are_given_in_one_new_record(store, administrator, administrator_browser, record):
    form = {"title": "乙", "team": "", "team.title": "李数据", "friends": ["", str(record)]}
    for kind in {*FIELD_TYPES} - {*NOT_TYPED}:
        form |= form_of(kind, store, administrator)
    page = administrator_browser.get("/o/zoo/new").text
    assert 'name="f_json"' not in page
    answer = administrator_browser.post("/o/zoo/new", form)
    assert answer.status_code == 303, answer.text
    made = int(answer.headers["location"].rpartition("/")[2])
    shown = administrator_browser.get(f"/o/zoo/{made}").text
    assert "李数据" in shown
    assert f'href="/o/zoo/{record}">甲</a>' in shown
    assert "乙" in administrator_browser.get(f"/o/zoo/{record}?tab=zoo.friends").text
    listed = administrator_browser.get("/o/zoo?columns=title,team,friends,f_many_to_many").text
    assert "李数据" in listed
    assert administrator_browser.get("/o/zoo/export?columns=title,team,friends").status_code == 200
    assert "李数据" in administrator_browser.get("/pick/user?q=李").text


def test_structured_data_is_shown_with_the_reason_why_it_cannot_be_changed(
    store, administrator, administrator_browser, record
):
    page = administrator_browser.get(f"/o/zoo/{record}").text
    assert "can be read, not changed by hand" in page
    assert f"/o/zoo/{record}/edit/f_json" not in page
    assert "<form" not in administrator_browser.get(f"/o/zoo/{record}/edit/f_json").text
    answer = administrator_browser.post(f"/o/zoo/{record}/edit/f_json", {"version": "1", "f_json": "{}"})
    assert answer.status_code == 400
    assert held(store, administrator, record, "json") == {"a": [1]}


def test_a_file_is_not_emptied_by_a_form_without_one(administrator_browser, record):
    administrator_browser.get(f"/o/zoo/{record}")
    assert administrator_browser.post(f"/o/zoo/{record}/edit/f_file", {"version": "1"}).status_code == 400
