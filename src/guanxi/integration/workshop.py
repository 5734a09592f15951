"""Where this process does its integration work: the open database and the folder of runs.

Durable steps are called again by name after a crash, so they cannot be handed open things; this one place
holds them. The composition root opens it, nobody else.
"""

from dataclasses import dataclass
from pathlib import Path

from guanxi.integration.staging import RunFolder
from guanxi.kernel.errors import NotFound, Terminal
from guanxi.kernel.text import say
from guanxi.store.transactions import Store


@dataclass(frozen=True)
class Workshop:
    """The database and the folder in which every run has a folder of its own."""

    store: Store
    home: Path

    def folder(self, run: str) -> RunFolder:
        """Return the folder of the run *run*; raise `NotFound` for a name that leads anywhere else."""
        if run in ("", ".", "..") or "/" in run or "\\" in run or "\0" in run:
            raise NotFound(say("this run has no files here"))
        return RunFolder(self.home / "runs" / run)


_opened: list[Workshop] = []


def open_workshop(workshop: Workshop) -> None:
    """Make *workshop* the one this process works in."""
    _opened[:] = [workshop]


def workshop() -> Workshop:
    """Return the workshop of this process; raise `Terminal` when none was opened."""
    if not _opened:
        raise Terminal(say("no database is open for integration work in this process"))
    return _opened[0]
