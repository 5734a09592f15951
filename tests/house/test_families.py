"""Whoever joins a family of kinds is judged without a new test, and tried by a table of cases."""

import inspect
from pathlib import Path

import pytest

from guanxi.expressions import functions
from guanxi.expressions.formulas import parse_formula
from guanxi.expressions.functions import FUNCTIONS
from guanxi.integration import sources, standards
from guanxi.integration.sources import SOURCE_KINDS
from guanxi.integration.standards import STANDARDS
from guanxi.metadata import field_types
from guanxi.metadata.field_types import FIELD_TYPES
from tests.house.code import TESTS

LEAST_CASES = 40
FAMILIES = {
    "FIELD_TYPES": FIELD_TYPES,
    "STANDARDS": STANDARDS,
    "SOURCE_KINDS": SOURCE_KINDS,
    "FUNCTIONS": FUNCTIONS,
}


@pytest.mark.parametrize("family", FAMILIES)
def test_every_family_has_a_suite_that_goes_through_its_registry(family):
    suites = [
        path
        for path in TESTS.rglob("test_*.py")
        if path.parent.name != "house" and family in path.read_text(encoding="utf-8")
    ]
    assert suites, f"no test goes through {family}"


@pytest.mark.parametrize("registry", [FIELD_TYPES, STANDARDS], ids=["field types", "standards"])
def test_a_kind_lives_in_the_file_that_bears_its_name(registry):
    strangers = [
        f"{name} in {Path(inspect.getfile(type(member))).name}"
        for name, member in registry.items()
        if Path(inspect.getfile(type(member))).stem != name
    ]
    assert strangers == []


@pytest.mark.parametrize(
    "package", [field_types, standards, sources, functions], ids=lambda each: each.__name__
)
def test_every_member_of_a_family_says_what_it_is(package):
    members = [each for registry in FAMILIES.values() for each in registry.values()]
    here = [each for each in members if type(each).__module__.startswith(package.__name__)]
    assert here
    assert [each.name for each in here if not inspect.getdoc(type(each))] == []


@pytest.mark.parametrize("name", STANDARDS)
def test_every_standard_has_a_table_of_cases(name):
    table = TESTS / "integration" / "standards" / "cases" / f"{name}.tsv"
    assert table.is_file(), f"write {table.name}: raw, verdict, value, reason, note"
    cases = [
        line
        for line in table.read_text(encoding="utf-8").splitlines()[1:]
        if line and not line.startswith("#")
    ]
    assert len(cases) >= LEAST_CASES


@pytest.mark.parametrize("name", SOURCE_KINDS)
def test_every_kind_of_source_is_tested_against_the_real_thing(name):
    assert (TESTS / "integration" / "sources" / f"test_{name}.py").is_file()


@pytest.mark.parametrize("name", FUNCTIONS)
def test_every_function_has_an_example_of_two_formulas(name):
    for formula in FUNCTIONS[name].example:
        parse_formula(formula)
