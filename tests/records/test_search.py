"""Laws of finding: by fragments, sounds, initials and digits; never by what may not be read."""

import subprocess
import sys
from dataclasses import replace
from itertools import accumulate

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from guanxi.metadata.labels import Label
from guanxi.metadata.objects import Field, ObjectType
from guanxi.records import bulk, reading, search, tokens, writing
from guanxi.records.reading import Asked
from guanxi.store import queries
from tests.records.people import ALL, actor_with

FOUND = (
    *(
        "云帆",
        "云",
        "云帆机械有限公司",
        "机械 云帆",
        "公司",
        "yunfan",
        "yunfanjixie",
        "fanji",
        "yun",
        "yu",
        "fan",
    ),
    *("yfjx", "yf", "hzyf", "fjx", "13800138000", "138 0013 8000", "1380", "8000", "0571-8888", "88888888"),
    *(
        "zhangsan",
        "zs",
        "张三",
        "张",
        "zh",
        "acme",
        "cme",
        "ac",
        "ACME",
        "云帆 138",
        "yunfan zs 8000",
        "ｙｕｎｆａｎ",
        "a",
        "1",
    ),
    *("文三路", "C2024", "0521", "限", "限公司", "yxgs", "youxian", "gongsi", "jxyx", "xieyou"),
)
NOT_FOUND = ("帆云", "云机", "1399", "hualian", "云帆 1399", "jxyf", "xyz", "%", "_", "云_", "张五")


@pytest.fixture
def customer(store, steward):
    with store.transaction("test") as tx:
        return writing.create(
            tx,
            steward,
            "customer",
            {
                "name": "杭州云帆机械有限公司",
                "also_called": "Acme",
                "number": "C202405210001",
                "contact_name": "张三",
                "mobile": "13800138000",
                "phone": "0571-88888888",
                "address": "浙江省-杭州市-西湖区-文三路1号",
            },
        )


def find(store, actor, words):
    with store.transaction("test") as tx:
        return [each.id for each in reading.find(tx, actor, Asked(object="customer", words=words)).records]


def test_a_customer_is_found_by_every_way_people_ask(store, steward, customer):
    assert [typed for typed in FOUND if find(store, steward, typed) != [customer]] == []


def test_what_is_not_there_is_not_found(store, steward, customer):
    assert [typed for typed in NOT_FOUND if find(store, steward, typed)] == []


@pytest.mark.parametrize("right", ["hidden", "masked"])
def test_nobody_finds_a_record_by_a_text_that_is_hidden_or_masked(
    store, steward, administrator, customer, right
):
    fields = {"customer.mobile": right, "customer.contact_name": right}
    clerk = actor_with(store, administrator, steward, {"*": ALL}, fields)
    for typed in ("13800138000", "138", "张三", "zhangsan", "zs", "云帆 138"):
        assert find(store, clerk, typed) == []
        with store.transaction("test") as tx:
            assert not reading.search_everywhere(tx, clerk, typed)
    assert find(store, clerk, "云帆 8888") == [customer]


def test_what_is_older_than_the_newest_records_is_found_as_well(store, steward, customer, monkeypatch):
    monkeypatch.setattr(queries, "NEWEST", 1)
    with store.transaction("test") as tx:
        columns = {"name": [f"苏州星海{nth}厂" for nth in range(5)] + ["重庆云帆"], "kind": ["企业客户"] * 6}
        ids = bulk.save(tx, steward, "customer", columns).ids
    assert find(store, steward, "云帆") == [ids[-1], customer]
    assert find(store, steward, "星海") == list(ids[-2::-1])
    with store.transaction("test") as tx:
        for words, wanted in (("云帆", [ids[-1], customer]), ("xinghai", [*ids[-2::-1]][:2])):
            assert [each.id for each in reading.search_everywhere(tx, steward, words, limit=2)] == wanted
        page = reading.find(tx, steward, Asked(object="customer", words="星海", limit=2))
        behind = reading.find(tx, steward, Asked(object="customer", words="星海", limit=9, after=page.next))
    assert [each.id for each in (*page.records, *behind.records)] == list(ids[-2::-1])


def test_signs_that_json_writes_in_another_way_are_found(store, steward):
    with store.transaction("test") as tx:
        for name in ('苏州"星海"厂', "苏州\\星海", "苏州\x01星海"):
            one = writing.create(tx, steward, "customer", {"name": "某厂", "former_number": name})
            fragment = name[2:]
            found = reading.find(tx, steward, Asked(object="customer", words=fragment)).records
            assert [each.id for each in found] == [one], fragment


def test_a_changed_text_is_found_at_once_and_the_old_one_no_more(store, steward, customer):
    with store.transaction("test") as tx:
        writing.update(tx, steward, "customer", customer, {"name": "苏州星海"})
    assert find(store, steward, "xinghai") == [customer]
    assert find(store, steward, "云帆") == []


