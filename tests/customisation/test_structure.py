"""Laws of the structure door: planned, applied whole or not at all, noticed by everybody."""

import threading
from dataclasses import replace
from decimal import Decimal
from types import MappingProxyType

import pytest

from guanxi.customisation import structure
from guanxi.kernel.errors import Invalid, NotAllowed, UnknownName
from guanxi.metadata.labels import Label
from guanxi.metadata.objects import Field, ObjectType
from guanxi.records import bulk, reading, writing
from guanxi.store import ddl
from guanxi.store.transactions import Store


def field(name, kind="text", **options):
    return Field(name=name, type=kind, label=Label(en=name), pack="ours", **options)


def thing(*fields, name="thing"):
    own = {each.name: each for each in (field("name"), *fields)}
    label = Label(en=name)
    return ObjectType(
        name=name, label=label, plural=label, title="name", pack="ours", fields=MappingProxyType(own)
    )


def apply(store, actor, *objects):
    with store.transaction("test") as tx:
        return structure.apply(tx, actor, objects).catalog


def columns(store, table="thing"):
    with store.transaction("test") as tx:
        found = tx.connection.exec_driver_sql(
            "SELECT column_name, data_type FROM information_schema.columns "
            "WHERE table_schema = 'crm' AND table_name = %(name)s",
            {"name": table},
        )
        return {row[0]: row[1] for row in found}


def test_applying_twice_changes_nothing(store, administrator):
    wanted = thing(field("size", "whole_number", indexed=True), field("code", unique=True))
    first = apply(store, administrator, wanted)
    with store.transaction("test") as tx:
        assert structure.preview(tx, [wanted]) == ()
    assert apply(store, administrator, wanted).version == first.version


def test_of_two_who_apply_at_once_the_second_finds_it_done(store, administrator):
    failures = []

    def work():
        try:
            apply(store, administrator, thing(field("size", "whole_number")))
        except BaseException as failure:
            failures.append(failure)

    before = apply(store, administrator).version
    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=300)
    assert not failures
    assert apply(store, administrator).version == before + 1


def test_a_step_that_fails_leaves_nothing_behind(store, administrator, monkeypatch):
    execute = ddl.execute

    def failing(connection, catalog, step):
        if getattr(step, "field", None) is not None and step.field.name == "bad":
            raise RuntimeError("the disk is full")
        execute(connection, catalog, step)

    monkeypatch.setattr(ddl, "execute", failing)
    with pytest.raises(RuntimeError):
        apply(store, administrator, thing(field("good"), field("bad")))
    assert columns(store) == {}
    with store.transaction("test") as tx:
        assert "thing" not in tx.catalog.objects


def test_another_process_notices_before_its_next_transaction(store, administrator):
    other = Store(store.engine.url.render_as_string(hide_password=False), pool_size=1)
    with other.transaction("test") as tx:
        assert "thing" not in tx.catalog.objects
    apply(store, administrator, thing())
    with other.transaction("test") as tx:
        assert "thing" in tx.catalog.objects
    other.close()


def test_widening_keeps_every_value(store, administrator):
    apply(store, administrator, thing(field("size", "whole_number", indexed=True), field("code", "mobile")))
    with store.transaction("test") as tx:
        given = {"name": "x", "size": 2**40, "code": "13800138000"}
        record = writing.create(tx, administrator, "thing", given)
    apply(store, administrator, thing(field("size", "decimal", indexed=True), field("code", "text")))
    with store.transaction("test") as tx:
        values = reading.get(tx, administrator, "thing", record).values
    assert (values["size"], values["code"]) == (Decimal(2**40), "13800138000")
    assert columns(store)["size"] == "numeric"


def test_narrowing_is_refused_and_changes_nothing(store, administrator):
    apply(store, administrator, thing(field("size", "text")))
    with pytest.raises(Invalid):
        apply(store, administrator, thing(field("size", "whole_number")))
    assert columns(store)["size"] == "text"


