"""A masked value can be recognised by who knows it, and by nobody else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guanxi.access.fields import mask


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("13800131234", "138****1234"),
        ("张三", "**"),
        ("", ""),
        ("0571-88888888", "057****8888"),
        ("abcdef", "ab****ef"),
    ],
)
def test_the_middle_is_hidden_and_a_short_text_whole(text, shown):
    assert mask(text) == shown


@given(st.text(st.characters(exclude_characters="*"), max_size=40))
def test_at_least_a_third_of_every_text_is_hidden(text):
    shown = mask(text).replace("*", "")
    assert len(shown) <= len(text) * 2 / 3
