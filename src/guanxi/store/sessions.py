"""Rows of signed-in browsers: a hash of each token, never the token."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from guanxi.store.notices import unread_of
from guanxi.store.system_settings import COMPANY
from guanxi.store.tables import session, system_setting, user_account
from guanxi.store.transactions import Transaction
from guanxi.store.users import USER_COLUMNS, UserRow, user_row


@dataclass(frozen=True, kw_only=True)
class SessionRow:
    """One signed-in browser, its person, what stays around every page: unread notices, the company's name."""

    csrf_token: str
    seen_at: datetime
    expires_at: datetime
    user: UserRow
    unread: int
    company: str


def insert(
    tx: Transaction, *, token_hash: bytes, user_id: int, csrf_token: str, expires_at: datetime
) -> None:
    """Insert a session that begins now."""
    tx.connection.execute(
        sa.insert(session).values(
            token_hash=token_hash,
            user_id=user_id,
            csrf_token=csrf_token,
            created_at=tx.now,
            seen_at=tx.now,
            expires_at=expires_at,
        )
    )


def find(tx: Transaction, token_hash: bytes) -> SessionRow | None:
    """Return the session with this hash and its person, or None."""
    # The count and the name ride along: every page shows them, and none pays a question of its own for it.
    company = sa.select(system_setting.c.value).where(system_setting.c.name == COMPANY).scalar_subquery()
    statement = (
        sa.select(
            session.c.csrf_token,
            session.c.seen_at,
            session.c.expires_at,
            *USER_COLUMNS,
            unread_of(user_account.c.id).label("unread"),
            company.label("company"),
        )
        .join(user_account, user_account.c.id == session.c.user_id)
        .where(session.c.token_hash == token_hash)
    )
    row = tx.connection.execute(statement).mappings().first()
    if row is None:
        return None
    return SessionRow(
        csrf_token=row["csrf_token"],
        seen_at=row["seen_at"],
        expires_at=row["expires_at"],
        user=user_row(row),
        unread=row["unread"],
        company=row["company"] or "",
    )


def touch(tx: Transaction, token_hash: bytes) -> None:
    """Write down that the session was used now."""
    tx.connection.execute(sa.update(session).where(session.c.token_hash == token_hash).values(seen_at=tx.now))


def remove(tx: Transaction, token_hash: bytes) -> None:
    """End one session."""
    tx.connection.execute(sa.delete(session).where(session.c.token_hash == token_hash))


def remove_of(tx: Transaction, user_id: int) -> int:
    """End every session of a person; return how many there were."""
    return tx.connection.execute(sa.delete(session).where(session.c.user_id == user_id)).rowcount


def remove_old(tx: Transaction, *, seen_before: datetime) -> None:
    """Forget sessions that have expired or were last used before *seen_before*."""
    tx.connection.execute(
        sa.delete(session).where(sa.or_(session.c.expires_at <= tx.now, session.c.seen_at < seen_before))
    )
