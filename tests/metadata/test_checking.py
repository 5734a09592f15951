"""Definitions are judged completely."""

from types import MappingProxyType

from guanxi.metadata.checking import check
from guanxi.metadata.labels import Label
from guanxi.metadata.objects import Field, ObjectType

LABEL = Label(en="A", zh="甲")


def thing(name, *fields, title="name", **options):
    named = {each.name: each for each in fields}
    return ObjectType(
        name=name, label=LABEL, plural=LABEL, title=title, fields=MappingProxyType(named), **options
    )


def field(name, type_="text", **options):
    return Field(name=name, type=type_, label=LABEL, **options)


def problems(*objects):
    return [str(problem) for problem in check(objects)]


def test_a_sound_structure_has_no_problems():
    assert problems(thing("customer", field("name"), field("sold_by", "lookup", target="user"))) == []


def test_every_problem_is_found_at_once():
    found = problems(
        thing("Customer", field("name")),
        thing("user", field("name")),
        thing(
            "order",
            field("id"),
            field("to", "lookup", target="nowhere"),
            field("x", "colour"),
            parent="x",
            number="n",
        ),
    )
    for words in (
        "Customer: a name begins",
        "user: the name user belongs to the system",
        "order: the title 'name'",
        "order: the number 'n'",
        "order: the parent 'x'",
        "order.id: the name id belongs to the system",
        "order.to: unknown object 'nowhere'; known: Customer, order, user",
        "order.x: unknown field type 'colour'",
    ):
        assert any(words in problem for problem in found), words


def test_two_fields_may_not_share_a_column():
    found = problems(thing("customer", field("name"), field("home", "address"), field("home_city")))
    assert found == ["customer: the fields home, home_city share the column home_city"]


def test_a_field_may_not_take_a_column_of_the_system():
    found = problems(thing("customer", field("name"), field("owner", "user")))
    assert any("owner" in problem for problem in found)


def test_an_option_its_type_does_not_read_is_a_mistake():
    found = problems(thing("customer", field("name", length=3), field("vip", "checkbox", length=3)))
    assert found == ["customer.vip: the type checkbox has no option length"]


def test_what_a_type_says_about_its_options_is_passed_on():
    found = problems(
        thing("customer", field("name"), field("kind", "single_select"), field("n", "auto_number"))
    )
    assert [each.split(":")[0] for each in found] == ["customer.kind", "customer.n"]


def test_a_retired_field_cannot_be_the_title():
    assert problems(thing("customer", field("name", retired=True)))


def test_an_object_may_be_there_once():
    assert problems(thing("a", field("name")), thing("a", field("name"))) == ["a: the object is there twice"]
