"""The site: every page of the package ``pages`` at its address, static files, headers."""

import importlib
import pkgutil
from collections.abc import Iterator
from dataclasses import replace

import anyio
from litestar import Litestar, Request, route
from litestar.config.compression import CompressionConfig
from litestar.datastructures import CacheControlHeader
from litestar.datastructures.headers import MutableScopeHeaders
from litestar.handlers import HTTPRouteHandler
from litestar.static_files import create_static_files_router
from litestar.types import ASGIApp, Message, Receive, Scope, Send

from guanxi.integration.workshop import Workshop
from guanxi.kernel.errors import NotAllowed
from guanxi.kernel.text import say
from guanxi.settings import Settings
from guanxi.store.transactions import Store
from guanxi.web import pages, security
from guanxi.web.answering import answer, may_send_files
from guanxi.web.receiving import (
    DEFAULT_FORM_BYTES,
    FORM_BYTES,
    MEGABYTE,
    OPEN_FORM_BYTES,
    files_of,
    form_of,
    head_of,
)
from guanxi.web.templates import STATIC
from guanxi.web.visit import Answer, Incoming, Page, Site

AT_ONCE = 24
"""Requests one process answers at the same time; below the number of connections a `Store` may open."""
AT_THE_DOOR = 3
"""Passwords one process compares at the same time: each takes 64 MiB and a core, and whoever is in must not wait."""

_YEAR_SECONDS = 365 * 24 * 3600


def build_site(store: Store, settings: Settings) -> Litestar:
    """Return the web application over *store*."""
    static = create_static_files_router(
        path="/static",
        directories=[STATIC],
        cache_control=CacheControlHeader(max_age=_YEAR_SECONDS, immutable=True),
    )
    app = Litestar(
        route_handlers=[*(_handler(page, settings) for page in find_pages()), static],
        middleware=[_behind_https],
        before_send=[_protect],
        compression_config=CompressionConfig(backend="gzip", gzip_compress_level=5, exclude=["/events$"]),
        openapi_config=None,
        logging_config=None,
    )
    open_site(app, store, settings)
    return app


def open_site(app: Litestar, store: Store, settings: Settings) -> None:
    """Let *app* answer over *store* from now on."""
    app.state.site = Site(store=store, settings=settings, workshop=Workshop(store, settings.home))
    app.state.limiter = anyio.CapacityLimiter(AT_ONCE)
    app.state.door = anyio.CapacityLimiter(AT_THE_DOOR)


def _behind_https(app: ASGIApp) -> ASGIApp:
    """Let every request count as https where a web server in front speaks it and this one does not."""

    async def pass_on(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["litestar_app"].state.site.settings.https:
            scope["scheme"] = "https"
        await app(scope, receive, send)

    return pass_on


async def _protect(message: Message, scope: Scope) -> None:
    """Put the protective headers on every answer, files and faults included."""
    if message["type"] == "http.response.start":
        headers = MutableScopeHeaders.from_message(message)
        for name, value in security.HEADERS.items():
            headers[name] = value
        if scope["scheme"] == "https":
            headers["Strict-Transport-Security"] = security.ONLY_HTTPS


def find_pages() -> Iterator[Page]:
    """Yield every page that a module of the package ``pages`` lists under ``PAGES``."""
    for module in pkgutil.iter_modules(pages.__path__, pages.__name__ + "."):
        yield from getattr(importlib.import_module(module.name), "PAGES", ())


def _handler(page: Page, settings: Settings) -> HTTPRouteHandler:
    async def handle(request: Request) -> Answer:  # type: ignore[type-arg]
        state = request.app.state
        limiter = state.door if page.is_open and page.method == "POST" else state.limiter
        incoming = await _incoming(request, state.site, page, limiter)
        return await anyio.to_thread.run_sync(answer, state.site, page, incoming, limiter=limiter)

    handle.__name__ = f"{page.answer.__module__.rpartition('.')[2]}_{page.answer.__name__}"
    form_bytes = OPEN_FORM_BYTES if page.is_open else DEFAULT_FORM_BYTES
    if page.takes_files is not None:
        form_bytes = settings.upload_megabytes * MEGABYTE + FORM_BYTES
    return route(
        page.path,
        http_method=[page.method],
        name=f"{page.method} {page.path}",
        status_code=200,
        request_max_body_size=form_bytes,
    )(handle)


async def _incoming(
    request: Request,  # type: ignore[type-arg]
    site: Site,
    page: Page,
    limiter: anyio.CapacityLimiter,
) -> Incoming:
    head = head_of(request)
    if page.takes_files is None or request.method != "POST":
        form, refusal = await form_of(request)
        return replace(head, form=form, refusal=refusal)
    # Who may not send files is told so before a single byte of them is taken in.
    if not await anyio.to_thread.run_sync(may_send_files, site, page, head, limiter=limiter):
        return replace(head, refusal=NotAllowed(say("your roles do not let you send files here")))
    form, files, refusal = await files_of(request, megabytes=site.settings.upload_megabytes)
    return replace(head, form=form, files=files, refusal=refusal)
