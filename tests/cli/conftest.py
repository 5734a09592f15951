"""A terminal: `guanxi` on a database of the tests, in this process or, four seconds dearer, in one of its own."""

import io
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from pathlib import Path
from subprocess import CompletedProcess

import pytest
import structlog

from guanxi.cli.main import main
from tests.database import database_server, fresh_database, template_database
from tests.integration import plant

ROOT = Path(__file__).resolve().parents[2]
PATIENCE_SECONDS = 600
Terminal = Callable[..., CompletedProcess[str]]

PLAN = """
name = "两个部门"
stop_after = {stop}

[[source]]
name = "ledger"
kind = "delimited"
path = "ledger.csv"
department = "销售部"

[[source]]
name = "desk"
kind = "delimited"
path = "desk.csv"
department = "服务部"
"""


@pytest.fixture
def environment(database_server, tmp_path: Path) -> Iterator[dict[str, str]]:
    """Return the environment of a terminal whose Guanxi has a home and a database of its own."""
    template = template_database(database_server, "pipeline", lambda url: plant.prepare(tmp_path / "t", url))
    with fresh_database(database_server, template=template) as url:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("GUANXI_")}
        yield {
            **kept,
            "GUANXI_HOME": str(tmp_path / "home"),
            "GUANXI_DATABASE_URL": url,
            "GUANXI_LOG_LEVEL": "ERROR",
            "COLUMNS": "200",
        }


@pytest.fixture
def guanxi(environment: dict[str, str]) -> Terminal:
    """Return the command `guanxi`, run in this process; it gives back what was printed and how it ended."""

    def run(*words: str, **more: str) -> CompletedProcess[str]:
        printed, told = io.StringIO(), io.StringIO()
        with terminal(words, {**environment, **more}), redirect_stdout(printed), redirect_stderr(told):
            try:
                main()
                code = 0
            except SystemExit as end:
                code = end.code or 0
        return CompletedProcess(words, code, printed.getvalue(), told.getvalue())

    return run


@pytest.fixture
def guanxi_process(environment: dict[str, str]) -> Terminal:
    """Return the command `guanxi` as people start it: each time a process of its own."""

    def run(*words: str, typed: str = "", **more: str) -> CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "guanxi.cli", *words],
            cwd=ROOT,
            env={**environment, **more},
            input=typed,
            capture_output=True,
            text=True,
            timeout=PATIENCE_SECONDS,
            check=False,
        )

    return run


@contextmanager
def terminal(words: tuple[str, ...], environment: dict[str, str]) -> Iterator[None]:
    """Let this process look like one that was started with *words*; it is itself again afterwards."""
    log = structlog.get_config()
    with pytest.MonkeyPatch.context() as patch:
        for name in os.environ.keys() - environment.keys():
            patch.delenv(name)
        for name, value in environment.items():
            patch.setenv(name, value)
        patch.setattr(sys, "argv", ["guanxi", *words])
        patch.chdir(ROOT)
        yield
    structlog.configure(**log)


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    """Return a plan that names the files of two departments."""
    plant.sources(tmp_path / "sources")
    return written(tmp_path / "sources" / "plan.toml", PLAN.format(stop="[]"))


def written(path: Path, text: str) -> Path:
    """Write *text* to *path* and return it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


__all__ = ["database_server"]
