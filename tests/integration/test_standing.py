"""What a person wrote stays, what sources said is decided anew, and known rows stay with their record."""

import json

import polars as pl

from guanxi.integration.standing import (
    FORMER,
    KNOWN_BEFORE,
    SOURCED,
    about_ours,
    not_yet_done,
    stay,
    what_competes,
    with_absent,
    with_absent_pieces,
    with_former_origins,
)

GROUPS = pl.DataFrame({"id": [1, 2, 9], "group": [1, 1, 1]})


def records(ours: str | None, *theirs: str | None) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "id": [1, 2, 9],
            "source": ["a", "b", "guanxi"],
            "table": "t",
            "row": [1, 1, 9],
            "name": [*theirs, ours],
        }
    )


def everyone(*sourced: str) -> pl.DataFrame:
    return pl.DataFrame(
        {"id": [1, 2, 9], "existing": [False, False, True], SOURCED: [None, None, list(sourced)]},
        schema_overrides={SOURCED: pl.List(pl.String)},
    )


def competing(ours, *theirs, sourced=()):
    return what_competes(records(ours, *theirs), GROUPS, everyone(*sourced))["name"].to_list()


def test_a_value_from_a_source_gives_way_to_what_sources_say_now():
    assert competing("old", "new", None, sourced=["name"]) == ["new", None, None]


def test_a_value_no_source_says_any_more_stays():
    assert competing("old", None, None, sourced=["name"]) == [None, None, "old"]


def test_a_value_a_person_wrote_stays_whatever_sources_say():
    assert competing("mine", "new", "newer") == [None, None, "mine"]


def test_what_is_empty_here_is_filled():
    assert competing(None, "new", None) == ["new", None, None]


def test_without_records_of_ours_nothing_changes():
    strangers = everyone().with_columns(existing=pl.lit(value=False))
    given = records("x", "y", "z")
    assert what_competes(given, GROUPS, strangers).equals(given)


def test_the_origin_of_a_value_that_stood_is_told_on():
    ours = about_ours({"name": {"source": "a", "row": 1}, "phone": {"source": "b", "row": 2}})
    known = pl.DataFrame({"id": [9], FORMER: [ours[FORMER]]})
    golden = pl.DataFrame({"group": [1, 5], "origin": ['{"name":{"source":"b","row":7}}', "{}"]})
    told = with_former_origins(golden, GROUPS, known)["origin"].to_list()
    assert json.loads(told[0]) == {"name": {"source": "b", "row": 7}, "phone": {"source": "b", "row": 2}}
    assert told[1] is None


def golden(ours: dict, origins: dict, theirs: dict) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    """Return records, groups and mentions of a customer of ours (id 9) that source b (id 2) speaks of now."""
    fields = sorted({*ours, *theirs})
    rows = [
        {"id": 2, "source": "b", "table": "t", "row": 1} | {each: theirs.get(each) for each in fields},
        {"id": 9, "source": "guanxi", "table": "customer", "row": 7}
        | {each: ours.get(each) for each in fields},
    ]
    records = pl.DataFrame(rows, schema_overrides=dict.fromkeys(fields, pl.String))
    beside = pl.DataFrame(
        [{"existing": False}, {"existing": True, **about_ours(origins)}],
        schema={"existing": pl.Boolean, SOURCED: pl.List(pl.String), FORMER: pl.String},
    )
    return records, GROUPS.filter(pl.col("id") != 1), pl.concat([records, beside], how="horizontal")


def place(source: str, *others: str, rule: str = "longest") -> dict:
    beside = [{"source": each, "table": "t", "row": 4} for each in others]
    return {"source": source, "table": "t", "row": 4, "rule": rule, "others": beside or None}


def test_a_source_that_is_not_read_this_time_says_once_more_what_stands_of_it():
    given = golden(
        {"name": "甲乙公司", "phone": "1"}, {"name": place("a"), "phone": place("b")}, {"name": "甲"}
    )
    records, groups, everyone = with_absent(*given)
    competing = what_competes(records, groups, everyone).sort("id")
    told = competing.select("source", "table", "row", "name", "phone").rows()
    assert told == [
        ("b", "t", 1, "甲", None),
        ("guanxi", "customer", 7, None, "1"),
        ("a", "t", 4, "甲乙公司", None),
    ]
    assert groups.sort("id")["group"].to_list() == [1, 1, 1]


