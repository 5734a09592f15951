"""Processes that stand beside the web server: one that dies is replaced, none outlives it."""

import subprocess
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from guanxi.kernel.log import logger

SECONDS_TO_END = 20
SECONDS_BETWEEN_LOOKS = 1.0
SECONDS_OF_A_LIFE = 10.0
"""One that dies sooner would die again at once: its successor waits as long."""


@contextmanager
def kept(
    command: Sequence[str], count: int, *, seconds_of_a_life: float = SECONDS_OF_A_LIFE
) -> Iterator[list[subprocess.Popen[bytes]]]:
    """Keep *count* processes of *command* running meanwhile; yield those that run now, in a list kept current."""
    running = [subprocess.Popen(command) for _ in range(count)]
    over = threading.Event()
    keeper = threading.Thread(
        target=_keep, args=(command, running, over, seconds_of_a_life), name="keeper", daemon=True
    )
    keeper.start()
    try:
        yield running
    finally:
        over.set()
        keeper.join()
        _end(running)


def _keep(
    command: Sequence[str], running: list[subprocess.Popen[bytes]], over: threading.Event, life: float
) -> None:
    begun = [time.monotonic()] * len(running)
    while not over.wait(min(SECONDS_BETWEEN_LOOKS, life)):
        for place, process in enumerate(running):
            if process.poll() is None or time.monotonic() - begun[place] < life:
                continue
            logger(__name__).error("a process has died and is replaced", code=process.returncode)
            running[place], begun[place] = subprocess.Popen(command), time.monotonic()


def _end(running: Sequence[subprocess.Popen[bytes]]) -> None:
    for process in running:
        process.terminate()
    for process in running:
        try:
            process.wait(SECONDS_TO_END)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
