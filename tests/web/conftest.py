"""Fixtures of the pages: a site over a company, browsers that have signed in, a counter of queries."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from litestar import Litestar
from litestar.testing import TestClient
from sqlalchemy import event

from guanxi.identity import sessions
from guanxi.identity.actor import SYSTEM
from guanxi.integration import inventory
from guanxi.records import reading
from guanxi.records.reading import Asked
from guanxi.settings import Settings
from guanxi.store import users
from guanxi.store.transactions import Store
from guanxi.web.security import SESSION_COOKIE
from guanxi.web.site import build_site, open_site
from tests.web.studies import studied
from tests.world import administrator, database_server, reader, steward, store

ORIGIN = "https://testserver.local"


class Browser:
    """A browser with cookies of its own that sends the form token of the page it saw last."""

    def __init__(self, client: TestClient) -> None:
        self.client = client
        self.cookies: dict[str, str] = {}
        self.token = ""

    def get(self, address: str, **headers: str) -> httpx.Response:
        answer = self._send("GET", address, headers)
        found = re.search(r'name="csrf" value="([^"]+)"', answer.text)
        self.token = found[1] if found else self.token
        return answer

    def post(
        self, address: str, form: dict | None = None, *, token: str | None = None, **headers: str
    ) -> httpx.Response:
        return self._send(
            "POST", address, headers, data={"csrf": self.token if token is None else token, **(form or {})}
        )

    def _send(self, method: str, address: str, headers: dict, **body) -> httpx.Response:
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        sent = {**headers, "cookie": cookies} if cookies else headers
        self.client.cookies.clear()
        answer = self.client.request(method, address, headers=sent, follow_redirects=False, **body)
        self.cookies.update(answer.cookies)
        return answer

    def sign_in(self, login: str, language: str = "en") -> "Browser":
        """Come in without the page of that name, which has laws of its own and takes its time over passwords."""
        with self.client.app.state.site.store.transaction("test") as tx:
            person = users.by_login(tx, login)
            assert person is not None
            users.change(tx, person.id, {"language": language})
            session = sessions.begin(tx, person.id)
            found = sessions.find(tx, session, idle=sessions.LONGEST)
        assert found is not None
        self.cookies[SESSION_COOKIE], self.token = session, found.csrf_token
        return self


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path, secret="s" * 40, language="en")


_built: list[Litestar] = []
"""The pages at their addresses: put together once, opened over the store of each test."""


@pytest.fixture
def browser(store: Store, settings: Settings) -> Iterator[Callable[[], Browser]]:
    """Return a maker of browsers, each with cookies of its own."""
    if not _built:
        _built.append(build_site(store, settings))
    open_site(_built[0], store, settings)
    with TestClient(_built[0], base_url=ORIGIN) as client:
        yield lambda: Browser(client)


@pytest.fixture
def steward_browser(browser: Callable[[], Browser]) -> Browser:
    return browser().sign_in("steward")


@pytest.fixture
def reader_browser(browser: Callable[[], Browser]) -> Browser:
    return browser().sign_in("reader")


@pytest.fixture
def administrator_browser(browser: Callable[[], Browser]) -> Browser:
    return browser().sign_in("administrator")


def text_of(page: str) -> str:
    """Return the words of a page."""
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


@contextmanager
def statements(store: Store) -> Iterator[list[str]]:
    """List what is sent to the database meanwhile."""
    sent: list[str] = []

    def note(_connection, _cursor, statement, *_):
        sent.append(statement)

    event.listen(store.engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(store.engine, "before_cursor_execute", note)


@pytest.fixture
def queries(store: Store) -> Callable:
    """Return a block that lists the statements sent inside it."""
    return lambda: statements(store)


@pytest.fixture
def sources(store: Store):
    """Return all sources there are, by title."""

    def listed() -> dict:
        with store.transaction("test") as tx:
            asked = Asked(object="source", fields=inventory.FIELDS)
            return {each.values["title"]: each for each in reading.find(tx, SYSTEM, asked).records}

    return listed


@pytest.fixture
def ledger(store: Store, settings: Settings) -> int:
    """Return the number of a source that was studied."""
    return studied(store, settings.home)


__all__ = ["administrator", "database_server", "reader", "steward", "store"]
