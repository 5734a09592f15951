"""A whole run in a throw-away home: started as durable work, its steps timed, its memory watched."""

import tempfile
import threading
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil
from dbos import DBOS

from guanxi.app import Guanxi, running
from guanxi.identity.actor import SYSTEM
from guanxi.integration import pipeline, runs
from guanxi.integration.plans import Plan
from guanxi.integration.staging import RunFolder
from guanxi.jobs import work
from guanxi.kernel import log
from guanxi.settings import load_settings

LONGEST_SECONDS = 3 * 3600
STAGES = ("read", "profile", "map", "standardise", "match", "golden", "reviews", "load", "gaps", "verify")


@dataclass(frozen=True, kw_only=True)
class Done:
    """What one run cost and left behind."""

    run: str
    counts: dict[str, Any]
    folder: RunFolder
    seconds: dict[str, float]
    """Per stage; all its steps together."""
    peak_bytes: int
    """The most that this process, those that load for it, and the database held at once."""

    @property
    def whole(self) -> float:
        """Return the seconds of all steps."""
        return sum(self.seconds.values())


@contextmanager
def guanxi() -> Iterator[Guanxi]:
    """Open Guanxi with its own database in a folder that is removed afterwards."""
    log.configure(json_lines=False, level="WARNING")
    with tempfile.TemporaryDirectory(prefix="guanxi-") as home:
        settings = load_settings({"GUANXI_HOME": home, "GUANXI_LOG_LEVEL": "WARNING"})
        with running(settings) as opened:
            yield opened


def integrate(opened: Guanxi, plan: Plan) -> Done:
    """Run *plan* to its end."""
    run = runs.start(opened.workshop, SYSTEM, plan)
    with watched() as memory:
        work.start(pipeline.integrate, run, run)
        counts = work.wait(run, timeout_seconds=LONGEST_SECONDS)
    return Done(
        run=run,
        counts=counts,
        folder=opened.workshop.folder(run),
        seconds=seconds_of(run),
        peak_bytes=memory.peak,
    )


def seconds_of(run: str) -> dict[str, float]:
    """Return the seconds each stage took."""
    spent: defaultdict[str, float] = defaultdict(float)
    for each in DBOS.list_workflow_steps(run):
        started, ended = each["started_at_epoch_ms"], each["completed_at_epoch_ms"]
        if started and ended:
            spent[each["function_name"]] += (ended - started) / 1000
    return dict(spent)


class Memory:
    """The most memory seen so far, in bytes."""

    def __init__(self) -> None:
        self.peak = 0

    def look(self) -> None:
        """Add up this process, those that load for it, and the database; what several share counts once."""
        here = psutil.Process()
        held = {each.pid: each for each in (here, *here.children(recursive=True), *_database())}
        total = sum(map(_own_share, held.values()))
        self.peak = max(self.peak, total)


@contextmanager
def watched(every_seconds: float = 0.5) -> Iterator[Memory]:
    """Look at the memory in a thread of its own while the block runs."""
    memory, over = Memory(), threading.Event()

    def watch() -> None:
        while not over.wait(every_seconds):
            with suppress(psutil.Error):  # a process that has just ended
                memory.look()

    thread = threading.Thread(target=watch, daemon=True)
    thread.start()
    try:
        yield memory
    finally:
        over.set()
        thread.join()


def source_file(folder: Path, name: str, **options: Any) -> dict[str, Any]:
    """Return a source of a plan that reads the file *name*."""
    return {"name": Path(name).stem, "kind": "delimited", "path": str(folder / name), **options}


def _database() -> list[psutil.Process]:
    """Return the processes of the database this process uses (its server is found by our connections' home)."""
    home = tempfile.gettempdir() + "/guanxi-"
    found = []
    for each in psutil.process_iter(["name", "cmdline"]):
        if each.info["name"] == "postgres" and any(home in part for part in each.info["cmdline"] or ()):
            found += [each, *each.children(recursive=True)]
    return found


def _own_share(process: psutil.Process) -> int:
    try:
        return int(process.memory_full_info().pss)
    except (psutil.Error, AttributeError):
        return 0
