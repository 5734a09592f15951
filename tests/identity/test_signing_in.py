"""Laws of signing in and of sessions."""

from dataclasses import replace
from datetime import timedelta

import pytest
from argon2 import PasswordHasher

from guanxi.identity import sessions, users
from guanxi.identity.signing_in import FREE_ATTEMPTS, LONGEST_PAUSE, confirm, pause_after, sign_in
from guanxi.store import users as rows
from guanxi.store.transactions import Store
from tests.world import PASSWORD

IDLE = timedelta(hours=12)


def token_of(tx, login="reader", password=PASSWORD):
    return sign_in(tx, login, password).token


def later(tx, **span):
    return replace(tx, now=tx.now + timedelta(**span))


def test_the_right_password_opens_a_session_of_that_person(store: Store):
    with store.transaction("test") as tx:
        session = sessions.find(tx, token_of(tx), idle=IDLE)
    assert session is not None
    assert session.actor.roles == ("reader",)
    assert len(session.csrf_token) >= 40


def test_a_login_is_found_without_regard_to_case_width_and_white_space(store: Store):
    with store.transaction("test") as tx:
        assert token_of(tx, " ＲＥＡＤＥＲ ")


def test_nobody_can_tell_a_wrong_name_from_a_wrong_password(store: Store):
    with store.transaction("test") as tx:
        stranger, friend = sign_in(tx, "nobody", PASSWORD), sign_in(tx, "reader", "wrong")
    assert stranger == friend
    assert stranger.token is None


def test_after_five_wrong_attempts_the_right_password_waits_too(store: Store):
    with store.transaction("test") as tx:
        for _ in range(FREE_ATTEMPTS):
            assert token_of(tx, password="wrong") is None
        assert token_of(tx) is None
        assert token_of(later(tx, seconds=29)) is None
        assert token_of(later(tx, seconds=31)) is not None


def test_the_right_password_forgets_wrong_attempts(store: Store):
    with store.transaction("test") as tx:
        for _ in range(2):
            for _ in range(FREE_ATTEMPTS - 1):
                token_of(tx, password="wrong")
            assert token_of(tx)


def test_pauses_grow_and_end_at_an_hour():
    pauses = [pause_after(attempts) for attempts in range(40)]
    assert pauses == sorted(pauses)
    assert pauses[FREE_ATTEMPTS - 1] == timedelta(0) < pauses[FREE_ATTEMPTS]
    assert pauses[-1] == LONGEST_PAUSE


def test_a_token_is_not_in_the_database(store: Store):
    with store.transaction("test") as tx:
        token = token_of(tx)
        kept = tx.connection.exec_driver_sql("SELECT token_hash, csrf_token FROM guanxi.session").all()
    assert all(token.encode() not in bytes(row[0]) and token not in row[1] for row in kept)


@pytest.mark.parametrize("span", [{"hours": 12}, {"days": 15}])
def test_an_idle_session_ends(store: Store, span):
    with store.transaction("test") as tx:
        token = token_of(tx)
        assert sessions.find(later(tx, hours=11), token, idle=IDLE)
        assert (
            sessions.find(later(tx, **{name: amount + 11 for name, amount in span.items()}), token, idle=IDLE)
            is None
        )


def test_a_session_in_use_ends_after_two_weeks(store: Store):
    with store.transaction("test") as tx:
        token = token_of(tx)
        for hours in range(10, 14 * 24, 10):
            assert sessions.find(later(tx, hours=hours), token, idle=IDLE)
        assert sessions.find(later(tx, days=14), token, idle=IDLE) is None


def test_signing_out_everywhere_ends_every_session_of_one_person(store: Store):
    with store.transaction("test") as tx:
        first, second, other = token_of(tx), token_of(tx), token_of(tx, "steward")
        person = sessions.find(tx, first, idle=IDLE).user
        assert sessions.end_all(tx, person.id) == 2
        assert sessions.find(tx, second, idle=IDLE) is None
        assert sessions.find(tx, other, idle=IDLE)


def test_somebody_deactivated_is_out_at_once_and_cannot_come_back(store: Store, administrator):
    with store.transaction("test") as tx:
        token = token_of(tx)
        person = sessions.find(tx, token, idle=IDLE).user
        users.deactivate(tx, administrator, person.id)
        assert sessions.find(tx, token, idle=IDLE) is None
        assert token_of(tx) is None


def test_a_hash_of_weaker_parameters_is_renewed_at_sign_in(store: Store):
    with store.transaction("test") as tx:
        weak = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
        person = rows.by_login(tx, "reader")
        rows.change(tx, person.id, {"password_hash": weak})
        assert token_of(tx)
        assert rows.by_login(tx, "reader").password_hash != weak
        assert token_of(tx)


def test_whoever_found_an_open_browser_cannot_try_passwords_for_ever(store: Store):
    with store.transaction("test") as tx:
        assert confirm(tx, "reader", PASSWORD)
    for _ in range(FREE_ATTEMPTS):
        with store.transaction("test") as tx:
            assert not confirm(tx, "reader", "guessed")
    with store.transaction("test") as tx:
        assert not confirm(tx, "reader", PASSWORD)
        assert sign_in(tx, "reader", PASSWORD).token is None
