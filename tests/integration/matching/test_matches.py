"""What matching promises, said through its one door."""

from dataclasses import replace
from itertools import combinations, product

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guanxi.integration.matching import CUSTOMERS, Matches, find_matches, grouping
from guanxi.integration.matching.customers import MOST_BEARERS
from guanxi.kernel.errors import Invalid

pytestmark = pytest.mark.slow

CODE = "91330100MA27XN6L1Q"
OTHER_CODE = "91310000132234567X"


def match(*rows: dict, decisions: list[tuple[int, int, bool]] | None = None) -> Matches:
    frame = pl.DataFrame(
        [{"id": number, "source": "sales", "kind": "company", **row} for number, row in enumerate(rows)],
        infer_schema_length=None,
    )
    said = pl.DataFrame(decisions or [], schema=["left", "right", "same"], orient="row")
    return find_matches(frame, decisions=said)


def decision(found: Matches, left: int = 0, right: int = 1) -> tuple[str, str] | None:
    pair = found.pairs.filter((pl.col("left") == left) & (pl.col("right") == right))
    return (pair["decision"][0], pair["rule"][0]) if len(pair) else None


def together(found: Matches, *ids: int) -> bool:
    return found.groups.filter(pl.col("id").is_in(ids))["group"].n_unique() == 1


def named(core: str, form: str = "", **more: str) -> dict:
    return {"name": core + form, "name_core": core, "name_core_bare": core, **more}


def test_a_name_with_and_without_its_legal_form_is_one_customer_once_anything_else_agrees():
    found = match(named("客户A", person="王伟"), named("客户A", "有限公司", person="王伟"))
    assert decision(found) == ("join", "model")


def test_a_bare_name_alone_is_put_before_a_person():
    found = match(named("客户A"), named("客户A", "有限公司"))
    assert decision(found) == ("review", "worth_a_look")


OTHERS = [
    named(f"{first}{second}{trade}", person=f"{first}{third}", mobile=f"139{place:08d}", city=city)
    for place, (first, second, third, trade, city) in enumerate(
        product("东南西北春夏秋冬山水", "华远博大安平", "明亮文武", "机械食品", ("杭州市", "宁波市"))
    )
]


@pytest.fixture(scope="module")
def learnt() -> Matches:
    """Return the matches of a list long enough to learn from, behind eight rows the laws are about."""
    rows = [named("客户甲"), named("客户甲", "有限公司", city="杭州市"), named("客户乙", person="王伟")]
    rows += [named("客户乙", "有限公司", person="李娜"), named("王建国", kind="person")]
    rows += [named("王建国", "有限公司"), named("赵敏", kind="person"), named("赵敏", kind="person")]
    return match(*rows, *OTHERS, *OTHERS, *OTHERS)


def test_a_bare_name_alone_is_put_before_a_person_in_a_long_list_too(learnt):
    assert learnt.parameters.trained
    assert decision(learnt, 0, 1) == ("review", "worth_a_look")


def test_a_bare_name_is_no_question_once_something_known_contradicts_it(learnt):
    assert (decision(learnt, 2, 3) or ("apart",))[0] == "apart"


def test_a_name_that_only_reads_like_a_persons_is_put_before_a_person_with_its_legal_form(learnt):
    assert decision(learnt, 4, 5) == ("review", "veto:kinds_differ")


def test_two_persons_of_one_name_are_left_to_the_evidence(learnt):
    assert (decision(learnt, 6, 7) or ("apart", "model"))[1] == "model"


def test_a_bare_name_that_many_bear_asks_nobody_about_each_two_of_them():
    found = match(*(named("客户甲") for _ in range(MOST_BEARERS + 1)), *OTHERS, *OTHERS, *OTHERS)
    assert found.pairs.filter(pl.col("rule") == "worth_a_look").is_empty()


def test_a_name_that_keeps_its_place_is_a_key():
    found = match(named("杭州华联商贸", region="杭州"), named("杭州华联商贸", "有限公司", region="杭州"))
    assert decision(found) == ("join", "key:name_with_place")


