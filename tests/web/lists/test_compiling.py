"""Laws of filters at work: each question finds what its words say, and a wrong rule lets nothing through."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from types import MappingProxyType
from zoneinfo import ZoneInfo

import pytest

from guanxi.identity.actor import Actor
from guanxi.metadata.labels import Label
from guanxi.metadata.roles import Grant, Role
from guanxi.records import reading
from guanxi.records.reading import Asked
from guanxi.web.lists.compiling import Asker, judge
from guanxi.web.lists.filters import ANY, Group, Rule
from guanxi.web.lists.operators import OPERATORS, can_be_filtered, operators_of
from guanxi.web.lists.reach import reach
from guanxi.web.lists.wording import Speaker, lines_of, words_of
from guanxi.web.reader import Reader
from tests.web.records import create
from tests.world import administrator, database_server, reader, steward, store

NOW = datetime(2026, 5, 20, 16, 30, tzinfo=UTC)  # half past midnight of the 21st in Shanghai
READER = Reader(language="en", zone=ZoneInfo("Asia/Shanghai"), now=NOW)


@pytest.fixture
def finds(store, steward) -> Callable:
    """Return a function from rules (and a word) to the names of customers they find."""
    create(
        store,
        steward,
        "customer",
        name="Acme",
        level="A",
        total_amount="120",
        employees=5,
        last_order_on="2026-05-21",
        tags="VIP, old",
        industry="C34",
        address={"province": "浙江省", "city": "杭州市"},
        cooperation_years="2.5",
    )
    create(
        store,
        steward,
        "customer",
        name="Beta 100%_",
        level="B",
        total_amount="80",
        last_order_on="2026-04-30",
        tags="new",
        industry="C3411",
        kind="company",
    )
    create(store, steward, "customer", name="Gamma", owner=None)

    def found(*rules: Rule, word: str = "all", actor: Actor = steward) -> set[str]:
        with store.transaction("web") as tx:
            customer = tx.catalog.object("customer")
            asker = Asker(actor=actor, reader=READER, fields=reach(actor, tx.catalog, customer))
            judged = judge(Group(word=word, members=rules), asker)
            assert judged.problems == {}
            asked = Asked(object="customer", fields=("name",), where=judged.where)
            return {each.values["name"] for each in reading.find(tx, actor, asked).records}

    return found


BETA = "Beta 100%_"


@pytest.mark.parametrize(
    ("path", "operator", "values", "expected"),
    [
        ("name", "contains", ("acm",), {"Acme"}),
        ("name", "contains", ("%",), {BETA}),
        ("name", "lacks", ("a",), set()),
        ("name", "lacks", ("%_",), {"Acme", "Gamma"}),
        ("name", "starts", ("beta",), {BETA}),
        ("name", "ends", ("MA",), {"Gamma"}),
        ("name", "is", ("Acme",), {"Acme"}),
        ("name", "is_not", ("Acme",), {BETA, "Gamma"}),
        ("level", "any_of", ("A", "B"), {"Acme", BETA}),
        ("level", "none_of", ("A",), {BETA, "Gamma"}),
        ("level", "empty", (), {"Gamma"}),
        ("level", "filled", (), {"Acme", BETA}),
        ("tags", "has_any", ("VIP,new",), {"Acme", BETA}),
        ("tags", "has_all", ("VIP", "old"), {"Acme"}),
        ("tags", "has_none", ("VIP",), {BETA, "Gamma"}),
        ("total_amount", "above", ("100",), {"Acme"}),
        ("total_amount", "at_most", ("80元",), {BETA}),
        ("total_amount", "between", ("200", "100"), {"Acme"}),
        ("total_amount", "differs", ("80",), {"Acme", "Gamma"}),
        ("cooperation_years", "below", ("5000",), {"Acme"}),
        ("employees", "equals", ("5",), {"Acme"}),
        ("last_order_on", "in", ("today",), {"Acme"}),
        ("last_order_on", "in", ("last_month",), {BETA}),
        ("last_order_on", "last", ("30",), {"Acme", BETA}),
        ("last_order_on", "older", ("7",), {BETA}),
        ("last_order_on", "on", ("2026-04-30",), {BETA}),
        ("last_order_on", "before", ("2026-05-21",), {BETA}),
        ("last_order_on", "after", ("2026-05-20",), {"Acme"}),
        ("last_order_on", "between", ("2026-05-01", "2026-04-30"), {BETA}),
        ("industry", "within", ("C34",), {"Acme", BETA}),
        ("address.city", "contains", ("杭州",), {"Acme"}),
        ("owner", "any_of", ("me",), {"Acme", BETA}),
        ("owner", "empty", (), {"Gamma"}),
        ("owner.department", "is", ("信息部",), {"Acme", BETA}),
    ],
)
def test_each_question_finds_what_its_words_say(finds, path, operator, values, expected):
    assert finds(Rule(path=path, operator=operator, values=values)) == expected


def test_rules_hold_all_or_any(finds):
    rich, b = (
        Rule(path="total_amount", operator="above", values=("100",)),
        Rule(path="level", operator="any_of", values=("B",)),
    )
    assert finds(rich, b) == set()
    assert finds(rich, b, word=ANY) == {"Acme", BETA}
    assert finds(
        Group(word=ANY, members=(rich, b)), Rule(path="tags", operator="has_any", values=("new",))
    ) == {BETA}


def test_a_day_of_a_moment_is_a_day_where_the_reader_is(finds, store):
    with store.transaction("web") as tx:
        tx.connection.exec_driver_sql(
            "UPDATE crm.customer SET created_at = CASE name WHEN 'Acme' THEN timestamptz '2026-05-20 16:10+00' "
            "WHEN 'Gamma' THEN timestamptz '2026-05-20 15:59+00' ELSE timestamptz '2026-05-21 16:00+00' END"
        )
    assert finds(Rule(path="created_at", operator="in", values=("today",))) == {"Acme"}
    assert finds(Rule(path="created_at", operator="in", values=("yesterday",))) == {"Gamma"}
    assert finds(Rule(path="created_at", operator="after", values=("2026-05-21",))) == {BETA}


@pytest.mark.parametrize(
    "rule",
    [
        Rule(path="name", operator="contains", values=()),
        Rule(path="name", operator="any_of", values=("x",)),
        Rule(path="nothing", operator="is", values=("x",)),
        Rule(path="total_amount", operator="above", values=("much",)),
        Rule(path="level", operator="any_of", values=("Z",)),
        Rule(path="owner", operator="any_of", values=("1 OR 1=1",)),
        Rule(path="last_order_on", operator="in", values=("someday",)),
        Rule(path="last_order_on", operator="last", values=("0",)),
        Rule(path="last_order_on", operator="between", values=("2026-01-01", "")),
        Rule(path="last_order_on", operator="on", values=("2026-13-01",)),
        Rule(path="name", operator="is", values=("\x00",)),
        Rule(path="version", operator="equals", values=("1",)),
        Rule(path="name'; DROP TABLE crm.customer; --", operator="is", values=("x",)),
    ],
)
def test_a_rule_that_cannot_be_understood_lets_nothing_through(store, steward, rule):
    create(store, steward, "customer", name="Acme")
    with store.transaction("web") as tx:
        asker = Asker(
            actor=steward, reader=READER, fields=reach(steward, tx.catalog, tx.catalog.object("customer"))
        )
        judged = judge(Group(word=ANY, members=(Rule(path="name", operator="filled"), rule)), asker)
        assert list(judged.problems) == [1]
        assert READER.say(judged.problems[1])
        assert reading.find(tx, steward, Asked(object="customer", where=judged.where)).records == ()


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_question_to_every_field_can_be_said_in_words(store, steward, language):
    speaking = Reader(language=language, zone=READER.zone, now=NOW)
    with store.transaction("web") as tx:
        fields = reach(steward, tx.catalog, tx.catalog.object("order"))
        assert "customer.industry" in fields
        assert "customer.name" not in fields
        speaker = Speaker(reader=speaking, fields=fields, people={}, titles={})
        for reached in fields.values():
            if can_be_filtered(reached):
                for operator in operators_of(reached):
                    words = words_of(Rule(path=reached.path, operator=operator, values=("7", "8")), speaker)
                    assert words.field
                    assert words.operator
                    assert "{" not in str(words)
        group = Group(
            word=ANY, members=(Rule(path="customer.industry", operator="within", values=("C34",)),) * 2
        )
        assert len(list(lines_of(group, speaker))) == 3


def test_nobody_reaches_fields_behind_objects_they_may_not_read(store, reader):
    with store.transaction("web") as tx:
        blind = Role(
            name="blind",
            label=Label(en="Blind", zh="受限"),
            grants={"*": Grant(read="all"), "customer": Grant()},
            fields={"contact.mobile": "masked", "contact.email": "hidden"},
        )
        catalog = replace(tx.catalog, roles=MappingProxyType({**tx.catalog.roles, "blind": blind}))
        actor = replace(reader, roles=("blind",))
        fields = reach(actor, catalog, catalog.object("contact"))
    assert not [path for path in fields if path.startswith("customer.")]
    assert "email" not in fields
    assert not can_be_filtered(fields["mobile"])


def test_no_two_operators_of_a_family_share_a_name_and_every_family_begins_with_one():
    assert all(family and next(iter(family)) for family in OPERATORS.values())


__all__ = ["administrator", "database_server", "reader", "steward", "store"]
