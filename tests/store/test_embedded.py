"""The built-in database outlives killed processes and stops with the last living one."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.pool import NullPool

from guanxi.kernel.errors import Terminal
from guanxi.kernel.ids import new_id
from guanxi.store import server as servers
from guanxi.store.databases import create_database, drop_database
from guanxi.store.embedded import Lease, acquire
from guanxi.store.server import Server, look
from tests.database import fresh_database, home_of_run, template_database

pytestmark = pytest.mark.slow

HOLDER = """
import sys
from pathlib import Path
from guanxi.kernel import log
from guanxi.store.embedded import acquire
log.configure(json_lines=True, level="ERROR")
lease = acquire(Path(sys.argv[1]), durable=False)
print(lease.url(), flush=True)
sys.stdin.read()
"""


@pytest.fixture
def home() -> Iterator[Path]:
    folder = home_of_run(f"h-{new_id()[4:14]}")
    yield folder
    left = look(_server(folder))
    if left is not None:
        servers.stop(_server(folder))
    shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def holder(home: Path) -> Iterator[subprocess.Popen[str]]:
    """Run a process that holds a lease until its input closes; it is ready when this yields."""
    command = [sys.executable, "-c", HOLDER, str(home)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout.readline().startswith("postgresql+psycopg://")
            yield process
        finally:
            if process.poll() is None:
                process.kill()


def ask(lease: Lease, question: str, database: str = "postgres"):
    engine = create_engine(lease.url(database), poolclass=NullPool)
    with engine.connect() as connection:
        return connection.execute(text(question)).scalar_one()


def test_the_last_lease_stops_the_server_and_data_is_there_after_the_next_start(home):
    first, second = acquire(home), acquire(home)
    create_database(first.url(), "kept")
    first.release()
    assert ask(second, "SELECT 1") == 1
    second.release()
    assert look(second.server) is None
    with acquire(home) as again:
        assert create_database(again.url(), "kept") is False


def test_releasing_twice_counts_once(home):
    first, second = acquire(home, durable=False), acquire(home, durable=False)
    first.release()
    first.release()
    assert ask(second, "SELECT 1") == 1
    second.release()


def test_the_server_speaks_utf8_in_code_point_order_with_checksums_and_never_listens_on_tcp(home):
    with acquire(home) as lease:
        asked = "SELECT current_setting(:name)"
        engine = create_engine(lease.url(), poolclass=NullPool)
        with engine.connect() as connection:

            def setting(name: str) -> str:
                return connection.execute(text(asked), {"name": name}).scalar_one()

            assert setting("server_encoding") == "UTF8"
            assert setting("data_checksums") == "on"
            assert setting("listen_addresses") == ""
            assert setting("synchronous_commit") == setting("fsync") == "on"
            assert setting("TimeZone") == "UTC"
            assert int(setting("max_connections")) == 200
            ordered = connection.execute(
                text("SELECT array_agg(x ORDER BY x) FROM unnest(ARRAY['乙','b','B']) x")
            )
            assert ordered.scalar_one() == sorted(["乙", "b", "B"])
        server = psutil.Process(look(lease.server).process_id)
        assert [c for c in server.net_connections() if c.family in (socket.AF_INET, socket.AF_INET6)] == []
        assert lease.socket_folder.stat().st_mode & 0o777 == 0o700


def test_a_home_with_a_very_long_path_gets_its_socket_in_a_short_private_folder(home):
    long_home = home / ("长" * 30) / ("x" * 60)
    lease = acquire(long_home, durable=False)
    folder = lease.socket_folder
    assert len(str(folder / ".s.PGSQL.5432").encode()) <= 107
    assert folder.stat().st_mode & 0o777 == 0o700
    assert ask(lease, "SELECT 1") == 1
    lease.release()
    assert not folder.exists()


def test_a_home_behind_a_closed_folder_is_reached_and_the_folder_stays_unreadable(home):
    home.mkdir(mode=0o700)
    with acquire(home / "inner", durable=False) as lease:
        assert ask(lease, "SELECT 1") == 1
    assert home.stat().st_mode & 0o766 == 0o700


def test_after_kill_9_of_one_holder_the_other_still_stops_the_server(home):
    with holder(home) as first, holder(home) as second:
        first.kill()
        first.wait()
        assert look(_server(home)) is not None
        second.communicate()  # closes its input: an ordinary end
        assert look(_server(home)) is None


def test_after_kill_9_of_the_only_holder_the_next_process_uses_the_server_and_stops_it(home):
    with holder(home) as only:
        before = look(_server(home))
        only.kill()
        only.wait()
    lease = acquire(home, durable=False)
    assert look(lease.server) == before
    assert ask(lease, "SELECT 1") == 1
    lease.release()
    assert look(lease.server) is None


def test_after_kill_9_of_the_server_the_next_lease_starts_it_again_with_everything_committed(home):
    lease = acquire(home)
    create_database(lease.url(), "kept")
    _kill_the_server(lease.server)
    with acquire(home) as again:
        assert create_database(again.url(), "kept") is False
    lease.release()


def test_a_stale_pid_file_that_names_another_living_process_is_no_obstacle(home):
    lease = acquire(home, durable=False)
    pid_file = lease.server.data / "postmaster.pid"
    lines = pid_file.read_text().splitlines()
    lease.release()
    stranger = _process_of_the_server_account()
    try:
        pid_file.write_text("\n".join([str(stranger.pid), *lines[1:]]) + "\n")
        assert look(lease.server) is None
        with acquire(home, durable=False) as again:
            assert ask(again, "SELECT 1") == 1
    finally:
        stranger.kill()
        stranger.wait()


def test_a_home_half_made_by_a_killed_process_is_made_anew(home):
    unfinished = home / "postgres" / "data.unfinished"
    unfinished.mkdir(parents=True)
    (unfinished / "PG_VERSION").write_text("18")
    with acquire(home, durable=False) as lease:
        assert ask(lease, "SELECT 1") == 1
    assert not unfinished.exists()


def test_many_threads_and_processes_that_begin_at_once_share_one_server(home):
    leases: list[Lease] = []
    threads = [threading.Thread(target=lambda: leases.append(acquire(home, durable=False))) for _ in range(6)]
    for thread in threads:
        thread.start()
    with holder(home):
        for thread in threads:
            thread.join()
        assert len({look(lease.server).process_id for lease in leases}) == 1
        for lease in leases:
            lease.release()
        assert look(_server(home)) is not None


def test_a_forked_child_cannot_give_its_parents_lease_back(home):
    with acquire(home, durable=False) as lease:
        child = os.fork()
        if child == 0:
            lease.release()
            os._exit(0)
        os.waitpid(child, 0)
        assert ask(lease, "SELECT 1") == 1


def test_a_server_that_refuses_to_start_shows_the_end_of_its_log_and_leaves_no_holder(home):
    acquire(home, durable=False).release()
    data = _server(home).data
    with (data / "postgresql.conf").open("a") as configuration:
        configuration.write("\nno_such_setting = 1\n")
    with pytest.raises(Terminal, match="no_such_setting"):
        acquire(home, durable=False)
    assert list((home / "postgres" / "holders").iterdir()) == []


def test_a_database_of_another_version_is_refused_by_name(home):
    acquire(home, durable=False).release()
    (_server(home).data / "PG_VERSION").write_text("16\n")
    with pytest.raises(Terminal, match="made by PostgreSQL 16"):
        acquire(home, durable=False)


@pytest.mark.parametrize("name", ['a"b', "客户:一", "x y", "a'; DROP TABLE b; --"])
def test_any_name_of_a_database_is_only_a_name(database_server, name):
    assert create_database(database_server.url(), name) is True
    assert create_database(database_server.url(), name) is False
    assert ask(database_server, "SELECT current_database()", name) == name
    drop_database(database_server.url(), name)
    drop_database(database_server.url(), name)


def test_a_copy_of_a_template_holds_its_rows_and_the_template_is_built_once(database_server):
    built = []

    def build(url: str) -> None:
        built.append(url)
        engine = create_engine(url, poolclass=NullPool)
        with engine.begin() as connection:
            connection.execute(text("CREATE TABLE kept AS SELECT 7 AS seven"))

    name = f"template_{os.getpid()}"
    for _ in range(2):
        template = template_database(database_server, name, build)
        with fresh_database(database_server, template=template) as url:
            engine = create_engine(url, poolclass=NullPool)
            with engine.connect() as connection:
                assert connection.execute(text("SELECT seven FROM kept")).scalar_one() == 7
    assert len(built) == 1


def _server(home: Path) -> Server:
    return Server(folder=home.resolve() / "postgres")


def _kill_the_server(server: Server) -> None:
    postmaster = psutil.Process(look(server).process_id)
    postmaster.send_signal(signal.SIGKILL)
    postmaster.wait()


def _process_of_the_server_account() -> subprocess.Popen[bytes]:
    options = servers.server_account().process_options()
    return subprocess.Popen(["sleep", "60"], cwd="/", **options)
