"""A few records to look at."""

from guanxi.identity.actor import Actor
from guanxi.records import writing
from guanxi.store.transactions import Store

NAME = "杭州云帆机械有限公司"


def create(store: Store, actor: Actor, object_name: str, **values) -> int:
    """Create one record and return its number."""
    with store.transaction("web") as tx:
        return writing.create(tx, actor, object_name, values)


def customer(store: Store, actor: Actor, **values) -> int:
    """Create a customer called NAME."""
    return create(store, actor, "customer", **{"name": NAME, "mobile": "13800138000", "level": "B", **values})