@pytest.mark.parametrize(
    ("left", "right", "rule"),
    [
        ({"credit_code": CODE}, {"credit_code": CODE}, "key:credit_code"),
        ({"customer_number": "C1"}, {"customer_number": "C1"}, "key:customer_number"),
        (named("华联", mobile="13800000001"), named("华联", mobile="13800000001"), "key:mobile_and_name"),
        (named("华联商贸", email="a@b.cn"), named("华联商茂", email="a@b.cn"), "key:email_and_name"),
        (
            named("张伟", kind="person", mobile="13800000001"),
            named("张炜", kind="person", mobile="13800000001"),
            "key:mobile_and_person",
        ),
    ],
)
def test_an_exact_key_joins_without_any_model(left, right, rule):
    assert decision(match(left, right)) == ("join", rule)


def test_the_customer_number_of_another_kind_of_source_proves_nothing():
    found = match(
        {"customer_number": "C1", "source": "erp/2024"}, {"customer_number": "C1", "source": "shop/2024"}
    )
    assert decision(found) is None
    found = match(
        {"customer_number": "C1", "source": "erp/2024"}, {"customer_number": "C1", "source": "erp/2025"}
    )
    assert decision(found) == ("join", "key:customer_number")


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ({"email": "sales1@example.com"}, {"email": "sales41@example.com"}),
        ({"email": "100200300@qq.example"}, {"email": "100200301@qq.example"}),
        ({"email": "wang@a.example"}, {"email": "wangg@a.example"}),
    ],
)
def test_companies_with_different_names_are_not_joined_by_a_contact_a_street_and_a_similar_address(
    left, right
):
    street = {"person": "王伟", "city": "杭州市", "district": "西湖区", "province": "浙江省"}
    one = named("远山机械", mobile="13800000001", address="浙江省杭州市西湖区文三路12号", **street, **left)
    other = named("碧水食品", mobile="13900000002", address="浙江省杭州市西湖区文三路18号", **street, **right)
    found = match(one, other)
    assert decision(found) is None or decision(found)[0] != "join"
    assert not together(found, 0, 1)


def test_two_people_of_one_household_are_not_joined_by_their_mobile():
    found = match(
        named("王小明", kind="person", mobile="13800000001"),
        named("王小红", kind="person", mobile="13800000001"),
    )
    assert decision(found) == ("review", "model")


SAME = named("杭州华联商贸", region="杭州", mobile="13800000001", email="a@b.cn", person="王伟")


@pytest.mark.parametrize(
    ("left", "right", "veto"),
    [
        ({"credit_code": CODE}, {"credit_code": OTHER_CODE}, "credit_codes_differ"),
        ({"branch": "上海分公司"}, {}, "branch"),
        ({"branch": "第一分公司"}, {"branch": "第二分公司"}, "branch"),
        ({"numerals": "1"}, {"numerals": "2"}, "numerals_differ"),
        ({"kind": "person"}, {"kind": "company"}, "kinds_differ"),
        ({"city": "杭州市", "mobile": ""}, {"city": "宁波市"}, "cities_differ"),
        ({"region": "杭州"}, {"region": "上海"}, "places_in_names_differ"),
        ({"region_code": "3301"}, {"region_code": "3101"}, "places_in_names_differ"),
    ],
)
def test_a_veto_leaves_at_most_a_review_however_much_agrees(left, right, veto):
    found = match({**SAME, **left}, {**SAME, **right})
    assert decision(found) == ("review", f"veto:{veto}")
    assert not together(found, 0, 1)


def test_two_valid_credit_codes_settle_it_unless_an_exact_key_calls_them_the_same():
    neighbours = named(
        "青石县云岭供销社东街门市部", region="青石县", city="杭州市", address="小桥头1号", credit_code=CODE
    )
    other = named(
        "青石县云岭供销社西街门市部",
        region="青石县",
        city="杭州市",
        address="小桥头1号",
        credit_code=OTHER_CODE,
    )
    for far in (other, {**other, "mobile": "13800000001"}):
        found = match({**neighbours, "mobile": "13800000001"}, far)
        assert found.pairs.filter(pl.col("decision") != "apart").is_empty()
    same_name = match({**SAME, "credit_code": CODE}, {**SAME, "credit_code": OTHER_CODE})
    assert decision(same_name) == ("review", "veto:credit_codes_differ")


