"""The partition of one run: joins carried out surest first, decisions brought in line with the groups."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from guanxi.integration.matching.deciding import NOBODY
from guanxi.integration.matching.groups import Grouping, Passport, VetoReader
from guanxi.integration.matching.settings import MatchSettings
from guanxi.integration.matching.sides import Coded

_AFTER_KEYS = 127  # the model joins after every exact key


def passports(
    columns: Mapping[str, Coded], settings: MatchSettings, records: Sequence[int]
) -> tuple[tuple[VetoReader, ...], list[Passport]]:
    """Return the readers of all vetoes and, for each of *records* (row positions), its passport."""
    vetoes = settings.all_vetoes
    names = list(dict.fromkeys(name for veto in vetoes for name in (veto.column, *veto.unless_equal)))
    readers = tuple(
        VetoReader(
            veto=veto,
            place=names.index(veto.column),
            lifted_by=tuple(names.index(name) for name in veto.unless_equal),
        )
        for veto in vetoes
    )
    chosen = np.asarray(records, dtype=np.int64)
    values = [columns[name].codes[chosen].tolist() for name in names]
    return readers, list(zip(*values, strict=True))


@dataclass(frozen=True, kw_only=True)
class Grouped:
    """Pairs after grouping and the root of each record that took part."""

    pairs: pl.DataFrame
    roots: Mapping[int, int]
    refused: Mapping[str, int]


def group(pairs: pl.DataFrame, columns: Mapping[str, Coded], settings: MatchSettings) -> Grouped:
    """Join what was decided, surest first, and bring the pairs' decisions in line with the groups.

    Afterwards a pair has the decision "join" exactly when both records are in one group: a pair that other
    pairs brought together gets the rule "group"; one whose union was refused becomes a review, and its rule
    names the veto between their groups ("refused:branch").
    """
    linked = pairs.filter((pl.col("decision") == "join") | pl.col("steward").is_not_null())
    records = sorted(set(linked["left"].to_list()) | set(linked["right"].to_list()))
    readers, cards = passports(columns, settings, records)
    grouping = Grouping(readers)
    for record, card in zip(records, cards, strict=True):
        grouping.add(record, card)
    refusals = _unite(grouping, linked)
    roots = {record: grouping.root(record) for record in records}
    return Grouped(
        pairs=_in_line(pairs, roots, refusals),
        roots=roots,
        refused=dict(sorted(Counter(refusals.values()).items())),
    )


def _unite(grouping: Grouping, linked: pl.DataFrame) -> dict[tuple[int, int], str]:
    """Carry out the steward's word, then keys, then the model; return the refusal of each pair."""
    refusals: dict[tuple[int, int], str] = {}
    by_steward = linked.filter(pl.col("steward").is_not_null()).sort("steward", "left", "right")
    for left, right, same in by_steward.select("left", "right", "steward").iter_rows():
        if same and not grouping.join_by_steward(left, right):
            refusals[left, right] = "steward"
        elif not same:
            grouping.keep_apart(left, right)
    by_rules = (
        linked.filter(pl.col("steward").is_null())
        .with_columns(order=pl.when(pl.col("key") == NOBODY).then(_AFTER_KEYS).otherwise(pl.col("key")))
        .sort("order", "weight", "left", "right", descending=[False, True, False, False])
    )
    for left, right in by_rules.select("left", "right").iter_rows():
        refused_by = grouping.join(left, right)
        if refused_by is not None:
            refusals[left, right] = refused_by
    return refusals


def _in_line(
    pairs: pl.DataFrame, roots: Mapping[int, int], refusals: Mapping[tuple[int, int], str]
) -> pl.DataFrame:
    refused = pl.DataFrame(
        [(left, right, f"refused:{name}") for (left, right), name in refusals.items()],
        schema={"left": pl.UInt32, "right": pl.UInt32, "refused": pl.String},
        orient="row",
    )
    known = pl.DataFrame(
        {"record": list(roots), "root": list(roots.values())}, schema={"record": pl.UInt32, "root": pl.UInt32}
    )
    together = pl.col("root").is_not_null() & (pl.col("root") == pl.col("root_right"))
    joined = pl.col("decision") == "join"
    return (
        pairs.join(refused, on=["left", "right"], how="left", maintain_order="left")
        .join(known, left_on="left", right_on="record", how="left", maintain_order="left")
        .join(known, left_on="right", right_on="record", how="left", maintain_order="left")
        .with_columns(
            decision=pl.when(together)
            .then(pl.lit("join"))
            .when(joined)
            .then(pl.lit("review"))
            .otherwise("decision"),
            rule=pl.when(together & ~joined)
            .then(pl.lit("group"))
            .when(~together & joined)
            .then(pl.coalesce("refused", "rule"))
            .otherwise("rule"),
        )
        .drop("refused", "root", "root_right")
    )
