"""A company to test in: the shipped packs, one person per role, a fresh copy for every test.

Import the fixtures a module needs: ``from tests.world import administrator, database_server, store`` (the
last two always), or all of them in a ``conftest.py``.
"""

from collections.abc import Iterator

import pytest

from guanxi.customisation import structure
from guanxi.identity import users
from guanxi.identity.actor import SYSTEM, Actor
from guanxi.packs.loading import shipped_packs
from guanxi.store import users as user_rows
from guanxi.store.embedded import Lease
from guanxi.store.transactions import Store
from tests.database import database_server, fresh_database, template_database

PASSWORD = "correct horse battery"
PEOPLE = {
    "administrator": ("王管理", "administrator", "信息部"),
    "steward": ("李数据", "steward", "信息部"),
    "reader": ("Anna Reader", "reader", "销售部"),
}
"""login -> (name, role, department); everybody's password is PASSWORD."""


@pytest.fixture
def store(database_server: Lease) -> Iterator[Store]:
    """Return a database with the shipped packs and the people above, dropped afterwards."""
    template = template_database(database_server, "world", build_world)
    with fresh_database(database_server, template=template) as url:
        opened = Store(url, pool_size=2)
        yield opened
        opened.close()


@pytest.fixture
def administrator(store: Store) -> Actor:
    """Return the administrator of the store."""
    return actor_called(store, "administrator")


@pytest.fixture
def steward(store: Store) -> Actor:
    """Return the data steward of the store."""
    return actor_called(store, "steward")


@pytest.fixture
def reader(store: Store) -> Actor:
    """Return somebody who may only read."""
    return actor_called(store, "reader")


def actor_called(store: Store, login: str) -> Actor:
    """Return the person who signs in as *login*."""
    with store.transaction("test") as tx:
        found = user_rows.by_login(tx, login)
    assert found is not None
    return users.actor_of(found)


def build_world(url: str) -> None:
    """Fill the database at *url* with structure and people."""
    store = Store(url, pool_size=1)
    store.prepare()
    packs = shipped_packs()
    with store.transaction("test") as tx:
        objects = [each for pack in packs for each in pack.objects]
        ready = structure.apply(tx, SYSTEM, objects, [role for pack in packs for role in pack.roles])
        for login, (name, role, department) in PEOPLE.items():
            person = users.NewUser(
                login=login, name=name, password=PASSWORD, department=department, roles=(role,)
            )
            users.create(ready, SYSTEM, person)
    store.close()


__all__ = ["administrator", "database_server", "reader", "steward", "store"]
