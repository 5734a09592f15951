"""Differences are marked character by character, and nothing of a text is lost."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guanxi.web.comparing.differences import LONGEST, differences


@pytest.mark.parametrize(
    ("one", "other", "marked"),
    [
        ("海兴服装", "诲兴服装", ("海", "诲")),
        ("13800138000", "13800138001", ("0", "1")),
        ("杭州云帆机械有限公司", "杭州云帆机械", ("有限公司", "")),
        ("same", "same", ("", "")),
        ("only here", "", ("", "")),
    ],
)
def test_what_only_one_has_is_marked(one, other, marked):
    found = differences(one, other)
    assert tuple("".join(text for text, differs in side if differs) for side in found) == marked


@given(st.text(max_size=60), st.text(max_size=60))
def test_the_pieces_give_the_texts_again(one, other):
    left, right = differences(one, other)
    assert ("".join(text for text, _ in left), "".join(text for text, _ in right)) == (one, other)
    assert [text for text, differs in left if not differs] == [t for t, differs in right if not differs] or (
        one == "" or other == ""
    )


def test_long_texts_are_marked_whole():
    left, right = differences("a" * (LONGEST + 1), "b")
    assert left == (("a" * (LONGEST + 1), True),)
    assert right == (("b", True),)
