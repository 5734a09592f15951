"""What is missing or wrong in the key facts of customers, as tasks for the departments that own them.

A fact that no source of the run holds at all is one task per source, not one per customer: no clerk fills
100,000 cells by hand that nobody ever asked for. Doubtful values are one task per source, field and wording: what
"做家具的" means is asked once, however many rows say so.
"""

from collections.abc import Iterable, Mapping
from typing import Any

import polars as pl

from guanxi.identity.actor import SYSTEM
from guanxi.integration import intake, runs
from guanxi.integration.columns import column_of
from guanxi.integration.corrections import REASONS as BY_PEOPLE
from guanxi.integration.loading import KNOWN_AS, ORIGIN
from guanxi.integration.mentions import CUSTOMER
from guanxi.integration.people import people
from guanxi.integration.plans import Plan
from guanxi.integration.staging import RunFolder
from guanxi.integration.standardise import HARMLESS
from guanxi.metadata.objects import Field, ObjectType
from guanxi.records import reading
from guanxi.records.reading import Asked
from guanxi.store import batches
from guanxi.store.transactions import Transaction

MOST_GAPS = 2_000
"""People can work on so many; the rest stays in the run's files and is counted."""
_SETTLED = (*HARMLESS, *BY_PEOPLE)
_MOST_PLACES = 2_000
"""Cells one task speaks of."""
_COLUMNS: Mapping[str, Any] = {
    "place": pl.UInt32,
    "source": pl.String,
    "key": pl.String,
    "field": pl.String,
    "kind": pl.String,
    "title": pl.String,
    "found": pl.String,
    "reason": pl.String,
    "cells": pl.Struct(
        {
            "target": pl.String,
            "places": pl.List(pl.Struct({"table": pl.String, "row": pl.Int64})),
            "reason": pl.String,
            "note": pl.String,
            "understood": pl.String,
        }
    ),
}

Task = dict[str, Any]


def gaps_of(tx: Transaction, folder: RunFolder, plan: Plan) -> tuple[list[Task], int]:
    """Return wrong values, facts no source holds and missing key facts as tasks, and how many more there are."""
    customer = tx.catalog.object(CUSTOMER)
    golden = folder.scan("golden", CUSTOMER).drop(ORIGIN).collect()
    nowhere, somewhere = _key_facts(golden, customer)
    loaded = _loaded(folder, golden)
    wrong, suspect = (_told(folder, plan, customer, loaded, verdict) for verdict in ("rejected", "suspect"))
    doubted, alone = _gathered(suspect)
    single = pl.concat([wrong, _missing(golden, somewhere, plan, loaded), alone])
    whole = [_whole_column(each, source.name) for source in plan.sources for each in nowhere]
    asked = _asked(tx)
    fresh = single if not asked else _not_asked(tx, single, asked)
    whole = [each for each in whole if (None, each["field"], "missing", None) not in asked]
    several = [each for each in doubted if (None, each["field"], "suspect", each["found"]) not in asked]
    shown = fresh.head(MOST_GAPS)
    tasks = [*whole, *several[:MOST_GAPS], *_numbered(tx, shown)]
    left = fresh.height - shown.height + max(0, len(several) - MOST_GAPS)
    return _addressed(tx, tasks, plan), left


def _key_facts(golden: pl.DataFrame, customer: ObjectType) -> tuple[list[Field], dict[Field, str]]:
    """Return the key facts that are known of nobody, and the others with their columns.

    A number that the system gives itself is asked of nobody.
    """
    nowhere, somewhere = [], {}
    for each in customer.live_fields:
        if each.key and each.standard and each.name != customer.title and each.type != "auto_number":
            column = column_of(golden, CUSTOMER, each.name)
            if column is None or golden[column].null_count() == golden.height:
                nowhere.append(each)
            else:
                somewhere[each] = column
    return nowhere, somewhere


