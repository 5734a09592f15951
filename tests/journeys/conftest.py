"""Fixtures of journeys: a company served on a free port of this machine, and a real browser."""

import asyncio
import os
import socket
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
from granian.constants import Interfaces
from granian.server.embed import Server
from playwright.sync_api import Browser, Page, expect, sync_playwright

from guanxi.app import running
from guanxi.settings import Settings
from guanxi.store.embedded import Lease
from guanxi.store.transactions import Store
from guanxi.web.parts import VENDOR
from guanxi.web.site import build_site
from tests.browser_setup import chromium
from tests.database import fresh_database
from tests.integration import plant
from tests.journeys.product import Product, held_port, parts_are_there, served
from tests.world import PASSWORD, administrator, database_server, steward, store

FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
expect.set_options(timeout=20_000)  # as patient as the page: a decision waits its turn on a busy machine
PICTURES = os.environ.get("JOURNEY_PICTURES", "")
"""A folder outside the repository; when it is named, journeys leave pictures there."""


@pytest.fixture
def address(store: Store, tmp_path: Path) -> Iterator[str]:
    """Serve the company by Granian; return its address."""
    if not (VENDOR / "htmx.min.js").is_file():
        pytest.skip("the front-end parts are not there; run `make parts`")
    with pages(build_site(store, Settings(home=tmp_path, secret="s" * 40))) as served:
        yield served


@pytest.fixture
def product(store: Store, tmp_path: Path) -> Iterator[Product]:
    """Run pages and durable work over the company of `tests.world`, in this process: started in a second."""
    if not parts_are_there():
        pytest.skip("the front-end parts are not there; run `make parts`")
    home = tmp_path / "home"
    with ExitStack() as stack, ThreadPoolExecutor(1) as aside:
        # Beside this thread: the browser's event loop runs here, and the engine of durable work would take it.
        opened = running(plant.settings_of(home, store.address))
        guanxi = aside.submit(stack.enter_context, opened).result()
        with pages(build_site(guanxi.store, guanxi.settings)) as served:
            yield Product(served, store, home)
        aside.submit(stack.close).result()


@pytest.fixture
def product_of_processes(store: Store, tmp_path: Path) -> Iterator[Product]:
    """Run the whole product as people do, pages and workers as processes, over the company of `tests.world`."""
    if not parts_are_there():
        pytest.skip("the front-end parts are not there; run `make parts`")
    with served(store, tmp_path / "home") as running:
        yield running


@pytest.fixture
def new_product(database_server: Lease, tmp_path: Path) -> Iterator[Product]:
    """Run the whole product as it is on its first day: nobody and nothing in it."""
    if not parts_are_there():
        pytest.skip("the front-end parts are not there; run `make parts`")
    with fresh_database(database_server) as url:
        opened = Store(url, pool_size=2)
        with served(opened, tmp_path / "home") as running:
            yield running
        opened.close()


@pytest.fixture(scope="module")
def chrome() -> Iterator[Browser]:
    """Return a running Chromium, for one module only: its event loop must not run on into other tests."""
    program = chromium()
    if program is None:
        pytest.skip("there is no Chromium; run tests/browser_setup.py")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def desk(chrome: Browser) -> Iterator[Page]:
    """Return a page as wide as an office screen; anything wrong in its console fails the journey."""
    yield from _page(chrome, width=1440, height=900, touch=False)


@pytest.fixture
def phone(chrome: Browser) -> Iterator[Page]:
    """Return a page as narrow as a phone."""
    yield from _page(chrome, width=390, height=844, touch=True)


@contextmanager
def pages(app: object) -> Iterator[str]:
    """Serve *app* by Granian on a free port of this machine; yield its address."""
    with held_port() as port:
        served = _Served(app, port)
        served.start()
        yield f"http://127.0.0.1:{port}"
        served.stop()


def sign_in(page: Page, address: str, login: str) -> None:
    """Sign in and arrive at home."""
    page.goto(address + "/sign-in")
    page.fill("#login", login)
    page.fill("#password", PASSWORD)
    page.click("button.btn-primary")
    page.wait_for_url(address + "/")


def come_anew(page: Page) -> None:
    """Wait until the page of a run that has come to a stop has loaded itself anew and follows nothing more."""
    expect(page.locator("[data-follow]")).to_have_count(0, timeout=120_000)


def picture(page: Page, name: str) -> None:
    """Leave a picture where somebody asked for them."""
    if PICTURES:
        page.screenshot(path=str(Path(PICTURES) / f"{name}.png"))


def _page(chrome: Browser, *, width: int, height: int, touch: bool) -> Iterator[Page]:
    context = chrome.new_context(
        viewport={"width": width, "height": height},
        has_touch=touch,
        reduced_motion="reduce",
        locale="zh-CN",
    )
    page = context.new_page()
    page.set_default_timeout(20_000)
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on(
        "console", lambda line: wrong.append(line.text) if "Content Security Policy" in line.text else None
    )
    yield page
    context.close()
    assert wrong == []


class _Served:
    """A Granian server in a thread with a loop of its own."""

    def __init__(self, app: object, port: int) -> None:
        self._server = Server(
            app, address="127.0.0.1", port=port, interface=Interfaces.ASGI, log_enabled=False
        )
        self._port = port
        self._thread = threading.Thread(target=self._run, daemon=True)

    def start(self) -> None:
        self._thread.start()
        for _ in range(200):
            with socket.socket() as probe:
                probe.settimeout(0.1)
                if probe.connect_ex(("127.0.0.1", self._port)) == 0:
                    return
            self._thread.join(0.05)
        raise AssertionError("the server did not start")

    def stop(self) -> None:
        self._loop.call_soon_threadsafe(self._server.stop)
        self._thread.join(10)

    def _run(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._loop.run_until_complete(self._server.serve())
        self._loop.close()


__all__ = ["administrator", "database_server", "steward", "store"]