TEXT = Field(name="text", type="text", label=Label(en="Text"), searchable=True)
NOTES = replace(TEXT, name="notes", type="long_text")
NOTE = ObjectType(
    name="note",
    label=Label(en="Note"),
    plural=Label(en="Notes"),
    title="text",
    fields={"text": TEXT, "notes": NOTES},
)


def index(text):
    """Return the haystack and the tokens of a text."""
    entry = search.entry(NOTE, 1, {"text": text})
    return entry.haystack.get("text", ""), entry.tokens


HAN = st.builds(
    str.__add__,
    st.text(st.sampled_from("云帆机械有限公司重庆行长鹤𠮷"), min_size=2, max_size=8),
    st.sampled_from(["", "有限公司"]),
)
LATIN = st.text(st.sampled_from("abcXYZé"), min_size=1, max_size=8)
DIGITS = st.text(st.sampled_from("0123456789"), min_size=1, max_size=8)


@given(parts=st.lists(st.one_of(HAN, LATIN, DIGITS), min_size=1, max_size=4), data=st.data())
def test_the_index_never_hides_what_the_haystack_holds(parts, data):
    text = data.draw(st.sampled_from([" ", "", "（"])).join(parts)
    haystack, tokens = index(text)
    folded = search.fold(text)
    start = data.draw(st.integers(0, len(folded) - 1))
    typed = folded[start : start + data.draw(st.integers(1, 6))]
    wanted = search.words(typed)
    assume(wanted is not None)
    assert all(fragment in haystack for fragment in wanted.fragments)
    assert all(any(set(way) <= set(tokens) for way in run) for run in wanted.runs)


@given(run=HAN, data=st.data())
def test_the_sound_is_found_from_where_any_syllable_begins_however_far_it_is_typed(run, data):
    haystack, tokens = index(run)
    syllables = [index(character)[0].split("\n")[1] for character in run]
    spelt = "".join(syllables[data.draw(st.integers(0, len(run) - 1)) :])
    typed = spelt[: data.draw(st.integers(2, max(2, len(spelt))))]
    wanted = search.words(typed)
    assert wanted is not None
    assert wanted.fragments[0] in haystack
    assert all(any(set(way) <= set(tokens) for way in each) for each in wanted.runs)


@given(st.text())
def test_any_text_can_be_indexed_and_asked_for(text):
    _, tokens = index(text)
    assert all(-(2**31) <= token < 2**31 for token in tokens)
    search.words(text)


@given(
    rows=st.lists(
        st.tuples(st.one_of(st.none(), HAN, st.text()), st.one_of(st.none(), HAN, st.text())), max_size=5
    )
)
def test_many_records_are_found_by_what_each_alone_is_found_by(rows):
    columns = dict(zip(("text", "notes"), zip(*rows, strict=True), strict=True)) if rows else {}
    many = search.entries(NOTE, range(len(rows)), columns)
    ends = list(accumulate(many.counts, initial=0))
    for at, row in enumerate(rows):
        alone = search.entry(NOTE, at, dict(zip(columns, row, strict=True)))
        assert {name: held[at] for name, held in many.haystacks.items() if held[at]} == alone.haystack
        assert many.tokens[ends[at] : ends[at + 1]].tolist() == alone.tokens


def test_initials_that_reach_into_the_ending_are_known_before_any_name_was_met():
    asked = (
        "from guanxi.records import tokens; name = '禾机械有限公司'; "
        "found, _ = tokens.read(name + chr(10), spelt=len(name) + 1, rows=1, also=7); "
        "assert tokens.number_of_initials('jxy') in found and tokens.number_of_initials('xyx') in found"
    )
    done = subprocess.run([sys.executable, "-c", asked], check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


@given(run=HAN)
def test_places_and_notes_are_found_by_two_characters_and_not_by_their_sound(run):
    notes = search.entry(NOTE, 1, {"notes": run})
    assert notes.haystack == {"notes": run}
    asked = search.words(run[:2]).runs
    assert all(any(set(way) <= set(notes.tokens) for way in each) for each in asked)
    assert not {tokens.number_of_sound(each) for each in run} & set(notes.tokens)


def test_the_index_knows_a_rare_character_from_others_of_its_sound():
    asked = set(search.words("鹤").runs[0][0])
    assert asked <= set(index("云鹤")[1])
    assert not asked <= set(index("云合")[1])


@given(start=st.integers(0, 0x10FFFF))
def test_every_sign_there_is_can_be_indexed(start):
    signs = "".join(map(chr, range(start, min(start + 200, 0x110000))))
    found = search.entry(NOTE, 1, {"text": signs, "notes": signs})
    assert len(found.tokens) == len(set(found.tokens))
