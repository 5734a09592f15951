"""Memory: given back to the machine after a long piece of work, not searched through in the middle of one."""

import ctypes
import gc
from collections.abc import Iterator
from contextlib import contextmanager, suppress


def give_back() -> None:
    """Free what nobody holds any more, and let the C library hand its free pages back where it can (glibc)."""
    gc.collect()
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).malloc_trim(0)


@contextmanager
def unsearched() -> Iterator[None]:
    """Let Python not look for rings of dead objects inside the block, where very many live ones are made."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()
