"""What a merge does to the database, and that taking it apart leaves nothing behind."""

from contextlib import contextmanager

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from guanxi.customisation import structure
from guanxi.identity.actor import SYSTEM
from guanxi.integration.merging import merge_records, unmerge
from guanxi.kernel.errors import NotAllowed, NotFound, Refused
from guanxi.metadata.definitions import object_from
from guanxi.records import writing
from guanxi.store import batches, journal, merges, rows
from guanxi.store.batches import Crossing
from guanxi.store.tables import search_entry

CLUB = object_from(
    "club",
    {
        "label": {"en": "Club"},
        "plural": {"en": "Clubs"},
        "title": "name",
        "field": {
            "name": {"type": "text", "label": {"en": "Name"}, "searchable": True},
            "code": {"type": "text", "label": {"en": "Code"}, "unique": True},
            "parent": {"type": "lookup", "label": {"en": "Parent"}, "target": "club"},
            "friends": {"type": "many_to_many", "label": {"en": "Friends"}, "target": "club"},
            "customers": {"type": "many_to_many", "label": {"en": "Customers"}, "target": "customer"},
        },
    },
)
LEFT_OUT = ("version", "updated_at")
RECORD_TABLES = sa.text(
    "SELECT table_name FROM information_schema.tables WHERE table_schema = 'crm' ORDER BY 1"
)


@contextmanager
def taken_back(store):
    """Open a transaction that leaves nothing, so that each example begins with the same database."""
    with store.transaction("test") as tx, tx.connection.begin_nested() as savepoint:
        yield tx
        savepoint.rollback()


def with_clubs(store):
    with store.transaction("test") as tx:
        structure.apply(tx, SYSTEM, [*tx.catalog.objects.values(), CLUB], list(tx.catalog.roles.values()))


def dump(tx):
    """Return every row of every record table, source links and search entries, as PostgreSQL writes them."""
    found = {}
    for name in tx.connection.execute(RECORD_TABLES).scalars().all():
        bare = " - ".join([f'to_jsonb("{name}")', *(f"'{each}'" for each in LEFT_OUT)])
        lines = tx.connection.exec_driver_sql(f'SELECT ({bare})::text FROM crm."{name}" ORDER BY 1')
        found[name] = lines.scalars().all()
    for name in ("crosswalk", "search_entry"):
        lines = tx.connection.exec_driver_sql(f"SELECT to_jsonb(t)::text FROM guanxi.{name} t ORDER BY 1")
        found[name] = lines.scalars().all()
    return found


def customer(tx, actor, **values):
    return writing.create(tx, actor, "customer", {"name": "甲公司", **values})


CHILDREN = st.lists(
    st.tuples(st.sampled_from(["contact", "order", "activity", "ticket", "need"]), st.integers(0, 3)),
    max_size=8,
)
CHOSEN = st.fixed_dictionaries(
    {},
    optional={
        "name": st.sampled_from(["乙公司", "丙公司"]),
        "address": st.sampled_from(["", "广东省-深圳市-南山区-科技路1号"]),
        "total_amount": st.sampled_from(["", "12.50", "USD 3"]),
        "tags": st.sampled_from(["a,b", ""]),
        "last_order_on": st.sampled_from(["2024-05-21", ""]),
    },
)


@example(children=[("order", 1)], chosen={}, memberships=[[1, 2], [0, 1, 2]])
@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    children=CHILDREN,
    chosen=CHOSEN,
    memberships=st.lists(st.lists(st.integers(0, 3), max_size=3), max_size=4),
)
def test_taking_a_merge_apart_restores_every_table(store, steward, children, chosen, memberships):
    if "club" not in _objects(store):
        with_clubs(store)
    with taken_back(store) as tx:
        people = [
            customer(tx, steward, name="甲公司", total_amount="7.10", address="上海市-上海市-徐汇区-某路"),
            customer(tx, steward, name="甲公司(旧)", tags="x", mobile="13800000001"),
            customer(tx, steward, name="甲", last_order_on="2023-01-01"),
            customer(tx, steward, name="外人"),
        ]
        for kind, whose in children:
            child(tx, steward, kind, people[whose])
        for who in memberships:
            writing.create(tx, steward, "club", {"name": "会", "customers": [people[each] for each in who]})
        batches.cross(tx, [Crossing("crm", str(each), "customer", each) for each in people])
        before = dump(tx)
        number = merge_records(tx, steward, "customer", people[0], people[1:3], chosen=chosen)
        assert number_of_pointers(tx, people[1:3]) == 0
        result = unmerge(tx, steward, number)
        assert result.kept == ()
        assert dump(tx) == before