def test_a_source_that_is_read_again_is_asked_and_not_remembered():
    given = golden({"name": "甲乙公司"}, {"name": place("b")}, {"name": "甲"})
    assert all(one.equals(other) for one, other in zip(with_absent(*given), given, strict=True))


def test_what_several_made_keeps_the_pieces_of_those_who_are_silent():
    origins = {"also_called": place("b", "b", "a")}
    _, groups, everyone = golden({"also_called": "甲；乙"}, origins, {"also_called": "乙；丙"})
    made = pl.DataFrame(
        {"group": [1], "also_called": ["乙；丙"], "origin": ['{"also_called":{"source":"b","others":[]}}']}
    )
    kept = with_absent_pieces(made, groups, everyone)
    assert kept["also_called"].to_list() == ["甲；乙；丙"]
    origin = json.loads(with_former_origins(kept, groups, everyone)["origin"][0])["also_called"]
    assert [each["source"] for each in origin["others"]] == ["a"]


def test_two_of_ours_in_one_group_and_lists_of_choices_do_no_harm():
    origins = {"also_called": place("a", "a"), "tags": place("a", "a", rule="union")}
    _, groups, everyone = golden({"also_called": "甲"}, origins, {"also_called": "丙"})
    twin = everyone.filter("existing").with_columns(id=pl.lit(10, pl.Int64), also_called=pl.lit("乙"))
    everyone = pl.concat([everyone, twin]).with_columns(tags=pl.lit(None, pl.List(pl.String)))
    groups = pl.concat([groups, pl.DataFrame({"id": [10], "group": [1]})])
    made = pl.DataFrame({"group": [1], "also_called": ["丙"], "tags": [["x"]]})
    kept = with_absent_pieces(made, groups, everyone)
    assert kept.rows() == [(1, "甲；丙", ["x"])]


def test_a_sum_is_made_anew_by_those_who_speak():
    origins = {"amount": place("a", "a", "b", rule="sum")}
    given = golden({"amount": "3"}, origins, {"amount": "1"})
    assert what_competes(*with_absent(*given))["amount"].to_list() == ["1", None]
    made = pl.DataFrame({"group": [1], "amount": ["1"]})
    assert with_absent_pieces(made, *given[1:])["amount"].to_list() == ["1"]


def mentions() -> pl.DataFrame:
    return pl.DataFrame(
        {
            "id": [1, 2, 3, 8, 9],
            "source": ["a", "a", "a", "guanxi", "guanxi"],
            "key": ["k1", "k2", "k3", "70", "71"],
            "existing": [False, False, False, True, True],
        }
    )


def settled(known, decided=()):
    groups = pl.DataFrame({"id": [1, 2, 3, 8, 9], "group": [1, 1, 3, 1, 9]})
    frame = pl.DataFrame(known, schema=KNOWN_BEFORE.schema, orient="row")
    return dict(stay(groups, mentions(), frame, pl.Series(decided, dtype=pl.Int64)).iter_rows())


def test_a_row_that_became_a_record_stays_with_it_whatever_it_resembles_now():
    assert settled([("a", "k2", "71")]) == {1: 1, 2: 9, 3: 3, 8: 1, 9: 9}


def test_a_row_a_steward_decided_about_goes_where_he_put_it():
    assert settled([("a", "k2", "71")], [2]) == {1: 1, 2: 1, 3: 3, 8: 1, 9: 9}


def test_a_row_whose_record_is_gone_goes_where_matching_put_it():
    assert settled([("a", "k3", "99")]) == {1: 1, 2: 1, 3: 3, 8: 1, 9: 9}


def waiting(known, *decided):
    frame = pl.DataFrame(known, schema=KNOWN_BEFORE.schema, orient="row")
    schema = {"left": pl.Int64, "right": pl.Int64, "same": pl.Boolean}
    return set(not_yet_done(pl.DataFrame(decided, schema=schema, orient="row"), mentions(), frame))


def test_what_the_records_show_already_needs_no_doing():
    known = [("a", "k1", "70"), ("a", "k2", "71"), ("a", "k3", "71")]
    assert waiting(known, (2, 3, True), (1, 2, False), (3, 9, True)) == set()


def test_what_the_records_do_not_show_yet_waits():
    known = [("a", "k1", "70"), ("a", "k2", "71")]
    assert waiting(known, (1, 2, True)) == {1, 2}
    assert waiting(known, (2, 9, False), (1, 3, True)) == {1, 2, 3, 9}
