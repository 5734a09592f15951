"""The score is right for perfect, empty and spoilt groupings, and agrees with counting pair by pair."""

from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from guanxi.kernel.errors import Refused
from guanxi.packs.practice import World, score
from guanxi.packs.practice.customers import Trap
from guanxi.packs.practice.truth import Defect, TrueRow, Truth


def small_truth(customers, traps=()):
    rows = tuple(
        TrueRow(
            source="s",
            table="t",
            row=number,
            key=str(number),
            role="customer" if customer else "stray",
            customer=customer,
        )
        for number, customer in enumerate(customers, 1)
    )
    defects = tuple(
        Defect(kind="odd", source="s", table="t", row=row.row, field="f", shown="x", true="y")
        for row in rows
        if row.row % 2
    )
    return Truth(seed=0, customers=(), rows=rows, defects=defects, traps=tuple(traps))


def grouping(truth, groups):
    return {row.place: group for row, group in zip(truth.rows, groups, strict=True) if group is not None}


def perfect(world):
    return {row.place: row.customer for row in world.truth.customer_rows}


def test_the_truth_itself_scores_one_everywhere(world: World):
    result = score(world.truth, perfect(world))
    assert (result.pairs.f1, result.clusters.f1) == (1.0, 1.0)
    assert all(defect.pairs.recall == 1.0 for defect in result.defects)
    assert all(trap.joined == 0 for trap in result.traps)
    assert result.ungrouped == ()


def test_no_grouping_finds_no_pair_but_the_customers_with_one_row(world: World):
    result = score(world.truth, {})
    assert (result.pairs.precision, result.pairs.recall) == (1.0, 0.0)
    assert 0 < result.clusters.recall < 0.5
    assert len(result.ungrouped) == len(world.truth.customer_rows)


def test_one_group_for_all_joins_every_trap(world: World):
    result = score(world.truth, dict.fromkeys(perfect(world), 1))
    assert result.pairs.recall == 1.0
    assert result.pairs.precision < 0.01
    assert all(trap.joined == trap.planted for trap in result.traps)


def test_planted_counts_are_those_of_the_truth(world: World):
    result = score(world.truth, perfect(world))
    planted = {item.kind: item.planted for item in (*result.defects, *result.traps)}
    assert planted == world.truth.counts


def test_every_reported_cell_accounts_for_its_defect():
    truth = small_truth("aab")
    result = score(truth, {}, accounted=[("s", "t", 1, "f"), ("s", "t", 2, "f")])
    assert [(item.planted, item.accounted) for item in result.defects] == [(2, 1)]


def test_strangers_may_be_grouped_with_each_other_but_not_with_a_customer():
    truth = small_truth(["a", "a", None, None])
    apart = score(truth, grouping(truth, [1, 1, 2, 2]))
    assert (apart.pairs.f1, apart.clusters.f1) == (1.0, 1.0)
    together = score(truth, grouping(truth, [1, 1, 1, None]))
    assert (together.pairs.hits, together.pairs.claimed) == (1, 3)
    assert together.clusters.hits == 0


def test_a_trap_is_joined_when_any_two_of_its_rows_are():
    truth = small_truth("aabb", [Trap(kind="trap", customers=("a", "b"), differs_in="all")])
    assert score(truth, grouping(truth, [1, 2, 2, 3])).traps[0].joined == 1
    assert score(truth, grouping(truth, [1, 1, 2, 2])).traps[0].joined == 0


def test_a_row_of_another_world_is_refused():
    with pytest.raises(Refused, match="not in this world"):
        score(small_truth("ab"), {("s", "t", 99): 1})


@settings(max_examples=80)
@given(
    some.lists(
        some.tuples(some.sampled_from([None, "a", "b", "c"]), some.sampled_from([None, 1, 2, 3])), max_size=12
    )
)
def test_pairs_are_those_one_would_count_by_hand(rows):
    truth = small_truth([customer for customer, _ in rows])
    result = score(truth, grouping(truth, [group for _, group in rows]))
    claimed = hits = true = 0
    for (left, left_group), (right, right_group) in combinations(rows, 2):
        known = left is not None or right is not None
        joined = known and left_group is not None and left_group == right_group
        same = left is not None and left == right
        claimed += joined
        hits += joined and same
        true += same
    assert (result.pairs.hits, result.pairs.claimed, result.pairs.true) == (hits, claimed, true)
