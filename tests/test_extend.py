"""What is promised to packs and plug-ins is there, documented, and enough."""

import re

import pytest

from guanxi import extend
from tests.house.code import PACKAGE, ROOT, Module

PAGE = ROOT / "docs" / "reference" / "extend.md"
DOCUMENTED = set(re.findall(r"^\| `(\w+)` \|", PAGE.read_text(encoding="utf-8"), flags=re.MULTILINE))


@pytest.mark.parametrize("name", extend.__all__)
def test_every_promised_name_can_be_imported(name):
    assert getattr(extend, name) is not None


def test_the_reference_page_lists_exactly_what_is_promised():
    assert set(extend.__all__) == DOCUMENTED


def test_every_promised_class_and_function_says_what_it_is():
    silent = [name for name in extend.__all__ if not (getattr(extend, name).__doc__ or "").strip()]
    assert silent == []


@pytest.mark.parametrize("family", ["FieldType", "Function", "SourceKind", "Standard"])
def test_the_contract_of_every_family_is_promised(family):
    assert isinstance(getattr(extend, family), type)


def test_nothing_below_the_promise_depends_on_it():
    importing = [
        module.name
        for module in map(Module, sorted(PACKAGE.rglob("*.py")))
        if any(name.startswith("guanxi.extend") for name in module.imports())
    ]
    assert [
        each
        for each in importing
        if not each.startswith(("src/guanxi/packs/", "src/guanxi/web/", "src/guanxi/api/"))
    ] == []
