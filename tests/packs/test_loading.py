"""Packs are readable files, and the shipped ones are sound."""

import pytest

from guanxi.kernel.errors import Invalid, Refused
from guanxi.metadata.catalog import EMPTY_CATALOG
from guanxi.metadata.checking import check
from guanxi.metadata.field_types import type_of
from guanxi.metadata.planning import apply_steps, plan
from guanxi.packs.loading import BASE, INTEGRATION, load_pack, load_shipped, read_pack, shipped_packs

# The requirement's own templates (客户基础信息表, 跟进记录表, 需求反馈表), by their Chinese names.
CORE = {
    "customer": "客户编号 客户名称 客户类型 所属行业 联系人姓名 联系人职位 手机号码 邮箱 地址 "
    "客户来源 客户等级 合作年限 跟进阶段",
    "activity": "客户 跟进时间 跟进方式 跟进内容 跟进阶段 下一步 下次跟进日期 跟进人",
    "need": "客户 需求 记录部门 优先级 处理情况 处理结果",
}
STANDARDS = {
    *(
        "customer_number",
        "mobile",
        "landline",
        "phone",
        "email",
        "date",
        "money",
        "company_name",
        "person_name",
    ),
    *("credit_code", "registration_number", "industry", "address", "text", "url", "percent", "whole_number"),
    *("decimal", "yes_no", ""),
}


@pytest.fixture(scope="module")
def objects():
    return {each.name: each for each in load_shipped()}


def test_the_shipped_packs_have_no_problem(objects):
    assert [str(problem) for problem in check(objects.values())] == []


def test_the_base_pack_comes_first_and_brings_the_base_objects():
    assert shipped_packs()[0].name == "base"
    expected = ["customer", "contact", "activity", "need", "order", "order_line", "ticket"]
    assert [each.name for each in load_pack(BASE)] == expected


def test_the_data_area_brings_what_people_work_on_there():
    assert [each.name for each in load_pack(INTEGRATION)] == [
        "source",
        "run",
        "review",
        "gap",
        "correction",
        "sign_off",
    ]


@pytest.mark.parametrize("name", CORE)
def test_the_fields_of_the_requirements_own_templates_are_there(objects, name):
    labels = {field.label.zh for field in objects[name].fields.values()}
    assert set(CORE[name].split()) <= labels


def test_everything_is_named_in_both_languages(objects):
    for each in objects.values():
        labels = [each.label, each.plural]
        for field in each.fields.values():
            labels += [field.label, *(choice.label for choice in field.choices)]
        assert all(label.en and label.zh for label in labels), each.name


def test_no_two_fields_of_an_object_have_the_same_name_for_people(objects):
    for each in objects.values():
        for language in ("en", "zh"):
            names = [field.label.in_language(language) for field in each.fields.values()]
            assert len(names) == len(set(names)), each.name


def test_every_standard_is_one_that_was_promised(objects):
    assert {field.standard for each in objects.values() for field in each.fields.values()} <= STANDARDS


def test_defaults_are_values_their_fields_accept(objects):
    for each in objects.values():
        for field in each.fields.values():
            assert type_of(field).parse(field.default, field) == field.default


def test_fields_remember_the_pack_they_came_from(objects):
    assert objects["customer"].pack == "base"
    assert objects["customer"].fields["name"].pack == "base"


def test_a_pack_installed_is_a_pack_done(objects):
    catalog = apply_steps(EMPTY_CATALOG, plan(EMPTY_CATALOG, objects.values()))
    assert plan(catalog, objects.values()) == ()


def test_a_pack_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(Refused, match=r"pack\.toml"):
        read_pack(tmp_path)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("x = = 1", "not TOML"),
        ("[objekt.a]\n", "objekt"),
        ("", "a pack's file holds"),
        ('[object.a]\nlabel = 3\nplural = {en = "As"}\ntitle = "name"\n', "label"),
        ('[object.a]\nlabel = {en = "A"}\nplural = {en = "As"}\ntitle = "name"\ncolour = "red"\n', "colour"),
    ],
)
def test_a_wrong_file_says_what_is_wrong(tmp_path, content, words):
    (tmp_path / "pack.toml").write_text(
        'name = "p"\nlabel = {en = "P"}\nversion = "1"\nobjects = ["a"]\n', "utf-8"
    )
    (tmp_path / "a.toml").write_text(content, "utf-8")
    with pytest.raises(Refused, match=words):
        read_pack(tmp_path)


def test_a_wrong_head_says_what_is_wrong(tmp_path):
    (tmp_path / "pack.toml").write_text('name = "p"\n', "utf-8")
    with pytest.raises(Invalid, match="label"):
        read_pack(tmp_path)
