"""A process that brings the practice company in and kills itself at a named moment; run by the test of kills.

One line of JSON on the standard input, ``[plan, run, where]``, says what to do: with the run '' one is started,
else the life waits for that one, which its own start takes over from the dead. *where* is
``module:function:number:before`` (or ``after``) a call; '' lets it live. (Forking lives off one process that has
done the imports does not work: the threads of Polars do not survive a fork.)
"""

import importlib
import json
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from guanxi.app import running
from guanxi.identity.actor import SYSTEM
from guanxi.integration import pipeline, runs
from guanxi.integration.plans import read_plan
from guanxi.jobs import work
from guanxi.kernel import log
from guanxi.settings import load_settings

PATIENCE_SECONDS = 290


def live(plan: str, run: str, where: str) -> None:
    """Live, perhaps not to the end."""
    log.configure(json_lines=True, level="ERROR")
    if where:
        doom(*where.split(":"))
    with running(load_settings()) as guanxi:
        if not run:
            run = runs.start(guanxi.workshop, SYSTEM, read_plan(Path(plan)))
            print(run, flush=True)  # before the work that may end this life
            work.start(pipeline.integrate, run, run)
        work.wait(run, timeout_seconds=PATIENCE_SECONDS)


def doom(module: str, name: str, number: str, moment: str) -> None:
    """Let call *number* (from 1) of the function *name* of *module* be the last thing this process does."""
    owner: Any = importlib.import_module(module)
    *path, attribute = name.split(".")
    for each in path:
        owner = getattr(owner, each)
    real, calls = getattr(owner, attribute), [0]

    def mortal(*arguments: Any, **named: Any) -> Any:
        calls[0] += 1
        if calls[0] == int(number) and moment == "before":
            die()
        result = real(*arguments, **named)
        if calls[0] == int(number) and moment == "after":
            die()
        return result

    replace(real, attribute, owner, mortal)


def replace(real: Callable[..., Any], name: str, owner: Any, mortal: Callable[..., Any]) -> None:
    """Put *mortal* in the place of *real* wherever our modules hold it by name."""
    setattr(owner, name, mortal)
    for module in list(sys.modules.values()):
        if getattr(module, "__name__", "").startswith("guanxi") and getattr(module, name, None) is real:
            setattr(module, name, mortal)


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    live(*json.loads(sys.stdin.readline()))
