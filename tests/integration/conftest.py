"""The whole product, on a fresh database, with the sources of two departments."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.database import database_server
from tests.integration import plant

from guanxi.app import Guanxi
from guanxi.store.embedded import Lease

__all__ = ["database_server"]


@pytest.fixture
def guanxi(database_server: Lease, tmp_path: Path) -> Iterator[Guanxi]:
    """Return a running product with nothing in it."""
    with plant.product(database_server, tmp_path / "home") as running:
        yield running


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return the folder in which the two departments keep their files."""
    plant.sources(tmp_path / "sources")
    return tmp_path / "sources"
