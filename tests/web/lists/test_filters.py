"""Laws of filters: an address brings back exactly what was written into it, and nothing else."""

from hypothesis import given
from hypothesis import strategies as st

from guanxi.web.lists.filters import (
    ALL,
    ANY,
    MOST_RULES,
    NO_FILTER,
    Group,
    Rule,
    joined,
    read_filter,
    rules_of,
    tidy,
    without,
    write_filter,
)

texts = st.text(alphabet=st.characters(codec="utf-8"), max_size=12)
names = st.text(alphabet="abcdefghijklmnopqrstuvwxyz_.", min_size=1, max_size=10)
rules = st.builds(Rule, path=names, operator=names, values=st.lists(texts, max_size=3).map(tuple))
words = st.sampled_from([ALL, ANY])
inner = st.builds(Group, word=words, members=st.lists(rules, max_size=3).map(tuple))
groups = st.builds(Group, word=words, members=st.lists(rules | inner, max_size=4).map(tuple))


@given(groups)
def test_a_filter_comes_back_from_an_address_as_it_left(group):
    assert read_filter(write_filter(group)) == (group if group.members else NO_FILTER)


@given(groups)
def test_tidying_keeps_every_rule_and_tidying_twice_changes_nothing(group):
    clean = tidy(group)
    assert list(rules_of(clean)) == list(rules_of(group))
    assert tidy(clean) == clean


@given(
    st.text(max_size=60) | st.sampled_from(["[", "{}", '["&",1]', '["?"]', '["&",["a"]]', '["&",[["&"]]]'])
)
def test_what_nobody_wrote_is_no_filter(text):
    found = read_filter(text)
    assert found is None or write_filter(found) is not None


def test_a_hostile_address_is_refused_whole():
    many = '["&"' + ',["a","is","b"]' * (MOST_RULES + 1) + "]"
    deep = '["&",' * 900 + '["a","is"]' + "]" * 900
    for text in (many, deep, '["&",["a","is",1]]', '["&",["a","is",null]]', "[" * 7000):
        assert read_filter(text) is None


@given(groups, st.data())
def test_taking_one_rule_away_leaves_all_others(group, data):
    found = list(rules_of(group))
    if not found:
        return
    place = data.draw(st.integers(0, len(found) - 1))
    assert list(rules_of(without(group, place))) == found[:place] + found[place + 1 :]


def test_narrowing_keeps_what_was_asked_and_asks_nothing_twice():
    level = Rule(path="level", operator="any_of", values=("A",))
    mine = Rule(path="owner", operator="any_of", values=("me",))
    either = Group(word=ANY, members=(level, mine))
    stage = Rule(path="stage", operator="any_of", values=("won",))
    assert joined(either, stage) == Group(members=(either, stage))
    assert joined(Group(members=(level,)), level, stage) == Group(members=(level, stage))