def _loaded(folder: RunFolder, golden: pl.DataFrame) -> pl.DataFrame:
    """Return the names of all golden customers that were loaded: ``place`` (of the customer), ``source``, ``key``."""
    refused = {
        (each["source"], each["key"])
        for each in runs.refusals(folder)
        if each["object"] == CUSTOMER and not each["cell"]
    }
    names = (
        golden.select(KNOWN_AS)
        .with_row_index("place")
        .explode(KNOWN_AS)
        .unnest(KNOWN_AS)
        .select("place", "source", "key")
    )
    lost = pl.DataFrame(list(refused), schema={"source": pl.String, "key": pl.String}, orient="row")
    return names.join(names.join(lost, on=["source", "key"]).select("place"), on="place", how="anti")


def _told(
    folder: RunFolder, plan: Plan, customer: ObjectType, loaded: pl.DataFrame, verdict: str
) -> pl.DataFrame:
    """Return what sources say of customers that got this *verdict*, unless it does no harm or a person decided."""
    who = folder.scan("match", "rows").select("source", "table", "row", "key").collect()
    labels = {each.name: each.label.zh for each in customer.fields.values()}
    found = [pl.DataFrame(schema=_COLUMNS)]
    for source in plan.sources:
        for changes in intake.scan_standard(folder, source, "changes"):
            told = changes.filter(
                pl.col("target").str.starts_with(CUSTOMER + ".")
                & (pl.col("verdict") == verdict)
                & ~pl.col("reason").is_in(_SETTLED)
            )
            bad = told.collect().with_columns(field=pl.col("target").str.strip_prefix(CUSTOMER + "."))
            label = pl.col("field").replace_strict(labels, default="")
            found.append(
                bad.filter(pl.col("field").is_in(list(labels)))
                .join(who, on=["source", "table", "row"], maintain_order="left")
                .join(loaded, on=["source", "key"], maintain_order="left")
                .with_columns(
                    kind=pl.lit("wrong" if verdict == "rejected" else "suspect"),
                    title=pl.concat_str(label, pl.lit("："), "before", ignore_nulls=True),
                    found=pl.col("before"),
                    cells=pl.struct(
                        "target",
                        pl.concat_list(pl.struct("table", "row")).alias("places"),
                        "reason",
                        "note",
                        understood="after",
                    ),
                )
                .with_columns(reason=pl.format("{} · {} · {}", pl.lit(source.label.zh), "table", "row"))
                .select(pl.col(name).cast(kind) for name, kind in _COLUMNS.items())
            )
    return pl.concat(found)


def _gathered(suspect: pl.DataFrame) -> tuple[list[Task], pl.DataFrame]:
    """Return the doubtful values that several rows of a source say in the same words as tasks, and the others."""
    several = pl.len().over("source", "field", "found") > 1
    grouped = (
        suspect.filter(several)
        .group_by("source", "field", "kind", "found", maintain_order=True)
        .agg(
            pl.first("title"),
            pl.first("cells"),
            pl.col("cells").struct.field("places").list.explode().head(_MOST_PLACES).alias("places"),
            pl.len().alias("count"),
        )
    )
    tasks: list[Task] = [
        {
            "title": f"{each['title']}（{each['count']}处）",
            "customer": None,
            **{name: each[name] for name in ("source", "field", "kind", "found")},
            "reason": None,
            "cells": _cells({**each["cells"], "places": each["places"]}),
        }
        for each in grouped.to_dicts()
    ]
    return tasks, suspect.filter(~several)


