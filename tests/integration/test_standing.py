"""What a person wrote stays, what sources said is decided anew, and known rows stay with their record."""

import json

import polars as pl

from guanxi.integration.recall import NOTHING_UNREAD, Unread
from guanxi.integration.standing import (
    FORMER,
    KNOWN_BEFORE,
    SOURCED,
    about_ours,
    not_yet_done,
    stay,
    what_competes,
    with_former_origins,
    with_unread,
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


def heard(*rows: dict, forgotten=()) -> Unread:
    """Return rows of record 7 that the run did not read: source c, table t, row 4 of run 3, and what each says."""
    place = {"id": 1, "run": 3, "source": "c", "table": "t", "row": 4, "existing": False, "record": "7"}
    frame = pl.DataFrame([{**place, **each} for each in rows]) if rows else NOTHING_UNREAD.rows
    return Unread(rows=frame, forgotten=frozenset(forgotten))


def at_hand(origins: dict, *, record: str = "7", **ours: str) -> pl.DataFrame:
    """Return a row of source b (id 2) and our record (id 9), which has these *origins*."""
    place = {"run": 4, "table": "t", "row": 1}
    rows = [
        {"id": 2, "source": "b", "key": "k", "existing": False, **place},
        {
            "id": 9,
            "source": "guanxi",
            "key": record,
            "existing": True,
            **place,
            **ours,
            **about_ours(origins),
        },
    ]
    return pl.DataFrame(rows, schema_overrides={SOURCED: pl.List(pl.String), FORMER: pl.String})


def test_a_row_that_was_not_read_speaks_beside_the_others_where_its_record_is():
    everyone, groups = with_unread(at_hand({}, name="甲"), GROUPS, heard({"name": "甲乙公司"}))
    assert everyone.select("id", "run", "source", "row", "name", "existing").row(2) == (
        10,
        3,
        "c",
        4,
        "甲乙公司",
        False,
    )
    assert groups.rows()[-1] == (10, 1)


def test_a_row_whose_record_no_row_of_this_run_speaks_of_is_silent():
    given = at_hand({}, record="8", name="甲")
    everyone, groups = with_unread(given, GROUPS, heard({"name": "甲乙公司"}))
    assert everyone.equals(given)
    assert groups.equals(GROUPS)


def test_a_column_that_has_another_type_by_now_is_left_out_and_one_that_only_unread_rows_have_is_kept():
    everyone, _ = with_unread(at_hand({}, name="甲"), GROUPS, heard({"name": 5, "tags": ["x"]}))
    assert everyone["name"].to_list() == [None, "甲", None]
    assert everyone["tags"].to_list() == [None, None, ["x"]]


def test_what_a_forgotten_source_said_stays_like_a_person_s_word():
    origins = {"name": {"source": "c"}, "phone": {"source": "b"}}
    everyone, _ = with_unread(at_hand(origins, name="甲"), GROUPS, heard(forgotten=["c"]))
    assert everyone[SOURCED].to_list() == [[], ["phone"]]


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
