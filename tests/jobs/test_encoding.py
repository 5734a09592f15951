"""What durable work remembers comes back equal, and nothing else can be remembered."""

from datetime import date
from pathlib import Path
from types import MappingProxyType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guanxi.jobs.encoding import Json
from guanxi.kernel.errors import (
    Conflict,
    Failed,
    GuanxiError,
    Invalid,
    NotAllowed,
    NotFound,
    Problem,
    Refused,
    Terminal,
    Transient,
    UnknownName,
)
from guanxi.kernel.text import say

leaves = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | st.text()
    | st.dates()
    | st.datetimes()
    | st.decimals(allow_nan=False)
    | st.builds(lambda text: say("a {text}", text=text), st.text())
)
values = st.recursive(
    leaves,
    lambda inner: (
        st.lists(inner)
        | st.lists(inner).map(tuple)
        | st.dictionaries(st.text() | st.integers() | st.just("$"), inner)
        | st.dictionaries(st.text(), inner).map(MappingProxyType)
    ),
    max_leaves=12,
)


def again(value):
    return Json().deserialize(Json().serialize(value))


def shape(value):
    """Return *value* with the type of every part, so that 1, 1.0 and True differ."""
    if isinstance(value, list | tuple):
        return type(value), [shape(part) for part in value]
    if isinstance(value, dict | MappingProxyType):
        return type(value), [(shape(key), shape(part)) for key, part in value.items()]
    return type(value), value


@given(values)
def test_every_value_comes_back_equal_and_of_the_same_type(value):
    assert shape(again(value)) == shape(value)


@pytest.mark.parametrize(
    "error",
    [kind(say("a {b}", b="c")) for kind in (Refused, NotFound, NotAllowed, Failed, Transient, Terminal)]
    + [
        Invalid([Problem("phone", say("is too short")), Problem(None, say("odd"))]),
        UnknownName("field type", "e-mail", ["email"]),
        Conflict(say("changed"), {"name": ("甲", date(2024, 5, 21))}),
    ],
    ids=lambda error: type(error).__name__,
)
def test_every_error_of_our_tree_comes_back_with_all_it_carries(error):
    back = again(error)
    assert type(back) is type(error)
    assert vars(back) == vars(error)
    assert str(back) == str(error)


def test_an_error_from_elsewhere_comes_back_as_a_terminal_one_with_its_words():
    back = again(ValueError("no such thing"))
    assert type(back) is Terminal
    assert str(back) == "ValueError: no such thing"


def test_an_error_that_carries_what_cannot_be_kept_comes_back_with_its_text():
    back = again(Terminal(say("cannot read {path}", path=Path("/a/b"))))
    assert str(back) == "cannot read /a/b"


def test_an_error_of_a_class_unknown_here_comes_back_as_its_nearest_ancestor():
    def local():
        class Special(Transient):
            pass

        return Json().serialize(Special(say("x"))).replace("Special", "Gone")

    assert type(Json().deserialize(local())) is Transient


@pytest.mark.parametrize("value", [object(), b"bytes", {1, 2}, Path("/"), lambda: None, GuanxiError])
def test_other_values_are_refused(value):
    with pytest.raises(TypeError, match="cannot keep"):
        Json().serialize([value])
