"""What the company chose for everybody: one JSON value by name."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from guanxi.store.tables import system_setting
from guanxi.store.transactions import Transaction

COMPANY = "company"


def kept(tx: Transaction, name: str) -> Any:
    """Return the value kept under *name*; None when nothing was chosen."""
    statement = sa.select(system_setting.c.value).where(system_setting.c.name == name)
    return tx.connection.execute(statement).scalar()


def keep(tx: Transaction, name: str, value: Any) -> None:
    """Keep *value* under *name*."""
    statement = insert(system_setting).values(name=name, value=value)
    again = statement.on_conflict_do_update(index_elements=["name"], set_={"value": statement.excluded.value})
    tx.connection.execute(again)
