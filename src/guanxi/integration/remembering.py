"""The memory of mappings: what people said about the columns of every source, read from the inventory."""

from guanxi.identity.actor import SYSTEM
from guanxi.integration.mapping import Memory, Remembered
from guanxi.records import reading
from guanxi.records.reading import Asked
from guanxi.store.transactions import Transaction

_FIELDS = ("name", "mapping", "value_maps", "rows_are")
_MOST_SOURCES = 1000


def memory(tx: Transaction) -> Memory:
    """Return what was said about the tables of all sources, retired ones included; the newest word last."""
    newest = (("updated_at", True), ("id", True))
    asked = Asked(object="source", fields=_FIELDS, order=newest, limit=_MOST_SOURCES)
    found = reversed(reading.find(tx, SYSTEM, asked).records)
    entries = (
        Remembered(
            source=each.values["name"],
            table=table,
            words=words,
            values=(each.values["value_maps"] or {}).get(table, {}),
            rows_are=(each.values["rows_are"] or {}).get(table, ""),
        )
        for each in found
        for table, words in (each.values["mapping"] or {}).items()
    )
    return Memory(tuple(entries))
