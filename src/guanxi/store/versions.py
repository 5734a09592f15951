"""Which PostgreSQL the program works with."""

import sqlalchemy as sa

from guanxi.kernel.errors import Terminal
from guanxi.kernel.text import say

LEAST = 15
"""Tried with 15 and 18; databases are copied with ``STRATEGY``, which 14 does not know."""


def require_version(connection: sa.Connection) -> None:
    """Raise `Terminal` when the database behind *connection* is older than the program needs."""
    number = connection.exec_driver_sql("SELECT current_setting('server_version_num')::integer").scalar_one()
    if number // 10_000 < LEAST:
        raise Terminal(
            say(
                "The database given by GUANXI_DATABASE_URL is PostgreSQL {found}; Guanxi needs {least} or newer. "
                "Bring it up to date, or leave GUANXI_DATABASE_URL out to use the built-in one.",
                found=number // 10_000,
                least=LEAST,
            )
        )
