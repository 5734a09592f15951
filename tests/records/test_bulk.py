"""Laws of many records at once: the same as one by one, in rows, journal, search entries and problems."""

from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from guanxi.kernel.errors import Invalid, NotAllowed, Refused
from guanxi.records import bulk, reading, writing
from guanxi.records.reading import Asked
from guanxi.store import journal, rows

TEXTS = st.sampled_from(
    [
        "云帆机械有限公司",
        "O'Brien; DROP TABLE crm.customer; --",
        'a"b\\c\td',
        "two\nlines\r\n",
        "𠮷野家🍣",
        "",
        "  ",
        "NULL",
        r"\N",
        "{a,b}",
        "a\x00b",
        "——",
        "x" * 256,
        None,
        7,
        True,
    ]
)
CELLS = {
    "name": TEXTS,
    "also_called": TEXTS,
    "mobile": st.sampled_from(["13800138000", "138-0013-8000", "123", 13900139000.0, None]),
    "phone": st.sampled_from(["0571-88888888", "10086", "call me", None]),
    "total_amount": st.sampled_from(["1.2万元", "1.50", 1.5, "free", None, {"amount": 3, "currency": "USD"}]),
    "cooperation_years": st.sampled_from(["3", "3.04", 101, -1, None]),
    "kind": st.sampled_from(["company", "个人客户", "alien", None]),
    "tags": st.sampled_from(["甲, 乙", ["a", 'b"c', "d\\e"], "x" * 61, None]),
    "address": st.sampled_from(["浙江省-杭州市-西湖区-文三路1号", "somewhere", {"street": 1}, None]),
    "known_since": st.sampled_from(["2024/5/21", "2024-02-30", 20240521, None]),
    "number": st.sampled_from([None, None, "C202405210001", "C202405210002", "K1"]),
    "owner": st.sampled_from([None, 1, 999_999]),
    "nonsense": st.sampled_from(["x", None]),
    "created_at": st.sampled_from(["2024-05-21", None]),
}
NOW = datetime.now(UTC)
COLUMNS = st.lists(st.sampled_from(sorted(CELLS)), unique=True, min_size=1, max_size=7).map(
    lambda names: sorted({"name", *names})
)
USUAL = {
    "max_examples": 30,
    "deadline": None,
    "suppress_health_check": [HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
}


@st.composite
def batches(draw):
    names = draw(COLUMNS)
    # Columns that are wrong for every row would leave little to compare.
    names = [name for name in names if name not in ("nonsense", "created_at") or draw(st.integers(0, 4)) == 0]
    count = draw(st.integers(1, 6))
    return {name: draw(st.lists(CELLS[name], min_size=count, max_size=count)) for name in names}


@contextmanager
def taken_back(store, door="test"):
    """Yield a transaction that leaves nothing behind; all are of one moment, as numbers carry the day."""
    with store.transaction(door) as tx:
        yield replace(tx, now=NOW)
        tx.connection.get_transaction().rollback()


def outcome(tx, ids, object_name="customer"):
    """Return what was written for each of *ids* (None: refused), without the ids themselves."""
    found = []
    stored = rows.fetch(tx, tx.catalog.object(object_name), [each for each in ids if each])
    for each in ids:
        if each is None:
            found.append(None)
            continue
        record = stored[each]
        entry = tx.connection.exec_driver_sql(
            f"SELECT haystack, (SELECT array_agg(t ORDER BY t) FROM unnest(tokens) t) FROM guanxi.search_entry "
            f"WHERE record_id = {each}"
        ).one()
        lines = [
            (line.change.action, line.change.version, line.change.before, line.change.after, line.actor_id)
            for line in journal.of_record(tx, each)
        ]
        found.append((record.version, record.owner_id, record.columns, lines, tuple(entry)))
    return found


def told(problems):
    """Return problems so that two runs can be compared: the ids of new records differ."""
    return sorted((each.field or "", each.message.template) for each in problems)


def one_by_one(tx, actor, given, ids):
    saved, refused = [], {}
    for place, record_id in enumerate(ids):
        row = {name: column[place] for name, column in given.items()}
        try:
            if record_id is None:
                saved.append(writing.create(tx, actor, "customer", row))
            else:
                saved.append(writing.update(tx, actor, "customer", record_id, row))
        except Invalid as error:
            saved.append(None)
            refused[place] = told(error.problems)
    return saved, refused


@settings(**USUAL)
@given(batch=batches())
def test_new_records_are_the_same_in_bulk_as_one_by_one(store, steward, batch):
    count = len(batch["name"])
    with taken_back(store) as tx:
        ids, refused = one_by_one(tx, steward, batch, [None] * count)
        single = outcome(tx, ids)
    with taken_back(store) as tx:
        receipt = bulk.save(tx, steward, "customer", batch)
        many = outcome(tx, receipt.ids)
    assert {place: told(each) for place, each in receipt.refused.items()} == refused
    assert many == single
    assert receipt.created == count - len(refused)


@settings(**USUAL)
@given(batch=batches(), chosen=st.lists(st.integers(0, 2), min_size=6, max_size=6))
def test_changed_records_are_the_same_in_bulk_as_one_by_one(store, steward, batch, chosen):
    count = len(batch["name"])
    # A record that stands there twice is changed in a second round: who takes a number first may differ.
    assume("number" not in batch or len(set(chosen[:count])) == count)

    def prepared(tx):
        start = [
            {"name": "甲公司", "total_amount": "1.5", "tags": "甲", "kind": "company"},
            {"name": "云帆机械有限公司", "mobile": "13800138000", "known_since": "2024-05-21"},
            {"name": "丙", "number": "C202405210009", "address": "浙江省-杭州市-西湖区-文三路1号"},
        ]
        made = [writing.create(tx, steward, "customer", each) for each in start]
        return [made[each] for each in chosen[:count]]

    with taken_back(store) as tx:
        ids = prepared(tx)
        saved, refused = one_by_one(tx, steward, batch, ids)
        single = outcome(tx, ids)
    with taken_back(store) as tx:
        ids = prepared(tx)
        receipt = bulk.save(tx, steward, "customer", batch, ids=ids)
        many = outcome(tx, ids)
    assert {place: told(each) for place, each in receipt.refused.items()} == refused
    assert many == single
    assert [each is None for each in receipt.ids] == [each is None for each in saved]


def test_new_and_known_rows_may_stand_in_one_batch(store, steward):
    with store.transaction("test") as tx:
        known = writing.create(tx, steward, "customer", {"name": "甲"})
        number = reading.get(tx, steward, "customer", known).values["number"]
        receipt = bulk.save(tx, steward, "customer", {"name": ["乙", "丙"]}, ids=[known, None])
        assert (receipt.created, receipt.updated) == (1, 1)
        values = reading.get(tx, steward, "customer", known).values
    assert (values["name"], values["number"]) == ("乙", number)


def test_a_default_reaches_new_rows_and_leaves_known_ones_alone(store, steward):
    with store.transaction("test") as tx:
        customer = writing.create(tx, steward, "customer", {"name": "甲"})
        call = {"subject": "电话", "customer": customer, "kind": "call"}
        known = writing.create(tx, steward, "activity", call)
        given = {"subject": ["一", "二"], "customer": [customer] * 2}
        receipt = bulk.save(tx, steward, "activity", given, ids=[known, None])
        kinds = [reading.get(tx, steward, "activity", each).values["kind"] for each in receipt.ids]
    assert kinds == ["call", "note"]


def test_rows_that_change_nothing_write_nothing(store, steward):
    given = {"name": ["甲", "乙"], "total_amount": ["1.50", "2"], "tags": ["a,b", None]}
    with store.transaction("test") as tx:
        ids = bulk.save(tx, steward, "customer", given).ids
    same = {"name": ["甲", "乙"], "total_amount": ["1.5", 2.0], "tags": ["a,b", None]}
    with store.transaction("test") as tx:
        receipt = bulk.save(tx, steward, "customer", same, ids=ids, origins=[{"name": {"row": 1}}] * 2)
        assert (receipt.updated, receipt.unchanged) == (0, 2)
        assert [reading.get(tx, steward, "customer", each).version for each in ids] == [1, 1]
        assert all(len(journal.of_record(tx, each)) == 1 for each in ids)


def test_a_later_row_of_the_same_record_changes_what_an_earlier_one_left(store, steward):
    with store.transaction("test") as tx:
        known = writing.create(tx, steward, "customer", {"name": "甲"})
        given = {"name": ["乙", "丙"], "level": ["A", "B"]}
        receipt = bulk.save(tx, steward, "customer", given, ids=[known, known])
        values = reading.get(tx, steward, "customer", known).values
        assert receipt.updated == 2
        assert len(journal.of_record(tx, known)) == 3
    assert (values["name"], values["level"]) == ("丙", "B")


def test_a_refused_row_stops_no_other(store, steward):
    given = {"name": ["甲", None, "丙"], "mobile": ["13800138000", "12", "12"]}
    with store.transaction("test") as tx:
        receipt = bulk.save(tx, steward, "customer", given)
        count = reading.count(tx, steward, Asked(object="customer")).number
    assert [each is None for each in receipt.ids] == [False, True, True]
    assert [each.field for each in receipt.refused[1]] == ["mobile", "name"]
    assert (receipt.created, count) == (1, 1)


@pytest.mark.parametrize("missing", [999_999, "deleted"])
def test_rows_of_records_that_are_not_there_are_refused(store, steward, missing):
    with store.transaction("test") as tx:
        if missing == "deleted":
            missing = writing.create(tx, steward, "customer", {"name": "甲"})
            writing.delete(tx, steward, "customer", [missing])
        receipt = bulk.save(tx, steward, "customer", {"name": ["乙"]}, ids=[missing])
    assert list(receipt.refused) == [0]
    assert (receipt.updated, receipt.unchanged) == (0, 0)


def test_numbers_the_batch_brings_are_not_given_out_in_it(store, steward):
    with store.transaction("test") as tx:
        first = writing.create(tx, steward, "customer", {"name": "甲"})
        number = reading.get(tx, steward, "customer", first).values["number"]
        brought = number[:-1] + str(int(number[-1]) + 1)
        receipt = bulk.save(tx, steward, "customer", {"name": ["乙", "丙"], "number": [brought, None]})
        drawn = reading.get(tx, steward, "customer", receipt.ids[1]).values["number"]
    assert drawn not in (number, brought)


def test_who_may_neither_create_nor_change_is_refused_whole(store, reader):
    with store.transaction("test") as tx, pytest.raises(NotAllowed):
        bulk.save(tx, reader, "customer", {"name": ["甲"]})


def test_links_to_many_records_are_saved_and_judged_in_bulk_too(store, steward):
    with store.transaction("test") as tx:
        given = {"name": ["一", "二"], "sources": [None, [999_999]]}
        receipt = bulk.save(tx, steward, "run", given)
    assert receipt.created == 1
    assert [each.field for each in receipt.refused[1]] == ["sources"]


def test_an_empty_batch_is_no_error(store, steward):
    with store.transaction("test") as tx:
        assert bulk.save(tx, steward, "customer", {"name": []}).ids == ()


def test_a_very_long_text_and_every_plane_of_unicode_survive(store, steward):
    text = "注" * 50_000 + "\U0001f9ff\U00020bb7\t\\\n末"
    with store.transaction("test") as tx:
        receipt = bulk.save(tx, steward, "customer", {"name": ["甲"], "description": [text]})
        assert reading.get(tx, steward, "customer", receipt.ids[0]).values["description"] == text.strip()


def test_problems_are_refusals_not_crashes_whatever_is_given(store, steward):
    given = {"name": ["a\x00b", "\ud800", object()]}
    with store.transaction("test") as tx:
        receipt = bulk.save(tx, steward, "customer", given)
        with pytest.raises(Refused):
            writing.create(tx, steward, "customer", {"name": "a\x00b"})
    assert sorted(receipt.refused) == [0, 1, 2]


def test_tables_of_parts_that_only_look_equal_are_read_apart(store, steward):
    amounts = [{"amount": each} for each in (1, True, "1", 1, True)]
    with store.transaction("test") as tx:
        receipt = bulk.save(
            tx,
            steward,
            "customer",
            {"name": list("甲乙丙丁戊"), "kind": ["company"] * 5, "total_amount": amounts},
        )
    assert sorted(receipt.refused) == [1, 4]
    assert [each.field for each in receipt.refused[4]] == ["total_amount"]
