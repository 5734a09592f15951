"""Durable work finishes exactly once, whatever is killed; it can be cancelled, parked and resumed."""

import json
import os
import subprocess
import sys
import time
from contextlib import AbstractContextManager
from subprocess import PIPE

import pytest

from guanxi.jobs import runtime, work
from guanxi.jobs.progress import Event, follow, report
from guanxi.jobs.work import State
from guanxi.kernel.errors import Conflict, NotFound, Refused, Terminal, Transient
from guanxi.store.presence import Presence
from tests.jobs import diary
from tests.processes import ROOT, living

pytestmark = pytest.mark.slow

EVERY_LINE = [f"line {number}" for number in range(1, diary.STEPS + 1)]


def writer(
    url: str, mode: str, run: str, *, die_at: str = ""
) -> AbstractContextManager[subprocess.Popen[str]]:
    """Run another process of the diary; it has launched the engine when its first line of output is there."""
    command = [sys.executable, "-c", "from tests.jobs import diary; diary.main()", mode, run]
    environment = {**os.environ, "DIARY_URL": url, "DIARY_DIE_AT": die_at}
    return living(command, environment)


def wait_until(condition, *, seconds: float = 120) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.02)


def test_work_killed_at_twelve_points_by_kill_9_has_every_effect_once_though_a_newer_release_ends_it(
    diary_url,
):
    run = "killed"
    deaths = [f"{diary.POINTS[number % 3]}:{number}" for number in range(1, diary.STEPS + 1)]
    lives = "".join(json.dumps(["enqueue", run, death]) + "\n" for death in deaths)
    lives += json.dumps(["newer release", run, ""])
    command = [sys.executable, "-c", "from tests.jobs import diary; diary.serve()"]
    environment = {**os.environ, "DIARY_URL": diary_url}
    served = subprocess.run(
        command, cwd=ROOT, env=environment, input=lives, stdout=PIPE, text=True, check=True
    )
    output = served.stdout
    assert output.replace("launched", "").split() == [*["-9"] * diary.STEPS, "0"]
    assert diary.lines(run) == EVERY_LINE


def test_of_two_living_processes_one_takes_over_the_work_of_a_killed_one_and_repeats_one_step(engine):
    run = "taken over"
    with writer(engine, "look on", run) as onlooker:
        assert onlooker.stdout.readline() == "launched\n"
        with writer(engine, "start", run, die_at="inside:5") as process:
            assert process.wait(timeout=120) == -9
        assert work.wait(run, timeout_seconds=120) == sum(range(1, diary.STEPS + 1))
    assert diary.lines(run) == EVERY_LINE
    assert diary.attempts_at(run) == [1, 1, 1, 1, 2, 1, 1, 1, 1, 1, 1, 1]


def test_work_of_a_living_process_is_never_taken_over(engine):
    run = "mine"
    with writer(engine, "start behind gate", run) as process:
        assert process.stdout.readline() == "launched\n"
        wait_until(lambda: "waiting" in diary.lines(run))
        with Presence(engine) as other:
            assert runtime.recover(other) == frozenset()
        diary.note(f"gate {run}:0", "open")
        assert work.wait(run, timeout_seconds=120) == "through"


def test_work_is_cancelled_inside_a_step_from_another_process_and_resumed_there(engine):
    run = "cancelled"
    with writer(engine, "start behind gate", run) as owner:
        assert owner.stdout.readline() == "launched\n"
        wait_until(lambda: "waiting" in diary.lines(run))
        work.cancel(run)
        assert work.status(run).state is State.CANCELLED
        with pytest.raises(Refused, match="was cancelled"):
            work.wait(run, timeout_seconds=120)
        assert owner.stdout.readline() == "stopped\n"
    diary.note(f"gate {run}:0", "open")
    work.resume(run)
    assert work.wait(run, timeout_seconds=120) == "through"
    assert diary.lines(run) == ["line 1", "waiting", "line 2"]


def test_progress_is_followed_from_another_process_while_the_work_runs(engine):
    run = "watched"
    with writer(engine, "start", run):
        wait_until(lambda: diary.lines(run))
        events = list(follow(run))
    assert [event.number for event in events] == list(range(1, diary.STEPS + 1))
    assert [event.done for event in events] == list(range(1, diary.STEPS + 1))
    assert {(event.stage, event.total) for event in events} == {("writing", diary.STEPS)}
    assert str(events[2].message) == "line 3"
    assert events[2].message.template == "line {number}"
    assert list(follow(run, after=10)) == events[10:]


