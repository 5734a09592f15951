"""Laws of the composition root: it opens, prepares and closes; several processes may begin at once."""

import subprocess
import sys
from pathlib import Path

import pytest

from guanxi.app import prepare, running
from guanxi.kernel.errors import Terminal
from guanxi.packs.loading import shipped_packs
from tests.database import database_server, fresh_database
from tests.integration import plant

__all__ = ["database_server"]

pytestmark = pytest.mark.slow
ROOT = Path(__file__).resolve().parents[1]
OPEN_ONCE = """
from guanxi.app import running
from guanxi.kernel import log
from guanxi.settings import load_settings
log.configure(json_lines=True, level="ERROR")
with running(load_settings()) as guanxi, guanxi.store.transaction("test") as tx:
    print(tx.catalog.version, len(tx.catalog.live_objects))
"""
SIGN_IN = """
from litestar.testing import TestClient
from guanxi.app import serve_site
from guanxi.kernel import log
log.configure(json_lines=True, level="ERROR")
with TestClient(serve_site()) as client:
    answer = client.get("/sign-in", follow_redirects=False)
    print(answer.status_code, answer.headers.get("location", ""))
"""


@pytest.fixture
def empty(database_server):
    with fresh_database(database_server) as url:
        yield url


def started(home: Path, url: str | None, script: str) -> subprocess.Popen[str]:
    """Start a process of its own whose Guanxi has this home and database."""
    given = {"PATH": "/usr/bin:/bin", "GUANXI_HOME": str(home), "GUANXI_LOG_LEVEL": "ERROR"}
    given |= {"GUANXI_DATABASE_URL": url} if url else {}
    return subprocess.Popen(
        [sys.executable, "-c", script],
        cwd=ROOT,
        env=given,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def said(process: subprocess.Popen[str]) -> str:
    out, problems = process.communicate(timeout=600)
    assert process.returncode == 0, problems
    return out.splitlines()[-1]


def test_an_empty_database_is_prepared_and_doing_it_again_changes_nothing(empty, tmp_path):
    with running(plant.settings_of(tmp_path, empty), takes_work=False) as guanxi:
        with guanxi.store.transaction("test") as tx:
            first = tx.catalog
        prepare(guanxi.store)
        with guanxi.store.transaction("test") as tx:
            assert tx.catalog.version == first.version
    wanted = {each.name for pack in shipped_packs() for each in pack.objects}
    assert {each.name for each in first.live_objects} == wanted


def test_what_was_opened_is_closed_also_after_a_fault(empty, tmp_path):
    settings = plant.settings_of(tmp_path, empty)
    with pytest.raises(ZeroDivisionError), running(settings, takes_work=False) as guanxi:
        _fall(guanxi)
    assert guanxi.store.engine.pool.checkedout() == 0
    with running(settings, takes_work=False):
        pass  # the engine of durable work is free again


def _fall(_guanxi: object) -> None:
    raise ZeroDivisionError


def test_one_process_runs_the_product_once(empty, tmp_path):
    settings = plant.settings_of(tmp_path, empty)
    with (
        running(settings, takes_work=False),
        pytest.raises(Terminal, match="launched already"),
        running(settings, takes_work=False),
    ):
        pass


def test_two_processes_that_begin_at_once_prepare_one_database(empty, tmp_path):
    both = [started(tmp_path / "home", empty, OPEN_ONCE) for _ in range(2)]
    first, second = (said(each) for each in both)
    assert first.split()[1] == second.split()[1]
    assert said(started(tmp_path / "home", empty, OPEN_ONCE)).split()[0] == max(first, second).split()[0]


def test_two_processes_share_the_built_in_database_of_one_home(tmp_path):
    both = [started(tmp_path / "home", None, OPEN_ONCE) for _ in range(2)]
    first, second = (said(each).split()[1] for each in both)
    assert first == second
    assert (tmp_path / "home" / "postgres").is_dir()


def test_the_site_of_a_new_installation_leads_to_its_set_up(empty, tmp_path):
    assert said(started(tmp_path, empty, SIGN_IN)) == "303 /set-up"
