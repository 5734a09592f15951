"""What people must look at after a run: doubtful pairs for a steward, gaps for the departments that own them."""

from typing import Any

import polars as pl

from guanxi.expressions.conditions import all_of, equals
from guanxi.expressions.syntax import Expression
from guanxi.identity.actor import SYSTEM
from guanxi.integration import intake, runs
from guanxi.integration.columns import VERDICT, column_of
from guanxi.integration.loading import KNOWN_AS
from guanxi.integration.matching.explaining import explain
from guanxi.integration.mentions import CUSTOMER, to_match
from guanxi.integration.plans import Plan
from guanxi.integration.staging import RunFolder
from guanxi.integration.workshop import Workshop
from guanxi.metadata.objects import ObjectType
from guanxi.records import bulk, reading
from guanxi.records.reading import Asked
from guanxi.store import batches
from guanxi.store.transactions import Transaction

MOST_REVIEWS, MOST_GAPS = 2_000, 2_000
"""People can work on so many; the rest stays in the run's files and is counted."""


def hand_out(shop: Workshop, run: str) -> dict[str, Any]:
    """Make the records of what people must look at, once; return counts."""
    folder, plan = shop.folder(run), runs.plan_of(shop, run)
    with shop.store.transaction("integration") as tx:
        within = tx.in_batch(runs.batch_of(tx, run))
        done = batches.part_done(within, "tasks")
        if done is not None:
            return dict(done)
        actor, record = runs.actor_of(shop, run), runs.record_id(tx, run)
        reviews, left_reviews = reviews_of(folder)
        gaps, left_gaps = gaps_of(within, folder, plan)
        known = _open_reviews(within)
        fresh = [each for each in reviews if (each["left_key"], each["right_key"]) not in known]
        for name, rows in (("review", fresh), ("gap", gaps)):
            if rows:
                columns = {key: [each.get(key) for each in rows] for key in rows[0]}
                bulk.save(within, actor, name, {**columns, "run": [record] * len(rows)})
        made = {
            "reviews": len(fresh),
            "gaps": len(gaps),
            "reviews_left": left_reviews,
            "gaps_left": left_gaps,
        }
        batches.finish_part(within, "tasks", made)
    return made


def reviews_of(folder: RunFolder) -> tuple[list[dict[str, Any]], int]:
    """Return the doubtful pairs as review records, the likeliest first, and how many more there are."""
    doubtful = folder.scan("match", "pairs").filter(pl.col("decision") == "review").collect()
    doubtful = doubtful.sort("probability", descending=True)
    shown = doubtful.head(MOST_REVIEWS)
    wanted = pl.concat([shown["left"], shown["right"]]).unique()
    everyone = folder.scan("match", "mentions").filter(pl.col("id").is_in(wanted.implode())).collect()
    sides = {each["id"]: each for each in everyone.to_dicts()}
    compared = {each["id"]: each for each in to_match(everyone).to_dicts()} if everyone.height else {}
    return [_review(pair, sides, compared) for pair in shown.to_dicts()], doubtful.height - shown.height


def _review(pair: dict[str, Any], sides: dict[int, Any], compared: dict[int, Any]) -> dict[str, Any]:
    left, right = sides[pair["left"]], sides[pair["right"]]
    explained = explain(pair, compared[pair["left"]], compared[pair["right"]])
    evidence = {
        "sentences": [_sentence(each) for each in explained.sentences],
        "evidence": [
            {
                "field": each.comparison,
                "says": _sentence(each.says),
                "weight": each.weight,
                "share": each.share,
            }
            for each in explained.evidence
        ],
    }
    return {
        "title": f"{_called(left)} ↔ {_called(right)}",
        "left": _shown(left),
        "right": _shown(right),
        "left_key": f"{left['source']}|{left['key']}",
        "right_key": f"{right['source']}|{right['key']}",
        "probability": round(100 * float(pair["probability"]), 2),
        "evidence": evidence,
    }


def _sentence(message: Any) -> dict[str, Any]:
    return {"text": message.template, "values": {name: str(value) for name, value in message.values.items()}}


def _called(side: dict[str, Any]) -> str:
    return str(side.get("name") or side.get("contact_name") or side.get("mobile") or side["key"])


def _shown(side: dict[str, Any]) -> dict[str, Any]:
    return {
        name: value if isinstance(value, dict) else str(value)
        for name, value in side.items()
        if value is not None and not name.endswith(VERDICT) and name not in ("id", "existing", "rows")
    }


