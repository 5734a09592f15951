"""From the structure that is to the structure that is wanted."""

from dataclasses import replace
from types import MappingProxyType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guanxi.kernel.errors import Invalid
from guanxi.kernel.text import Message
from guanxi.metadata.catalog import EMPTY_CATALOG, catalog_of
from guanxi.metadata.field_types import FIELD_TYPES
from guanxi.metadata.labels import Label
from guanxi.metadata.objects import Choice, Field, ObjectType
from guanxi.metadata.planning import (
    AddField,
    AddIndex,
    AddObject,
    ChangeField,
    ChangeObject,
    RemoveIndex,
    RetireField,
    RetireObject,
    apply_steps,
    overlay,
    plan,
)
from guanxi.metadata.widening import WIDENINGS

LABEL = Label(en="A", zh="甲")
NAMES = ("alpha", "beta", "gamma", "delta")


def field(name, type_="text", **options):
    return Field(name=name, type=type_, label=LABEL, **options)


def thing(name, *fields, **options):
    named = {each.name: each for each in (field("title"), *fields)}
    return ObjectType(
        name=name, label=LABEL, plural=LABEL, title="title", fields=MappingProxyType(named), **options
    )


def kinds(steps):
    return [type(step) for step in steps]


def live(objects):
    """What people see of a structure: live objects, live fields in their order, live choices."""
    return {
        each.name: (
            replace(each, fields=MappingProxyType({})),
            [replace(f, choices=tuple(c for c in f.choices if not c.retired)) for f in each.live_fields],
        )
        for each in objects
        if not each.retired
    }


CHOICES = st.lists(st.sampled_from("xyz"), unique=True, min_size=1).map(
    lambda values: tuple(Choice(value=value, label=LABEL) for value in values)
)
# A name always has one type here: changes of type have tests of their own.
FIELDS = {
    "alpha": st.builds(
        field, st.just("alpha"), st.just("text"), length=st.sampled_from([None, 20]), unique=st.booleans()
    ),
    "beta": st.builds(
        field, st.just("beta"), st.just("money"), indexed=st.booleans(), required=st.booleans()
    ),
    "gamma": st.builds(field, st.just("gamma"), st.just("single_select"), choices=CHOICES),
    "delta": st.builds(field, st.just("delta"), st.just("lookup"), target=st.just("alpha")),
}


@st.composite
def structures(draw):
    names = draw(st.permutations(NAMES).flatmap(lambda order: st.integers(1, 4).map(lambda n: order[:n])))
    objects = []
    for name in names:
        possible = [each for each in NAMES if each != "delta" or "alpha" in names]
        chosen = draw(st.lists(st.sampled_from(possible), unique=True))
        fields = [draw(FIELDS[each]) for each in chosen]
        objects.append(thing(name, *fields, icon=draw(st.sampled_from(["table", "star"]))))
    return tuple(objects)


@given(st.lists(structures(), min_size=1, max_size=4))
def test_plans_lead_from_any_structure_to_any_other_and_are_then_done(history):
    catalog = EMPTY_CATALOG
    for wanted in history:
        catalog = apply_steps(catalog, plan(catalog, wanted))
        assert live(catalog.objects.values()) == live(wanted)
        assert plan(catalog, wanted) == ()


@given(structures(), structures())
def test_nothing_that_was_there_is_ever_dropped(first, second):
    before = apply_steps(EMPTY_CATALOG, plan(EMPTY_CATALOG, first))
    after = apply_steps(before, plan(before, second))
    for name, each in before.objects.items():
        assert set(each.fields) <= set(after.objects[name].fields)
        for old in each.fields.values():
            kept = {choice.value for choice in after.objects[name].fields[old.name].choices}
            assert {choice.value for choice in old.choices} <= kept


@given(structures(), structures())
def test_every_step_is_a_sentence(first, second):
    catalog = apply_steps(EMPTY_CATALOG, plan(EMPTY_CATALOG, first))
    for step in plan(catalog, second):
        assert isinstance(step.describe(), Message)
        assert str(step.describe())