def test_a_province_and_its_city_in_the_name_do_not_contradict_each_other():
    found = match({**SAME, "region": "浙江", "region_code": "33"}, {**SAME, "region_code": "3301"})
    assert together(found, 0, 1)


def test_a_customer_that_moved_to_another_city_is_still_found_by_its_mobile():
    assert together(match({**SAME, "city": "杭州市"}, {**SAME, "city": "宁波市"}), 0, 1)


def test_a_third_record_does_not_bridge_two_credit_codes():
    found = match({**SAME, "credit_code": CODE}, SAME, {**SAME, "credit_code": OTHER_CODE})
    assert not together(found, 0, 2)
    refused = found.pairs.filter(pl.col("rule") == "refused:credit_codes_differ")
    assert len(refused) == 1
    assert refused["decision"][0] == "review"
    assert found.summary["refused_unions"] == {"credit_codes_differ": 1}


def test_a_steward_joins_what_a_veto_would_keep_apart():
    found = match(
        {**SAME, "credit_code": CODE}, {**SAME, "credit_code": OTHER_CODE}, decisions=[(0, 1, True)]
    )
    assert decision(found) == ("join", "steward")


def test_what_a_steward_looked_past_holds_for_the_whole_group():
    found = match(
        {**SAME, "credit_code": CODE},
        {**SAME, "credit_code": OTHER_CODE},
        {"credit_code": CODE},
        decisions=[(0, 1, True)],
    )
    assert together(found, 0, 1, 2)


def test_a_steward_keeps_apart_what_a_key_would_join_also_through_others():
    found = match(SAME, SAME, SAME, decisions=[(0, 1, False)])
    assert decision(found) == ("apart", "steward")
    assert not together(found, 0, 1)
    assert together(found, 0, 2) != together(found, 1, 2)


def test_records_a_steward_joined_need_not_share_any_block():
    assert decision(match({"name": "甲"}, {"name": "乙"}, decisions=[(0, 1, True)])) == ("join", "steward")


def test_the_last_word_of_a_steward_counts():
    assert not together(match(SAME, SAME, decisions=[(0, 1, True), (1, 0, False)]), 0, 1)


def test_contradicting_words_of_a_steward_keep_records_apart_and_become_a_review():
    found = match(SAME, SAME, SAME, decisions=[(0, 1, True), (1, 2, True), (0, 2, False)])
    assert not together(found, 0, 2)
    assert ("review", "refused:steward") in {decision(found, 0, 1), decision(found, 1, 2)}


def test_decisions_about_unknown_records_are_counted_not_lost():
    assert match(SAME, SAME, decisions=[(0, 99, True)]).summary["unknown_decisions"] == 1


def test_two_existing_customers_are_neither_compared_nor_bridged():
    rows = pl.DataFrame(
        [{"id": number, "source": "s", **SAME, "existing": number < 2} for number in range(3)]
    )
    found = find_matches(rows)
    assert found.pairs.select("left", "right").rows() == [(0, 2), (1, 2)]
    assert not together(found, 0, 1)
    assert found.summary["refused_unions"] == {"both_exist_already": 1}


def test_records_of_a_source_without_duplicates_are_never_joined():
    rows = pl.DataFrame([{"id": number, "source": "ledger", **SAME} for number in range(2)])
    clean = replace(CUSTOMERS, sources_without_duplicates=frozenset({"ledger"}))
    assert decision(find_matches(rows, settings=clean)) == ("review", "veto:source_without_duplicates")
    assert decision(find_matches(rows)) == ("join", "key:mobile_and_name")


