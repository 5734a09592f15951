"""Laws of families: members are found by being there, known by name, and nobody joins after the start."""

import sys
from types import ModuleType

import pytest

from guanxi.kernel.errors import UnknownName
from guanxi.kernel.registry import Registry, collect

FAMILY = "class Shape:\n    pass\n"
SQUARE = "from {package} import Shape\nclass Square(Shape):\n    name = 'square'\n"
ROUND = (
    "from {package} import Shape\nclass Round(Shape):\n    pass\n"
    "class Circle(Round):\n    name = 'circle'\nclass Dot(Circle):\n    pass\n"
)


@pytest.fixture
def package(tmp_path, monkeypatch, request) -> ModuleType:
    """Return a package of shapes in files of its own."""
    name = f"shapes_{abs(hash(request.node.nodeid))}"
    home = tmp_path / name
    home.mkdir()
    (home / "__init__.py").write_text(FAMILY)
    (home / "square.py").write_text(SQUARE.format(package=name))
    (home / "round.py").write_text(ROUND.format(package=name))
    monkeypatch.syspath_prepend(tmp_path)
    module = __import__(name)
    yield module
    for each in [each for each in sys.modules if each == name or each.startswith(name + ".")]:
        del sys.modules[each]


def test_every_named_class_of_every_module_is_a_member_in_the_order_of_names(package):
    shapes = collect("shape", package, package.Shape)
    assert list(shapes) == ["circle", "square"]
    assert len(shapes) == 2
    assert isinstance(shapes["square"], package.Shape)


def test_a_class_that_only_inherits_its_name_is_no_member(package):
    shapes = collect("shape", package, package.Shape)
    assert [type(each).__name__ for each in shapes.values()] == ["Circle", "Square"]


def test_two_members_of_one_name_are_refused_at_the_start(package, tmp_path):
    (tmp_path / package.__name__ / "twin.py").write_text(SQUARE.format(package=package.__name__))
    with pytest.raises(TypeError, match="'square'"):
        collect("shape", package, package.Shape)


def test_a_member_that_lives_elsewhere_does_not_join(package):
    type("Foreign", (package.Shape,), {"name": "foreign", "__module__": "elsewhere"})
    assert "foreign" not in collect("shape", package, package.Shape)


def test_an_unknown_name_is_answered_with_the_known_ones():
    shapes = Registry("shape", {"square": 1, "circle": 2})
    with pytest.raises(UnknownName, match="unknown shape 'oval'; known: circle, square"):
        shapes["oval"]
    assert "oval" not in shapes
    assert shapes.get("square") == 1


def test_nobody_joins_a_registry_after_the_start():
    given = {"square": 1}
    shapes = Registry("shape", given)
    given["circle"] = 2
    assert list(shapes) == ["square"]
    assert not hasattr(shapes, "__setitem__")