def test_following_stops_when_nothing_comes_for_as_long_as_one_has_patience(engine):
    work.start(diary.try_until_it_works, "silent", "silent", 0)
    work.wait("silent", timeout_seconds=120)
    assert list(follow("silent", patience_seconds=0.1)) == []
    with pytest.raises(NotFound):
        list(follow("nobody"))


def test_only_durable_work_reports_progress():
    with pytest.raises(Terminal):
        report("alone", done=1)


def test_enqueued_work_is_done_by_any_process_and_the_same_name_begins_nothing_twice(engine):
    for _ in range(3):
        work.enqueue(diary.write_all, "queued", "queued")
    assert work.wait("queued", timeout_seconds=120) == 78
    work.start(diary.write_all, "queued", "queued")
    assert diary.lines("queued") == EVERY_LINE
    assert [found.id for found in work.find_work(name="write twelve lines")] == ["queued"]


def test_one_name_cannot_mean_two_kinds_of_work(engine):
    work.start(diary.write_all, "taken", "taken")
    with pytest.raises(Conflict):
        work.start(diary.stumble, "taken", "taken")
    work.wait("taken", timeout_seconds=120)


def test_transient_errors_are_tried_again_until_the_patience_of_the_step_ends(engine):
    work.start(diary.try_until_it_works, "thrice", "thrice", 3)
    assert work.wait("thrice", timeout_seconds=120) == 4
    work.start(diary.try_until_it_works, "often", "often", 4)
    with pytest.raises(Transient, match="engaged"):
        work.wait("often", timeout_seconds=120)
    work.resume("often")
    assert work.wait("often", timeout_seconds=120) == 5


def test_a_terminal_error_parks_the_work_with_its_message_and_resuming_repeats_only_that_step(engine):
    work.start(diary.fetch, "drawer", "drawer")
    with pytest.raises(Terminal, match="the drawer top is stuck"):
        work.wait("drawer", timeout_seconds=120)
    parked = work.status("drawer")
    assert parked.state is State.PARKED
    assert parked.message.template == "the drawer {drawer} is stuck"
    work.resume("drawer")
    assert work.wait("drawer", timeout_seconds=120) == "open"
    assert diary.lines("drawer") == ["line 1", "line 2"]


def test_an_unforeseen_error_parks_the_work_and_says_which_work_broke(engine):
    work.start(diary.stumble, "stumbled", "stumbled")
    with pytest.raises(Terminal, match="stumble failed unexpectedly: ZeroDivisionError: one by nothing"):
        work.wait("stumbled", timeout_seconds=120)


def test_what_has_ended_is_not_cancelled_and_what_is_done_is_not_resumed(engine):
    work.start(diary.try_until_it_works, "ended", "ended", 0)
    work.wait("ended", timeout_seconds=120)
    with pytest.raises(Refused):
        work.cancel("ended")
    with pytest.raises(Refused):
        work.resume("ended")
    with pytest.raises(NotFound):
        work.status("nobody")


def test_a_process_that_takes_no_work_leaves_it_to_others(diary_url):
    with Presence(diary_url) as presence:
        runtime.launch(diary_url, name="diary", presence=presence, takes_work=False)
        work.enqueue(diary.write_all, "left", "left")
        assert work.status("left").state is State.WAITING
        runtime.shutdown()
        runtime.launch(diary_url, name="diary", presence=presence)
        assert work.wait("left", timeout_seconds=120) == 78
        runtime.shutdown()


def test_the_engine_is_launched_once_per_process(engine):
    with Presence(engine) as second, pytest.raises(Terminal):
        runtime.launch(engine, presence=second)


def test_an_engine_that_cannot_start_says_why_and_may_be_launched_again(diary_url):
    with Presence(diary_url) as presence:
        with pytest.raises(Terminal, match="did not start: "):
            runtime.launch(diary_url, name="no such name!", presence=presence)
        runtime.launch(diary_url, name="diary", presence=presence)
        runtime.shutdown()


def test_an_event_is_a_value():
    fields = {"number": 1, "at": None, "stage": "a", "done": 1, "total": None, "message": None}
    assert Event(**fields) == Event(**fields)


def test_waiting_work_is_looked_for_within_a_second_and_idle_processes_cost_little():
    seconds = runtime.WORK.polling_seconds
    assert 0.4 < seconds * 1.05 < 1  # the engine waits up to 5 % longer
