"""The partition of one run: joins carried out surest first, decisions brought in line with the groups.

Where nothing can object, order does not matter: whatever is linked is one group. Only the few records that are
linked to one they may not be joined with, or that a steward spoke of, are joined pair by pair.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from guanxi.integration.matching.deciding import NOBODY
from guanxi.integration.matching.groups import Grouping, Passport, VetoReader
from guanxi.integration.matching.settings import MatchSettings, Veto
from guanxi.integration.matching.sides import Coded

_AFTER_KEYS = 127  # the model joins after every exact key
_ROOTS = {"record": pl.UInt32, "root": pl.UInt32}


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
    """Pairs after grouping, the root of each record that took part (``record, root``), and refusals by veto."""

    pairs: pl.DataFrame
    roots: pl.DataFrame
    refused: Mapping[str, int]


def group(pairs: pl.DataFrame, columns: Mapping[str, Coded], settings: MatchSettings) -> Grouped:
    """Join what was decided, surest first, and bring the pairs' decisions in line with the groups.

    Afterwards a pair has the decision "join" exactly when both records are in one group: a pair that other
    pairs brought together gets the rule "group"; one whose union was refused becomes a review, and its rule
    names the veto between their groups ("refused:branch").
    """
    linked = pairs.filter((pl.col("decision") == "join") | pl.col("steward").is_not_null())
    clusters = _clusters(linked)
    spoken = linked.filter(pl.col("steward").is_not_null())["left"].implode()
    calm = clusters.filter(
        _calm(clusters, columns, settings) & ~pl.col("record").is_in(spoken).any().over("root")
    )
    disputed = linked.join(calm, left_on="left", right_on="record", how="anti")
    roots, refusals = _argued(disputed, columns, settings)
    roots = pl.concat([calm, roots])
    return Grouped(
        pairs=_in_line(pairs, roots, refusals),
        roots=roots,
        refused=dict(sorted(Counter(refusals.values()).items())),
    )


def _clusters(linked: pl.DataFrame) -> pl.DataFrame:
    """Return every record of *linked* pairs and the least record it is linked with by any way."""
    left, right = linked["left"].to_numpy(), linked["right"].to_numpy()
    records, places = np.unique(np.concatenate([left, right]), return_inverse=True)
    roots = records[_components(places[: len(left)], places[len(left) :], len(records))]
    return pl.DataFrame({"record": records, "root": roots}, schema=_ROOTS)


def _components(left: npt.NDArray[np.intp], right: npt.NDArray[np.intp], count: int) -> npt.NDArray[np.intp]:
    """Return for each of *count* vertices the least one it is connected with (Shiloach and Vishkin 1982)."""
    roots = np.arange(count)
    while True:
        one, other = roots[left], roots[right]
        if np.array_equal(one, other):
            return roots
        np.minimum.at(roots, np.maximum(one, other), np.minimum(one, other))
        while not np.array_equal(roots, further := roots[roots]):
            roots = further


def _calm(clusters: pl.DataFrame, columns: Mapping[str, Coded], settings: MatchSettings) -> pl.Series:
    """Tell for each record whether no veto stands between any two of its cluster."""
    vetoes = settings.all_vetoes
    records = clusters["record"].to_numpy()
    codes = [
        pl.Series(f"{number}", columns[veto.column].codes[records]) for number, veto in enumerate(vetoes)
    ]
    return (
        clusters.hstack(codes)
        .select(
            pl.all_horizontal(_agreed(pl.col(f"{n}"), veto).over("root") for n, veto in enumerate(vetoes))
        )
        .to_series()
    )


def _agreed(codes: pl.Expr, veto: Veto) -> pl.Expr:
    """Tell of the codes of a cluster whether *veto* finds nothing, whatever might lift it."""
    known = codes.filter(codes > 0)
    if veto.equal_forbids:
        return known.n_unique() == known.len()
    if veto.unknown_counts:
        return codes.min() == codes.max()
    return (known.min() == known.max()).fill_null(value=True)


def _argued(
    linked: pl.DataFrame, columns: Mapping[str, Coded], settings: MatchSettings
) -> tuple[pl.DataFrame, dict[tuple[int, int], str]]:
    """Join *linked* pairs one by one; return the root of each record and what refused which pair."""
    records = sorted(set(linked["left"].to_list()) | set(linked["right"].to_list()))
    readers, cards = passports(columns, settings, records)
    grouping = Grouping(readers)
    for record, card in zip(records, cards, strict=True):
        grouping.add(record, card)
    refusals = _unite(grouping, linked)
    roots = [grouping.root(record) for record in records]
    return pl.DataFrame({"record": records, "root": roots}, schema=_ROOTS), refusals


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
    pairs: pl.DataFrame, roots: pl.DataFrame, refusals: Mapping[tuple[int, int], str]
) -> pl.DataFrame:
    refused = pl.DataFrame(
        [(left, right, f"refused:{name}") for (left, right), name in refusals.items()],
        schema={"left": pl.UInt32, "right": pl.UInt32, "refused": pl.String},
        orient="row",
    )
    together = pl.col("root").is_not_null() & (pl.col("root") == pl.col("root_right"))
    joined = pl.col("decision") == "join"
    return (
        pairs.join(refused, on=["left", "right"], how="left", maintain_order="left")
        .join(roots, left_on="left", right_on="record", how="left", maintain_order="left")
        .join(roots, left_on="right", right_on="record", how="left", maintain_order="left")
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
