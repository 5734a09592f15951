"""Which system account runs the embedded PostgreSQL: the caller's own, or an unprivileged one for root.

PostgreSQL refuses to run as root (a broken server would own the machine), so root lends it the account
``postgres`` where there is one, and makes a system account ``guanxi`` where there is none.
"""

import os
import pwd
import shutil
import stat
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from guanxi.kernel.errors import Terminal
from guanxi.kernel.log import logger
from guanxi.kernel.text import say

KNOWN_ACCOUNTS = ("postgres", "guanxi")


@dataclass(frozen=True, kw_only=True)
class Account:
    """A user and a group by number, or nothing when the caller's own account does."""

    user: int | None = None
    group: int | None = None

    def process_options(self) -> dict[str, Any]:
        """Return what `subprocess` needs to run a program as this account."""
        if self.user is None:
            return {}
        return {"user": self.user, "group": self.group, "extra_groups": []}

    def own(self, folder: Path) -> None:
        """Make *folder* (it exists) private to this account."""
        folder.chmod(stat.S_IRWXU)
        if self.user is not None and self.group is not None:
            os.chown(folder, self.user, self.group)


def server_account() -> Account:
    """Return the account for the server; raise `Terminal` when root has none to lend."""
    if os.geteuid() != 0:
        return Account()
    for name in KNOWN_ACCOUNTS:
        entry = _entry(name)
        if entry is not None:
            return Account(user=entry.pw_uid, group=entry.pw_gid)
    return _make_account(KNOWN_ACCOUNTS[-1])


def open_way(folder: Path, account: Account) -> None:
    """Let *account* pass through every folder above *folder*.

    Only the right to pass is added (o+x), never the right to list. Does nothing unless root lends an account.
    """
    if account.user is None:
        return
    for above in folder.resolve().parents:
        mode = above.stat().st_mode
        if not mode & stat.S_IXOTH:
            logger(__name__).warning("folder opened for passing through", folder=str(above))
            above.chmod(stat.S_IMODE(mode) | stat.S_IXOTH)


def _entry(name: str) -> pwd.struct_passwd | None:
    try:
        return pwd.getpwnam(name)
    except KeyError:
        return None


def _make_account(name: str) -> Account:
    program = shutil.which("useradd")
    if program is not None:
        subprocess.run([program, "--system", "--shell", "/bin/false", name], check=False, capture_output=True)
    entry = _entry(name)
    if entry is None:
        raise Terminal(
            say(
                "PostgreSQL does not run as root, and the account {name} could not be made. Run Guanxi as an "
                "ordinary user, or name your own database in GUANXI_DATABASE_URL.",
                name=name,
            )
        )
    return Account(user=entry.pw_uid, group=entry.pw_gid)