def test_no_rows_give_no_groups():
    found = find_matches(pl.DataFrame(schema={"id": pl.Int64, "source": pl.String}))
    assert found.groups.is_empty()
    assert found.pairs.is_empty()


@pytest.mark.parametrize("ids", [[1, 1], [1, None], ["a", "b"]])
def test_rows_without_proper_ids_are_refused(ids):
    with pytest.raises(Invalid, match="id"):
        find_matches(pl.DataFrame({"id": ids, "name": ["甲", "乙"]}, strict=False))


def unknown_or(*values: str) -> st.SearchStrategy:
    return st.sampled_from((None, *values))


ROWS = st.lists(
    st.fixed_dictionaries(
        {
            "name_core": unknown_or("华联", "杭州华联", "华润"),
            "region": unknown_or("杭州", "上海"),
            "mobile": unknown_or("13800000001", "13800000002"),
            "email": unknown_or("a@b.cn"),
            "credit_code": unknown_or(CODE, OTHER_CODE),
            "branch": unknown_or("一店"),
            "city": unknown_or("杭州市", "上海市"),
            "kind": unknown_or("company", "person"),
        }
    ),
    min_size=2,
    max_size=9,
)


def frame_of(rows: list[dict]) -> pl.DataFrame:
    return pl.DataFrame(
        [
            {"id": 10 * number, "source": "s", "name": row["name_core"], **row}
            for number, row in enumerate(rows)
        ],
        infer_schema_length=None,
    ).with_columns(pl.col(pl.Null).cast(pl.String))


def contradict(one: dict, other: dict) -> bool:
    """Say in plain words what no group may hold."""

    def differ(field: str) -> bool:
        return one[field] is not None and other[field] is not None and one[field] != other[field]

    def same(field: str) -> bool:
        return one[field] is not None and one[field] == other[field]

    return (
        differ("credit_code")
        or one["branch"] != other["branch"]
        or differ("kind")
        or (differ("city") and not same("credit_code") and not same("mobile"))
        or (differ("region") and not same("credit_code"))
    )


@settings(max_examples=60)
@given(ROWS)
def test_no_group_ever_holds_two_records_that_a_veto_keeps_apart(rows):
    groups = find_matches(frame_of(rows)).groups
    for (one_id, one_group), (other_id, other_group) in combinations(groups.rows(), 2):
        if one_group == other_group:
            assert not contradict(rows[one_id // 10], rows[other_id // 10])


@settings(max_examples=40)
@given(ROWS)
def test_a_pair_is_joined_exactly_when_its_records_are_in_one_group(rows):
    found = find_matches(frame_of(rows))
    group_of = dict(found.groups.rows())
    for left, right, decided in found.pairs.select("left", "right", "decision").rows():
        assert (decided == "join") == (group_of[left] == group_of[right])
        assert left < right


@settings(max_examples=40)
@given(ROWS, st.randoms(use_true_random=False))
def test_the_order_of_the_rows_changes_nothing(rows, random):
    frame = frame_of(rows)
    places = list(range(len(rows)))
    random.shuffle(places)
    first, second = find_matches(frame), find_matches(frame[places])
    assert first.groups.equals(second.groups)
    assert first.pairs.equals(second.pairs)


@settings(max_examples=40)
@given(ROWS, st.lists(st.tuples(st.integers(0, 8), st.integers(0, 8), st.booleans()), max_size=3))
def test_records_nobody_disputes_are_grouped_as_if_joined_pair_by_pair(rows, said):
    decisions = pl.DataFrame(
        [(10 * one, 10 * other, same) for one, other, same in said],
        schema={"left": pl.Int64, "right": pl.Int64, "same": pl.Boolean},
        orient="row",
    )
    at_once = find_matches(frame_of(rows), decisions=decisions)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(grouping, "_calm", lambda clusters, *_: pl.repeat(False, len(clusters), eager=True))
        one_by_one = find_matches(frame_of(rows), decisions=decisions)
    assert at_once.groups.equals(one_by_one.groups)
    assert at_once.pairs.equals(one_by_one.pairs)