def _open_reviews(tx: Transaction) -> set[tuple[str, str]]:
    asked = Asked(object="review", fields=("left_key", "right_key"), limit=100_000)
    found = reading.find(tx, SYSTEM, asked).records
    return {(each.values["left_key"], each.values["right_key"]) for each in found}


def gaps_of(tx: Transaction, folder: RunFolder, plan: Plan) -> tuple[list[dict[str, Any]], int]:
    """Return missing key fields and wrong values as tasks for the departments, and how many more there are."""
    customer = tx.catalog.object(CUSTOMER)
    golden = folder.read_frame("golden", CUSTOMER)
    numbers = _record_numbers(tx, golden)
    tasks = [*_wrong(folder, plan, customer, numbers), *_missing(golden, customer, plan, numbers)]
    people = runs.people(tx)
    for task in tasks:
        task["contact"] = people.get(task.pop("contact"))
    fresh = [each for each in tasks if not _asked_already(tx, each)] if _any_gap(tx) else tasks
    return fresh[:MOST_GAPS], max(0, len(fresh) - MOST_GAPS)


def _record_numbers(tx: Transaction, golden: pl.DataFrame) -> dict[tuple[str, str], int]:
    """Return the record each mention became: (source, key) -> number."""
    named = [(each["source"], each["key"]) for row in golden[KNOWN_AS].to_list() for each in row]
    found = batches.resolve(tx, CUSTOMER, named)
    return {name: number for name, number in zip(named, found, strict=True) if number is not None}


def _wrong(
    folder: RunFolder, plan: Plan, customer: ObjectType, numbers: dict[tuple[str, str], int]
) -> list[dict[str, Any]]:
    """Return what sources say of customers that cannot be right."""
    tasks = []
    who = _mention_keys(folder)
    for source in plan.sources:
        for changes in intake.standard_frames(folder, source, "changes"):
            bad = changes.filter(
                pl.col("target").str.starts_with(CUSTOMER + ".")
                & (pl.col("verdict") == "rejected")
                & ~pl.col("reason").is_in(["says_nothing", "nobody_by_this_name"])
            )
            for each in bad.to_dicts():
                field = customer.fields.get(each["target"].removeprefix(CUSTOMER + "."))
                number = numbers.get((source.name, who.get((source.name, each["table"], each["row"]), "")))
                if field is not None and number is not None:
                    tasks.append(
                        {
                            "title": f"{field.label.zh}：{each['before']}",
                            "customer": number,
                            "field": field.name,
                            "department": source.department,
                            "contact": source.contact,
                            "kind": "wrong",
                            "found": each["before"],
                            "reason": f"{source.label.zh} · {each['table']} · {each['row']}",
                        }
                    )
    return tasks


def _mention_keys(folder: RunFolder) -> dict[tuple[str, str, int], str]:
    rows = folder.read_frame("match", "rows").filter(pl.col("key").is_not_null())
    return {
        (source, table, row): key
        for source, table, row, key in rows.select("source", "table", "row", "key").iter_rows()
    }


def _missing(
    golden: pl.DataFrame, customer: ObjectType, plan: Plan, numbers: dict[tuple[str, str], int]
) -> list[dict[str, Any]]:
    """Return the key facts that no source knows; the most trusted source that knows the customer is asked."""
    tasks = []
    keys = [
        each for each in customer.live_fields if each.key and each.standard and each.name != customer.title
    ]
    columns = {each.name: column_of(golden, CUSTOMER, each.name) for each in keys}
    for row in golden.to_dicts():
        known = [each for each in row[KNOWN_AS] if each["source"] in plan.trust]
        if not known:
            continue
        asked = max(known, key=lambda each: plan.trust[each["source"]])
        number = numbers.get((asked["source"], asked["key"]))
        source = plan.source(asked["source"])
        for field in keys:
            column = columns[field.name]
            if number is not None and (column is None or row[column] is None):
                tasks.append(
                    {
                        "title": f"{row['name']}：{field.label.zh}",
                        "customer": number,
                        "field": field.name,
                        "department": source.department,
                        "contact": source.contact,
                        "kind": "missing",
                        "found": None,
                        "reason": None,
                    }
                )
    return tasks


def _any_gap(tx: Transaction) -> bool:
    return bool(reading.find(tx, SYSTEM, Asked(object="gap", fields=("field",), limit=1)).records)


def _asked_already(tx: Transaction, task: dict[str, Any]) -> bool:
    same: Expression = all_of(
        equals("customer", task["customer"]), equals("field", task["field"]), equals("kind", task["kind"])
    )
    return bool(
        reading.find(tx, SYSTEM, Asked(object="gap", fields=("field",), where=same, limit=1)).records
    )
