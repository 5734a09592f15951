"""Laws of a run's folder: a file is there whole or not at all, and what is not there is said."""

import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import MappingProxyType

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from guanxi.integration.staging import STAGES, RunFolder
from guanxi.kernel.errors import Terminal

KILLED = """
import os, signal, sys
from pathlib import Path
from guanxi.integration.staging import RunFolder

class Frame:
    def write_parquet(self, file, **options):
        file.write_bytes(b"PAR1 half")
        os.kill(os.getpid(), signal.SIGKILL)

RunFolder(Path(sys.argv[1])).write_frame("golden", "customer", Frame())
"""


class Unwritable:
    """A value no receipt can hold."""


@pytest.fixture
def folder(tmp_path: Path) -> RunFolder:
    return RunFolder(tmp_path / "run")


def test_stages_stand_in_the_folder_in_the_order_of_the_run(folder):
    for name in reversed(STAGES):
        folder.stage(name)
    names = sorted(each.name for each in folder.path.iterdir())
    assert [each[3:] for each in names] == list(STAGES)


def test_what_was_written_is_read_again(folder):
    value = {"rows": 7, "名称": ["甲", None], "path": Path("a/b"), "frozen": MappingProxyType({"x": 1})}
    folder.write_json("read", "counts", value)
    assert folder.read_json("read", "counts") == {**value, "path": "a/b", "frozen": {"x": 1}}
    frame = pl.DataFrame({"row": [1, 2], "name": ["甲", None]})
    folder.write_frame("read", "rows", frame)
    assert folder.has_frame("read", "rows")
    assert_frame_equal(folder.read_frame("read", "rows"), frame)
    assert_frame_equal(folder.scan("read", "rows").collect(), frame)


def test_a_receipt_that_cannot_be_written_leaves_the_former_one(folder):
    folder.write_json("load", "counts", {"rows": 1})
    with pytest.raises(NotImplementedError, match="Unwritable cannot be part of a receipt"):
        folder.write_json("load", "counts", {"rows": Unwritable()})
    assert folder.read_json("load", "counts") == {"rows": 1}


def test_a_frame_whose_writing_breaks_off_leaves_the_former_one(folder):
    frame = pl.DataFrame({"row": [1]})
    folder.write_frame("load", "rows", frame)
    with pytest.raises(pl.exceptions.PolarsError):
        folder.write_frame("load", "rows", pl.DataFrame({"row": [Unwritable()]}))
    assert_frame_equal(folder.read_frame("load", "rows"), frame)


def test_a_half_written_file_of_a_killed_process_is_not_there(folder):
    killed = subprocess.run([sys.executable, "-c", KILLED, str(folder.path)], check=False)
    assert killed.returncode == -signal.SIGKILL
    assert not folder.has_frame("golden", "customer")
    assert len(list(folder.stage("golden").iterdir())) == 1
    folder.write_frame("golden", "customer", pl.DataFrame({"row": [1]}))
    assert [each.name for each in folder.stage("golden").iterdir()] == ["customer.parquet"]


def test_two_who_write_the_same_at_once_do_not_disturb_each_other(folder):
    frame = pl.DataFrame({"row": range(20_000)})

    def write(_: int) -> None:
        folder.write_frame("match", "pairs", frame)
        folder.write_json("match", "counts", {"rows": frame.height})

    with ThreadPoolExecutor(4) as writers:
        assert len(list(writers.map(write, range(80)))) == 80
    assert_frame_equal(folder.read_frame("match", "pairs"), frame)
    assert sorted(each.name for each in folder.stage("match").iterdir()) == ["counts.json", "pairs.parquet"]


def test_a_receipt_that_is_not_there_is_named(folder):
    with pytest.raises(Terminal, match="the run has no plan of the stage read"):
        folder.read_json("read", "plan")