def _objects(store):
    with store.transaction("test") as tx:
        return tx.catalog.objects


def child(tx, actor, kind, customer_id):
    titles = {
        "contact": "name",
        "order": "number",
        "activity": "subject",
        "ticket": "subject",
        "need": "subject",
    }
    values = {titles[kind]: "张三", "customer": customer_id}
    missing = [
        each for each in tx.catalog.object(kind).live_fields if each.required and each.name not in values
    ]
    for each in missing:
        if each.type == "text":
            values[each.name] = "x"
    return writing.create(tx, actor, kind, values)


def number_of_pointers(tx, ids):
    total = 0
    for object_type in tx.catalog.objects.values():
        for field in object_type.lookups_to("customer"):
            statement = (
                f'SELECT count(*) FROM crm."{object_type.name}" WHERE "{field.name}_id" = ANY(%(ids)s)'
            )
            total += tx.connection.exec_driver_sql(statement, {"ids": list(ids)}).scalar_one()
    linked = "SELECT count(*) FROM crm.club__customers WHERE linked_id = ANY(%(ids)s)"
    return total + tx.connection.exec_driver_sql(linked, {"ids": list(ids)}).scalar_one()


def test_the_winner_takes_values_with_their_origin_and_everything_the_loser_had(store, steward):
    with store.transaction("test") as tx:
        winner, loser = customer(tx, steward, name="甲"), customer(tx, steward, name="甲公司", email="a@b.cn")
        origin = {"source": "crm", "table": "客户", "row": 5, "rule": "newest", "at": None}
        table = "UPDATE crm.customer SET origin = %(origin)s::jsonb WHERE id = %(id)s"
        document = '{"email": {"source": "crm", "table": "客户", "row": 5, "rule": "newest", "at": null}}'
        tx.connection.exec_driver_sql(table, {"origin": document, "id": loser})
        order = child(tx, steward, "order", loser)
        batches.cross(tx, [Crossing("crm", "5", "customer", loser)])
        merge_records(
            tx, steward, "customer", winner, [loser], chosen={"email": "a@b.cn", "name": "甲有限公司"}
        )
        stored = rows.fetch(tx, tx.catalog.object("customer"), [winner, loser])
        assert stored[winner].columns["email"] == "a@b.cn"
        assert stored[winner].origin["email"] == origin
        assert stored[winner].origin["name"]["rule"] == "person"
        assert stored[loser].deleted_at == tx.now
        moved = rows.fetch(tx, tx.catalog.object("order"), [order])[order]
        assert moved.columns["customer_id"] == winner
        entry = journal.of_record(tx, order)[0].change
        assert (entry.before, entry.after) == ({"customer_id": loser}, {"customer_id": winner})
        assert entry.version == moved.version == 2
        assert batches.sources_of(tx, [winner, loser]) == [Crossing("crm", "5", "customer", winner)]
        found = tx.connection.execute(sa.select(search_entry.c.record_id)).scalars().all()
        assert winner in found
        assert loser not in found
        assert [each.winner_id for each in merges.of_record(tx, loser)] == [winner]


