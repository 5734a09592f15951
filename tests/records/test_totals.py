"""Laws of counting values: of what a person may see and read, no further than asked."""

from guanxi.expressions.conditions import equals
from guanxi.records import bulk, totals
from guanxi.records.reading import Asked
from tests.records.people import ALL, actor_with


def test_values_are_counted_where_they_are_filled_and_readable(store, administrator, steward):
    with store.transaction("test") as tx:
        columns = {
            "name": [f"苏州星海{nth}厂" for nth in range(6)],
            "level": ["A", "A", "A", "B", None, "C"],
            "stage": ["new", "new", "won", "new", "new", "won"],
        }
        bulk.save(tx, steward, "customer", columns)
    asked = Asked(object="customer", where=equals("stage", "new"))
    with store.transaction("test") as tx:
        assert totals.count_values(tx, steward, asked, ("level", "stage")) == {
            "level": {"A": 2, "B": 1},
            "stage": {"new": 4},
        }
        capped = totals.count_values(tx, steward, asked, ("stage",), cap=3)
        assert capped == {"stage": {"new": 3}}
    clerk = actor_with(store, administrator, steward, {"*": ALL}, {"customer.level": "masked"})
    with store.transaction("test") as tx:
        assert totals.count_values(tx, clerk, asked, ("level", "stage")) == {"stage": {"new": 4}}
        assert totals.count_values(tx, clerk, asked, ("level",)) == {}
