"""Labelled sets and invented customers, read from the benchmarks' own modules."""

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

_BENCHMARKS = Path(__file__).resolve().parents[3] / "benchmarks"


def _load(name: str) -> ModuleType:
    if name not in sys.modules:
        spec = importlib.util.spec_from_file_location(name, _BENCHMARKS / f"{name}.py")
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        sys.modules[name] = module
        spec.loader.exec_module(module)
    return sys.modules[name]


@pytest.fixture(scope="session")
def sets() -> ModuleType:
    """Return the module of labelled sets."""
    return _load("matching_sets")


@pytest.fixture(scope="session")
def synthetic() -> ModuleType:
    """Return the module that invents customers."""
    return _load("synthetic_customers")
