"""Laws of giving memory back."""

import ctypes
import gc
import weakref

import pytest

from guanxi.kernel.memory import give_back, unsearched


class Ring:
    """Something that holds itself."""

    def __init__(self):
        self.me = self


def test_what_holds_only_itself_is_gone():
    gc.disable()
    try:
        seen = weakref.ref(Ring())
        assert seen() is not None
        give_back()
        assert seen() is None
    finally:
        gc.enable()


def test_a_library_without_a_trim_is_no_error(monkeypatch):
    monkeypatch.setattr(ctypes, "CDLL", lambda name: object())
    give_back()


def test_a_block_is_not_searched_through_and_what_was_before_is_again_however_it_ends():
    with unsearched():
        with unsearched():
            assert not gc.isenabled()
        assert not gc.isenabled()
    assert gc.isenabled()
    with pytest.raises(ZeroDivisionError), unsearched():
        1 / 0  # noqa: B018
    assert gc.isenabled()
