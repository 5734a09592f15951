"""Every module says what it is for, stays small, and keeps out what does not belong."""

import ast
import re

from tests.house.code import PACKAGE, Module, modules

LONGEST_MODULE = 400
LONGEST_FUNCTION = 50
_PROMISES = re.compile(r"\b(TODO|FIXME|HACK)\b")
_SENTENCE_ENDS = (".", "!", "?", ":", "::")
_CATCH_ALL = {"utils", "util", "helper", "helpers", "common", "misc", "manager", "managers"}


def _first_paragraph(module: Module) -> str:
    return (ast.get_docstring(module.tree) or "").split("\n\n")[0]


def test_every_module_and_package_begins_with_a_sentence():
    silent = [each.name for each in modules() if not _first_paragraph(each).endswith(_SENTENCE_ENDS)]
    assert silent == [], "a docstring sentence must open: " + ", ".join(silent)


def test_every_folder_of_modules_is_a_package():
    folders = {each.path.parent for each in modules()}
    bare = [str(each.relative_to(PACKAGE)) for each in folders if not (each / "__init__.py").exists()]
    # Alembic reads its versions as single files, not as a package.
    assert [each for each in bare if each != "store/migrations/versions"] == []


def test_no_module_is_longer_than_one_can_hold_in_mind():
    longest = sorted(modules(), key=lambda each: each.lines, reverse=True)[:5]
    shown = ", ".join(f"{each.name} {each.lines}" for each in longest)
    assert longest[0].lines <= LONGEST_MODULE, f"longest modules: {shown}"


def test_no_function_is_longer_than_a_screen():
    found = [
        (each.end_lineno - each.lineno + 1, f"{module.name}:{each.name}")
        for module in modules()
        for each in module.functions()
    ]
    found.sort(reverse=True)
    shown = ", ".join(f"{name} {lines}" for lines, name in found[:5])
    assert found[0][0] <= LONGEST_FUNCTION, f"longest functions: {shown}"


def test_modules_are_named_by_their_job():
    named = [
        each.name
        for each in modules()
        if {*each.path.relative_to(PACKAGE).with_suffix("").parts} & _CATCH_ALL
    ]
    assert named == []


def test_only_the_command_line_prints():
    printing = [
        f"{module.name}:{call.lineno}"
        for module in modules()
        if not module.name.startswith("src/guanxi/cli/")
        for call in module.calls("print")
    ]
    assert printing == []


def test_no_promise_is_left_in_the_code():
    left = [
        f"{module.name}:{number}"
        for module in modules()
        for number, line in enumerate(module.text.splitlines(), 1)
        if _PROMISES.search(line)
    ]
    assert left == []


def test_no_exception_is_swallowed_without_a_word():
    swallowed = [
        f"{module.name}:{each.lineno}"
        for module in modules()
        for each in ast.walk(module.tree)
        if isinstance(each, ast.ExceptHandler) and each.type is None
    ]
    assert swallowed == []
