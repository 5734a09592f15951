"""A process is known to be alive exactly as long as it is."""

import subprocess
import sys
import time

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.pool import NullPool

from guanxi.store.presence import Presence

OTHER = """
import sys
from guanxi.store.presence import Presence
presence = Presence(sys.argv[1])
print(presence.name, flush=True)
sys.stdin.read()
"""


def test_names_are_alive_from_making_until_closing_and_unknown_ones_never(empty_database):
    with Presence(empty_database) as first:
        with Presence(empty_database) as second:
            assert first.living({first.name, second.name, "stranger"}) == {first.name, second.name}
        assert first.living({first.name, second.name}) == {first.name}


@pytest.mark.slow
def test_a_process_killed_with_kill_9_is_soon_known_to_be_gone(empty_database):
    command = [sys.executable, "-c", OTHER, empty_database]
    with (
        Presence(empty_database) as here,
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process,
    ):
        name = process.stdout.readline().strip()
        assert here.living({name}) == {name}
        process.kill()
        deadline = time.monotonic() + 300
        while here.living({name}):
            assert time.monotonic() < deadline
            time.sleep(0.01)


def test_a_broken_connection_is_made_anew_under_the_same_name(empty_database):
    with Presence(empty_database) as here, Presence(empty_database) as there:
        engine = create_engine(empty_database, poolclass=NullPool)
        with engine.begin() as connection:
            connection.execute(
                text(
                    "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity "
                    "WHERE datname = current_database() AND pid <> pg_backend_pid()"
                )
            )
        assert here.living({here.name}) == {here.name}
        assert there.living({here.name, there.name}) == {here.name, there.name}