def _cells(cells: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """Return where the words stand, as the gap keeps it: (table, row) of each place."""
    if cells is None or cells["places"] is None:
        return None
    return {**cells, "places": [[each["table"], each["row"]] for each in cells["places"]]}


def _missing(golden: pl.DataFrame, facts: dict[Field, str], plan: Plan, loaded: pl.DataFrame) -> pl.DataFrame:
    """Return the key facts no source knows; the most trusted source that knows the customer is asked."""
    trust = pl.DataFrame(
        {"source": list(plan.trust), "trust": list(plan.trust.values())},
        schema={"source": pl.String, "trust": pl.Int64},
    )
    asked = (
        loaded.join(trust, on="source", maintain_order="left")
        .sort("place", "trust", descending=[False, True], maintain_order=True)
        .unique("place", keep="first", maintain_order=True)
    )
    named = golden.select("name", *facts.values()).with_row_index("place")
    found = [
        named.filter(pl.col(column).is_null())
        .select(
            "place",
            order=pl.lit(order),
            field=pl.lit(field.name),
            title=pl.format("{}：{}", "name", pl.lit(field.label.zh)),
        )
        .join(asked, on="place", maintain_order="left")
        for order, (field, column) in enumerate(facts.items())
    ]
    nothing = pl.lit(None, dtype=pl.String)
    if not found:
        return pl.DataFrame(schema=_COLUMNS)
    return (
        pl.concat(found)
        .sort("place", "order")
        .with_columns(kind=pl.lit("missing"), found=nothing, reason=nothing, cells=pl.lit(None))
        .select(pl.col(name).cast(kind) for name, kind in _COLUMNS.items())
    )


def _whole_column(field: Field, source: str) -> Task:
    """Return the task to bring a fact that is known of nobody."""
    return {
        "title": f"{field.label.zh}：所有客户均无此项",
        "customer": None,
        "source": source,
        "field": field.name,
        "kind": "missing",
        "found": None,
        "reason": "本批数据的所有来源都没有这一列",
        "cells": None,
    }


def _numbered(tx: Transaction, gaps: pl.DataFrame) -> list[Task]:
    """Return the gaps as tasks, each with the number of its customer."""
    numbers = _numbers(tx, gaps)
    rows = gaps.drop("place", "key").with_columns(numbers.alias("customer"))
    found = rows.filter(pl.col("customer").is_not_null()).to_dicts()
    return [{**each, "cells": _cells(each["cells"])} for each in found]


def _numbers(tx: Transaction, gaps: pl.DataFrame) -> pl.Series:
    named = gaps.select("source", "key").unique(maintain_order=True)
    found = batches.resolve(tx, CUSTOMER, named.rows())
    numbered = named.with_columns(pl.Series("number", found, dtype=pl.Int64))
    return gaps.join(numbered, on=["source", "key"], how="left", maintain_order="left")["number"]


def _not_asked(tx: Transaction, gaps: pl.DataFrame, asked: set[tuple[Any, ...]]) -> pl.DataFrame:
    """Return the gaps that nobody was asked about before."""
    known = pl.DataFrame(
        list({each[:3] for each in asked}),
        schema={"customer": pl.Int64, "field": pl.String, "kind": pl.String},
        orient="row",
    )
    numbered = gaps.with_columns(_numbers(tx, gaps).alias("customer"))
    return numbered.join(known, on=["customer", "field", "kind"], how="anti", maintain_order="left").drop(
        "customer"
    )


def _asked(tx: Transaction) -> set[tuple[Any, ...]]:
    """Return what people were asked before: (customer, field, kind, what is there)."""
    found: set[tuple[Any, ...]] = set()
    place = None
    while True:
        fields = ("customer", "field", "kind", "found")
        page = reading.find(tx, SYSTEM, Asked(object="gap", fields=fields, after=place, limit=5_000))
        found |= {tuple(_plain(each.values[name]) for name in fields) for each in page.records}
        place = page.next
        if place is None:
            return found


def _plain(value: Any) -> Any:
    """Return a link as the number of its record."""
    return getattr(value, "id", value)


def _addressed(tx: Transaction, tasks: Iterable[Task], plan: Plan) -> list[Task]:
    """Return the tasks with the department and the person who answer for their source."""
    known = people(tx)
    sources = {each.name: each for each in plan.sources}
    return [
        {
            **each,
            "department": sources[each["source"]].department,
            "contact": known.get(sources[each["source"]].contact),
        }
        for each in tasks
    ]
