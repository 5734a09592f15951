"""What people must look at around a load: doubtful pairs for a steward, gaps for the departments that own them."""

from collections.abc import Iterable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

import polars as pl

from guanxi.access.fields import weighing
from guanxi.expressions.conditions import all_of, equals
from guanxi.expressions.syntax import EVERYTHING, Expression
from guanxi.identity.actor import SYSTEM
from guanxi.integration import milestones, runs, tidings
from guanxi.integration.columns import VERDICT
from guanxi.integration.gaps import gaps_of
from guanxi.integration.loading import OURSELVES
from guanxi.integration.matching.explaining import explain
from guanxi.integration.mentions import CUSTOMER, to_match
from guanxi.integration.staging import RunFolder
from guanxi.integration.workshop import Workshop
from guanxi.records import bulk, reading, writing
from guanxi.records.reading import Asked
from guanxi.store import batches
from guanxi.store.transactions import Transaction

Pair = tuple[str, str]
"""Two rows, each as ``source|key``."""
MOST_REVIEWS = 2_000
"""People can work on so many; the rest stays in the run's files and is counted."""


def hand_out_reviews(shop: Workshop, run: str) -> dict[str, Any]:
    """Put the doubtful pairs before a steward, as often as the run is prepared; return counts.

    A pair that was decided, or was given out by another run, is not asked again, nor are other rows of the same two
    customers; one of this run that nobody has decided yet says what is known now, or goes when there is no doubt any
    more.
    """
    reviews, left = reviews_of(shop.folder(run))
    with shop.store.transaction("integration") as tx:
        within = tx.in_batch(runs.batch_of(tx, run))
        milestones.require_open(within, run)
        actor, record = weighing(runs.actor_of(shop, run)), runs.record_id(tx, run)
        mine = _undecided(within, record)
        wanted = _not_asked(within, reviews, _asked_already(within).keys() - mine.keys())
        gone = mine.keys() - {_pair(each) for each in wanted}
        writing.delete(within, SYSTEM, "review", [mine[each] for each in gone])
        if wanted:
            columns = {key: [each.get(key) for each in wanted] for key in wanted[0]}
            ids = [mine.get(_pair(each)) for each in wanted]
            bulk.save(within, actor, "review", {**columns, "run": [record] * len(wanted)}, ids=ids)
        tidings.tell_reviews(within, record, sum(1 for each in wanted if _pair(each) not in mine))
    return {"reviews": len(wanted), "reviews_left": left}


def hand_out_gaps(shop: Workshop, run: str) -> dict[str, Any]:
    """Put what is missing or wrong before the departments that own it, once; return counts."""
    folder, plan = shop.folder(run), runs.plan_of(shop, run)
    with shop.store.transaction("integration") as tx:
        within = tx.in_batch(runs.batch_of(tx, run))
        milestones.require_open(within, run)
        done = batches.part_done(within, "gaps")
        if done is not None:
            return dict(done)
        gaps, left = gaps_of(within, folder, plan)
        if gaps:
            columns = {key: [each.get(key) for each in gaps] for key in gaps[0]}
            record = runs.record_id(tx, run)
            actor = weighing(runs.actor_of(shop, run))
            bulk.save(within, actor, "gap", {**columns, "run": [record] * len(gaps)})
        tidings.tell_gaps(within, gaps)
        made = {"gaps": len(gaps), "gaps_left": left}
        batches.finish_part(within, "gaps", made)
    return made


def reviews_of(folder: RunFolder) -> tuple[list[dict[str, Any]], int]:
    """Return the doubtful pairs as review records, the likeliest first, and how many more there are.

    A row and the record it became, or two rows that others join, stand together already: nobody is asked.
    """
    groups = folder.scan("match", "groups")
    placed = (
        folder.scan("match", "pairs")
        .filter(pl.col("decision") == "review")
        .join(groups, left_on="left", right_on="id", how="left")
        .join(groups, left_on="right", right_on="id", how="left", suffix="_right")
    )
    apart = placed.filter(pl.col("group").ne_missing(pl.col("group_right"))).drop("group", "group_right")
    doubtful = apart.sort("probability", descending=True).collect()
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
        "worth": max(_turnover(left), _turnover(right)),
    }


def _turnover(side: dict[str, Any]) -> Decimal:
    """Return the total amount a row says; nothing said counts as nothing sold."""
    told = (side.get("total_amount") or {}).get("amount")
    try:
        return Decimal(told or 0).quantize(Decimal("0.01"))
    except InvalidOperation:
        return Decimal()


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


def _pair(review: Mapping[str, Any]) -> Pair:
    """Return both rows of a pair in one order: a later run may name them the other way round."""
    one, other = sorted((review["left_key"], review["right_key"]))
    return one, other


def _not_asked(tx: Transaction, reviews: list[dict[str, Any]], known: set[Pair]) -> list[dict[str, Any]]:
    """Return the reviews of customers that *known* does not ask about yet, by their records as far as there are any."""
    names = {key for pair in (*known, *map(_pair, reviews)) for key in pair}
    record_of = dict(zip(names, _records(tx, names), strict=True))
    done = {frozenset(record_of[key] for key in pair) for pair in known}
    wanted = []
    for each in reviews:
        both = frozenset(record_of[key] for key in _pair(each))
        if both not in done:
            wanted.append(each)
            done.add(both)
    return wanted


def _records(tx: Transaction, keys: Iterable[str]) -> list[str]:
    """Return the customer behind each row (``source|key``), the row itself where it has become none yet."""
    rows = [(source, key) for source, _, key in (each.partition("|") for each in keys)]
    found = batches.resolve(tx, CUSTOMER, rows)
    own = (
        f"{OURSELVES}|{record}" if record else f"{source}|{key}"
        for (source, key), record in zip(rows, found, strict=True)
    )
    return list(own)


def _asked_already(tx: Transaction, where: Expression = EVERYTHING) -> dict[Pair, int]:
    """Return the number of the review of each pair that a steward was asked about."""
    asked = Asked(object="review", fields=("left_key", "right_key"), where=where, limit=100_000)
    return {_pair(each.values): each.id for each in reading.find(tx, SYSTEM, asked).records}


def _undecided(tx: Transaction, record: int) -> dict[Pair, int]:
    """Return the number of the review of each pair of this run that nobody has decided."""
    return _asked_already(tx, all_of(equals("run", record), equals("decision", "undecided")))
