"""Laws of giving memory back."""

import ctypes
import gc
import weakref

from guanxi.kernel.memory import give_back


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
