"""Laws of the one place that holds open things for durable steps."""

import pytest

from guanxi.integration import workshop as place
from guanxi.integration.workshop import Workshop, open_workshop, workshop
from guanxi.kernel.errors import Terminal


@pytest.fixture
def nothing_open(monkeypatch):
    monkeypatch.setattr(place, "_opened", [])


@pytest.mark.usefixtures("nothing_open")
def test_without_an_open_workshop_a_step_says_so():
    with pytest.raises(Terminal, match="no database is open"):
        workshop()


@pytest.mark.usefixtures("nothing_open")
def test_the_one_opened_last_is_the_one_of_the_process(tmp_path):
    first, second = (Workshop(store=None, home=tmp_path / name) for name in ("a", "b"))
    open_workshop(first)
    open_workshop(second)
    assert workshop() is second


def test_every_run_has_a_folder_of_its_own(tmp_path):
    shop = Workshop(store=None, home=tmp_path)
    assert shop.folder("r1").path == tmp_path / "runs" / "r1"
    assert shop.folder("r1") == shop.folder("r1") != shop.folder("r2")