def test_tables_are_made_before_the_fields_that_point_to_them():
    wanted = (thing("order", field("customer", "lookup", target="customer")), thing("customer"))
    steps = plan(EMPTY_CATALOG, wanted)
    assert kinds(steps) == [AddObject, AddObject, AddField, AddField, AddIndex, AddField]


def test_no_step_leaves_the_version_alone_and_any_step_raises_it():
    catalog = apply_steps(EMPTY_CATALOG, plan(EMPTY_CATALOG, [thing("customer")]))
    assert catalog.version == 1
    assert apply_steps(catalog, ()) is catalog


def test_a_field_no_longer_wanted_is_retired_and_can_come_back():
    with_fax, without = thing("customer", field("fax", unique=True)), thing("customer")
    first = apply_steps(EMPTY_CATALOG, plan(EMPTY_CATALOG, [with_fax]))
    away = plan(first, [without])
    assert kinds(away) == [RemoveIndex, RetireField]
    second = apply_steps(first, away)
    assert second.objects["customer"].fields["fax"].retired
    back = plan(second, [with_fax])
    assert kinds(back) == [ChangeField, AddIndex]
    assert live(apply_steps(second, back).objects.values()) == live([with_fax])


def test_an_object_no_longer_wanted_is_retired_and_can_come_back():
    both, one = (thing("customer"), thing("fax_machine")), (thing("customer"),)
    first = apply_steps(EMPTY_CATALOG, plan(EMPTY_CATALOG, both))
    assert kinds(plan(first, one)) == [RetireObject]
    second = apply_steps(first, plan(first, one))
    assert kinds(plan(second, both)) == [ChangeObject]


def test_links_are_indexed_without_being_asked():
    wanted = thing("customer", field("parent", "lookup", target="customer"), field("owner_two", "user"))
    assert kinds(plan(EMPTY_CATALOG, [wanted])).count(AddIndex) == 2


def test_a_type_may_change_where_no_value_is_lost():
    catalog = catalog_of(1, [thing("customer", field("code", "mobile"))])
    (step,) = plan(catalog, [thing("customer", field("code", "phone"))])
    assert isinstance(step, ChangeField)
    assert "from mobile to phone" in str(step.describe())


def test_a_type_may_not_change_where_values_are_lost_and_all_such_changes_are_listed():
    catalog = catalog_of(1, [thing("customer", field("code", "text"), field("size", "decimal"))])
    with pytest.raises(Invalid) as refusal:
        plan(catalog, [thing("customer", field("code", "mobile"), field("size", "whole_number"))])
    assert [problem.field for problem in refusal.value.problems] == ["customer.code", "customer.size"]


def test_a_link_may_not_turn_to_another_object():
    catalog = catalog_of(1, [thing("a"), thing("b"), thing("c", field("to", "lookup", target="a"))])
    with pytest.raises(Invalid):
        plan(catalog, [thing("a"), thing("b"), thing("c", field("to", "lookup", target="b"))])


def test_a_new_field_may_not_take_the_columns_of_a_retired_one():
    catalog = catalog_of(1, [thing("customer", field("home", "address", retired=True))])
    with pytest.raises(Invalid) as refusal:
        plan(catalog, [thing("customer", field("home_city", "text"))])
    assert "home_city" in str(refusal.value)


def test_widenings_name_types_that_exist():
    for before, after in WIDENINGS.items():
        assert {before, *after} <= set(FIELD_TYPES)


def test_a_pack_installed_again_leaves_what_others_added():
    base = thing("customer", replace(field("level"), pack="base"), pack="base")
    own = replace(field("shoe_size"), pack="")
    catalog = catalog_of(
        1, [replace(base, fields=MappingProxyType({**base.fields, "shoe_size": own})), thing("mine")]
    )
    wanted = overlay(catalog, [base])
    assert [each.name for each in wanted] == ["customer", "mine"]
    assert "shoe_size" in wanted[0].fields
