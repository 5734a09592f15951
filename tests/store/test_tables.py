"""Laws of the tables of objects: one value each, so that statements about them are known again."""

from dataclasses import replace

import sqlalchemy as sa
from sqlalchemy.sql.compiler import SQLCompiler

from guanxi.records import reading
from guanxi.records.reading import Asked
from guanxi.store.tables import record_table
from tests.world import database_server, steward, store


def test_an_object_has_one_table_as_long_as_it_keeps_its_columns(store):
    with store.transaction("test") as tx:
        customer = tx.catalog.object("customer")
    assert record_table(customer) is record_table(replace(customer))
    without = {name: each for name, each in customer.fields.items() if name != "name"}
    assert "name" not in record_table(replace(customer, fields=without)).c
    assert "name" in record_table(customer).c


def test_what_was_asked_before_is_put_into_words_once(store, steward, monkeypatch):
    asked = Asked(object="order", fields=("number", "customer"), order=(("ordered_on", True),))
    with store.transaction("test") as tx:
        reading.find(tx, steward, asked)
    compiled = []
    make = SQLCompiler.visit_select

    def noted(self, select: sa.Select, **options):
        compiled.append(select)
        return make(self, select, **options)

    monkeypatch.setattr(SQLCompiler, "visit_select", noted)
    with store.transaction("test") as tx:
        reading.find(tx, steward, asked)
    assert compiled == []


__all__ = ["database_server", "steward", "store"]
