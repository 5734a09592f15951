"""What lies in the repository belongs to everybody: no machine, no address of a registry, no stray file."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.house.code import ROOT, modules_of_tests, tracked_files

LARGEST_FILE_KIB = 1024
LARGEST_PICTURE_KB = 200
_OURSELVES = Path(__file__).resolve()

# Written apart so that this file does not find itself.
REGISTRIES = re.compile(
    r"https?://[^\s\"'<>]*(?:"
    + "|".join(
        [
            "pypi" + r"\.",
            "python" + "hosted",
            "npm" + r"js\.",
            "npm" + "mirror",
            "yarn" + "pkg",
            "jfrog",
            "artifact" + "ory",
            "nexus",
        ]
    )
    + ")",
    re.IGNORECASE,
)
MACHINES = re.compile(r"(?<![\w.])(?:/" + "home/|/" + "root/|/" + "Users/|/" + r"work/|[A-Z]:\\\\?Users)")
MOCKS = ("unittest.mock", "mock", "pytest_mock", "responses", "respx", "requests_mock")


def texts() -> Iterator[tuple[str, int, str]]:
    """Yield (file, line number, line) of every tracked text file."""
    for path in tracked_files():
        if path == _OURSELVES:
            continue
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        for number, line in enumerate(text.splitlines(), 1):
            yield path.relative_to(ROOT).as_posix(), number, line


@pytest.mark.parametrize(
    ("what", "pattern"), [("a package registry", REGISTRIES), ("somebody's machine", MACHINES)]
)
def test_no_file_names(what, pattern):
    found = [
        f"{name}:{number}: {line.strip()[:80]}" for name, number, line in texts() if pattern.search(line)
    ]
    assert found == [], f"these lines name {what}"


def test_lock_files_hold_versions_and_hashes_only():
    locked = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    assert "--hash=sha256:" in locked
    assert "://" not in locked
    assert '"resolved"' not in (ROOT / "package-lock.json").read_text(encoding="utf-8")


def test_no_file_is_larger_than_a_repository_should_carry():
    large = [path.name for path in tracked_files() if path.stat().st_size > LARGEST_FILE_KIB * 1024]
    assert large == []


def test_no_picture_of_the_documents_is_heavy():
    pictures = [path for path in tracked_files() if path.suffix in {".png", ".jpg", ".webp"}]
    assert pictures
    assert [path.name for path in pictures if path.stat().st_size > LARGEST_PICTURE_KB * 1000] == []


def test_nothing_built_or_private_is_tracked():
    wrong = [
        path.relative_to(ROOT).as_posix()
        for path in tracked_files()
        if path.suffix in {".pyc", ".mo", ".sqlite", ".db", ".log", ".pem", ".key"}
        or "node_modules" in path.parts
        or path.name == ".env"
    ]
    assert wrong == []


def test_the_tests_use_no_mock_library():
    mocking = [
        f"{module.name}: {name}"
        for module in modules_of_tests()
        for name in module.imports()
        if any(name == each or name.startswith(each + ".") for each in MOCKS)
    ]
    assert mocking == []


def test_no_test_is_timed():
    # A loaded machine is slow: a test asserts what happened, benchmarks measure how long it took.
    timed = re.compile(r"assert\b.*\b(?:elapsed|duration|seconds_taken|perf_counter)\b")
    found = [
        f"{name}:{number}"
        for name, number, line in texts()
        if name.startswith("tests/") and timed.search(line)
    ]
    assert found == []
