"""Laws of the log: one line per thing said, on standard error, and never the local values of a fault."""

import json
import subprocess
import sys

import pytest

# A process of its own: the log is configured once for all of one.
SCRIPT = """
import sys
from guanxi.kernel import log
log.configure(json_lines=sys.argv[1] == "json", level=sys.argv[2])
logger = log.logger("tests.place")
logger.debug("whispered")
logger.info("said", rows=7)
def fall(password):
    raise RuntimeError("it broke")
try:
    fall("hunter" + "2")
except RuntimeError:
    logger.exception("fell")
"""


def said(form: str, level: str) -> str:
    command = [sys.executable, "-c", SCRIPT, form, level]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout == ""
    return done.stderr


@pytest.mark.parametrize("form", ["text", "json"])
def test_no_local_value_of_a_fault_reaches_the_log(form):
    lines = said(form, "DEBUG")
    assert "it broke" in lines
    assert "Traceback" in lines
    assert "hunter2" not in lines


def test_json_lines_are_one_object_each_with_level_time_and_source():
    first, second, _fault = (json.loads(line) for line in said("json", "DEBUG").splitlines())
    assert (first["event"], first["level"]) == ("whispered", "debug")
    assert (second["event"], second["rows"], second["source"]) == ("said", 7, "tests.place")
    assert second["timestamp"].endswith("Z")


def test_what_lies_below_the_level_is_not_said():
    lines = said("text", "INFO")
    assert "whispered" not in lines
    assert "rows" in lines
