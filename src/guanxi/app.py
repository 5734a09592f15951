"""The composition root: the one module that knows every other and puts them together."""

import atexit
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import chain
from typing import Any

from litestar import Litestar

from guanxi.customisation import structure
from guanxi.identity.actor import SYSTEM, Actor
from guanxi.integration import (
    proof,
    steering,
    study,  # noqa: F401 (declares durable work, before it is launched)
)
from guanxi.integration.workshop import Workshop, open_workshop
from guanxi.jobs import progress, runtime
from guanxi.kernel import log
from guanxi.kernel.text import Message, say
from guanxi.packs.loading import shipped_packs
from guanxi.records.reading import Record
from guanxi.settings import Settings, load_settings
from guanxi.store import embedded
from guanxi.store.databases import create_database
from guanxi.store.presence import Presence
from guanxi.store.transactions import Store, Transaction
from guanxi.web.controls import Action, Progress
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
        store = Store(url, clock=lambda: datetime.now(settings.time_zone))
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
    return build_site(guanxi.store, settings, runs=RunDesk(guanxi.workshop))


@dataclass(frozen=True)
class RunDesk:
    """What the run page asks of the pipeline: `guanxi.web.controls.RunControl`, answered by `steering`."""

    workshop: Workshop

    def actions(self, tx: Transaction, actor: Actor, run: Record) -> Sequence[Action]:
        """Return what *actor* may do with *run* now."""
        return steering.actions(tx, actor, run.values["folder"])

    def act(self, tx: Transaction, actor: Actor, run_id: int, action: Action) -> None:
        """Do it; raise `Refused` when it is not possible (any more)."""
        steering.act(tx, actor, steering.run_name(tx, run_id), action)

    def progress(self, tx: Transaction, run: Record) -> Sequence[Progress]:
        """Return how far each stage that began is, in the order they began."""
        name = run.values["folder"]
        latest: dict[str, Progress] = {}
        for event in chain.from_iterable(
            map(progress.so_far, dict.fromkeys((name, steering.latest_work(name))))
        ):
            latest[event.stage] = Progress(
                stage=event.stage, done=event.done, total=event.total, message=event.message
            )
        return tuple(latest.values())

    def files(self, tx: Transaction, run: Record) -> Sequence[tuple[str, Message]]:
        """Return address and name of what can be read about the run."""
        if self.proof(run) is None:
            return ()
        return ((f"/runs/{run.id}/proof", say("Proof: counts, sample, links, signatures")),)

    def proof(self, run: Record) -> Mapping[str, Any] | None:
        """Return the latest verification of the run; None while there is none."""
        return proof.latest(self.workshop.folder(run.values["folder"]))

    def workbook(self, run: Record, language: str) -> bytes | None:
        """Return the latest verification of the run as an .xlsx file; None while there is none."""
        return proof.workbook(self.workshop.folder(run.values["folder"]), language)


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
