"""Real durable work for the tests, in a module that subprocesses run too: it keeps a diary of its effects.

The work writes one line per step, and its key, in one transaction. The database is named by DIARY_URL. With
DIARY_DIE_AT the process kills itself with SIGKILL at that point of that step.
"""

import json
import os
import signal
import sys
import time

from sqlalchemy import create_engine, text
from sqlalchemy.pool import NullPool

from guanxi.jobs import runtime, work
from guanxi.jobs.progress import report
from guanxi.kernel.errors import Terminal, Transient
from guanxi.kernel.log import configure
from guanxi.kernel.text import say
from guanxi.store.presence import Presence

STEPS = 12
POINTS = ("before", "inside", "after")
death = {"at": ""}


def connect():
    return create_engine(os.environ["DIARY_URL"], poolclass=NullPool)


def die_at(point: str, number: int) -> None:
    if f"{point}:{number}" == death["at"]:
        os.kill(os.getpid(), signal.SIGKILL)


def note(key: str, line: str) -> None:
    with connect().begin() as connection:
        connection.execute(
            text("INSERT INTO diary (key, line) VALUES (:key, :line) ON CONFLICT (key) DO NOTHING"),
            {"key": key, "line": line},
        )
        die_at("inside", int(key.rpartition(":")[2] or 0))


def lines(run: str) -> list[str]:
    with connect().connect() as connection:
        asked = "SELECT line FROM diary WHERE key LIKE :run ORDER BY at"
        found = connection.execute(text(asked), {"run": f"{run}:%"})
        return list(found.scalars())


def attempts(run: str) -> int:
    with connect().begin() as connection:
        counted = "INSERT INTO attempts AS a VALUES (:run, 1) ON CONFLICT (run) DO UPDATE SET n = a.n + 1"
        return connection.execute(text(f"{counted} RETURNING n"), {"run": run}).scalar_one()


@work.step("write one line")
def write(run: str, number: int) -> int:
    die_at("before", number)
    attempts(f"{run}:{number}")
    note(f"{run}:{number}", f"line {number}")
    report("writing", done=number, total=STEPS, message=say("line {number}", number=number))
    die_at("after", number)
    return number


@work.workflow("write twelve lines")
def write_all(run: str) -> int:
    return sum(write(run, number) for number in range(1, STEPS + 1))


@work.step("wait for the gate")
def wait_for_gate(run: str) -> None:
    note(f"{run}:0", "waiting")
    try:
        while not gate_is_open(run):
            report("waiting", done=0)
            time.sleep(0.02)
    except BaseException:
        print("stopped", flush=True)
        raise


def attempts_at(run: str) -> list[int]:
    with connect().connect() as connection:
        asked = "SELECT n FROM attempts WHERE run LIKE :run ORDER BY split_part(run, ':', 2)::integer"
        return list(connection.execute(text(asked), {"run": f"{run}:%"}).scalars())


def gate_is_open(run: str) -> bool:
    with connect().connect() as connection:
        found = connection.execute(text("SELECT 1 FROM diary WHERE key = :key"), {"key": f"gate {run}:0"})
        return found.first() is not None


@work.workflow("write behind a gate")
def write_behind_gate(run: str) -> str:
    write(run, 1)
    wait_for_gate(run)
    write(run, 2)
    return "through"


@work.step("fail now and then", retries=3, first_wait_seconds=0.01)
def sometimes(run: str, failures: int) -> int:
    count = attempts(run)
    if count <= failures:
        raise Transient(say("the line is engaged"))
    return count


@work.workflow("try until it works")
def try_until_it_works(run: str, failures: int) -> int:
    return sometimes(run, failures)


@work.step("open the drawer", first_wait_seconds=0.01)
def open_drawer(run: str) -> str:
    if attempts(run) == 1:
        raise Terminal(say("the drawer {drawer} is stuck", drawer="top"))
    return "open"


@work.workflow("fetch from the drawer")
def fetch(run: str) -> str:
    write(run, 1)
    state = open_drawer(run)
    write(run, 2)
    return state


@work.workflow("stumble")
def stumble(run: str) -> None:
    raise ZeroDivisionError("one by nothing")


def main() -> None:
    """Be a process: ``python -c "from tests.jobs import diary; diary.main()" MODE RUN``."""
    live(*sys.argv[1:], die_at=os.environ.get("DIARY_DIE_AT", ""))


def serve() -> None:
    """Live again and again, each time in a new process, as lines ``MODE RUN DIE_AT`` come in.

    Every life is a real process; only the imports (seconds on a busy machine) are done once.
    """
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            live(*json.loads(line))
            sys.stdout.flush()
            os._exit(0)
        _, ending = os.waitpid(child, 0)
        print(json.dumps(os.waitstatus_to_exitcode(ending)), flush=True)


def live(mode: str, run: str, die_at: str) -> None:
    configure(json_lines=True)
    death["at"] = die_at
    if mode == "newer release":
        work.workflow("new in this release")(lambda: None)
    with Presence(os.environ["DIARY_URL"]) as presence:
        runtime.launch(os.environ["DIARY_URL"], name="diary", presence=presence)
        begin = {"start": work.start, "enqueue": work.enqueue, "newer release": work.enqueue}.get(mode)
        if begin is not None:
            begin(write_all, run, run)
        elif mode == "start behind gate":
            work.start(write_behind_gate, run, run)
        print("launched", flush=True)
        if begin is not None:
            work.wait(run, timeout_seconds=120)
        else:
            sys.stdin.read()
        runtime.shutdown()
