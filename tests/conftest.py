"""What every test may ask for."""

import importlib
import os
from pathlib import Path

import hypothesis
import pytest

# No test fails because a machine is busy, and none by chance: everybody tries the same examples. To look for new
# ones: SEARCH=1 make test.
hypothesis.settings.register_profile(
    "patient",
    deadline=None,
    derandomize="SEARCH" not in os.environ,
    suppress_health_check=[hypothesis.HealthCheck.too_slow],
)
hypothesis.settings.load_profile("patient")

if "PYTEST_XDIST_WORKER" in os.environ:
    # A core for each worker: threads of more only wait for each other. Processes that tests start have all of them.
    os.environ["POLARS_MAX_THREADS"] = "1"
    importlib.import_module("polars")
    del os.environ["POLARS_MAX_THREADS"]

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Return the folder of real data; tests that need it are skipped where it is absent."""
    folder = Path(os.environ.get("GUANXI_SHARED_DATA", ROOT.parent / "shared" / "data"))
    if not folder.is_dir():
        pytest.skip(f"real data is not here ({folder}); set GUANXI_SHARED_DATA to its folder")
    return folder


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes long, so that no worker is left alone with it at the end."""
    items.sort(key=lambda item: not (item.get_closest_marker("slow") or item.get_closest_marker("journey")))
