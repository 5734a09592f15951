"""What people must look at after a run: doubtful pairs for a steward, gaps for the departments that own them."""

from typing import Any

import polars as pl

from guanxi.identity.actor import SYSTEM
from guanxi.integration import runs, tidings
from guanxi.integration.columns import VERDICT
from guanxi.integration.gaps import gaps_of
from guanxi.integration.matching.explaining import explain
from guanxi.integration.mentions import to_match
from guanxi.integration.staging import RunFolder
from guanxi.integration.workshop import Workshop
from guanxi.records import bulk, reading
from guanxi.records.reading import Asked
from guanxi.store import batches
from guanxi.store.transactions import Transaction

MOST_REVIEWS = 2_000
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
        tidings.tell_gaps(within, gaps)
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
