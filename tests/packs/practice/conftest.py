"""One practice world, built once for all tests that only look at it."""

import pytest

from guanxi.packs.practice import World, build_world


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    """Return the world `make demo` shows: seed 2024, 1,200 customers."""
    return build_world(tmp_path_factory.mktemp("practice"))
