"""The whole product, on a fresh database, with the sources of two departments."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.database import database_server
from tests.integration import plant
from tests.integration.finished import Finished, Kept, copied, keep

from guanxi.app import Guanxi
from guanxi.store.embedded import Lease

__all__ = ["database_server"]


@pytest.fixture
def guanxi(database_server: Lease, tmp_path: Path) -> Iterator[Guanxi]:
    """Return a running product with nothing in it."""
    with plant.product(database_server, tmp_path / "home") as running:
        yield running


@pytest.fixture(scope="session")
def kept(database_server: Lease, tmp_path_factory: pytest.TempPathFactory) -> Kept:
    """Return what a run of the two departments left."""
    return keep(database_server, tmp_path_factory.mktemp("kept"))


@pytest.fixture
def finished(database_server: Lease, kept: Kept, tmp_path: Path) -> Iterator[Finished]:
    """Return a running product in which the two departments were brought in, to be changed at will."""
    with copied(database_server, kept, tmp_path / "home") as running:
        yield running


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return the folder in which the two departments keep their files."""
    plant.sources(tmp_path / "sources")
    return tmp_path / "sources"
