"""What is written about the program is true: links lead somewhere, references are made from the code."""

import re
import runpy
from pathlib import Path

import pytest

from tests.house.code import PACKAGE, ROOT

FRAGMENTS = {"feature", "bugfix", "doc", "removal", "misc"}
DECISION = ("## Context", "## Decision", "## Consequences", "## Alternatives")
PAGES = sorted(
    path
    for folder in (ROOT, ROOT / "docs", ROOT / "changes", ROOT / "benchmarks")
    for path in (folder.glob("*.md") if folder == ROOT else folder.rglob("*.md"))
)
CHANGES = [path for path in sorted((ROOT / "changes").glob("*.md")) if path.name != "README.md"]
DECISIONS = sorted((ROOT / "docs" / "decisions").glob("[0-9]*.md"))
MAKE = runpy.run_path(str(ROOT / "docs" / "make.py"))["PAGES"]
_LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)#\s]+)(?:#[^)\s]*)?\)")
_PICTURE = re.compile(r"!\[[^\]]*\]\(([^)\s]+)\)")


def named(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def targets(path: Path, pattern: re.Pattern[str]) -> list[str]:
    """Return the local files a page points to."""
    found = pattern.findall(path.read_text(encoding="utf-8"))
    return [each for each in found if "://" not in each and not each.startswith("mailto:")]


def test_every_link_leads_to_a_file():
    links = [(page, each) for page in PAGES for each in targets(page, _LINK)]
    assert [(named(page), each) for page, each in links if not (page.parent / each).exists()] == []


def test_every_picture_is_there():
    pictures = [(page, each) for page in PAGES for each in targets(page, _PICTURE)]
    assert [(named(page), each) for page, each in pictures if not (page.parent / each).is_file()] == []


def test_every_page_begins_with_one_title_and_a_fragment_of_changes_has_none():
    titled = {page for page in PAGES if page.read_text(encoding="utf-8").startswith("# ")}
    headed = {page for page in CHANGES if re.search("^#", page.read_text(encoding="utf-8"), re.MULTILINE)}
    assert sorted(set(PAGES) - titled - set(CHANGES)) == []
    assert sorted(headed) == []


@pytest.mark.parametrize("name", MAKE)
def test_every_reference_page_is_what_the_code_says(name):
    page = ROOT / "docs" / "reference" / f"{name}.md"
    assert page.read_text(encoding="utf-8") == MAKE[name](), "run `make docs`"


@pytest.mark.parametrize("page", DECISIONS, ids=named)
def test_a_decision_gives_context_consequences_and_alternatives(page):
    text = page.read_text(encoding="utf-8")
    assert [each for each in DECISION if each not in text] == []


def test_decisions_are_numbered_without_a_gap():
    assert [int(path.name[:4]) for path in DECISIONS] == list(range(1, len(DECISIONS) + 1))


def test_every_note_of_change_is_a_sentence_of_a_known_kind():
    assert [each.name for each in CHANGES if each.name.split(".")[-2] not in FRAGMENTS] == []
    unended = [each for each in CHANGES if not each.read_text(encoding="utf-8").strip().endswith(".")]
    assert unended == []


def test_every_package_stands_in_the_drawn_tree():
    drawn = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    packages = {path.parent.name for path in PACKAGE.glob("*/__init__.py")}
    stages = {path.parent.name for path in PACKAGE.glob("integration/*/__init__.py")}
    assert [each for each in sorted(packages | stages) if f"{each}/" not in drawn] == []


def test_what_the_drawn_tree_names_is_there():
    drawn = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8").split("```")[1]
    modules = re.findall(r"\b(\w+\.py)\b", drawn)
    there = {path.name for path in PACKAGE.rglob("*.py")}
    assert [each for each in modules if each not in there] == []


def test_every_command_the_read_me_names_is_in_the_makefile():
    known = set(
        re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), flags=re.MULTILINE)
    )
    for name in ("README.md", "README.zh-CN.md", "CONTRIBUTING.md"):
        asked = set(re.findall(r"make ([a-z-]+)`", (ROOT / name).read_text(encoding="utf-8")))
        assert asked <= known, name


def test_both_read_me_pages_lead_to_the_same_places():
    english, chinese = (ROOT / name for name in ("README.md", "README.zh-CN.md"))
    here, there = (
        {each.replace(".zh-CN", "") for each in targets(page, _LINK)} for page in (english, chinese)
    )
    assert here == there
    assert _headings(english) == _headings(chinese)


def _headings(page: Path) -> int:
    return sum(line.startswith("## ") for line in page.read_text(encoding="utf-8").splitlines())
