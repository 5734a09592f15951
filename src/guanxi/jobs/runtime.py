"""The engine of durable work in this process: launched once, recovering what killed processes left.

Every process has its own name for as long as it lives (a `Presence`). Work of a process that is gone is
taken over by whichever process notices first: at its launch, and every few seconds while it runs. DBOS
hands a piece of work over in one atomic update that names the dead process, so two who notice at once
cannot both take it. The version of the code plays no part: work is found again by its name, whatever the
release.
"""

import logging
import threading
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from dbos import DBOS, DBOSConfig

from guanxi.jobs.encoding import Json
from guanxi.kernel.errors import Terminal
from guanxi.kernel.log import logger
from guanxi.kernel.text import say

SCHEMA = "jobs"
DEFAULT_QUEUE = "work"
ANY_RELEASE = "guanxi"  # DBOS recovers only within one version; all our releases are one
SECONDS_BETWEEN_LOOKS = 15.0
CONNECTIONS = 8


class Presence(Protocol):
    """A name known to be alive exactly as long as this process is; `guanxi.store.presence` has one."""

    @property
    def name(self) -> str:
        """Return the name of this process, never used before or again."""

    def living(self, names: Iterable[str]) -> frozenset[str]:
        """Return those of *names* whose processes are alive."""


@dataclass(frozen=True, kw_only=True)
class Queue:
    """A line of waiting work that all processes share."""

    name: str
    at_once: int | None = None
    at_once_per_process: int | None = None
    # An idle worker takes 4 % of a core looking every 0.1 seconds, 1.8 % every 0.5; work begins within a second.
    polling_seconds: float = 0.5


WORK = Queue(name=DEFAULT_QUEUE, at_once_per_process=4)


class _Watch:
    """Looks for work of dead processes, often at first and then every few seconds, until stopped."""

    def __init__(self, presence: Presence) -> None:
        self._presence = presence
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._look_again, name="jobs-recovery", daemon=True)

    def start(self) -> None:
        recover(self._presence)
        self._thread.start()

    def stop(self) -> None:
        self._stopped.set()
        self._thread.join()

    def _look_again(self) -> None:
        # The first looks follow quickly: the database needs a moment to notice that a process was killed.
        seconds = 0.5
        while not self._stopped.wait(seconds):
            seconds = min(seconds * 2, SECONDS_BETWEEN_LOOKS)
            try:
                recover(self._presence)
            except Exception as error:  # noqa: BLE001 (the database may be restarting: the next look will tell)
                logger(__name__).warning("looking for abandoned work failed", reason=str(error))


_watches: list[_Watch] = []


def launch(
    url: str,
    *,
    name: str = "guanxi",
    presence: Presence,
    queues: Sequence[Queue] = (WORK,),
    takes_work: bool = True,
) -> None:
    """Start the engine in this process: take over abandoned work, and take work from *queues*.

    *url* names the database (SQLAlchemy, psycopg); the engine keeps its tables in the schema ``jobs``. All
    work must be declared before. With ``takes_work=False`` (a web server) nothing is taken from *queues*;
    only work it began itself runs here, and work recovered or resumed without a queue may. No port is
    opened and nothing is sent anywhere but to the database. Raises `Terminal` when it was launched already
    or cannot start.
    """
    if _watches:
        raise Terminal(say("The engine of durable work was launched already in this process."))
    _forward_log()
    try:
        DBOS(config=_configuration(url, name, presence.name))
        if not takes_work:
            DBOS.listen_queues([])
        DBOS.launch()
        for queue in queues:
            _register(queue)
        watch = _Watch(presence)
        watch.start()
    except Exception as error:
        DBOS.destroy()
        reason = str(error)
        raise Terminal(say("The engine of durable work did not start: {reason}", reason=reason)) from error
    _watches.append(watch)


def is_launched() -> bool:
    """Tell whether durable work can be started and watched from this process."""
    return bool(_watches)


def shutdown(*, wait_seconds: int = 0) -> None:
    """Stop the engine; work that does not end in *wait_seconds* is continued by another process.

    Without another process the next start continues it. Give the presence back afterwards, not before.
    """
    while _watches:
        _watches.pop().stop()
        DBOS.destroy(workflow_completion_timeout_sec=wait_seconds)


def recover(presence: Presence) -> frozenset[str]:
    """Put the unfinished work of dead processes back into its queue; return the names of these processes."""
    running = DBOS.list_workflows(status="PENDING", load_input=False, load_output=False)
    owners = {work.executor_id for work in running if work.executor_id}
    dead = frozenset(owners) - presence.living(owners)
    if dead:
        # Not a public name of DBOS, but the one whose update demands the dead owner; the public
        # `resume_workflow` would let two processes start the same work.
        DBOS._recover_pending_workflows(sorted(dead))
        logger(__name__).info("abandoned work taken over", processes=len(dead))
    return dead


def _configuration(url: str, name: str, executor: str) -> DBOSConfig:
    return {
        "name": name,
        "system_database_url": url,
        "dbos_system_schema": SCHEMA,
        "executor_id": executor,
        "application_version": ANY_RELEASE,
        "serializer": Json(),
        "sys_db_pool_size": CONNECTIONS,
        "notification_listener_polling_interval_sec": 0.3,
        "log_level": "WARNING",
        "enable_otlp": False,
    }


def _register(queue: Queue) -> None:
    DBOS.register_queue(
        queue.name,
        global_concurrency=queue.at_once,
        worker_concurrency=queue.at_once_per_process,
        polling_interval_sec=queue.polling_seconds,
        on_conflict="always_update",
    )


class _Forward(logging.Handler):
    """Hands the engine's log lines to ours."""

    def emit(self, record: logging.LogRecord) -> None:
        reason = {"reason": str(record.exc_info[1])} if record.exc_info else {}
        logger("guanxi.jobs").log(record.levelno, record.getMessage(), **reason)


def _forward_log() -> None:
    engine = logging.getLogger("dbos")
    if not any(isinstance(handler, _Forward) for handler in engine.handlers):
        engine.handlers[:] = [_Forward()]
        engine.propagate = False