def test_values_and_links_edited_since_stay_and_are_reported(store, steward):
    with store.transaction("test") as tx:
        winner = customer(tx, steward, name="甲", mobile="13800000001", address="北京市-北京市-海淀区-一号")
        loser, third = customer(tx, steward, name="甲公司"), customer(tx, steward, name="丙")
        order, contact = child(tx, steward, "order", loser), child(tx, steward, "contact", loser)
        chosen = {"mobile": "13800000002", "name": "甲公司", "address": "北京市-北京市-朝阳区-一号"}
        number = merge_records(tx, steward, "customer", winner, [loser], chosen=chosen)
        writing.update(tx, steward, "customer", winner, {"address": "北京市-北京市-朝阳区-二号"})
        writing.update(tx, steward, "order", order, {"customer": third})
        result = unmerge(tx, steward, number)
        assert {(each.object, each.record_id, each.field) for each in result.kept} == {
            ("customer", winner, "address"),
            ("order", order, "customer"),
        }
        assert set(result.returned) == {"name", "mobile"}
        stored = rows.fetch(tx, tx.catalog.object("customer"), [winner, loser])
        assert stored[winner].columns["mobile"] == "13800000001"
        assert stored[winner].columns["address_detail"] == "二号"
        assert stored[winner].columns["address_district"] == "朝阳区"
        assert stored[loser].deleted_at is None
        kept = rows.fetch(tx, tx.catalog.object("order"), [order])[order]
        back = rows.fetch(tx, tx.catalog.object("contact"), [contact])[contact]
        assert (kept.columns["customer_id"], back.columns["customer_id"]) == (third, loser)


def test_a_record_that_names_itself_or_its_twin_stays_sound(store, steward):
    with_clubs(store)
    with store.transaction("test") as tx:
        loser = writing.create(tx, steward, "club", {"name": "乙", "code": "B"})
        winner = writing.create(
            tx, steward, "club", {"name": "甲", "code": "A", "parent": loser, "friends": [loser]}
        )
        writing.update(tx, steward, "club", loser, {"parent": winner, "friends": [winner, loser]})
        child_club = writing.create(
            tx, steward, "club", {"name": "子", "parent": loser, "friends": [loser, winner]}
        )
        before = dump(tx)
        number = merge_records(tx, steward, "club", winner, [loser], chosen={"code": "B"})
        club = tx.catalog.object("club")
        stored = rows.fetch(tx, club, [winner, child_club])
        assert stored[winner].columns["parent_id"] is None
        assert stored[winner].columns["code"] == "B"
        assert stored[child_club].columns["parent_id"] == winner
        assert rows.linked(tx, club, club.field("friends"), [winner, child_club]) == {child_club: [winner]}
        assert unmerge(tx, steward, number).kept == ()
        assert dump(tx) == before


def test_an_earlier_merge_taken_apart_first_leaves_no_trace_in_a_later_one(store, steward):
    with store.transaction("test") as tx:
        winner = customer(tx, steward, name="甲", mobile="13800000001")
        first, second = customer(tx, steward, name="乙"), customer(tx, steward, name="丙")
        child(tx, steward, "order", first)
        before = dump(tx)
        one = merge_records(
            tx, steward, "customer", winner, [first], chosen={"name": "乙", "mobile": "13800000002"}
        )
        two = merge_records(tx, steward, "customer", winner, [second], chosen={"name": "丙"})
        assert [each.id for each in merges.of_record(tx, winner)] == [two, one]
        kept = unmerge(tx, steward, one).kept
        assert [(each.field, each.now, each.then) for each in kept] == [("name", "丙", "甲")]
        assert unmerge(tx, steward, two).kept == ()
        after = dump(tx)
        assert after == before


def test_a_merge_inside_a_merge_waits_for_the_outer_one(store, steward):
    with store.transaction("test") as tx:
        one, two, three = (customer(tx, steward, name=name) for name in "甲乙丙")
        inner = merge_records(tx, steward, "customer", one, [two])
        outer = merge_records(tx, steward, "customer", three, [one])
        with pytest.raises(Refused, match="merged itself"):
            unmerge(tx, steward, inner)
        unmerge(tx, steward, outer)
        unmerge(tx, steward, inner)
        with pytest.raises(Refused, match="already"):
            unmerge(tx, steward, inner)


