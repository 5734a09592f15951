"""Signing in: the same answer and the same time for a wrong name, a wrong password and a pause."""

from dataclasses import dataclass
from datetime import timedelta

from guanxi.identity import sessions
from guanxi.identity.passwords import hash_password, is_outdated, is_right
from guanxi.identity.users import folded_login
from guanxi.kernel.text import Message, say
from guanxi.store import users as rows
from guanxi.store.transactions import Transaction
from guanxi.store.users import UserRow

FREE_ATTEMPTS = 5
FIRST_PAUSE = timedelta(seconds=30)
LONGEST_PAUSE = timedelta(hours=1)


@dataclass(frozen=True, kw_only=True)
class Entrance:
    """How an attempt ended: a token for the browser, or why not."""

    token: str | None = None
    refusal: Message | None = None


def sign_in(tx: Transaction, login: str, password: str) -> Entrance:
    """Try to sign in; a wrong attempt is counted, so commit whatever the answer is."""
    person = rows.by_login(tx, folded_login(login), lock=True)
    right = is_right(password, person.password_hash if person else None)
    if person is None or not person.active or _is_paused(tx, person):
        return _refused()
    if not right:
        _count(tx, person)
        return _refused()
    _welcome(tx, person, password)
    return Entrance(token=sessions.begin(tx, person.id))


def confirm(tx: Transaction, login: str, password: str) -> bool:
    """Tell whether somebody signed in knows their password; wrong attempts count, and pause, as at the entrance.

    So a browser left open tells nobody the password by trying. Commit whatever the answer is.
    """
    person = rows.by_login(tx, folded_login(login), lock=True)
    right = is_right(password, person.password_hash if person else None)
    if person is None or _is_paused(tx, person):
        return False
    if not right:
        _count(tx, person)
    return right


def pause_after(failed_attempts: int) -> timedelta:
    """Return how long sign-in pauses after so many wrong attempts: 30 s after the fifth, then doubling."""
    if failed_attempts < FREE_ATTEMPTS:
        return timedelta(0)
    doublings = min(failed_attempts - FREE_ATTEMPTS, 10)
    return min(FIRST_PAUSE * int(2**doublings), LONGEST_PAUSE)


def _is_paused(tx: Transaction, person: UserRow) -> bool:
    return person.locked_until is not None and person.locked_until > tx.now


def _count(tx: Transaction, person: UserRow) -> None:
    failed = person.failed_attempts + 1
    pause = pause_after(failed)
    rows.change(tx, person.id, {"failed_attempts": failed, "locked_until": tx.now + pause if pause else None})


def _welcome(tx: Transaction, person: UserRow, password: str) -> None:
    if person.failed_attempts or person.locked_until:
        rows.change(tx, person.id, {"failed_attempts": 0, "locked_until": None})
    if person.password_hash and is_outdated(person.password_hash):
        rows.change(tx, person.id, {"password_hash": hash_password(password)})


def _refused() -> Entrance:
    return Entrance(
        refusal=say(
            "The login or the password is not right. After {attempts} wrong attempts signing in pauses, "
            "each time longer.",
            attempts=FREE_ATTEMPTS,
        )
    )
