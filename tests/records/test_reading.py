"""Laws of reading: every visible record exactly once, nothing that may not be seen, not even by its order."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from guanxi.expressions.conditions import equals, has_any
from guanxi.identity.actor import Actor
from guanxi.kernel.errors import NotAllowed, UnknownName
from guanxi.metadata.roles import Grant
from guanxi.records import bulk, reading, writing
from guanxi.records.reading import Asked
from tests.records.people import ALL, OWN, actor_with

KEYS = (
    "name",
    "level",
    "total_amount",
    "known_since",
    "cooperation_years",
    "address.city",
    "owner.name",
    "also_called",
)
ROWS = st.fixed_dictionaries(
    {
        "name": st.sampled_from(["甲", "乙", "B", "b", "Z"]),
        "level": st.sampled_from(["A", "B", None]),
        "total_amount": st.sampled_from(["1", "1.0", "-2", None]),
        "known_since": st.sampled_from(["2024-01-01", "2023-01-01", None]),
        "cooperation_years": st.sampled_from([0, 1, None]),
        "address": st.sampled_from([{"city": "杭州市"}, {"city": "苏州市"}, None]),
        "also_called": st.sampled_from(["", "x", "X", None]),
        "owner": st.sampled_from([None, 1, 2]),
    }
)


def made(tx, actor, **values):
    return writing.create(tx, actor, "customer", {"name": "甲公司", **values})


@settings(
    max_examples=25,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    table=st.lists(ROWS, min_size=1, max_size=9),
    order=st.lists(
        st.tuples(st.sampled_from(KEYS), st.booleans()), max_size=3, unique_by=lambda each: each[0]
    ),
    limit=st.integers(1, 4),
)
def test_pages_visit_every_record_once_in_the_order_asked_for(store, steward, table, order, limit):
    with store.transaction("test") as tx:
        receipt = bulk.save(tx, steward, "customer", {key: [row[key] for row in table] for key in table[0]})
        asked = {"object": "customer", "fields": KEYS, "order": tuple(order)}
        whole = reading.find(tx, steward, Asked(**asked, limit=100)).records
        seen, after = [], None
        for _ in range(len(table) + 1):
            page = reading.find(tx, steward, Asked(**asked, limit=limit, after=after))
            seen += page.records
            after = page.next
            if after is None:
                break
        tx.connection.get_transaction().rollback()
    assert [each.id for each in seen] == [each.id for each in whole]
    assert sorted(each.id for each in seen) == sorted(receipt.ids)


def test_empty_values_come_last_either_way(store, steward):
    with store.transaction("test") as tx:
        blank, filled = made(tx, steward), made(tx, steward, level="A")
        for descending in (True, False):
            page = reading.find(tx, steward, Asked(object="customer", order=(("level", descending),)))
            assert [each.id for each in page.records] == [filled, blank]


def test_paths_lead_over_links_and_say_the_titles(store, steward):
    with store.transaction("test") as tx:
        customer = made(tx, steward, mobile="13800138000", address={"city": "杭州市"})
        contact = writing.create(tx, steward, "contact", {"name": "张三", "customer": customer})
        fields = ("name", "customer", "customer.mobile", "customer.address.city", "customer.owner.name")
        record = reading.get(tx, steward, "contact", contact, fields)
    assert tuple(record.values.values()) == ("张三", customer, "13800138000", "杭州市", steward.name)
    assert record.titles == {"customer": "甲公司"}


def test_a_linked_record_that_may_not_be_seen_is_like_an_empty_link(store, steward, administrator):
    seller = actor_with(store, administrator, steward, {"customer": OWN, "contact": ALL})
    with store.transaction("test") as tx:
        foreign = made(tx, administrator, level="A")
        contact = writing.create(tx, administrator, "contact", {"name": "张三", "customer": foreign})
        record = reading.get(tx, seller, "contact", contact, ("customer.name", "customer.level", "customer"))
        asked = Asked(object="contact", where=equals("customer.level", "A"))
        assert not reading.find(tx, seller, asked).records
    assert record.values["customer.name"] is None
    assert record.titles["customer"] == ""


def test_titles_of_links_show_no_title_the_actor_may_not_read(store, steward, administrator):
    for right, shown in (("hidden", ""), ("masked", "***")):
        clerk = actor_with(store, administrator, steward, {"*": ALL}, {"customer.name": right})
        with store.transaction("test") as tx:
            contact = writing.create(tx, steward, "contact", {"name": "张三", "customer": made(tx, steward)})
            assert reading.get(tx, clerk, "contact", contact, ("customer",)).titles["customer"] == shown


def test_hidden_fields_are_left_out_and_masked_ones_are_masked(store, steward, administrator):
    fields = {"customer.mobile": "masked", "customer.level": "hidden", "customer.address": "masked"}
    clerk = actor_with(store, administrator, steward, {"*": Grant(read="all")}, fields)
    with store.transaction("test") as tx:
        customer = made(tx, steward, mobile="13800138000", level="A", address={"city": "杭州市西湖"})
        record = reading.get(tx, clerk, "customer", customer)
        part = reading.get(tx, clerk, "customer", customer, ("address.city", "level"))
    assert record.values["mobile"] == "138****8000"
    assert "level" not in record.values
    assert "杭州市西湖" not in part.values["address.city"]
    assert set(part.values) == {"address.city"}


@pytest.mark.parametrize("right", ["hidden", "masked"])
@pytest.mark.parametrize("path", ["mobile", "customer.mobile"])
def test_what_may_not_be_read_is_neither_filtered_nor_sorted_by(store, steward, administrator, right, path):
    clerk = actor_with(store, administrator, steward, {"*": ALL}, {"customer.mobile": right})
    name = "contact" if "." in path else "customer"
    with store.transaction("test") as tx:
        for asked in (
            Asked(object=name, where=equals(path, "13800138000")),
            Asked(object=name, order=((path, False),)),
        ):
            with pytest.raises(NotAllowed):
                reading.find(tx, clerk, asked)
            with pytest.raises(NotAllowed):
                reading.count(tx, clerk, asked)


def test_an_actor_without_roles_sees_nothing(store, steward):
    nobody = Actor(id=steward.id, name="nobody", roles=("no such role",))
    with store.transaction("test") as tx:
        made(tx, steward)
        assert not reading.find(tx, nobody, Asked(object="customer", fields=("id",))).records
        assert reading.count(tx, nobody, Asked(object="customer")).number == 0


def test_counting_stops_at_the_cap(store, steward):
    with store.transaction("test") as tx:
        bulk.save(tx, steward, "customer", {"name": ["甲"] * 12})
        exact = reading.count(tx, steward, Asked(object="customer"), cap=12)
        capped = reading.count(tx, steward, Asked(object="customer"), cap=5)
    assert ((exact.number, exact.more), (capped.number, capped.more)) == ((12, False), (5, True))


def test_links_to_many_records_stand_in_conditions_as_their_numbers(store, steward):
    with store.transaction("test") as tx:
        run = writing.create(tx, steward, "run", {"name": "整合"})
        found = reading.find(tx, steward, Asked(object="run", where=has_any("sources", ["7"]))).records
        everything = reading.find(tx, steward, Asked(object="run")).records
    assert not found
    assert [each.id for each in everything] == [run]


@pytest.mark.parametrize(
    "path", ["nonsense", "customer.nonsense", "address.street", "name.x", "sources.name"]
)
def test_a_path_that_leads_nowhere_names_the_known_ones(store, steward, path):
    name = "run" if path.startswith("sources") else "contact" if path.startswith("customer") else "customer"
    with store.transaction("test") as tx, pytest.raises(UnknownName):
        reading.find(tx, steward, Asked(object=name, fields=(path,)))
