"""The run's folder: every stage writes Parquet and a receipt there, so a run restarts at the stage that died.

::

    <run>/01-read/<source>/…      what the sources gave, as text
    <run>/02-profile/…            what it looks like
    <run>/03-mapping/…            which column is which field
    <run>/04-standard/…           values, verdicts and every change with its reason
    <run>/05-match/…              pairs, groups
    <run>/06-golden/…             golden customers with the origin of each value, and what belongs to them
    <run>/07-load/…               what was refused, with the reason
    <run>/08-verification/…       the proof, as JSON and as a workbook
"""

import os
import platform
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
import polars as pl
import psutil  # type: ignore[import-untyped]

from guanxi.kernel.errors import Terminal
from guanxi.kernel.text import say

STAGES = ("read", "profile", "mapping", "standard", "match", "golden", "load", "verification")


@dataclass(frozen=True)
class RunFolder:
    """The files of one run."""

    path: Path

    def stage(self, name: str) -> Path:
        """Return the folder of a stage, made when it is not there."""
        folder = self.path / f"{STAGES.index(name) + 1:02d}-{name}"
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    def write_json(self, stage: str, name: str, value: Any) -> None:
        """Write *value* whole or not at all."""
        with _whole(self.stage(stage) / f"{name}.json") as file:
            file.write_bytes(msgspec.json.format(msgspec.json.encode(value, enc_hook=_plain), indent=1))

    def read_json(self, stage: str, name: str) -> Any:
        """Return what `write_json` wrote; raise `Terminal` when it is not there."""
        try:
            return msgspec.json.decode((self.stage(stage) / f"{name}.json").read_bytes())
        except FileNotFoundError as error:
            raise Terminal(
                say("the run has no {name} of the stage {stage}", name=name, stage=stage)
            ) from error

    def has_json(self, stage: str, name: str) -> bool:
        """Tell whether `write_json` wrote this one."""
        return (self.stage(stage) / f"{name}.json").exists()

    def write_frame(self, stage: str, name: str, frame: pl.DataFrame) -> Path:
        """Write *frame* whole or not at all; return the file."""
        target = self.stage(stage) / f"{name}.parquet"
        with _whole(target) as file:
            # Level 1 takes a sixth less time than the usual one; the files are of the same size.
            frame.write_parquet(file, compression="zstd", compression_level=1)
        return target

    def scan(self, stage: str, name: str) -> pl.LazyFrame:
        """Return a frame that `write_frame` wrote, not yet read."""
        return pl.scan_parquet(self.stage(stage) / f"{name}.parquet")

    def read_frame(self, stage: str, name: str) -> pl.DataFrame:
        """Return a frame that `write_frame` wrote."""
        return pl.read_parquet(self.stage(stage) / f"{name}.parquet")

    def forget_frame(self, stage: str, name: str) -> None:
        """Remove a frame that an earlier pass over the same stage wrote and this one does not."""
        (self.stage(stage) / f"{name}.parquet").unlink(missing_ok=True)

    def has_frame(self, stage: str, name: str) -> bool:
        """Tell whether `write_frame` wrote this one."""
        return (self.stage(stage) / f"{name}.parquet").exists()


@contextmanager
def _whole(target: Path) -> Iterator[Path]:
    """Yield a file to write that becomes *target* when the block ends.

    It is the writer's own: a run resumed at once has two for a moment, as what was paused ends its step first.
    What writers of this machine that were killed left goes.
    """
    here = f"{target.name}.{platform.node()}"
    for left in target.parent.glob(f"{here}.*.*"):
        if not psutil.pid_exists(int(left.name.split(".")[-2])):
            left.unlink(missing_ok=True)
    own = target.with_name(f"{here}.{os.getpid()}.{threading.get_ident()}")
    try:
        yield own
        os.replace(own, target)
    finally:
        own.unlink(missing_ok=True)


def _plain(value: object) -> object:
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, Path):
        return str(value)
    raise NotImplementedError(f"{type(value).__name__} cannot be part of a receipt")
