"""Laws of sentences: the template stays, values go in where they are named, lists are read as lists."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guanxi.kernel.text import Message, by_number, fill, say


@given(st.text())
def test_a_value_stands_in_the_sentence_as_it_is(value):
    assert str(say("before {value} after", value=value)) == f"before {value} after"


@pytest.mark.parametrize("kind", [list, tuple])
def test_a_list_of_names_is_joined_by_commas(kind):
    assert str(say("known: {names}", names=kind(["a", 1]))) == "known: a, 1"


def test_a_number_may_be_written_in_a_manner():
    assert fill("{rows:,} rows", {"rows": 12345}) == "12,345 rows"


def test_two_equal_sentences_are_equal():
    assert say("{n} rows", n=1) == say("{n} rows", n=1)
    assert say("{n} rows", n=1) != say("{n} rows", n=2)


def test_the_values_of_a_sentence_do_not_change():
    with pytest.raises(TypeError):
        say("{n} rows", n=1).values["n"] = 2


def test_a_value_may_have_any_name_even_the_one_of_the_template():
    assert str(say("{template} {self}", template="a", self="b")) == "a b"


def test_a_forgotten_value_is_an_error_of_the_writer():
    with pytest.raises(KeyError):
        str(Message("{n} rows"))


def test_one_thing_is_told_in_other_words_than_several():
    told = [str(by_number(count, say("1 row"), say("{n} rows", n=count))) for count in (0, 1, 2)]
    assert told == ["0 rows", "1 row", "2 rows"]