def test_a_unique_value_given_away_since_refuses_before_anything_changes(store, steward):
    with store.transaction("test") as tx:
        winner, loser = (
            customer(tx, steward, name="甲"),
            customer(tx, steward, name="乙", number="C202401010001"),
        )
        number = merge_records(tx, steward, "customer", winner, [loser])
        customer(tx, steward, name="丁", number="C202401010001")
        before = dump(tx)
        with pytest.raises(Refused, match="C202401010001"):
            unmerge(tx, steward, number)
        assert dump(tx) == before


def test_a_refused_merge_changes_nothing_even_when_the_caller_goes_on(store, steward):
    with store.transaction("test") as tx:
        winner, loser = customer(tx, steward, name="甲"), customer(tx, steward, name="乙")
        child(tx, steward, "order", loser)
        before = dump(tx)
        with pytest.raises(Refused):
            merge_records(tx, steward, "customer", winner, [loser], chosen={"name": "", "no_such_field": 1})
        assert dump(tx) == before


def test_only_who_may_change_and_delete_may_merge(store, steward, reader):
    with store.transaction("test") as tx:
        winner, loser = customer(tx, steward, name="甲"), customer(tx, steward, name="乙")
        with pytest.raises(NotAllowed):
            merge_records(tx, reader, "customer", winner, [loser])
        number = merge_records(tx, steward, "customer", winner, [loser])
        with pytest.raises(NotAllowed):
            unmerge(tx, reader, number)


def test_what_makes_no_sense_is_refused_with_a_sentence(store, steward):
    with store.transaction("test") as tx:
        one, two = customer(tx, steward, name="甲"), customer(tx, steward, name="乙")
        with pytest.raises(Refused, match="itself"):
            merge_records(tx, steward, "customer", one, [one, two])
        with pytest.raises(Refused, match="two records"):
            merge_records(tx, steward, "customer", one, [])
        with pytest.raises(Refused, match="people"):
            merge_records(tx, steward, "user", 1, [2])
        with pytest.raises(NotFound):
            merge_records(tx, steward, "customer", one, [999_999])
        writing.delete(tx, steward, "customer", [two])
        with pytest.raises(Refused, match="recycle bin"):
            merge_records(tx, steward, "customer", one, [two])
        with pytest.raises(NotFound):
            unmerge(tx, steward, 999_999)


def test_the_merges_of_a_batch_can_be_found_and_taken_apart_in_order(store, steward):
    with store.transaction("test") as tx:
        batched = tx.in_batch(batches.begin(tx, "a run"))
        one, two, three = (customer(tx, steward, name=name) for name in "甲乙丙")
        merge_records(batched, steward, "customer", one, [two])
        merge_records(batched, steward, "customer", three, [one])
        for each in merges.of_batch(tx, batched.batch_id):
            unmerge(batched, steward, each.id)
        assert merges.of_batch(tx, batched.batch_id) == []
        stored = rows.fetch(tx, tx.catalog.object("customer"), [one, two, three])
        assert {each.deleted_at for each in stored.values()} == {None}


def test_a_joined_record_leaves_the_recycle_bin_with_its_merge_only(store, steward):
    with store.transaction("test") as tx:
        winner, loser, other = (customer(tx, steward) for _ in range(3))
        merge = merge_records(tx, steward, "customer", winner, [loser])
        writing.delete(tx, steward, "customer", [other])
        for numbers in ([loser], [other, loser]):
            with pytest.raises(Refused, match="joined with another"):
                writing.restore(tx, steward, "customer", numbers)
        assert set(rows.fetch(tx, tx.catalog.object("customer"), [loser, other])) == {loser, other}
        unmerge(tx, steward, merge)
        writing.delete(tx, steward, "customer", [loser])
        writing.restore(tx, steward, "customer", [loser, other])
        found = rows.fetch(tx, tx.catalog.object("customer"), [loser, other])
        assert [each.deleted_at for each in found.values()] == [None, None]
