"""Nothing lies in the package that no test ever reaches."""

import re
from collections.abc import Iterable

import grimp
import pytest

from tests.house.code import PACKAGE, ROOT, modules_of_tests

# Alembic starts these by name; the tests of the store migrate, and so run them.
STARTED_BY_ALEMBIC = re.compile(r"^guanxi\.store\.migrations\.(env|versions\b.*)$")


@pytest.fixture(scope="module")
def graph() -> grimp.ImportGraph:
    return grimp.build_graph("guanxi", cache_dir=None)


def test_every_module_is_reached_by_a_test(graph):
    reached = closure(graph, named_by_tests() & graph.modules)
    bare = {each for each in graph.modules if graph.find_children(each)}
    unreached = graph.modules - reached - bare - started_by_make()
    assert sorted(each for each in unreached if not STARTED_BY_ALEMBIC.match(each)) == []


def named_by_tests() -> set[str]:
    """Return the modules that tests import or start by name; these rules themselves do not count."""
    found: set[str] = set()
    for module in modules_of_tests():
        if module.path.parent.name != "house":
            names = {*module.imports(), *re.findall(r"\bguanxi(?:\.\w+)+", module.text)}
            found |= names | {name.rpartition(".")[0] for name in names}
    return found


def started_by_make() -> set[str]:
    """Return what `make` starts as a program: `make check` and `make install` run it."""
    named = set(re.findall(r"-m (guanxi[\w.]*)", (ROOT / "Makefile").read_text(encoding="utf-8")))
    return named | {f"{each}.__main__" for each in named} | {"guanxi.cli.__main__"}


def closure(graph: grimp.ImportGraph, begin: Iterable[str]) -> set[str]:
    """Return all modules that *begin* imports, directly or not; a family brings its members."""
    reached: set[str] = set()
    waiting = list(begin)
    while waiting:
        here = waiting.pop()
        if here in reached:
            continue
        reached.add(here)
        waiting += graph.find_modules_directly_imported_by(here)
        waiting += graph.find_children(here) if finds_its_members(here) else ()
        waiting += [here.rpartition(".")[0]] if "." in here else []
    return reached


def finds_its_members(package: str) -> bool:
    """Tell whether a package finds its own members: a registry, or the pages of the site."""
    home = PACKAGE.joinpath(*package.split(".")[1:], "__init__.py")
    collects = home.is_file() and "collect(" in home.read_text(encoding="utf-8")
    return collects or package == "guanxi.web.pages"
