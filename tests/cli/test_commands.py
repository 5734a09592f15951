"""Laws of the terminal: it does what the pages do, tells what it did, and refuses in sentences."""

import re

import pytest

from guanxi.cli.demo import PEOPLE
from guanxi.packs.practice.words.people import SALESPEOPLE
from guanxi.store import users
from guanxi.store.transactions import Store
from tests.cli.conftest import PLAN, written

pytestmark = pytest.mark.slow


def name_of_run(printed: str) -> str:
    return re.search(r"^run (\w{20})$", printed, re.MULTILINE)[1]


def numbers(printed: str) -> dict[tuple[str, str], str]:
    """Return the last cell of each line of a printed table, by its first two."""
    lines = [re.split(r"\s*[│┃]\s*", line.strip("│┃ ")) for line in printed.splitlines() if "│" in line]
    return {(line[0], line[1]): line[-1] for line in lines if len(line) >= 3}


def test_two_files_become_customers_and_the_run_is_taken_back_when_asked_for(guanxi, plan):
    done = guanxi("integrate", str(plan))
    assert done.returncode == 0, done.stderr
    run = name_of_run(done.stdout)
    told = numbers(done.stdout)
    assert told["load", "customer"].startswith("rows 7, created 7")
    assert "refused 1" in told["load", "ticket"]

    listed = guanxi("runs").stdout
    assert re.search(rf"{run}.*两个部门.*finished", listed)

    seen = guanxi("rollback", run)
    assert numbers(seen.stdout).items() >= {("customer", "leaves"): "7", ("ticket", "leaves"): "3"}.items()
    assert "Nothing was changed. Add --yes to do it." in seen.stdout
    assert re.search(rf"{run}.*finished", guanxi("runs").stdout)

    back = guanxi("rollback", run, "--yes")
    assert numbers(back.stdout) == numbers(seen.stdout)
    assert "Nothing was changed" not in back.stdout
    assert re.search(rf"{run}.*rolled_back", guanxi("runs").stdout)

    again = guanxi("resume", run)
    assert again.returncode == 2
    assert "cannot be asked to resume now" in again.stderr


def test_behind_the_pilot_a_run_waits_until_somebody_resumes_it(guanxi, guanxi_process, plan):
    written(plan, PLAN.format(stop='["pilot"]'))
    done = guanxi_process("integrate", str(plan))
    run = name_of_run(done.stdout)
    assert numbers(done.stdout)["load", "customer"].startswith("rows 1, created 1")
    assert re.search(rf"{run}.*pilot", guanxi("runs").stdout)
    refused = guanxi("pause", run)
    assert refused.returncode == 2
    assert "cannot be asked to pause now" in refused.stderr
    resumed = guanxi("resume", run)
    assert resumed.returncode == 0, resumed.stderr
    assert re.search(rf"{run}.*finished", guanxi("runs").stdout)


def test_a_file_that_is_missing_stops_the_run_with_its_name_and_a_resume_finishes_it(guanxi, plan):
    away = (plan.parent / "desk.csv").rename(plan.parent / "away.csv")
    stopped = guanxi("integrate", str(plan))
    assert stopped.returncode == 2
    assert "there is no file desk.csv" in stopped.stderr
    assert "Traceback" not in stopped.stderr
    run = name_of_run(stopped.stdout)
    assert re.search(rf"{run}.*failed", guanxi("runs").stdout)
    away.rename(plan.parent / "desk.csv")
    resumed = guanxi("resume", run)
    assert resumed.returncode == 0, resumed.stderr
    assert re.search(rf"{run}.*finished", guanxi("runs").stdout)


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        (None, ["the plan plan.toml cannot be read"]),
        ("name = ", ["the plan plan.toml is not TOML"]),
        ("name = 'empty'", ["source: a plan needs at least one [[source]]"]),
        (
            "colour = 'red'\n[[source]]\nname = 'a'\nkind = 'telepathy'\ntrust = 900\n",
            [
                "colour: unknown key; known: name, source, pilot_share",
                "source a: unknown kind of source 'telepathy'; known: database, delimited, excel",
                "source a: trust is a whole number from 0 to 100",
            ],
        ),
        (
            "[[source]]\nname = 'a'\nkind = 'delimited'\npath = 'a.csv'\nseperator = ';'\n",
            ["source a.seperator: "],
        ),
    ],
    ids=["missing", "not TOML", "no source", "several problems", "unknown option"],
)
def test_a_wrong_plan_is_refused_in_sentences_with_everything_that_is_wrong(guanxi, plan, text, sentences):
    plan.unlink()
    if text is not None:
        written(plan, text)
    done = guanxi("integrate", str(plan))
    assert done.returncode == 2
    for sentence in sentences:
        assert sentence in done.stderr
    assert "Traceback" not in done.stderr
    assert "No such file or directory: '" not in done.stdout


@pytest.mark.parametrize("command", ["watch", "cancel", "resume", "rollback"])
def test_a_run_nobody_knows_is_told_so(guanxi, command):
    done = guanxi(command, "nowhere")
    assert done.returncode == 2
    assert "nowhere" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_wrong_setting_is_told_with_what_would_be_right(guanxi_process):
    done = guanxi_process("runs", GUANXI_PORT="high", GUANXI_COLOUR="red")
    assert done.returncode == 2
    assert "GUANXI_PORT: must be a whole number from 1 to 65535" in done.stderr
    assert "GUANXI_COLOUR: is not a setting" in done.stderr


def test_a_person_is_added_with_a_role_and_a_password(guanxi, environment):
    words = ("add-user", "zhang.san", "张三", "--role", "steward", "--department", "销售部")
    done = guanxi(*words, "--password", "a quiet green river")
    assert done.returncode == 0, done.stderr
    store = Store(environment["GUANXI_DATABASE_URL"], pool_size=1)
    with store.transaction("test") as tx:
        found = users.by_login(tx, "zhang.san")
    store.close()
    assert (found.name, found.roles, found.department) == ("张三", ("steward",), "销售部")


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("--role", "emperor", "--password", "a quiet green river"), "emperor"),
        (("--role", "reader", "--password", "short"), "password"),
    ],
)
def test_a_person_with_a_wrong_role_or_password_is_refused(guanxi, words, sentence):
    done = guanxi("add-user", "li.si", "李四", *words)
    assert done.returncode == 2
    assert sentence in done.stderr
    assert "Traceback" not in done.stderr


def test_everybody_whom_the_practice_company_names_as_an_owner_works_there():
    assert {name for _, name, _, _ in PEOPLE} >= set(SALESPEOPLE)


def test_without_a_command_the_commands_are_listed(guanxi_process):
    done = guanxi_process()
    assert done.stderr == ""
    listed = done.stdout
    for command in (
        "integrate",
        "runs",
        "watch",
        "pause",
        "cancel",
        "prepare",
        "resume",
        "rollback",
        "serve",
        "demo",
        "add-user",
    ):
        assert command in listed
