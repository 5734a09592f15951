"""How the embedded PostgreSQL is set up: for a laptop, without a network, safe in a crash."""

import shutil
import tempfile
from pathlib import Path

import psutil  # type: ignore[import-untyped]

from guanxi.store.account import Account

LONGEST_SOCKET_PATH = 107  # sockaddr_un.sun_path holds 108 bytes on Linux, the last of them a zero
SOCKET_PREFIX = "guanxi-"
MEBIBYTE = 1024 * 1024
MEMORY_FILES = Path("/dev/shm")  # noqa: S108 (looked at, not written to)


def configuration(*, socket_folder: Path, durable: bool) -> dict[str, str]:
    """Return the server's settings as PostgreSQL writes them, sized by this machine's memory."""
    memory = psutil.virtual_memory().total // MEBIBYTE
    crash_safe = "on" if durable else "off"
    return {
        "listen_addresses": "''",
        "unix_socket_directories": f"'{socket_folder}'",
        "unix_socket_permissions": "0700",
        "max_connections": "200",
        # Enough for the indexes of a million customers; the rest is the system's file cache, which costs no program.
        "shared_buffers": f"{min(max(memory // 16, 128), 512)}MB",
        "effective_cache_size": f"{max(memory // 2, 256)}MB",
        "work_mem": "16MB",
        "maintenance_work_mem": f"{min(max(memory // 32, 64), 512)}MB",
        "dynamic_shared_memory_type": _shared_memory(),
        "max_wal_size": "4GB",
        "checkpoint_timeout": "15min",
        "random_page_cost": "1.1",  # laptops and servers have solid-state disks
        "jit": "off",  # a page's queries are short: compiling them costs more than it saves
        "timezone": "UTC",
        "fsync": crash_safe,
        "full_page_writes": crash_safe,
        "synchronous_commit": crash_safe,
    }


def _shared_memory() -> str:
    # Containers often give /dev/shm 64 MiB, too little for one parallel query.
    roomy = MEMORY_FILES.is_dir() and shutil.disk_usage(MEMORY_FILES).free > 256 * MEBIBYTE
    return "posix" if roomy else "mmap"


def make_socket_folder(home: Path, account: Account) -> Path:
    """Return a folder for the socket, private to *account*: below *home*, or temporary if too long."""
    folder = (home / "socket").resolve()
    name = str(folder / ".s.PGSQL.5432.lock")
    if len(name.encode()) > LONGEST_SOCKET_PATH or any(character in name for character in "',\\\"$` "):
        folder = Path(tempfile.mkdtemp(prefix=SOCKET_PREFIX, dir=_short_temporary_folder()))
    folder.mkdir(exist_ok=True)
    account.own(folder)
    return folder


def _short_temporary_folder() -> str:
    usual = tempfile.gettempdir()
    return usual if len(usual.encode()) <= LONGEST_SOCKET_PATH - 40 else "/tmp"  # noqa: S108 (mkdtemp makes it private)


def remove_socket_folder(folder: Path) -> None:
    """Remove *folder* when it is a temporary one of ours."""
    if folder.name.startswith(SOCKET_PREFIX):
        shutil.rmtree(folder, ignore_errors=True)
