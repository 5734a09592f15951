"""The web shop: a small HTTP API on this machine with paging, a changed-since filter and a bearer token."""

import json
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from hmac import compare_digest
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from guanxi.kernel.errors import Refused
from guanxi.kernel.text import say
from guanxi.packs.practice.departments.commerce import FILE

PATH = "/api/orders"
TOKEN = "practice-shop-token"  # noqa: S105 - opens invented orders on this machine only
SIZE = 50
LARGEST_SIZE = 200
RETRY_AFTER_SECONDS = 1

Order = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Shop:
    """A running shop; *url* is its address without a path, *token* what a caller must bear."""

    url: str
    token: str

    @property
    def orders_url(self) -> str:
        """Return the address of the orders."""
        return self.url + PATH


@contextmanager
def open_shop(
    folder: Path, *, token: str = TOKEN, port: int = 0, failing_page: int | None = None
) -> Iterator[Shop]:
    """Serve the orders in *folder* (made by `build_world`) on 127.0.0.1 until the block is left.

    *port* 0 takes a free one. The first request for page *failing_page* is answered with 503 and Retry-After,
    so that a reader must really try again. Raise `Refused` when the folder holds no orders.
    """
    server = _Server(port, _read_orders(folder), token, failing_page)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield Shop(url=f"http://127.0.0.1:{server.server_port}", token=token)
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def page_of(orders: Sequence[Order], *, page: int, size: int, changed_since: datetime | None) -> Order:
    """Return one page of the orders changed at *changed_since* or later, in the form the API answers with."""
    chosen = [order for order in orders if changed_since is None or _changed(order) >= changed_since]
    first = (page - 1) * size
    data = {"total": len(chosen), "page": page, "size": size, "orders": chosen[first : first + size]}
    return {"code": 0, "message": "ok", "data": data}


def _read_orders(folder: Path) -> tuple[Order, ...]:
    try:
        return tuple(json.loads((folder / FILE).read_text(encoding="utf-8")))
    except FileNotFoundError as problem:
        raise Refused(
            say("there is no {file} in this folder; build the practice company first", file=FILE)
        ) from problem


def _changed(order: Order) -> datetime:
    return datetime.fromisoformat(order["updated_at"])


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, port: int, orders: Sequence[Order], token: str, failing_page: int | None) -> None:
        super().__init__(("127.0.0.1", port), _Handler)
        self.orders = orders
        self.token = token
        self._failing_page = failing_page
        self._lock = threading.Lock()

    def fails_now(self, page: int) -> bool:
        """Tell whether this request for *page* is the one that fails."""
        with self._lock:
            fails = page == self._failing_page
            if fails:
                self._failing_page = None
            return fails


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "PracticeShop"
    timeout = 30

    def do_GET(self) -> None:
        """Answer one request for orders."""
        assert isinstance(self.server, _Server)
        address = urlsplit(self.path)
        if address.path != PATH:
            return self._answer(404, _problem(404, "not found"))
        if not compare_digest(self.headers.get("Authorization", ""), f"Bearer {self.server.token}"):
            return self._answer(401, _problem(401, "missing or wrong token"))
        try:
            asked = _asked(parse_qs(address.query))
        except ValueError as problem:
            return self._answer(400, _problem(400, str(problem)))
        if self.server.fails_now(asked["page"]):
            return self._answer(503, _problem(503, "busy"), {"Retry-After": str(RETRY_AFTER_SECONDS)})
        return self._answer(200, page_of(self.server.orders, **asked))

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name its callers use
        """Keep standard error quiet: a practice shop needs no access log."""

    def _answer(self, status: int, body: Order, headers: Mapping[str, str] | None = None) -> None:
        content = json.dumps(body, ensure_ascii=False).encode()
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.send_header("Content-Type", "application/json; charset=utf-8")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)


def _problem(code: int, message: str) -> Order:
    return {"code": code, "message": message, "data": None}


def _asked(query: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    page = int(query.get("page", ["1"])[0])
    size = int(query.get("size", [str(SIZE)])[0])
    if page < 1 or not 1 <= size <= LARGEST_SIZE:
        raise ValueError(f"page must be at least 1 and size between 1 and {LARGEST_SIZE}")
    since = query.get("changed_since", [""])[0]
    # The shop's clock has no zone: a zone in the question is read as the shop's own.
    moment = datetime.fromisoformat(since).replace(tzinfo=None) if since else None
    return {"page": page, "size": size, "changed_since": moment}