def test_a_retired_field_keeps_its_data_takes_no_more_and_comes_back(store, administrator):
    apply(store, administrator, thing(field("size")))
    with store.transaction("test") as tx:
        record = writing.create(tx, administrator, "thing", {"name": "x", "size": "big"})
    apply(store, administrator, thing())
    with store.transaction("test") as tx:
        assert "size" not in reading.get(tx, administrator, "thing", record).values
        with pytest.raises(Invalid) as refused:
            writing.update(tx, administrator, "thing", record, {"size": "small"})
        assert bulk.save(tx, administrator, "thing", {"size": ["s"]}, ids=[record]).refused
    assert [each.field for each in refused.value.problems] == ["size"]
    apply(store, administrator, thing(field("size")))
    with store.transaction("test") as tx:
        assert reading.get(tx, administrator, "thing", record).values["size"] == "big"


def test_an_object_of_two_hundred_fields_is_made_filled_and_changed(store, administrator):
    many = [field(f"field_{number}", "money" if number % 9 == 0 else "text") for number in range(200)]
    apply(store, administrator, thing(*many))
    with store.transaction("test") as tx:
        given = {each.name: ["1"] for each in many}
        receipt = bulk.save(tx, administrator, "thing", {"name": ["x"], **given})
        changed = {each.name: ["2"] for each in many}
        again = bulk.save(tx, administrator, "thing", changed, ids=receipt.ids)
        assert (receipt.created, again.updated) == (1, 1)
        assert reading.get(tx, administrator, "thing", receipt.ids[0]).values["field_199"] == "2"


def test_the_longest_names_are_kept_apart(store, administrator):
    long, other = "a" * 40, "a" * 39 + "b"
    wanted = [
        thing(
            field(long, indexed=True),
            field(other, indexed=True),
            field("b" * 41, "lookup", target=name),
            field("c" * 41, "many_to_many", target=name),
            name=name,
        )
        for name in ("t" * 41, "t" * 40 + "u")
    ]
    apply(store, administrator, *wanted)
    with store.transaction("test") as tx:
        assert structure.preview(tx, wanted) == ()
        record = writing.create(tx, administrator, "t" * 41, {"name": "x"})
        linked = {"b" * 41: record, "c" * 41: [record]}
        own = writing.create(tx, administrator, "t" * 41, {"name": "y", **linked})
        assert reading.get(tx, administrator, "t" * 41, own, ("c" * 41,)).values["c" * 41] == (record,)


@pytest.mark.parametrize("name", ['x"; DROP TABLE crm.customer; --', "select", "Straße", "a b", "1a", ""])
def test_a_name_that_is_no_name_is_refused_and_a_keyword_is_one(store, administrator, name):
    if name == "select":
        apply(store, administrator, thing(field("from"), field("order"), name=name))
        with store.transaction("test") as tx:
            receipt = bulk.save(tx, administrator, name, {"name": ["x"], "from": ["a"], "order": ["b"]})
            assert reading.get(tx, administrator, name, receipt.ids[0]).values["from"] == "a"
        return
    with pytest.raises(Invalid):
        apply(store, administrator, thing(name=name))


def test_only_who_may_customise_customises(store, steward, reader):
    for actor in (steward, reader):
        with pytest.raises(NotAllowed):
            apply(store, actor, thing())
    with store.transaction("test") as tx, pytest.raises(UnknownName):
        tx.catalog.object("thing")


def test_what_others_added_to_an_object_stays(store, administrator):
    with store.transaction("test") as tx:
        contact = tx.catalog.object("contact")
    ours = replace(contact, fields=MappingProxyType({**contact.fields, "shoe": field("shoe")}))
    apply(store, administrator, ours)
    apply(store, administrator, contact)
    with store.transaction("test") as tx:
        assert tx.catalog.object("contact").field("shoe")
