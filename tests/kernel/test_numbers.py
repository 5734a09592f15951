import pytest
from hypothesis import given
from hypothesis import strategies as st

from guanxi.kernel.numbers import BIGGEST, number_in


@given(st.integers(0, BIGGEST))
def test_a_number_comes_back_as_it_was_written(number):
    assert number_in(str(number)) == number


@pytest.mark.parametrize(
    "text", ["", "-1", "+1", " 1", "1.0", "1e3", "²", "٣", "１", str(BIGGEST + 1), "9" * 5000]
)
def test_what_no_record_can_be_numbered_with_is_no_number(text):
    assert number_in(text) is None
