"""A process that dies beside the web server is replaced, and none outlives it."""

import signal
import sys
import time
from subprocess import Popen

import psutil
import pytest
from structlog.testing import capture_logs

from guanxi.cli.keeping import kept

SLEEPER = [sys.executable, "-c", "import time; time.sleep(600)"]
PATIENCE_SECONDS = 300


def another_than(dead: Popen, running: list[Popen]) -> Popen:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        if running[0] is not dead and running[0].poll() is None:
            return running[0]
        time.sleep(0.02)
    raise AssertionError("nothing took the place of the dead process")


def test_a_killed_process_is_replaced_and_its_death_is_told():
    with capture_logs() as lines, kept(SLEEPER, 2, seconds_of_a_life=0.05) as running:
        first, second = running
        first.send_signal(signal.SIGKILL)
        assert another_than(first, running).pid != first.pid
        assert running[1] is second
    assert [each["code"] for each in lines] == [-9]


@pytest.mark.parametrize("count", [0, 2])
def test_none_outlives_the_server(count):
    with kept(SLEEPER, count) as running:
        assert len(running) == count
    assert not [each for each in running if psutil.pid_exists(each.pid)]
