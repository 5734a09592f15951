"""The web server in front of the pages, and beside it the processes that do durable work."""

import multiprocessing
import signal
import sys
import threading

from granian import Granian
from granian.constants import Interfaces
from rich.console import Console

from guanxi.app import running
from guanxi.cli.keeping import kept
from guanxi.settings import Settings


def serve_pages(console: Console, settings: Settings) -> None:
    """Serve the pages until the process is told to stop; each process opens the database for itself."""
    console.print(f"Guanxi 关系: [bold]http://{settings.host}:{settings.port}[/]  (Ctrl-C stops)")
    multiprocessing.set_start_method("spawn", force=True)  # frames keep threads, and a fork would lose them
    server = Granian(
        "guanxi.app:serve_site",
        factory=True,
        address=settings.host,
        port=settings.port,
        interface=Interfaces.ASGI,
        workers=settings.web_processes,
        respawn_failed_workers=True,
        log_enabled=settings.log_level in ("DEBUG", "INFO"),
    )
    # What a dead process worked on is taken over by the others, so there must be another.
    with kept([sys.executable, "-m", "guanxi.cli", "work"], settings.worker_processes):
        server.serve()


def do_work(settings: Settings) -> None:
    """Do durable work in this process until it is told to stop; what is unfinished goes on elsewhere or later."""
    told = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: told.set())
    with running(settings):
        told.wait()
