"""Sessions: a signed-in browser holds a random token, the database only its hash."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import timedelta

from guanxi.identity.actor import Actor
from guanxi.identity.users import actor_of
from guanxi.store import sessions as rows
from guanxi.store.transactions import Transaction
from guanxi.store.users import UserRow

LONGEST = timedelta(days=14)
"""After this a session ends even when it is used all day."""

_BETWEEN_TOUCHES = timedelta(minutes=1)  # one write per minute and browser instead of one per click


@dataclass(frozen=True, kw_only=True)
class Session:
    """A signed-in browser: its person, the token its forms must carry, and what stands around every page."""

    user: UserRow
    csrf_token: str
    unread: int = 0
    """How many notices the person has not read."""
    company: str = ""

    @property
    def actor(self) -> Actor:
        """Return the person as the one who acts."""
        return actor_of(self.user)


def begin(tx: Transaction, user_id: int) -> str:
    """Begin a session; return the token for the browser's cookie."""
    token = secrets.token_urlsafe(32)
    rows.insert(
        tx,
        token_hash=_hash(token),
        user_id=user_id,
        csrf_token=secrets.token_urlsafe(32),
        expires_at=tx.now + LONGEST,
    )
    return token


def find(tx: Transaction, token: str, *, idle: timedelta, touches: bool = True) -> Session | None:
    """Return the session behind *token*; None when it ended, was idle for *idle*, or its person left.

    It counts as used now unless *touches* is False: what a page asks by itself is no sign of a person.
    """
    hashed = _hash(token)
    row = rows.find(tx, hashed)
    if row is None or not row.user.active or row.expires_at <= tx.now or row.seen_at + idle <= tx.now:
        return None
    if touches and row.seen_at + _BETWEEN_TOUCHES <= tx.now:
        rows.touch(tx, hashed)
    return Session(user=row.user, csrf_token=row.csrf_token, unread=row.unread, company=row.company)


def end(tx: Transaction, token: str) -> None:
    """End the session behind *token*."""
    rows.remove(tx, _hash(token))


def end_all(tx: Transaction, user_id: int) -> int:
    """Sign a person out everywhere; return from how many browsers."""
    return rows.remove_of(tx, user_id)


def forget_old(tx: Transaction, *, idle: timedelta) -> None:
    """Remove what is left of sessions that have ended by themselves."""
    rows.remove_old(tx, seen_before=tx.now - idle)


def _hash(token: str) -> bytes:
    # The token has 256 random bits: a fast hash is enough, there is nothing to guess.
    return hashlib.sha256(token.encode()).digest()
