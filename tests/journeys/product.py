"""The product as people run it: `guanxi serve` as processes of its own, which answer pages and do the work."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from guanxi.store.transactions import Store
from guanxi.web.parts import VENDOR

ROOT = Path(__file__).resolve().parents[2]
PATIENCE_SECONDS = 120
SECONDS_TO_END = 40


@dataclass(frozen=True)
class Product:
    """A served company: where its pages are, its database, its home."""

    address: str
    store: Store
    home: Path


def parts_are_there() -> bool:
    """Tell whether the pages have their scripts and styles."""
    return (VENDOR / "htmx.min.js").is_file()


@contextmanager
def served(store: Store, home: Path) -> Iterator[Product]:
    """Serve the database of *store* on a free port of this machine; the processes end with the block."""
    home.mkdir(parents=True, exist_ok=True)
    log = home / "serve.log"
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GUANXI_")}
    given = {
        "GUANXI_HOME": str(home),
        "GUANXI_DATABASE_URL": store.engine.url.render_as_string(hide_password=False),
        "GUANXI_WEB_PROCESSES": "1",
        "GUANXI_WORKER_PROCESSES": "1",
        "GUANXI_LOG_LEVEL": "WARNING",
    }
    with held_port() as port, log.open("wb") as printed:
        process = subprocess.Popen(
            [sys.executable, "-m", "guanxi.cli", "serve"],
            cwd=ROOT,
            env=kept | given | {"GUANXI_PORT": str(port)},
            stdout=printed,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            _wait_until_it_answers(process, port, log)
            yield Product(f"http://127.0.0.1:{port}", store, home)
        finally:
            _end(process)


@contextmanager
def held_port() -> Iterator[int]:
    """Yield a port nobody else is given meanwhile; Granian, which shares ports, may listen on it."""
    with socket.socket() as held:
        held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        held.bind(("127.0.0.1", 0))
        yield int(held.getsockname()[1])


def _wait_until_it_answers(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        with socket.socket() as probe:
            probe.settimeout(0.2)
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        assert process.poll() is None, log.read_text(encoding="utf-8", errors="replace")
        time.sleep(0.1)
    raise AssertionError("the product did not answer: " + log.read_text(encoding="utf-8", errors="replace"))


def _end(process: subprocess.Popen[bytes]) -> None:
    """Ask the product to end with its workers; whatever of its own session is left then is killed."""
    process.terminate()
    try:
        process.wait(SECONDS_TO_END)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait(SECONDS_TO_END)
