"""What the pages show works: plans are read, formulas are parsed, variables exist."""

import re
import tomllib
from pathlib import Path

import pytest

from guanxi.cli.commands import commands
from guanxi.expressions.formulas import parse_formula
from guanxi.integration.plans import plan_from
from guanxi.settings import NOT_OURS, SOURCE_PREFIX, describe_settings
from tests.house.code import ROOT

DOCS = ROOT / "docs"


def blocks(page: str, language: str) -> list[str]:
    """Return the examples of one language on a page."""
    text = (DOCS / page).read_text(encoding="utf-8")
    return re.findall(rf"^```{language}\n(.*?)^```", text, flags=re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize(
    "page", ["guides/plan.md", "guides/plan.zh-CN.md", "guides/mapping.md", "guides/mapping.zh-CN.md"]
)
def test_every_example_is_toml(page):
    assert [tomllib.loads(each) for each in blocks(page, "toml")]


@pytest.mark.parametrize(
    "page", ["guides/plan.md", "guides/plan.zh-CN.md", "guides/mapping.md", "guides/mapping.zh-CN.md"]
)
def test_every_whole_plan_is_accepted(page):
    plans = [tomllib.loads(each) for each in blocks(page, "toml")]
    whole = [each for each in plans if isinstance(each.get("source"), list)]
    assert whole
    for each in whole:
        assert plan_from(each, folder=Path("/plans")).sources


def test_every_formula_is_understood():
    formulas = blocks("concepts/expressions.md", "")[0].splitlines()
    assert formulas
    for each in formulas:
        parse_formula(each)


def test_every_variable_the_pages_name_is_a_setting():
    known = set(re.findall(r"GUANXI_[A-Z_]+", describe_settings())) | NOT_OURS
    pages = [*ROOT.glob("*.md"), *DOCS.rglob("*.md")]
    named = {each for page in pages for each in re.findall(r"GUANXI_[A-Z_]*[A-Z]", page.read_text("utf-8"))}
    of_sources = {each for each in named if f"{each}_".startswith(SOURCE_PREFIX)}
    assert named - known - of_sources == set()


def test_every_command_the_pages_name_is_there():
    known = {each.name or each.callback.__name__.replace("_", "-") for each in commands.registered_commands}
    pages = [*ROOT.glob("*.md"), *DOCS.rglob("*.md")]
    asked = {
        each
        for page in pages
        for each in re.findall(r"(?:`|^)guanxi ([a-z-]+)", page.read_text("utf-8"), re.M)
    }
    assert asked
    assert asked - known == set()
