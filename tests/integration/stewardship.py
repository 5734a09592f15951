"""Rows, customers and reviews of two departments, for tests of a steward's work."""

from collections.abc import Mapping
from typing import Any

import polars as pl
from tests.integration import plant

from guanxi.app import Guanxi
from guanxi.identity.actor import SYSTEM
from guanxi.integration import runs
from guanxi.records import reading, writing
from guanxi.store import batches
from guanxi.store.transactions import Transaction

Name = tuple[str, str]


class Office:
    """A product after a run, with words for its rows."""

    def __init__(self, guanxi: Guanxi, run: str) -> None:
        self.guanxi, self.run = guanxi, run
        frame = guanxi.workshop.folder(run).read_frame("match", "mentions").filter(~pl.col("existing"))
        self.rows: Mapping[str, Mapping[str, Any]] = {
            each.get("former_number") or each["name"]: each for each in frame.to_dicts()
        }

    def name(self, word: str) -> Name:
        row = self.rows[word]
        return row["source"], row["key"]

    def customer(self, word: str) -> int:
        with self.guanxi.store.transaction("test") as tx:
            found = batches.resolve(tx, "customer", [self.name(word)])[0]
        assert found is not None
        return found

    def values(self, number: int) -> Mapping[str, Any]:
        with self.guanxi.store.transaction("test") as tx:
            return reading.get(tx, SYSTEM, "customer", number).values

    def review(self, one: str, other: str, **given: Any) -> int:
        with self.guanxi.store.transaction("test") as tx:
            return new_review(
                tx,
                title=f"{one} ↔ {other}",
                run=runs.record_id(tx, self.run),
                left_key="|".join(self.name(one)),
                right_key="|".join(self.name(other)),
                probability=71,
                **given,
            )

    def all_reviews(self) -> list[Mapping[str, Any]]:
        return plant.rows_of(self.guanxi.store, "crm.review")


def new_review(tx: Transaction, **given: Any) -> int:
    return writing.create(tx, SYSTEM, "review", given)
