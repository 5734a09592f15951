"""Laws of people and their passwords."""

import pytest
from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError

from guanxi.identity import passwords, users
from guanxi.identity.passwords import hash_password, is_right, weaknesses
from guanxi.kernel.errors import Invalid, NotAllowed
from guanxi.store import journal
from guanxi.store import users as rows
from guanxi.store.transactions import Store
from tests.world import PASSWORD

NEW = users.NewUser(login="Zhang.San", name="张三", password="a quiet green river", roles=("reader",))


def problems(caught):
    return {problem.field for problem in caught.value.problems}


def test_a_person_is_created_with_a_folded_login_and_a_journal_line(store: Store, administrator):
    with store.transaction("test") as tx:
        user_id = users.create(tx, administrator, NEW)
        assert rows.by_login(tx, "zhang.san").id == user_id
        entry = journal.of_record(tx, user_id)[0]
    assert entry.actor_name == administrator.name
    assert "password" not in str(entry.change.after)


def test_all_problems_of_a_new_person_are_told_at_once(store: Store, administrator):
    wrong = users.NewUser(
        login="reader", name=" ", password="short", roles=("king",), language="fr", time_zone="Mars"
    )
    with store.transaction("test") as tx, pytest.raises(Invalid) as caught:
        users.create(tx, administrator, wrong)
    assert problems(caught) == {"login", "name", "password", "roles", "language", "time_zone"}


def test_only_administrators_change_people_but_everybody_their_habits(store: Store, reader):
    with store.transaction("test") as tx:
        users.change(tx, reader, reader.id, {"language": "en", "theme": "dark"})
        assert rows.by_id(tx, reader.id).language == "en"
        for given in ({"roles": ("administrator",)}, {"language": "en", "active": True}):
            with pytest.raises(NotAllowed):
                users.change(tx, reader, reader.id, given)
        with pytest.raises(NotAllowed):
            users.create(tx, reader, NEW)


@pytest.mark.parametrize("given", [{"active": False}, {"roles": ("reader",)}])
def test_the_last_administrator_stays(store: Store, administrator, given):
    with store.transaction("test") as tx, pytest.raises(Invalid):
        users.change(tx, administrator, administrator.id, given)


def test_people_are_there_so_set_up_is_over(store: Store):
    with store.transaction("test") as tx:
        assert not users.nobody_yet(tx)


def test_a_new_password_replaces_the_old_one(store: Store, reader):
    with store.transaction("test") as tx:
        users.set_password(tx, reader, reader.id, "another fine sentence")
        stored = rows.by_id(tx, reader.id).password_hash
    assert is_right("another fine sentence", stored)
    assert not is_right(PASSWORD, stored)


@pytest.mark.parametrize(
    "password",
    ["short", "password123", "1234567890", "aaaaaaaaaaaaaa", "x" * 201, "i am zhangsan ok", "qwertyuiop"],
)
def test_a_weak_password_is_refused(password):
    assert list(weaknesses(password, about=["zhangsan"]))


@pytest.mark.parametrize("password", ["correct horse battery", "春江花月夜，一个长长的句子", "nF7#kk20pQ"])
def test_a_good_password_is_accepted_in_any_script(password):
    assert not list(weaknesses(password, about=["zhangsan"]))
    assert is_right(password, hash_password(password))


def test_without_a_stored_hash_nothing_is_right():
    assert not is_right("nobody signs in with this", None)
    assert not is_right("x", "not a hash")


def test_where_there_is_nobody_a_hash_of_today_s_parameters_is_computed_and_differs():
    assert not passwords.is_outdated(passwords._NOBODY)
    with pytest.raises(VerifyMismatchError):
        PasswordHasher().verify(passwords._NOBODY, "x")


def test_a_reset_password_lets_in_once_and_must_be_changed(store: Store, administrator, reader):
    with store.transaction("test") as tx:
        password = users.reset_password(tx, administrator, reader.id)
        row = rows.by_id(tx, reader.id)
        assert is_right(password, row.password_hash)
        assert row.password_is_temporary
        users.set_password(tx, reader, reader.id, "another quiet green river")
        assert not rows.by_id(tx, reader.id).password_is_temporary
        with pytest.raises(NotAllowed):
            users.reset_password(tx, reader, administrator.id)
