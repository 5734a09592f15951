"""Laws of identifiers: they sort by time, differ, and are safe wherever they are written."""

import string
import time

from hypothesis import given
from hypothesis import strategies as st

from guanxi.kernel import ids
from guanxi.kernel.ids import new_id

SAFE = set(string.ascii_lowercase + string.digits)
MOMENTS = st.integers(0, 2**40)


def test_an_identifier_is_twenty_letters_and_digits_that_every_file_system_takes():
    made = new_id()
    assert len(made) == 20
    assert set(made) <= SAFE


def test_a_thousand_made_at_once_all_differ():
    assert len({new_id() for _ in range(1000)}) == 1000


@given(MOMENTS, MOMENTS)
def test_identifiers_sort_by_the_millisecond_they_were_made(first, second):
    earlier, later = sorted((first, second))
    assert made_at(earlier)[:9] <= made_at(later)[:9]
    assert (made_at(earlier)[:9] == made_at(later)[:9]) == (earlier == later)


def made_at(milliseconds: int) -> str:
    """Return an identifier made at that moment."""
    clock, ids.time = ids.time, _Clock(milliseconds)
    try:
        return new_id()
    finally:
        ids.time = clock


class _Clock:
    def __init__(self, milliseconds: int) -> None:
        self.milliseconds = milliseconds

    def time(self) -> float:
        return (self.milliseconds + 0.5) / 1000


def test_the_product_makes_them_by_the_present_moment():
    before = made_at(int(time.time() * 1000) - 1)[:9]
    assert before <= new_id()[:9]
