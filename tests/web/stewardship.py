"""Customers that may be the same, the rows they came from, and the pairs a steward is asked about."""

from collections.abc import Mapping, Sequence

import polars as pl

from guanxi.identity.actor import Actor
from guanxi.integration.plans import plan_from, plan_to_data
from guanxi.integration.staging import RunFolder
from guanxi.records import writing
from guanxi.store import batches
from guanxi.store.batches import Crossing
from guanxi.store.transactions import Store
from tests.web.records import create

EVIDENCE = {
    "sentences": [
        {
            "text": "a person must decide (probability by the evidence: {percent}%)",
            "values": {"percent": "71"},
        }
    ],
    "evidence": [
        {
            "field": "mobile",
            "says": {"text": "the mobile numbers are equal", "values": {}},
            "weight": 5.0,
            "share": 0.7,
        },
        {
            "field": "name",
            "says": {"text": "the names differ", "values": {}},
            "weight": -2.0,
            "share": 0.3,
        },
    ],
}


def row(
    store: Store, actor: Actor, source: str, key: str, *, record: int | None = None, **values: str
) -> int:
    """Make a customer of one source row (or of one more) and return its number."""
    number = record or create(store, actor, "customer", **values)
    with store.transaction("test") as tx:
        within = tx.in_batch(batches.begin(tx, "first"))
        batches.cross(within, [Crossing(source, key, "customer", number)])
        for name in values:
            tx.connection.exec_driver_sql(
                "UPDATE crm.customer SET origin = coalesce(origin, '{}') || jsonb_build_object(%(name)s::text, "
                "jsonb_build_object('source', %(source)s::text, 'table', 't', 'row', 3)) WHERE id = %(id)s",
                {"name": name, "source": source, "id": number},
            )
    return number


def pair(
    store: Store, actor: Actor, one: tuple[str, str], other: tuple[str, str], probability: float = 71, **more
) -> int:
    """Ask whether two rows are the same customer; *one* and *other* are (source|key, name)."""
    with store.transaction("test") as tx:
        folders = tx.connection.exec_driver_sql("SELECT id FROM crm.run ORDER BY id").scalars().all()
        run = folders[0] if folders else None
        if run is None:
            run = writing.create(tx, actor, "run", {"name": "第一批", "state": "finished", "folder": "first"})
        given = {
            "title": f"{one[1]} ↔ {other[1]}",
            "run": run,
            "left": {"name": one[1], "table": "华东", "row": "4", "mobile": "13800138000"},
            "right": {"name": other[1], "table": "t", "row": "9", "mobile": "13800138000"},
            "left_key": one[0],
            "right_key": other[0],
            "probability": probability,
            "evidence": EVIDENCE,
            **more,
        }
        return writing.create(tx, actor, "review", given)


def run_files(folder: RunFolder, rows: Sequence[tuple[str, str, Mapping[str, str]]]) -> None:
    """Write what a run would have kept of *rows* (source, key, values): who they speak of, and its plan."""
    frame = pl.DataFrame(
        [
            {
                "id": place,
                "source": source,
                "table": "t",
                "row": place,
                "key": key,
                "existing": False,
                **values,
            }
            for place, (source, key, values) in enumerate(rows, 1)
        ],
        infer_schema_length=None,
    )
    folder.path.mkdir(parents=True)
    folder.write_frame("match", "mentions", frame)
    named = frame.select("source", "table", "row", pl.col("id").alias("mention"))
    folder.write_frame("match", "rows", named)
    sources = [{"name": name, "kind": "delimited", "path": f"{name}.csv"} for name in ("ledger", "desk")]
    plan = plan_from({"name": "第一批", "source": sources}, folder=folder.path)
    folder.write_json("read", "plan", plan_to_data(plan))
