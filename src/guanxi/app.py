"""The composition root: the one module that knows every other and puts them together."""

import atexit
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial

from litestar import Litestar

from guanxi.customisation import structure
from guanxi.identity.actor import SYSTEM
from guanxi.integration import steering, study  # noqa: F401 (they declare durable work, before it is launched)
from guanxi.integration.workshop import Workshop, open_workshop
from guanxi.jobs import runtime
from guanxi.kernel import log
from guanxi.packs.loading import shipped_packs
from guanxi.settings import Settings, load_settings
from guanxi.store import embedded
from guanxi.store.databases import create_database
from guanxi.store.presence import Presence
from guanxi.store.transactions import Store
from guanxi.web.site import build_site

DATABASE = "guanxi"


@dataclass(frozen=True)
class Guanxi:
    """The running product: its settings, its database and where its runs live."""

    settings: Settings
    store: Store
    workshop: Workshop


@contextmanager
def running(settings: Settings, *, takes_work: bool = True) -> Iterator[Guanxi]:
    """Open the database (built-in when no address is set), bring it up to date, start durable work.

    With ``takes_work=False`` this process starts and watches work but leaves the doing to others.
    """
    with ExitStack() as stack:
        url = settings.database_url or _embedded(settings, stack)
        store = Store(url, clock=partial(datetime.now, settings.time_zone))
        stack.callback(store.close)
        prepare(store)
        workshop = Workshop(store, settings.home)
        open_workshop(workshop)
        presence = stack.enter_context(Presence(url))
        queue = replace(runtime.WORK, at_once_per_process=settings.work_at_once)
        runtime.launch(url, presence=presence, queues=(queue,), takes_work=takes_work)
        stack.callback(runtime.shutdown)
        yield Guanxi(settings, store, workshop)


def serve_site() -> Litestar:
    """Return the web application of one web process; it starts durable work and leaves the doing to the workers."""
    settings = load_settings()
    log.configure(json_lines=settings.log_json, level=settings.log_level)
    stack = ExitStack()
    atexit.register(stack.close)
    guanxi = stack.enter_context(running(settings, takes_work=False))
    return build_site(guanxi.store, settings)


def prepare(store: Store) -> None:
    """Create or upgrade everything the program needs in the database; doing it again changes nothing."""
    store.prepare()
    packs = shipped_packs()
    with store.transaction("start") as tx:
        structure.apply(
            tx,
            SYSTEM,
            [each for pack in packs for each in pack.objects],
            [each for pack in packs for each in pack.roles],
        )


def _embedded(settings: Settings, stack: ExitStack) -> str:
    lease = stack.enter_context(embedded.acquire(settings.home))
    create_database(lease.url(), DATABASE)
    return lease.url(DATABASE)
