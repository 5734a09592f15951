"""Rows of people: their names, roles and habits, and what guards their sign-in."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from guanxi.store.tables import user_account
from guanxi.store.transactions import Transaction


@dataclass(frozen=True, kw_only=True)
class UserRow:
    """One person as stored; ``roles`` are names, ``theme`` is auto, light or dark."""

    id: int
    login: str
    name: str
    email: str | None
    department: str | None
    roles: tuple[str, ...]
    language: str
    time_zone: str
    theme: str
    density: str
    active: bool
    password_hash: str | None = field(repr=False)
    password_is_temporary: bool
    failed_attempts: int
    locked_until: datetime | None
    created_at: datetime


USER_COLUMNS = tuple(user_account.c[each.name] for each in fields(UserRow))


def user_row(cells: sa.RowMapping) -> UserRow:
    """Return the person in one row of a result that holds all of `USER_COLUMNS`."""
    values = {each.name: cells[each.name] for each in fields(UserRow)}
    return UserRow(**{**values, "roles": tuple(values["roles"])})


def insert(tx: Transaction, values: Mapping[str, Any]) -> int:
    """Insert a person; return the number given to them."""
    statement = sa.insert(user_account).values(**values).returning(user_account.c.id)
    return int(tx.connection.execute(statement).scalar_one())


def change(tx: Transaction, user_id: int, values: Mapping[str, Any]) -> None:
    """Change columns of one person."""
    tx.connection.execute(sa.update(user_account).where(user_account.c.id == user_id).values(**values))


def by_id(tx: Transaction, user_id: int, *, lock: bool = False) -> UserRow | None:
    """Return one person, or None; with *lock* nobody else changes them meanwhile."""
    return _one(tx, user_account.c.id == user_id, lock=lock)


def by_login(tx: Transaction, login: str, *, lock: bool = False) -> UserRow | None:
    """Return the person who signs in as *login*, or None."""
    return _one(tx, user_account.c.login == login, lock=lock)


def listed(tx: Transaction) -> list[UserRow]:
    """Return everybody: the active first, each group by name."""
    statement = sa.select(*USER_COLUMNS).order_by(user_account.c.active.desc(), user_account.c.name)
    return [user_row(row) for row in tx.connection.execute(statement).mappings()]


def anybody(tx: Transaction) -> bool:
    """Tell whether there is any person at all."""
    return (
        tx.connection.execute(sa.select(sa.literal(1)).select_from(user_account).limit(1)).first() is not None
    )


def lock_everybody(tx: Transaction) -> None:
    """Let nobody else write people until this transaction ends."""
    tx.connection.execute(sa.text("LOCK TABLE guanxi.user_account IN SHARE ROW EXCLUSIVE MODE"))


def _one(tx: Transaction, where: sa.ColumnElement[bool], *, lock: bool) -> UserRow | None:
    statement = sa.select(*USER_COLUMNS).where(where)
    found = tx.connection.execute(statement.with_for_update() if lock else statement).mappings().first()
    return user_row(found) if found else None
